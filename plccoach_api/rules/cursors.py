"""Cursors: where a page of a list ended, bound to the list and the person it was made for."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

import msgspec

from plccoach_api import problems

_MARK_BYTES = 12


class Position(msgspec.Struct, frozen=True, array_like=True):
    """The sort key of the last row on a page: a time, and an id for rows of the same time."""

    time: datetime
    id: UUID


class RankedPosition(msgspec.Struct, frozen=True, array_like=True):
    """The same where the best comes first: a rank, and an id for rows of the same rank."""

    rank: float
    id: UUID


AnyPosition = TypeVar("AnyPosition", Position, RankedPosition)


class Cursors:
    """Writes and reads the cursors of one list of one person.

    The mark is not a secret: a cursor only says where to go on in rows that the statement's
    WHERE clause grants anyway. It makes a broken, altered or borrowed cursor an error instead
    of a puzzling page.
    """

    __slots__ = ("_bound",)

    def __init__(self, user_id: UUID, listing: str) -> None:
        self._bound = user_id.bytes + listing.encode()

    def write(self, position: Position | RankedPosition) -> str:
        body = msgspec.msgpack.encode(position)
        return urlsafe_b64encode(self._mark(body) + body).decode().rstrip("=")

    def read(self, cursor: str) -> Position:
        return self.read_as(Position, cursor)

    def read_as(self, kind: type[AnyPosition], cursor: str) -> AnyPosition:
        try:
            raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            position = msgspec.msgpack.decode(raw[_MARK_BYTES:], type=kind)
        except (ValueError, msgspec.DecodeError):
            raise problems.InvalidCursor from None
        if self.write(position) != cursor:
            raise problems.InvalidCursor
        return position

    def _mark(self, body: bytes) -> bytes:
        return sha256(self._bound + body).digest()[:_MARK_BYTES]
