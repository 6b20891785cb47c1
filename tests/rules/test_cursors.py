"""Cursors: `read` accepts only what `write` returned for the same list and person."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.problems import InvalidCursor
from plccoach_api.rules.cursors import Cursors

USER = UUID("01a209de-8c09-76f6-baa4-77e106cf2850")
CURSORS = Cursors(USER, "conversations?status=active", datetime)
RANKED = Cursors(USER, "conversations?status=active&search=plc", float)


@given(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_a_cursor_leads_back_to_its_time_and_id(time: datetime, id: UUID) -> None:
    assert CURSORS.read(CURSORS.write(time, id)) == (time, id)


@given(st.floats(allow_nan=False), st.uuids())
def test_a_cursor_leads_back_to_its_rank_and_id(rank: float, id: UUID) -> None:
    assert RANKED.read(RANKED.write(rank, id)) == (rank, id)


@pytest.mark.parametrize("missing", [None, ""])
def test_without_a_cursor_or_with_an_empty_one_a_list_begins_at_its_start(missing: str | None) -> None:
    assert CURSORS.read(missing) == (None, None)


@given(st.text(min_size=1))
def test_text_that_is_no_cursor_is_an_invalid_cursor(text: str) -> None:
    with pytest.raises(InvalidCursor):
        CURSORS.read(text)


def test_a_cursor_of_another_list_or_person_is_an_invalid_cursor() -> None:
    time, row_id = datetime(2026, 9, 1, tzinfo=UTC), uuid4()
    others = (
        RANKED.write(1.5, row_id),
        Cursors(USER, "conversations?status=archived", datetime).write(time, row_id),
        Cursors(uuid4(), "conversations?status=active", datetime).write(time, row_id),
    )
    for cursor in others:
        with pytest.raises(InvalidCursor):
            CURSORS.read(cursor)


def test_one_changed_character_anywhere_makes_a_cursor_invalid() -> None:
    cursor = CURSORS.write(datetime(2026, 9, 1, tzinfo=UTC), uuid4())
    for index, character in enumerate(cursor):
        changed = cursor[:index] + ("A" if character != "A" else "B") + cursor[index + 1 :]
        with pytest.raises(InvalidCursor):
            CURSORS.read(changed)
