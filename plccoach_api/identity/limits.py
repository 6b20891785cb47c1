"""How long a provider may take and how much it may say."""

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds, but for `body`."""

    call: float = 3.0
    """One call to the provider, from the name's look-up to the last byte."""
    callback: float = 10.0
    """Everything a callback asks of the provider, together."""
    extra: float = 1.0
    """A call whose answer a sign-in can do without."""
    body: int = 1024 * 1024
    """Bytes of an answer."""
    fresh: float = 3600.0
    """The age until which a document of the provider is taken as it is."""
    stale: float = 24 * 3600.0
    """The age until which it serves while a newer one cannot be had."""
    pause: float = 60.0
    """Between two fetches of a document that is there already."""
