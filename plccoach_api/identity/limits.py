"""Limits on the time and the size of a provider's responses."""

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """All limits are seconds, except `body`."""

    call: float = 3.0
    """The time for one call to the provider, from the DNS lookup to the last byte."""
    callback: float = 10.0
    """The time for all calls of one callback together."""
    extra: float = 1.0
    """The time for an optional call. Without it, a sign-in still succeeds."""
    body: int = 1024 * 1024
    """The size of a response in bytes."""
    fresh: float = 3600.0
    """The age up to which a cached document is used without a new fetch."""
    stale: float = 24 * 3600.0
    """The age up to which a cached document is used while a new fetch fails."""
    pause: float = 60.0
    """The time between two fetches of a document that is cached."""
