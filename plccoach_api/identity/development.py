"""Sign-in for a developer's machine: whoever you say you are."""

from plccoach_api.identity.profile import Profile
from plccoach_api.rules.roles import Provider, Role

DEFAULT_EMAIL = "educator@example.org"


def profile(*, email: str, name: str | None, role: Role) -> Profile:
    """The local account of an email, in any case of its letters: the same person every time."""
    return Profile(
        provider=Provider.development,
        subject=email.lower(),
        name=name or email.partition("@")[0],
        email=email,
        role=role,
        organization=None,
    )
