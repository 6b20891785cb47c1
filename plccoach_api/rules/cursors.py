"""Cursors of lists: the sort key of a page's last row, bound to one list of one person."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from types import GenericAlias
from typing import Generic, TypeVar
from uuid import UUID

import msgspec

from plccoach_api import problems

Key = TypeVar("Key", datetime, float)

_CHECKSUM_BYTES = 12


class Cursors(Generic[Key]):
    """Writes and reads the cursors of one list of one person.

    A list is sorted by a key, which is a time or a rank, and by id where the key is the same.

    The checksum is no secret: a cursor only says where a page begins, and the statement's WHERE
    clause decides which rows that person may see. The checksum turns a damaged, changed or
    borrowed cursor into an error instead of a wrong page.
    """

    __slots__ = ("_binding", "_position")

    def __init__(self, user_id: UUID, listing: str, key: type[Key]) -> None:
        self._binding = user_id.bytes + listing.encode()
        self._position = GenericAlias(tuple, (key, UUID))

    def write(self, key: Key, id: UUID) -> str:
        body = msgspec.msgpack.encode((key, id))
        return urlsafe_b64encode(self._checksum(body) + body).decode().rstrip("=")

    def read(self, cursor: str | None) -> tuple[Key, UUID] | tuple[None, None]:
        """Returns the key and the id of the row that the page follows, or (None, None) for the first page.

        Raises InvalidCursor for text that `write` did not return for the same list and person.
        """
        if not cursor:
            return None, None
        try:
            raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            position: tuple[Key, UUID] = msgspec.msgpack.decode(raw[_CHECKSUM_BYTES:], type=self._position)
        except (ValueError, msgspec.DecodeError):
            raise problems.InvalidCursor from None
        if self.write(*position) != cursor:
            raise problems.InvalidCursor
        return position

    def _checksum(self, body: bytes) -> bytes:
        return sha256(self._binding + body).digest()[:_CHECKSUM_BYTES]
