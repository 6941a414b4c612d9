"""Invitations as cards to cut out, eight to an A4 page: each person gets their own and sees nobody else's."""

from collections.abc import Iterable
from dataclasses import dataclass

from qr.code import bars, modules
from qr.sheet import HEIGHT, WIDTH, Colour, Sheets
from qr.typesetting import MissingGlyph, Room, Setting, TextTooLong

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
    days: int


def cards_pdf(cards: Iterable[InvitationCard]) -> bytes:
    """Print the cards into one PDF file. Raises MissingGlyph and TextTooLong."""
    sheets = Sheets("工作人员邀请")
    for number, card in enumerate(cards):
        place = number % (COLUMNS * ROWS)
        if place == 0:
            sheets.new_page()
            _cutting_lines(sheets)
        _card(sheets, card, place % COLUMNS * CARD_WIDTH, place // COLUMNS * CARD_HEIGHT)
    return sheets.pdf()


def _cutting_lines(sheets: Sheets) -> None:
    for row in range(1, ROWS):
        sheets.box(0, row * CARD_HEIGHT, WIDTH, 0.2, GREY)
    sheets.box(CARD_WIDTH, 0, 0.2, HEIGHT, GREY)


def _card(sheets: Sheets, card: InvitationCard, left: float, top: float) -> None:
    rows = modules(card.link)
    module = CODE / len(rows)
    sheets.bars(left + 8, top + 15, module, bars(rows), INK)
    text_left = left + CODE + 14
    room = CARD_WIDTH - CODE - 20
    sheets.fitted(text_left, top + 21, card.name, Room(room, (Setting(1, 20, 9),)), INK, bold=True)
    sheets.fitted(text_left, top + 29, card.title, Room(room, (Setting(1, 10, 8), Setting(2, 9, 6))), INK)
    how = f"用手机扫码，打开后点“开始”。只能用一次，{card.days}天内有效，请勿转给他人。"
    sheets.fitted(text_left, top + 43, how, Room(room, (Setting(4, 9.5, 7),)), RED)
    sheets.fitted(left + 8, top + CARD_HEIGHT - 5, card.office, Room(CARD_WIDTH - 16, (Setting(1, 8, 5),)), GREY)
