"""The result of one check of a model."""

import msgspec


class ModelFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A check that is not `needed` may fail while questions are still answered."""

    check: str
    ok: bool
    note: str
    setting: str | None = None
    needed: bool = True
