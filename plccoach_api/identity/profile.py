"""The profile of a person, in one form for all sign-in providers, and the reasons to refuse a sign-in."""

from enum import StrEnum

import msgspec

from plccoach_api.rules.roles import Provider, Role


class Organization(msgspec.Struct, frozen=True):
    """The person's district or Workspace domain; `external_id` is its id at the provider.

    `name` is None when the provider did not send it this time. Then the stored name stays.
    """

    external_id: str
    name: str | None


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A person whose identity a provider has confirmed. The identity is (provider, subject), never the email."""

    provider: Provider
    subject: str
    name: str
    email: str | None
    role: Role
    organization: Organization | None


class SignInError(StrEnum):
    """The reason why a sign-in failed. The front end shows a page for each (`/login?error=<code>`)."""

    invalid_state = "invalid_state"
    attempt_expired = "attempt_expired"
    access_denied = "access_denied"
    provider_unavailable = "provider_unavailable"
    invalid_token = "invalid_token"  # noqa: S105 - a code, not a secret
    not_allowed = "not_allowed"
    inactive = "inactive"
    portal_loop = "portal_loop"


class SignInRefused(Exception):
    """A sign-in that failed. `detail` is only for our log: it names the failed check, never a value that was sent."""

    def __init__(self, reason: SignInError, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
