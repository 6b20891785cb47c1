"""Texts that clients send. PostgreSQL has no NUL character, so none of ours may hold one."""

from typing import Annotated

from msgspec import Meta

NO_NUL = r"^[^\x00]*$"

Question = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=2000,
        pattern=r"^[^\x00]*[^\s\x00][^\x00]*$",
        description="A question in plain words.",
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
