"""The ways to sign in."""

from typing import Self

import msgspec

from plccoach_api.rules.roles import Provider


class SignInOption(msgspec.Struct, frozen=True):
    """A sign-in provider. `login_url` is a path of this API for the browser to open; a script cannot fetch it."""

    name: Provider
    label: str
    login_url: str

    @classmethod
    def development(cls) -> Self:
        """Returns the sign-in as anyone, which exists in development only."""
        return cls(Provider.development, "Development", "/auth/dev/login")

    @classmethod
    def of(cls, name: Provider, label: str) -> Self:
        return cls(name, label, f"/auth/{name}/login")


class SignInOptions(msgspec.Struct, frozen=True):
    """The providers that are configured; in development also the sign-in as anyone."""

    items: list[SignInOption]
