"""Sign-in on a developer's machine, as any person."""

from plccoach_api.identity.profile import Profile
from plccoach_api.rules.roles import Provider, Role

DEFAULT_EMAIL = "educator@example.org"


def profile(*, email: str, name: str | None, role: Role) -> Profile:
    """Returns the profile of a local account. Emails that differ only in case belong to the same account."""
    return Profile(
        provider=Provider.development,
        subject=email.lower(),
        name=name or email.partition("@")[0],
        email=email,
        role=role,
        organization=None,
    )
