"""What is told of an update of Telegram's before it is parsed, whatever stands in it."""

from typing import Any

import pytest

from channels.telegram.updates import number_of, origin_of

NO_NUMBERS = [True, False, None, "5", 5.0, [], {}, [5], {"id": 5}, 2**63, -(2**63) - 1, 10**30]


@pytest.mark.parametrize("value", NO_NUMBERS)
def test_what_is_no_number_of_telegrams_names_no_update_no_chat_and_nobody(value: Any) -> None:
    assert number_of({"update_id": value}) is None
    for kind in ("message", "edited_message", "callback_query", "my_chat_member"):
        part = {"from": {"id": value}, "chat": {"id": value}, "message_id": value, "message": {"chat": {"id": value}}}
        origin = origin_of({"update_id": 1, kind: part})
        assert (origin.chat, origin.sender, origin.message_id, origin.is_private) == (None, None, None, False)


@pytest.mark.parametrize("raw", [*NO_NUMBERS, "update", [{"update_id": 5}]])
def test_what_is_no_object_is_no_update(raw: Any) -> None:
    assert number_of(raw) is None
