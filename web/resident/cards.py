"""What was said, laid out for a page: headings, telephone links, buttons a thumb hits, and a draft piece by piece."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from handlers.press import Press, unpack
from handlers.resident.highlighting import highlighted
from models.complaints import FILES, MessageKind
from services.intake.drafts import ConversationState, Draft
from texts.catalogue import LANGUAGES, Html, Words
from texts.message import Button, Message
from web.rendering import html_in, markup_of

AREA = "r"
_MAIN = frozenset({"send", "put_in"})
_LEAVE_VISIT = frozenset({"visit", "leave", "picture"})
# What a page has a link, a field or a line at its foot for.
_ELSEWHERE = frozenset({"have_code", "lang", "add", "reply"})
_QUESTIONS = frozenset({"discard_yes", "withdraw_yes", "drop_yes", "choose"})
_ICON = "[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]\ufe0f?"
_FIRST_ICON = re.compile(rf"^{_ICON}\s*")
_LEADING_ICON = re.compile(rf"(?m)^(\s*)({_ICON})(?=\s)")
_QUOTED = re.compile(r"<blockquote>.*?</blockquote>\n?", re.DOTALL)
_AFTER_CODE = re.compile(r"</code>\n+")
_PUBLIC_NUMBER = re.compile(r"(?<![\d-])(110|119|120|12338|12345|12356)(?![\d-])")
_OWN_NUMBER = re.compile(r"(?m)^(.*[☎📞][^\d\n]*)(\d[\d-]{2,}\d)")
_LONGEST = 10**6  # characters of a draft, which a page shows whole


@dataclass(frozen=True)
class PageButton:
    """A button: what it is called, what it sends, and whether it is the one to press next, or a box that is ticked."""

    label: Markup
    press: str = ""
    url: str = ""
    is_main: bool = False
    is_on: bool | None = None  # None: it is no box
    is_face: bool = False


@dataclass(frozen=True)
class PiecePart:
    """One piece of a draft: what it is, what it says, and where its picture is when it is a photo."""

    number: int
    name: Markup  # of a file: what it is
    text: Markup
    picture: str
    drop: str


@dataclass(frozen=True)
class Card:
    """One message as a part of a page. `pieces` stand between `before` and `after`; in a crisis, below the buttons."""

    heading: Markup | None
    before: Markup
    after: Markup
    rows: tuple[tuple[PageButton, ...], ...]
    pieces: tuple[PiecePart, ...] = ()
    is_crisis: bool = False
    is_receipt: bool = False


@dataclass(frozen=True)
class ConversationPage:
    """What was said last as a page, and what can be done besides its buttons."""

    cards: tuple[Card, ...]
    heading: str | None  # the sentence above it where no card has a heading
    way_back: PageButton | None
    put_away: PageButton | None
    languages: tuple[tuple[str, PageButton], ...]
    takes_more: bool  # something can be written or added
    is_asked: bool  # what is written is an answer
    has_preview: bool  # what was written is shown, with the button that sends it
    may_forget: bool


def conversation_page(messages: Sequence[Message], state: ConversationState, words: Words) -> ConversationPage:
    """Return what was said last, as a page; whom to call in a crisis stands first."""
    actions = frozenset(press.action for message in messages for press in _presses(message))
    cards = sorted((_card(message, state, words) for message in messages), key=lambda card: not card.is_crisis)
    has_preview = bool(actions & {"discard", "put_in"})
    return ConversationPage(
        cards=tuple(cards),
        heading=None if any(card.heading for card in cards) else _heading(state),
        way_back=_way_back(actions, state, words),
        put_away=_put_away(actions, state, words),
        languages=_languages(state, words),
        takes_more=not state.is_over and not actions & _QUESTIONS,
        is_asked="reply" in actions,
        has_preview=has_preview,
        may_forget=state.draft is not None and state.visit is None and not actions & {"discard", *_QUESTIONS},
    )


def message_card(message: Message, words: Words) -> Card:
    """Return a message that belongs to no conversation as a part of a page."""
    return _card(message, ConversationState(), words)


def _way_back(actions: frozenset[str], state: ConversationState, words: Words) -> PageButton | None:
    """Return the button that leads back to what is being written or looked at, where nothing that is shown does so."""
    to_text = markup_of(words("web.back_to_my_text"))
    if state.visit is not None and state.addition is not None:
        return None if "put_in" in actions else PageButton(to_text, Press(AREA, "put_show", state.visit).pack())
    if state.visit is not None:
        to_visit = markup_of(words("resident.button_back_to_visit"))
        return None if actions & _LEAVE_VISIT else PageButton(to_visit, Press(AREA, "visit", state.visit).pack())
    draft = state.draft
    if draft is None or not draft.pieces or actions & {"discard", "card", "keep"}:
        return None
    return PageButton(to_text, Press(AREA, "card", draft.draft_id).pack())


def _put_away(actions: frozenset[str], state: ConversationState, words: Words) -> PageButton | None:
    """Return the button that ends a visit, where nothing that is shown does so."""
    if state.visit is None or "leave" in actions:
        return None
    label = words("web.put_away_code" if "picture" in actions else "web.put_away")
    return PageButton(markup_of(label), Press(AREA, "leave", state.visit).pack())


def _languages(state: ConversationState, words: Words) -> tuple[tuple[str, PageButton], ...]:
    """Return a button for each language; the round's name has the greeting said anew where nothing is written yet."""
    draft = state.draft
    subject = draft.place.round_id if draft is not None and not draft.pieces and state.visit is None else ""
    return tuple(
        (one, PageButton(markup_of(words(f"resident.button_lang_{one}")), Press(AREA, "lang", subject, one).pack()))
        for one in LANGUAGES
    )


def _heading(state: ConversationState) -> str:
    return "web.heading_visit" if state.visit else "web.heading_draft" if state.draft else "web.heading_other"


def shows_unsent(message: Message) -> bool:
    """Whether a message shows what is not sent yet, with what can be done with it."""
    return any(press.action in ("discard", "put_in") for press in _presses(message))


def asks(message: Message) -> bool:
    """Whether a message asks for a choice that stands in place of what it is about."""
    return any(press.action in _QUESTIONS for press in _presses(message))


def is_greeting(message: Message) -> bool:
    """Whether a message says who listens; what is said in another language names the round."""
    return any(press.action == "lang" and bool(press.subject) for press in _presses(message))


def _card(message: Message, state: ConversationState, words: Words) -> Card:
    actions = {press.action for press in _presses(message)}
    draft = state.draft if state.visit is None and "discard" in actions else None
    before, after = message.text, ""
    if draft is not None:  # its pieces are shown whole
        before, after = _around(before, message.quote) if message.quote else ("", before)
    if message.urgent:  # a page is read from its top
        before, after = message.urgent, _without(f"{before}\n\n{after}".strip(), message.urgent)
    has_heading = message.has_heading or bool(message.urgent)
    heading, before = _heading_of(before) if has_heading and before else ("", before)
    return Card(
        heading=markup_of(Html(heading)) if heading else None,
        before=readable(html_in(before)),
        after=readable(html_in(after)),
        rows=_rows(message),
        pieces=_pieces(draft, words) if draft is not None else (),
        is_crisis=bool(message.urgent),
        is_receipt="picture" in actions,
    )


def _heading_of(text: str) -> tuple[str, str]:
    """Return the heading with which a text begins, and what follows it."""
    heading, _, rest = text.removeprefix("<b>").partition("</b>")
    return heading, rest.removeprefix("\n")


def _around(text: str, part: str) -> tuple[str, str]:
    """Return what stands before a part of a text, and what stands after it."""
    before, _, after = text.partition(part)
    return before.rstrip("\n"), after.lstrip("\n")


def _without(text: str, part: str) -> str:
    return "\n\n".join(filter(None, _around(text, part)))


def _pieces(draft: Draft, words: Words) -> tuple[PiecePart, ...]:
    """Return each piece of a draft whole, with what leads to its writer marked."""
    marked = highlighted(words, draft.texts, (*draft.mentions, *draft.self_descriptions), _LONGEST).split("\n")
    texts = iter(marked)
    return tuple(
        PiecePart(
            number=number,
            name=markup_of(words(f"web.piece_{piece.kind}")) if piece.kind in FILES else Markup(),
            text=markup_of(Html(next(texts))) if piece.text else Markup(),
            picture=f"/page/picture/{number}" if piece.kind == MessageKind.PHOTO and piece.file_id else "",
            drop=Press(AREA, "drop", draft.draft_id, piece.source).pack(),
        )
        for number, piece in enumerate(draft.pieces, 1)
    )


def readable(text: str) -> Markup:
    """Return HTML in which signs are not read aloud, and the numbers to be called can be pressed."""
    parts: list[str] = []
    place = 0
    for quoted in _QUOTED.finditer(text):
        parts += [_with_numbers(text[place : quoted.start()]), quoted[0]]
        place = quoted.end()
    linked = "".join([*parts, _with_numbers(text[place:])])
    return markup_of(Html(_without_signs(_AFTER_CODE.sub("</code>", linked))))


def _without_signs(text: str) -> str:
    return _LEADING_ICON.sub(r'\1<span aria-hidden="true">\2</span>', text)


def _with_numbers(text: str) -> str:
    own = _OWN_NUMBER.sub(
        lambda found: found[0] if _PUBLIC_NUMBER.fullmatch(found[2]) else found[1] + _call(found[2]), text
    )
    return _PUBLIC_NUMBER.sub(lambda found: _call(found[0]), own)


def _call(number: str) -> str:
    return f'<a class="call" href="tel:{number}">{number}</a>'


def _rows(message: Message) -> tuple[tuple[PageButton, ...], ...]:
    rows = [[_button(button) for button in row if not _is_elsewhere(button)] for row in message.buttons]
    return tuple(tuple(row) for row in rows if row)


def _button(button: Button) -> PageButton:
    press = unpack(button.data) if button.data else None
    action = press.action if press else ""
    label = button.label
    if button.is_on is not None or action in _MAIN:  # a page marks them by how they look
        label = _FIRST_ICON.sub("", label)
    return PageButton(
        markup_of(Html(_without_signs(str(escape(label))))),
        press=button.data or "",
        url=button.url or "",
        is_main=action in _MAIN,
        is_on=button.is_on,
        is_face=action == "rate",
    )


def _is_elsewhere(button: Button) -> bool:
    press = unpack(button.data) if button.data else None
    return press is not None and press.area == AREA and press.action in _ELSEWHERE


def _presses(message: Message) -> list[Press]:
    found = [unpack(button.data) for row in message.buttons for button in row if button.data]
    return [press for press in found if press is not None and press.area == AREA]
