"""Sign-in for a developer's machine: whoever you say you are."""

from datetime import datetime

from plccoach_api import ids
from plccoach_api.database.pool import Connection
from plccoach_api.queries import users
from plccoach_api.queries.users import SignedIn
from plccoach_api.rules.roles import Provider, Role

DEFAULT_EMAIL = "educator@example.org"


async def sign_in(connection: Connection, *, email: str, name: str | None, role: Role, now: datetime) -> SignedIn:
    """The local account of an email, in any case of its letters: the same person every time."""
    return await users.sign_in(
        connection,
        provider=Provider.development,
        subject=email.lower(),
        new_id=ids.new(),
        email=email,
        name=name or email.partition("@")[0],
        role=role,
        now=now,
    )
