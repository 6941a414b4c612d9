"""Keyboards, checked as the server checks them."""

from typing import Any

import pytest

from simulator.errors import ApiError
from simulator.markup import checked_markup


def keyboard(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[button]]}


def test_callback_data_may_have_64_bytes_and_no_more() -> None:
    assert checked_markup(keyboard(text="a", callback_data="中" * 21 + "x"))
    with pytest.raises(ApiError, match=r"^Bad Request: BUTTON_DATA_INVALID$"):
        checked_markup(keyboard(text="a", callback_data="中" * 22))


def test_callback_data_may_not_be_empty() -> None:
    with pytest.raises(ApiError, match="BUTTON_DATA_INVALID"):
        checked_markup(keyboard(text="a", callback_data=""))


def test_a_button_needs_a_text() -> None:
    with pytest.raises(ApiError, match="text must be non-empty"):
        checked_markup(keyboard(text=" ", callback_data="x"))


def test_a_button_needs_something_to_do() -> None:
    with pytest.raises(ApiError, match="Text buttons are unallowed in the inline keyboard"):
        checked_markup(keyboard(text="a"))


def test_a_button_may_not_lead_to_localhost() -> None:
    with pytest.raises(ApiError, match=r"inline keyboard button URL 'http://localhost/x' is invalid: Wrong HTTP URL"):
        checked_markup(keyboard(text="a", url="http://localhost/x"))


def test_a_hundred_and_one_buttons_are_too_many() -> None:
    button = {"text": "a", "callback_data": "x"}
    assert checked_markup({"inline_keyboard": [[button]] * 100})
    with pytest.raises(ApiError, match="reply markup is too long"):
        checked_markup({"inline_keyboard": [[button]] * 101})


def test_an_empty_keyboard_is_none() -> None:
    assert checked_markup({"inline_keyboard": []}) is None
    assert checked_markup({"inline_keyboard": [[]]}) is None


@pytest.mark.parametrize("markup", [[], "x", 1])
def test_a_markup_is_an_object(markup: Any) -> None:
    with pytest.raises(ApiError, match="object expected as reply markup"):
        checked_markup(markup)


def test_an_edit_takes_inline_keyboards_only() -> None:
    assert checked_markup({"force_reply": True}) == {"force_reply": True}
    with pytest.raises(ApiError, match="inline keyboard expected"):
        checked_markup({"remove_keyboard": True}, inline_only=True)
