"""The patterns of the texts that clients send, and the sentences that explain them.

PostgreSQL cannot store the NUL character, so no text may contain it. A name is shown to other people, also on a
terminal, so it may not contain what controls a terminal or hides a part of the name.
"""

import re
from ast import literal_eval

NO_NUL = r"^[^\x00]*$"

# White space, for Python or for another reader of the schema: they disagree about some of these characters.
_SPACE = r"\s\x1c-\x1f\x85\ufeff"

# The C1 controls, and the characters that end a line or turn the direction of the text around them.
_DECEPTIVE = r"\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
# A title that was made from a question may have several lines.
_NOT_INTITLES = rf"\x00-\x08\x0e-\x1f{_DECEPTIVE}"
_NOT_IN_NAMES = rf"\x00-\x1f{_DECEPTIVE}"


def _trimmed(most: int, forbidden: str) -> str:
    """A pattern for 1 to `most` allowed characters, not counting white space before and after them."""
    inside, end = f"[^{forbidden}]", f"[^{forbidden}{_SPACE}]"
    return rf"^[{_SPACE}]*{end}(?:{inside}{{0,{most - 2}}}{end})?[{_SPACE}]*$"


QUESTION = _trimmed(2000, r"\x00")
TITLE = _trimmed(200, _NOT_INTITLES)
NAME = rf"^[^\S{_NOT_IN_NAMES}]*[^\s{_NOT_IN_NAMES}][^{_NOT_IN_NAMES}]*$"
EMAIL = rf"^[^@\s{_NOT_IN_NAMES}]+@[^@\s{_NOT_IN_NAMES}]+$"
_CONTROLS = "no control characters and none that turn the direction of text"

EXPLAINED = {
    QUESTION: "Expected 1 to 2,000 characters, not counting white space around them, and no NUL",
    TITLE: f"Expected 1 to 200 characters, not counting white space around them, and {_CONTROLS}",
    NAME: f"Expected 1 to 200 characters that are not blank, and {_CONTROLS}",
    EMAIL: f"Expected an email address, and {_CONTROLS}",
    NO_NUL: "Expected text without NUL",
}
"""Messages for people, by the pattern that a text did not match."""

_PATTERN = re.compile(r"^Expected `str` matching regex (?P<pattern>'.*'|\".*\")$", re.DOTALL)


def explain(message: str) -> str:
    """Replaces the regular expression in a message of msgspec by a sentence that explains it."""
    match = _PATTERN.match(message)
    return EXPLAINED.get(literal_eval(match["pattern"]), message) if match else message
