"""Keyboards under messages, checked as the server checks them."""

from typing import Any

from simulator.entities import checked_url
from simulator.errors import Json, bad_request

CALLBACK_DATA_LIMIT = 64  # bytes of UTF-8
BUTTON_LIMIT = 100


def checked_markup(markup: Any, *, inline_only: bool = False) -> Json | None:
    """The reply markup as the message carries it, or None; raises ApiError in the server's words."""
    if markup is None or markup == "":
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline_keyboard(markup["inline_keyboard"])
    if inline_only:
        raise bad_request("inline keyboard expected")
    if "keyboard" in markup:
        return {**markup, "keyboard": _reply_keyboard(markup["keyboard"])}
    for name, owner in (("remove_keyboard", "ReplyKeyboardRemove"), ("force_reply", "reply markup")):
        if name in markup:
            if not isinstance(markup[name], bool):
                raise bad_request(f'field "{name}" of the {owner} must be of the type Boolean')
            return dict(markup) if markup[name] else None
    return None


def _rows(rows: Any, name: str, owner: str) -> list[list[Any]]:
    if not isinstance(rows, list):
        raise bad_request(f'field "{name}" of the {owner} must be an Array')
    for row in rows:
        if not isinstance(row, list):
            raise bad_request(f'field "{name}" of the {owner} must be an Array of Arrays')
    return rows


def _reply_keyboard(rows: Any) -> list[list[Json]]:
    result = []
    for row in _rows(rows, "keyboard", "ReplyKeyboardMarkup"):
        buttons = [{"text": button} if isinstance(button, str) else button for button in row]
        for button in buttons:
            if not isinstance(button, dict) or not isinstance(button.get("text"), str):
                raise bad_request("can't parse keyboard button: KeyboardButton must be a String or an Object")
        result.append(buttons)
    return result


def _inline_keyboard(rows: Any) -> Json | None:
    keyboard = [
        [_inline_button(button) for button in row] for row in _rows(rows, "inline_keyboard", "InlineKeyboardMarkup")
    ]
    keyboard = [row for row in keyboard if row]
    if sum(len(row) for row in keyboard) > BUTTON_LIMIT:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": keyboard} if keyboard else None


def _inline_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    kept: Json = {"text": text}
    if "style" in button:
        kept["style"] = button["style"]
    if url := button.get("url"):
        return {**kept, "url": _button_url(str(url))}
    if "callback_data" in button:
        data = button["callback_data"]
        if not isinstance(data, str):
            raise bad_request('can\'t parse inline keyboard button: Field "callback_data" must be of type String')
        if not 1 <= len(data.encode()) <= CALLBACK_DATA_LIMIT:
            raise bad_request("BUTTON_DATA_INVALID")
        return {**kept, "callback_data": data}
    for name in ("copy_text", "web_app"):
        if isinstance(button.get(name), dict):
            return {**kept, name: button[name]}
    raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")


def _button_url(url: str) -> str:
    checked = checked_url(url)
    if not checked:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return checked
