"""Ways to sign in."""

from typing import Self

import msgspec

from plccoach_api.rules.roles import Provider


class SignInOption(msgspec.Struct, frozen=True):
    """A provider to sign in through; `login_url` is a path of this API, to be opened and not fetched."""

    name: Provider
    label: str
    login_url: str

    @classmethod
    def of(cls, name: Provider, label: str) -> Self:
        return cls(name, label, f"/auth/{name}/login")


class SignInOptions(msgspec.Struct, frozen=True):
    """The configured providers."""

    items: list[SignInOption]
