"""Finds, updates or creates the user of a profile.

A sign-in that changes nothing only reads. A first sign-in is plain INSERTs: of two at once, the second one raises
UniqueViolation, and its caller repeats the transaction, which then finds the user.

On Citus, `users`, `identities` and `organizations` are copied to every node. There an UPDATE or an upsert locks all
copies, and a read or an INSERT does not.
"""

from datetime import datetime
from uuid import UUID

from plccoach_api import ids
from plccoach_api.database.pool import Connection
from plccoach_api.identity.profile import Organization, Profile
from plccoach_api.queries import identities, organizations, users
from plccoach_api.queries.users import Account, KnownUser
from plccoach_api.rules.roles import Provider, Role, UserStatus


async def update_or_create(connection: Connection, profile: Profile, known: KnownUser | None, now: datetime) -> Account:
    """`known` is the stored user of the profile's identity."""
    if known and _is_current(known, profile):
        return Account(id=known.id, organization_id=known.organization_id, role=known.role, status=known.status)
    organization_id = await _organization_id(connection, profile.provider, profile.organization, now)
    if known:
        return await users.update_from_profile(
            connection,
            id=known.id,
            organization_id=organization_id,
            email=profile.email,
            name=profile.name,
            role=profile.role,
        )
    return await create(
        connection,
        provider=profile.provider,
        subject=profile.subject,
        organization_id=organization_id,
        email=profile.email,
        name=profile.name,
        role=profile.role,
        role_assigned=False,
        now=now,
    )


async def create(
    connection: Connection,
    *,
    provider: Provider,
    subject: str,
    organization_id: UUID | None,
    email: str | None,
    name: str,
    role: Role,
    role_assigned: bool,
    now: datetime,
) -> Account:
    """Raises UniqueViolation when the identity is known."""
    user_id = ids.new()
    await identities.create(connection, provider=provider, subject=subject, user_id=user_id, now=now)
    await users.create(
        connection,
        id=user_id,
        organization_id=organization_id,
        email=email,
        name=name,
        role=role,
        role_assigned=role_assigned,
        now=now,
    )
    return Account(id=user_id, organization_id=organization_id, role=role, status=UserStatus.active)


async def _organization_id(
    connection: Connection, provider: Provider, organization: Organization | None, now: datetime
) -> UUID | None:
    """Stores a new organization or a new name. Until the provider sends a name, the external id is the name."""
    if organization is None:
        return None
    external_id, name = organization.external_id, organization.name
    known = await organizations.get_by_identity(connection, provider=provider, external_id=external_id)
    if known is None:
        id_ = ids.new()
        await organizations.create(
            connection, id=id_, provider=provider, external_id=external_id, name=name or external_id, now=now
        )
        return id_
    if name and name != known.name:
        await organizations.update_name(connection, id=known.id, name=name)
    return known.id


def _is_current(known: KnownUser, profile: Profile) -> bool:
    """Returns True when nothing of the profile is new. The UPDATE itself decides what it keeps."""
    return (
        _is_same_organization(known, profile.organization)
        and known.email == profile.email
        and (known.name_chosen or known.name == profile.name)
        and (known.role_assigned or known.role is profile.role)
    )


def _is_same_organization(known: KnownUser, organization: Organization | None) -> bool:
    if organization is None:
        return known.organization_id is None
    is_same_name = organization.name in {None, known.organization_name}
    return known.organization_external_id == organization.external_id and is_same_name
