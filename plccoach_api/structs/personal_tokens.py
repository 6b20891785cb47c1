"""Personal tokens, as their owner reads them."""

from typing import Annotated, Self
from uuid import UUID

import msgspec
from msgspec import Meta

from plccoach_api.queries.personal_tokens import StoredToken
from plccoach_api.rules.personal_tokens import DEFAULT_DAYS, MOST_DAYS
from plccoach_api.rules.personal_tokens import PersonalToken as Token
from plccoach_api.structs.text import TokenName
from plccoach_api.structs.time import Time

Days = Annotated[int, Meta(ge=1, le=MOST_DAYS, description="The number of days after which the token expires.")]


class PersonalToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token with which a program signs in as this person. `hint` is the token's last four characters.

    `last_used_at` is exact to a minute, and null until the first use.
    """

    id: UUID
    name: str
    hint: str
    created_at: Time
    last_used_at: Time | None
    expires_at: Time

    @classmethod
    def of(cls, row: StoredToken, **token: str) -> Self:
        return cls(
            id=row.id,
            name=row.name,
            hint=row.hint,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
            **token,
        )


class CreatedPersonalToken(PersonalToken, frozen=True, kw_only=True):
    """A new token. The service stores only a hash of `token`, so it cannot be read again."""

    token: str

    @classmethod
    def with_token(cls, row: StoredToken, token: Token) -> Self:
        return cls.of(row, token=token.text)


class NewPersonalToken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A token to create. Name it after the program that will use it."""

    name: TokenName
    expires_in_days: Days = DEFAULT_DAYS


class PersonalTokenList(msgspec.Struct, frozen=True):
    """All valid tokens of the person. The list has one page."""

    items: list[PersonalToken]
