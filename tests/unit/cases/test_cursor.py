"""The place in a list that a button carries."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.press import Press
from models.urgency import Urgency
from services.cases.queues import Cursor

HOURS = st.integers(min_value=0, max_value=24 * 365 * 200)
CURSORS = st.builds(
    Cursor,
    st.sampled_from(Urgency),
    HOURS.map(lambda hour: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=hour)),
    st.text("0123456789", min_size=8, max_size=8),
)


@given(CURSORS)
def test_a_cursor_comes_back_as_it_was_and_fits_a_button(cursor: Cursor) -> None:
    assert Cursor.unpack(cursor.pack()) == cursor
    assert len(Press("queue", "page", "queue", cursor.pack()).pack()) <= 64


@pytest.mark.parametrize(
    "forged", ["", "1-2", "x-y-z", "1-zzzzzzzzzzzzzzzzzzzz-12345678", "1-12345-1-2", f"{10**20}-1-1", "-1-1-1", "3-1-1"]
)
def test_a_forged_cursor_is_none(forged: str) -> None:
    assert Cursor.unpack(forged) is None
