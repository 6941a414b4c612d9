"""How what was said is laid out in messages: nothing lost, nothing too long, photos at their place."""

from datetime import UTC, datetime
from html import escape

from hypothesis import given
from hypothesis import strategies as st

from models.complaints import Author, MessageKind
from services.cases.read_case import DialogueMessage, DialoguePage, dialogue_pages, split

MOMENT = datetime(2026, 11, 22, tzinfo=UTC)

TEXTS = st.text(alphabet=st.sampled_from("长a<&\n😀"), max_size=5000)


def said(number: int, text: str, kind: MessageKind = MessageKind.TEXT) -> DialogueMessage:
    return DialogueMessage(str(number), 1, Author.REPORTER, kind, MOMENT, text)


def length(text: str) -> int:
    return len(escape(text, quote=False).encode("utf-16-le")) // 2


@given(TEXTS)
def test_a_long_text_is_cut_without_losing_a_character(text: str) -> None:
    parts = split(text)
    assert "".join(parts) == text
    assert all(length(part) <= 3500 for part in parts)


@given(st.lists(TEXTS, max_size=12))
def test_every_message_stands_on_a_page_in_its_order(texts: list[str]) -> None:
    dialogue = [said(number, text) for number, text in enumerate(texts)]
    laid = [page for page in dialogue_pages(dialogue) if isinstance(page, DialoguePage)]
    shown = list(dict.fromkeys(message_id for page in laid for message_id in page.message_ids))
    assert shown == [entry.id for entry in dialogue if entry.text]


@given(st.lists(TEXTS, max_size=12))
def test_no_page_is_longer_than_a_message_may_be(texts: list[str]) -> None:
    dialogue = [said(number, text) for number, text in enumerate(texts)]
    by_id = {entry.id: entry.text for entry in dialogue}
    for page in dialogue_pages(dialogue):
        assert isinstance(page, DialoguePage)
        if len(page.message_ids) == 1:
            assert length(split(by_id[page.message_ids[0]])[page.part]) <= 3500
        else:
            assert sum(length(by_id[message_id]) for message_id in page.message_ids) <= 3500


def test_a_photo_comes_where_it_was_sent_with_its_words_before_it() -> None:
    dialogue = [
        said(1, "看照片"),
        said(2, "桥墩", MessageKind.PHOTO),
        said(3, "", MessageKind.PHOTO),
        said(4, "就这些"),
    ]
    assert list(dialogue_pages(dialogue)) == [DialoguePage(("1", "2")), dialogue[1], dialogue[2], DialoguePage(("4",))]


def test_a_text_is_cut_at_the_end_of_a_line_where_there_is_one() -> None:
    first, *_ = split("一" * 3000 + "\n" + "二" * 3000)
    assert first == "一" * 3000 + "\n"
