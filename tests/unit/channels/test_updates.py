"""What is told of an update of Telegram's before it is parsed, whatever stands in it."""

from typing import Any

import pytest
import telegram

from channels.telegram.address import address_of
from channels.telegram.incoming import read_update
from channels.telegram.updates import number_of, origin_of
from handlers.incoming import Update

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


@pytest.mark.parametrize("value", ["", *NO_NUMBERS])
def test_nobody_answers_an_update_from_what_is_no_chat(value: Any) -> None:
    user = {"id": 5, "is_bot": False, "first_name": ""}
    message = {"message_id": 7, "date": 1, "chat": {"id": value, "type": "private"}, "from": user, "text": "鱼塘"}
    press = {"id": "1", "from": user, "chat_instance": "1", "data": "1.r.send", "message": message}
    for kind, part in (("message", message), ("edited_message", message), ("callback_query", press)):
        assert _read({"update_id": 1, kind: part}) is None


@pytest.mark.parametrize("value", NO_NUMBERS)
def test_what_is_no_number_of_a_message_or_of_a_person_is_left_out(value: Any) -> None:
    user = {"id": value, "is_bot": False, "first_name": "", "language_code": ["zh"]}
    message = {"message_id": value, "date": 1, "chat": {"id": 5, "type": "private"}, "from": user, "text": "鱼塘"}
    update = _read({"update_id": 1, "message": message})
    assert update is not None
    assert (update.address, update.sender) == (address_of(5), None)
    assert (update.message_id, update.language_code) == (None, None)


@pytest.mark.parametrize("value", [value for value in NO_NUMBERS if value])
def test_a_group_moves_to_no_chat_that_is_none(value: Any) -> None:
    message = {"message_id": 7, "date": 1, "chat": {"id": -5, "type": "group"}, "migrate_to_chat_id": value}
    assert _read({"update_id": 1, "message": message}) is None


def _read(raw: dict[str, Any]) -> Update | None:
    return read_update(telegram.Update.de_json(raw), origin_of(raw), "bot", None)
