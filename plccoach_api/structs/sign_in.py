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
    def of(cls, name: Provider, label: str) -> Self:
        return cls(name, label, f"/auth/{name}/login")


class SignInOptions(msgspec.Struct, frozen=True):
    """The providers that are configured."""

    items: list[SignInOption]
