"""Cursors: what is written is read, and nothing else is."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.problems import InvalidCursor
from plccoach_api.rules.cursors import Cursors, Position

CURSORS = Cursors(UUID("01a209de-8c09-76f6-baa4-77e106cf2850"), "conversations?status=active")


@given(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_a_cursor_leads_back_to_its_position(time: datetime, id: UUID) -> None:
    assert CURSORS.read(CURSORS.write(Position(time, id))) == Position(time, id)


@given(st.text())
def test_what_was_not_written_here_is_an_invalid_cursor(text: str) -> None:
    with pytest.raises(InvalidCursor):
        CURSORS.read(text)


def test_one_changed_character_anywhere_is_noticed() -> None:
    cursor = CURSORS.write(Position(datetime(2026, 9, 1, tzinfo=UTC), uuid4()))
    for index, character in enumerate(cursor):
        changed = cursor[:index] + ("A" if character != "A" else "B") + cursor[index + 1 :]
        with pytest.raises(InvalidCursor):
            CURSORS.read(changed)
