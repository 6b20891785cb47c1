"""The state of the service, as its own endpoints report it."""

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """The name and the version of the service, and the paths of its pages. `try` is present where TRY_PAGE is on."""

    service: str
    version: str
    status: Literal["running"] = "running"
    docs: Literal["/docs"] = "/docs"
    try_page: Literal["/try"] | UnsetType = msgspec.field(name="try", default=UNSET)


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """The process is running. Nothing else is checked, and the database is not asked."""

    status: Literal["healthy"] = "healthy"
    service: Literal["plccoach-api"] = "plccoach-api"
    version: str


class Readiness(msgspec.Struct, frozen=True):
    """The service can answer requests: its version can run on the schema and, outside production, there is a book."""

    status: Literal["ready"] = "ready"
    database: Literal["connected"] = "connected"
