"""What the service says of itself."""

from typing import Literal

import msgspec


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """What answers here, and where its documentation is."""

    service: str
    version: str
    status: Literal["running"] = "running"
    docs: Literal["/docs"] = "/docs"


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """The process answers. Nothing else is asked, the database least of all."""

    status: Literal["healthy"] = "healthy"
    service: Literal["plccoach-api"] = "plccoach-api"
    version: str


class Readiness(msgspec.Struct, frozen=True):
    """Requests will be answered: the database is connected and prepared."""

    status: Literal["ready"] = "ready"
    database: Literal["connected"] = "connected"
