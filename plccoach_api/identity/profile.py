"""What a sign-in provider says of a person, in our own words, and the ways in which a sign-in can fail."""

from enum import StrEnum

import msgspec

from plccoach_api.rules.roles import Provider, Role


class Organization(msgspec.Struct, frozen=True):
    """The person's district or Workspace domain; `external_id` is the provider's own name for it.

    `name` is None when the provider did not say one this time; it keeps the name it had.
    """

    external_id: str
    name: str | None


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A person, as a provider vouches for them. Identity is (provider, subject), never the email."""

    provider: Provider
    subject: str
    name: str
    email: str | None
    role: Role
    organization: Organization | None


class SignInError(StrEnum):
    """Why nobody was signed in; the front end shows a page for each (`/login?error=<code>`)."""

    invalid_state = "invalid_state"
    attempt_expired = "attempt_expired"
    access_denied = "access_denied"
    provider_unavailable = "provider_unavailable"
    invalid_token = "invalid_token"  # noqa: S105 - a code, not a secret
    not_allowed = "not_allowed"
    inactive = "inactive"
    portal_loop = "portal_loop"


class SignInRefused(Exception):
    """A sign-in ends here. `detail` is for our log alone: it names what failed, never a value that was sent."""

    def __init__(self, reason: SignInError, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
