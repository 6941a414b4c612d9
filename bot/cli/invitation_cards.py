"""Invitations as cards to cut out, eight to an A4 page: each person gets their own and sees nobody else's."""

from collections.abc import Iterable
from dataclasses import dataclass

from qr.code import bars, modules
from qr.pages import HEIGHT, WIDTH, Colour, Pages
from qr.typesetting import MissingGlyph, TextBox, TextLayout, TextTooLong

__all__ = ["InvitationCard", "MissingGlyph", "TextTooLong", "cards_pdf"]

COLUMNS, ROWS = 2, 4
CARD_WIDTH, CARD_HEIGHT = WIDTH / COLUMNS, HEIGHT / ROWS
CODE = 44.0  # the side of a code without its quiet zone
INK, GREY, RED = Colour(33, 28, 25), Colour(150, 142, 136), Colour(158, 27, 30)


@dataclass(frozen=True)
class InvitationCard:
    """What one person's card tells."""

    name: str
    title: str
    office: str
    link: str
    how: str  # to use it


def cards_pdf(cards: Iterable[InvitationCard]) -> bytes:
    """Print the cards into one PDF file. Raises MissingGlyph and TextTooLong."""
    pages = Pages("工作人员邀请")
    for number, card in enumerate(cards):
        place = number % (COLUMNS * ROWS)
        if place == 0:
            pages.new_page()
            _cutting_lines(pages)
        _card(pages, card, place % COLUMNS * CARD_WIDTH, place // COLUMNS * CARD_HEIGHT)
    return pages.pdf()


def _cutting_lines(pages: Pages) -> None:
    for row in range(1, ROWS):
        pages.box(0, row * CARD_HEIGHT, WIDTH, 0.2, GREY)
    pages.box(CARD_WIDTH, 0, 0.2, HEIGHT, GREY)


def _card(pages: Pages, card: InvitationCard, left: float, top: float) -> None:
    rows = modules(card.link)
    module = CODE / len(rows)
    pages.bars(left + 8, top + 15, module, bars(rows), INK)
    text_left = left + CODE + 14
    room = CARD_WIDTH - CODE - 20
    pages.fitted(text_left, top + 21, card.name, TextBox(room, (TextLayout(1, 20, 9),)), INK, bold=True)
    pages.fitted(text_left, top + 29, card.title, TextBox(room, (TextLayout(1, 10, 8), TextLayout(2, 9, 6))), INK)
    pages.fitted(text_left, top + 43, card.how, TextBox(room, (TextLayout(4, 9.5, 7),)), RED)
    pages.fitted(left + 8, top + CARD_HEIGHT - 5, card.office, TextBox(CARD_WIDTH - 16, (TextLayout(1, 8, 5),)), GREY)
