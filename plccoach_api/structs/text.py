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

EXPLAINED = {
    _QUESTION: "Expected 1 to 2,000 characters, not counting white space around them, and no NUL",
    _TITLE: "Expected 1 to 200 characters, not counting white space around them, and no NUL",
    NO_NUL: "Expected text without NUL",
}
"""Messages for people, by the pattern that a text did not match."""

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
        pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$",
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
