"""Texts that clients send. PostgreSQL has no NUL character, so none of ours may hold one."""

from typing import Annotated

from msgspec import Meta

NO_NUL = r"^[^\x00]*$"


# What Python and the other readers of the schema take for white space, one or the other.
_SPACE = r"\s\x1c-\x1f\x85\ufeff"


def _trimmed(most: int) -> str:
    """1 to `most` characters between any white space, none of them NUL; the first and the last are none."""
    return rf"^[{_SPACE}]*[^\x00{_SPACE}](?:[^\x00]{{0,{most - 2}}}[^\x00{_SPACE}])?[{_SPACE}]*$"


_QUESTION = _trimmed(2000)
_TITLE = _trimmed(200)

EXPLAINED = {
    _QUESTION: "Expected 1 to 2,000 characters, not counting white space around them, and no NUL",
    _TITLE: "Expected 1 to 200 characters, not counting white space around them, and no NUL",
    NO_NUL: "Expected text without NUL",
}
"""What to say to a person in the place of a regular expression."""

Question = Annotated[
    str,
    Meta(
        min_length=1,
        pattern=_QUESTION,
        description="A question in plain words, of 1 to 2,000 characters when white space around it is taken off.",
        examples=["What are the four critical questions of a PLC?"],
    ),
]

PersonName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$",
        description="What a person is called.",
        examples=["Ada Okoye"],
    ),
]


Title = Annotated[
    str,
    Meta(
        min_length=1,
        pattern=_TITLE,
        description="1 to 200 characters when white space around them is taken off.",
        examples=["Norms for our team"],
    ),
]

Comment = Annotated[
    str, Meta(max_length=1000, pattern=NO_NUL, description="In their own words.", examples=["Not for our grade."])
]
