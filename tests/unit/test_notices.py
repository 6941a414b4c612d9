"""Every kind of notice is written down with its fields, read again as it was, and has a rendering."""

from dataclasses import dataclass, fields
from datetime import date
from enum import Enum
from typing import Any, get_args, get_origin

import pytest

import handlers.router  # noqa: F401 (importing the handlers registers their renderings)
from bot.bootstrap import whole_product
from handlers.notices import NothingRenders, renders, require_renderings
from models.message_key import MessageKey, Shows
from models.recipient import CHAT, RESIDENT, Recipient
from privacy.trail import Trail
from services.cases.notices import CaseCard
from services.notice import NOTICES, Notice
from services.outbox import DeleteMessage, OutgoingContent, OutgoingMessage, SayMessage, say
from services.packing import pack, types_of, unpack
from tests.notices import a_notice
from texts.message import Button, Message


def sample(wanted: Any) -> Any:
    """Return a value of a field's type."""
    if get_origin(wanted) is tuple:
        return (sample(get_args(wanted)[0]), sample(get_args(wanted)[0]))
    if get_args(wanted):  # a type or None
        return sample(get_args(wanted)[0])
    if issubclass(wanted, Enum):
        return list(wanted)[-1]
    return {str: "一二", int: 3, bool: True}[wanted]


@pytest.mark.parametrize("kind", NOTICES)
def test_every_notice_is_read_as_it_was_written(kind: str) -> None:
    notice = NOTICES[kind]
    written = OutgoingMessage(notice(**{name: sample(wanted) for name, wanted in types_of(notice).items()}))
    assert OutgoingMessage.unpack(written.pack()) == written
    assert written.kind == kind


@pytest.mark.parametrize(
    "content",
    [
        DeleteMessage(7),
        SayMessage("<b>字</b>", ((Button("a", "1.x.y"), Button("b", url="https://example.org")), (Button("c"),)), True),
        CaseCard("12345678", farewell=True),
    ],
)
def test_what_is_said_is_read_as_it_was_written_with_how_it_is_said(content: OutgoingContent) -> None:
    key = MessageKey(Shows.REVIEW, "RI01:3", Recipient.staff("P05"))
    written = OutgoingMessage(content, key=key, edit=4, delete_after_hours=24, trail=Trail.fresh())
    assert OutgoingMessage.unpack(written.pack()) == written


def test_a_message_that_is_said_keeps_its_buttons_and_its_protection() -> None:
    message = Message("text", ((Button("a", "1.x.y"),),), protect=True)
    content = OutgoingMessage.unpack(say(message).pack()).content
    assert isinstance(content, SayMessage)
    assert content.message == message


@pytest.mark.parametrize(
    ("kind", "packed"),
    [
        ("case_card", {"case_id": 7}),
        ("case_card", {"case_id": None}),
        ("case_card", {"case_id": "7", "more": "7"}),
        ("case_card", {}),
        ("card_proposal", {"item_id": "RI01", "card": "green"}),
        ("case_text", {"case_id": "7", "message_ids": "ab", "part": 0, "bare": False}),
        ("case_text", {"case_id": "7", "message_ids": ["a"], "part": True, "bare": False}),
    ],
)
def test_fields_that_are_not_a_notices_own_are_refused(kind: str, packed: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        unpack(NOTICES[kind], packed)


def test_a_field_that_json_does_not_know_is_not_written() -> None:
    @dataclass(frozen=True)
    class Dated(Notice):
        day: date

    with pytest.raises(TypeError):
        pack(Dated(date(2026, 11, 26)))


def test_every_notice_is_a_dataclass_that_cannot_be_changed() -> None:
    for notice in NOTICES.values():
        assert notice.__dataclass_params__.frozen, notice  # type: ignore[attr-defined]
        assert {field.name for field in fields(notice)} == set(types_of(notice))


def test_two_notices_of_one_kind_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="case_card"):

        class Another(Notice, kind="case_card"):
            pass


def test_every_notice_has_a_rendering() -> None:
    require_renderings()


def test_the_product_does_not_start_when_a_notice_has_no_rendering() -> None:
    with a_notice("never_rendered"), pytest.raises(NothingRenders, match="Known"):
        whole_product(None)  # type: ignore[arg-type]  # it is refused before its settings are looked at


def test_two_renderings_of_one_notice_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="CaseCard"):
        renders(CaseCard)(None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("recipient", "written"),
    [
        (Recipient.staff("P05"), "staff:P05"),
        (Recipient.board("T1"), "board:T1"),
        (Recipient.reporter("0a1b"), "reporter:0a1b"),
        (CHAT, "chat"),
        (RESIDENT, "resident"),
    ],
)
def test_a_recipient_is_written_as_in_the_outbox(recipient: Recipient, written: str) -> None:
    assert str(recipient) == written
    assert Recipient.parse(written) == recipient


def test_what_is_no_recipient_is_not_read_as_one() -> None:
    with pytest.raises(ValueError, match="clerk"):
        Recipient.parse("clerk:P05")


@pytest.mark.parametrize(
    ("key", "written"),
    [
        (MessageKey(Shows.CARD, "12345678", Recipient.board("T1")), "card:12345678:board:T1"),
        (MessageKey(Shows.CARD, "12345678", Recipient.staff("P05")), "card:12345678:P05"),
        (MessageKey(Shows.LIST, "queue", Recipient.staff("P05")), "list:queue:P05"),
        (MessageKey(Shows.REVIEW, "RI01:3", Recipient.staff("P05")), "review:RI01:3:P05"),
    ],
)
def test_a_key_is_written_as_in_the_table_of_sent_messages(key: MessageKey, written: str) -> None:
    assert str(key) == written
    assert MessageKey.parse(written) == key


def test_what_is_no_key_is_not_read_as_one() -> None:
    with pytest.raises(ValueError, match="poster"):
        MessageKey.parse("poster:12345678:P05")
