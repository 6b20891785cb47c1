"""Types of the texts that clients send."""

from typing import Annotated

from msgspec import Meta

from plccoach_api.rules.texts import NAME, NO_NUL, QUESTION, TITLE

Question = Annotated[
    str,
    Meta(
        min_length=1,
        pattern=QUESTION,
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

TokenName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=100,
        pattern=NAME,
        description="A name of 1 to 100 characters. It must not be blank or contain control characters.",
        examples=["Open WebUI on my laptop"],
    ),
]

Title = Annotated[
    str,
    Meta(
        min_length=1,
        pattern=TITLE,
        description="A title of 1 to 200 characters, not counting white space at its start and end.",
        examples=["Norms for our team"],
    ),
]

Comment = Annotated[
    str, Meta(max_length=1000, pattern=NO_NUL, description="The reader's own words.", examples=["Not for our grade."])
]
