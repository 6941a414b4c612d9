"""What somebody wrote is taken with all that stands behind it, and without who said it first."""

from typing import Any

import pytest
from telegram import Message

from channels.telegram.words import points_elsewhere, text_of


def message(**content: Any) -> Message:
    chat = {"id": 7, "type": "private", "first_name": "Lin"}
    found = Message.de_json({"message_id": 1, "date": 0, "chat": chat, **content}, None)
    assert found is not None
    return found


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize("name", ["text", "caption"])
def test_the_address_behind_words_follows_them(name: str) -> None:
    entities = "entities" if name == "text" else "caption_entities"
    links = [
        entity("text_link", 3, 2, url="https://example.org/a"),  # after a sign of two units
        entity("bold", 3, 4),
        entity("text_link", 5, 2, url="tg://user?id=5"),
    ]
    said = message(**{name: "𠮷看这里他说的", entities: links})
    assert text_of(said) == "𠮷看这里 (https://example.org/a)他说 (tg://user?id=5)的"


@pytest.mark.parametrize("words", ["https://example.org", "example.org/", "HTTP://EXAMPLE.ORG"])
def test_an_address_that_is_its_own_words_is_not_said_twice(words: str) -> None:
    links = [entity("text_link", 0, len(words), url="https://example.org/")]
    assert text_of(message(text=words, entities=links)) == words


def test_whom_a_name_without_an_address_stands_for_is_left_out() -> None:
    user = {"id": 123456789, "is_bot": False, "first_name": "李", "username": "lixy"}
    assert text_of(message(text="李秀英讲的", entities=[entity("text_mention", 0, 3, user=user)])) == "李秀英讲的"


def test_who_wrote_what_is_passed_on_is_left_out() -> None:
    origin = {"type": "user", "date": 0, "sender_user": {"id": 5, "is_bot": False, "first_name": "李秀英"}}
    assert text_of(message(text="路断了", forward_origin=origin)) == "路断了"


def test_spoilers_and_signs_of_ones_own_are_read_as_words() -> None:
    marks = [entity("spoiler", 0, 2), entity("custom_emoji", 3, 2, custom_emoji_id="5368324170671202286")]
    assert text_of(message(text="路断了🔥", entities=marks)) == "路断了🔥"


def test_what_is_quoted_of_another_chat_is_taken_without_who_said_it() -> None:
    origin = {"type": "user", "date": 0, "sender_user": {"id": 5, "is_bot": False, "first_name": "李秀英"}}
    quote = {"text": "桥下周就拆", "position": 0}
    said = message(text="他们这么说", quote=quote, external_reply={"origin": origin})
    assert text_of(said) == "「桥下周就拆」\n他们这么说"
    assert not points_elsewhere(said)
    assert points_elsewhere(message(text="这不对", external_reply={"origin": origin}))


def test_what_is_quoted_of_this_chat_is_here_already() -> None:
    assert text_of(message(text="就是这句", quote={"text": "路断了", "position": 0})) == "就是这句"
