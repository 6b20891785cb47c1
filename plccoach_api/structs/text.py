"""Types of the texts that clients send. PostgreSQL cannot store the NUL character, so no text may contain it."""

from typing import Annotated

from msgspec import Meta

NO_NUL = r"^[^\x00]*$"

# White space, for Python or for another reader of the schema: they disagree about some of these characters.
_SPACE = r"\s\x1c-\x1f\x85\ufeff"


def _trimmed(most: int) -> str:
    """A pattern for 1 to `most` characters without NUL, not counting white space before and after them."""
    return rf"^[{_SPACE}]*[^\x00{_SPACE}](?:[^\x00]{{0,{most - 2}}}[^\x00{_SPACE}])?[{_SPACE}]*$"


_QUESTION = _trimmed(2000)
_TITLE = _trimmed(200)
NAME = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
EMAIL = r"^[^@\s\x00]+@[^@\s\x00]+$"
PRINTABLE_ASCII = r"^[ -~]+$"

_MOST = {_QUESTION: 2000, _TITLE: 200}
_EXPLAINED = {
    NAME: "This must not contain line breaks or other control characters.",
    EMAIL: "This must be an email address, such as ada@example.org: one @, text on both sides of it, and no spaces.",
    PRINTABLE_ASCII: "This may contain only letters from A to Z, digits, spaces and the punctuation of ASCII.",
}
# The characters of _SPACE.
_WHITE_SPACE = (
    "\t\n\v\f\r \x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)


def explain(text: str, pattern: str | None, least: int | None, most: int | None) -> str:
    """Returns a sentence about a text that does not match the pattern, or is too short or too long."""
    counted = text.strip(_WHITE_SPACE) if pattern in _MOST else text
    most = most or _MOST.get(pattern or "")
    if not text.strip(_WHITE_SPACE):
        return "This must not be empty."
    if "\x00" in text:
        return "This contains the character NUL, which cannot be stored."
    if most and len(counted) > most:
        return f"This has {len(counted):,} characters; at most {most:,} are allowed."
    if pattern in _EXPLAINED:
        return _EXPLAINED[pattern]
    if least and len(counted) < least:
        return f"This must have at least {least:,} characters."
    return "This contains characters that are not allowed here."


Question = Annotated[
    str,
    Meta(
        min_length=1,
        pattern=_QUESTION,
        description="A question of 1 to 2,000 characters, not counting white space at its start and end.",
        examples=["What are the four critical questions of a PLC?"],
    ),
]

PersonName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        pattern=NAME,
        description="A name of 1 to 200 characters. It must not be blank or contain control characters.",
        examples=["Ada Okoye"],
    ),
]


Title = Annotated[
    str,
    Meta(
        min_length=1,
        pattern=_TITLE,
        description="A title of 1 to 200 characters, not counting white space at its start and end.",
        examples=["Norms for our team"],
    ),
]

Comment = Annotated[
    str, Meta(max_length=1000, pattern=NO_NUL, description="The reader's own words.", examples=["Not for our grade."])
]
