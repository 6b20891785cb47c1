"""Shows the SDK its variables while it is set up."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


@contextmanager
def visible(variables: Mapping[str, str]) -> Iterator[None]:
    """Lets the environment have these variables during the block only: one of them may be a key."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
