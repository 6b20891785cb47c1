"""The ASGI types of middleware that handles only HTTP requests."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from litestar.types import HTTPScope, Receive, Send

HTTPApp: TypeAlias = Callable[[HTTPScope, Receive, Send], Awaitable[None]]

__all__ = ("HTTPApp", "HTTPScope")
