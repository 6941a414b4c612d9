"""The place in a list that a button carries."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.press import Press
from models.clocks import NO_END
from models.urgency import Urgency
from services.cases.queues import Cursor

HOURS = st.integers(min_value=0, max_value=24 * 365 * 200)


def cursor(urgency: Urgency, received: int, hours: int | None, case_id: str, page: int) -> Cursor:
    received_at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=received)
    due_at = NO_END if hours is None else received_at + timedelta(hours=hours)
    return Cursor(urgency, due_at, received_at, case_id, page)


CURSORS = st.builds(
    cursor,
    st.sampled_from(Urgency),
    HOURS,
    st.none() | st.integers(min_value=0, max_value=24 * 200),
    st.text("0123456789", min_size=8, max_size=8),
    st.integers(min_value=1, max_value=10_000),
)


@given(CURSORS)
def test_a_cursor_comes_back_as_it_was_and_fits_a_button(cursor: Cursor) -> None:
    assert Cursor.unpack(cursor.pack()) == cursor
    assert len(Press("queue", "page", "queue", cursor.pack()).pack()) <= 64


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "1-2",
        "x-y-z-12345678-1",
        "1-zzzzzzzzzzzzzzzzzzzz-1-12345678-1",
        "1-1-zzzzzzzzzzzzzzzzzzzz-12345678-1",
        "1-12345-12345678",
        f"{10**20}-1-1-1-1",
        "-1-1-1-1-1",
        "3-1-1-1-1",
        "1-1-1-1-",
    ],
)
def test_a_forged_cursor_is_none(forged: str) -> None:
    assert Cursor.unpack(forged) is None
