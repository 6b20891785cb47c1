"""The signed-in person's own personal tokens, and their end by an administrator."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from litestar import delete, get, post
from litestar.params import JSONBody, PathParameter

from plccoach_api import problems
from plccoach_api.controllers.users import UserId
from plccoach_api.database.pool import Database
from plccoach_api.http.dependencies import Injected
from plccoach_api.identity.administration import Actor
from plccoach_api.identity.personal_tokens import create_token, end_token, end_tokens
from plccoach_api.queries import personal_tokens
from plccoach_api.queries.users import SignedInUser
from plccoach_api.structs.personal_tokens import (
    CreatedPersonalToken,
    NewPersonalToken,
    PersonalToken,
    PersonalTokenList,
)

TokenId = Annotated[UUID, PathParameter(description="The token's id.")]


@get("/auth/tokens", operation_id="listTokens", tags=["sign-in"], summary="List my personal tokens")
async def list_tokens(database: Injected[Database], user: Injected[SignedInUser]) -> PersonalTokenList:
    """Returns the newest tokens first, without those that have expired."""
    rows = await database.run_idempotent(personal_tokens.list_for_user, user_id=user.id)
    return PersonalTokenList([PersonalToken.of(row) for row in rows])


@post(
    "/auth/tokens",
    operation_id="createToken",
    tags=["sign-in"],
    summary="Create a personal token",
    problems=[problems.TooManyTokens],
)
async def create_my_token(
    database: Injected[Database],
    actor: Injected[Actor],
    user: Injected[SignedInUser],
    data: JSONBody[NewPersonalToken],
) -> CreatedPersonalToken:
    """A program sends the token as `Authorization: Bearer`.

    It may then do under `/api` what the person may do there, but nothing under `/api/admin`. A person has 20 valid
    tokens at most.

    Only this response contains the token. It cannot be read again.
    """
    stored, token = await create_token(
        database,
        actor,
        user.id,
        name=data.name.strip(),
        lifetime=timedelta(days=data.expires_in_days),
    )
    return CreatedPersonalToken.with_token(stored, token)


@delete("/auth/tokens/{token_id:uuid}", operation_id="endToken", tags=["sign-in"], summary="End a personal token")
async def end_my_token(
    database: Injected[Database],
    actor: Injected[Actor],
    user: Injected[SignedInUser],
    token_id: TokenId,
) -> None:
    """The token is refused from its next request on."""
    await end_token(database, actor, user.id, token_id)


@delete(
    "/api/admin/users/{user_id:uuid}/tokens",
    operation_id="endTokensOfUser",
    tags=["administration"],
    summary="End all personal tokens of a user",
)
async def end_tokens_of_user(
    database: Injected[Database],
    actor: Injected[Actor],
    user_id: UserId,
) -> None:
    """Succeeds also when the user has no token. The user stays signed in where they are."""
    await end_tokens(database, actor, user_id)


SESSION_ONLY = (list_tokens, create_my_token, end_my_token)
ADMIN = (end_tokens_of_user,)
