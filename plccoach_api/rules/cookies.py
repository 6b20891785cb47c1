"""Cookies for this host only. Scripts cannot read them, and pages of other sites cannot send them with a change."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Cookie:
    """One kind of cookie; `secure` is false only on a developer's http://localhost.

    The prefix `__Host-` makes browsers refuse the cookie when another host sets it, or when it is set without TLS.
    """

    base: ClassVar[str]
    lifetime: ClassVar[timedelta]

    secure: bool

    @property
    def name(self) -> str:
        return f"__Host-{self.base}" if self.secure else self.base

    def set(self, value: object) -> str:
        return f"{self.name}={value}; {self._attributes}; Max-Age={int(self.lifetime.total_seconds())}"

    def clear(self) -> str:
        return f"{self.name}=; {self._attributes}; Max-Age=0"

    def value(self, headers: list[bytes]) -> str | None:
        """Returns the value from a request's Cookie headers; None if the cookie is missing or sent twice."""
        prefix = f"{self.name}="
        parts = [part.strip() for header in headers for part in header.decode("latin-1").split(";")]
        values = [part.removeprefix(prefix) for part in parts if part.startswith(prefix)]
        return values[0] if len(values) == 1 else None

    @property
    def _attributes(self) -> str:
        return "Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if self.secure else "")
