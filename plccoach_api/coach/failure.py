"""How a request to a model comes to nothing."""


class Failed(Exception):
    """A request that came to nothing. `reason` is ours; nothing of what the service said is in it."""

    def __init__(self, reason: str, *, again: bool = True, counts: bool = True, after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again
        """Whether another try may succeed, and after how many seconds if the service said so."""
        self.after = after
        self.counts = counts
        """Whether it says that the service is not well."""
