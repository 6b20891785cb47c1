"""The blocks of a document that tests run as they stand there."""

import re
from pathlib import Path
from textwrap import dedent

_FENCE = re.compile(r"^ *```(?P<info>.*)\n(?P<body>(?:(?! *```).*\n)*) *```$", re.MULTILINE)


def blocks_of(document: Path) -> dict[str, str]:
    """Returns the text of each block by what stands behind its opening fence, such as `python example.py`."""
    return {block["info"]: dedent(block["body"]) for block in _FENCE.finditer(document.read_text("utf-8"))}
