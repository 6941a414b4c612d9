"""The poster that hangs in a village: one A4 page with the code, in words for those who live there."""

import io
from collections.abc import Iterable
from contextlib import closing

import pypdfium2
from fpdf.drawing import PaintedPath

from qr import code
from qr.link import bot_username, site
from qr.pages import HEIGHT, WIDTH, Colour, Pages
from qr.poster_words import ZH_HANS, ZH_HANS_PAGE, Poster, PosterWords
from qr.typesetting import MissingGlyph, TextBox, TextLayout, TextTooLong

__all__ = ["MissingGlyph", "Poster", "TextTooLong", "poster_png", "posters_pdf"]

RED = Colour(158, 27, 30)
DEEP_RED = Colour(128, 17, 23)
DUSK = Colour(181, 58, 44)
GOLD = Colour(201, 154, 70)
PALE_GOLD = Colour(250, 228, 178)
WHITE = Colour(255, 255, 255)
INK = Colour(33, 28, 25)
GREY = Colour(92, 84, 78)
PAPER = Colour(252, 246, 234)

LEFT = 15.0
RIGHT = WIDTH - 15.0
MEASURE = RIGHT - LEFT
TEXT_LEFT = 48.0  # where text stands that has its heading to the left
CODE = 86.0  # the code's side, without its quiet zone of four modules, which stays free of ink

# Where the parts of the page begin, from the top in millimetres.
SKY_END = 38.0
CODE_TOP = 103.0
PROMISES_TOP = 196.5
SCOPE_TOP = 233.0
CONTACT_TOP = 266.0


def posters_pdf(posters: Iterable[Poster]) -> bytes:
    """Prints one A4 page a poster into one PDF file.

    Raises MissingGlyph for a character that would come out as an empty box, TextTooLong for a text that does
    not fit its place at a readable size, and ValueError when there is no poster at all.
    """
    posters = list(posters)
    if not posters:
        raise ValueError("there is no poster to print")
    with closing(Pages(title=f"{posters[0].county} {posters[0].round_title}")) as pages:
        for poster in posters:
            words = ZH_HANS if bot_username(poster.link) else ZH_HANS_PAGE
            pages.new_page()
            _sky(pages)
            _round(pages, poster, words)
            _invitation(pages, poster, words)
            _code(pages, poster)
            _steps(pages, words)
            _promises(pages, words)
            _scope(pages, poster, words)
            _contact(pages, poster, words)
        return pages.pdf()


def poster_png(poster: Poster, dpi: int = 144) -> bytes:
    """Pictures the printed page for a screen. Raises what `posters_pdf` raises."""
    with closing(pypdfium2.PdfDocument(posters_pdf([poster]))) as document:
        picture = io.BytesIO()
        document[0].render(scale=dpi / 72).to_pil().save(picture, "PNG", optimize=True)
        return picture.getvalue()


def _sky(pages: Pages) -> None:
    """Draws the morning over the hills; rings go out from the sun as a voice does."""
    pages.box(0, 0, WIDTH, SKY_END, RED)
    for radius in (13.5, 17.5, 21.5):
        pages.ring(178, 17, radius, 0.5, DUSK)
    pages.disc(178, 17, 9.5, PALE_GOLD)
    far = PaintedPath(0, SKY_END)
    far.line_to(0, 31).curve_to(35, 19, 60, 37, 96, 30).curve_to(130, 23, 150, 14, 178, 22)
    far.curve_to(194, 27, 202, 26, WIDTH, 23).line_to(WIDTH, SKY_END).close()
    pages.fill(far, DUSK)
    near = PaintedPath(0, SKY_END)
    near.line_to(0, 35).curve_to(40, 27, 70, 40, 110, 36).curve_to(145, 32, 170, 24, WIDTH, 32)
    near.line_to(WIDTH, SKY_END).close()
    pages.fill(near, DEEP_RED)
    pages.box(0, SKY_END, WIDTH, 1.2, GOLD)


def _round(pages: Pages, poster: Poster, words: PosterWords) -> None:
    title = TextBox(140, (TextLayout(1, 30, 20), TextLayout(2, 18, 12)))
    last = pages.fitted(LEFT, 15.5, poster.round_title, title, WHITE, bold=True)
    serial = f"{words.serial} {poster.serial}"
    pages.text(RIGHT - pages.width(serial, 9), 35.3, serial, 9, PALE_GOLD)
    theme = TextBox(138, (TextLayout(1, 14, 7),))
    pages.fitted(LEFT, last + 8.5, poster.theme, theme, PALE_GOLD)


def _invitation(pages: Pages, poster: Poster, words: PosterWords) -> None:
    salutation = words.salutation.format(village=poster.village)
    pages.fitted(LEFT, 53.5, salutation, TextBox(MEASURE, (TextLayout(1, 28, 14),)), INK, bold=True)
    # So large a character's own margin would look like an indent.
    pages.fitted(LEFT - 1.2, 79.3, words.invitation, TextBox(MEASURE + 2.4, (TextLayout(1, 74, 40),)), RED, bold=True)
    team_is_here = words.team_is_here.format(team=poster.team.strip())
    size = pages.size(team_is_here + words.no_name_needed, TextBox(MEASURE, (TextLayout(1, 24, 12),)), bold=True)
    end = pages.text(LEFT, 91.2, team_is_here, size, INK)
    pages.text(end, 91.2, words.no_name_needed, size, RED, bold=True)


def _code(pages: Pages, poster: Poster) -> None:
    rows = code.modules(poster.link)
    pages.bars(LEFT, CODE_TOP, CODE / len(rows), code.bars(rows), INK)


def _steps(pages: Pages, words: PosterWords) -> None:
    left, top = 130.0, CODE_TOP
    for number, step in enumerate(words.steps, start=1):
        pages.disc(left - 9, top + 5.5, 5.5, RED)
        digit = str(number)
        half = pages.width(digit, 20, bold=True) / 2
        pages.text(left - 9 - half, top + 8.1, digit, 20, WHITE, bold=True)
        pages.text(left, top + 9, step.short, 26, INK, bold=True)
        pages.fitted(left, top + 17.5, step.full, TextBox(RIGHT - left, (TextLayout(2, 16, 11),)), INK)
        top += 30.5


def _promises(pages: Pages, words: PosterWords) -> None:
    top = PROMISES_TOP
    pages.box(0, top, WIDTH, 35, PAPER)
    pages.fitted(LEFT, top + 9.8, words.protection, TextBox(TEXT_LEFT - LEFT, (TextLayout(2, 18, 12),)), RED, bold=True)
    for number, promise in enumerate(words.promises):
        x, y = TEXT_LEFT + number % 2 * 75, top + 9.6 + number // 2 * 14.5
        pages.text(x, y, promise.short, 16, INK, bold=True)
        pages.text(x, y + 6.4, promise.full, 13, INK)


def _scope(pages: Pages, poster: Poster, words: PosterWords) -> None:
    baseline = SCOPE_TOP + 6.5
    box = TextBox(RIGHT - TEXT_LEFT, (TextLayout(1, 13, 12), TextLayout(2, 13, 9), TextLayout(3, 8.5, 7)))
    for title, text in ((words.accepted, poster.accepts), (words.not_accepted, poster.not_accepted)):
        pages.text(LEFT, baseline, title, 14, RED, bold=True)
        baseline = pages.fitted(TEXT_LEFT, baseline, text, box, INK) + 7.5


def _contact(pages: Pages, poster: Poster, words: PosterWords) -> None:
    top, middle = CONTACT_TOP, 112.0
    pages.box(0, top, WIDTH, HEIGHT - top, PAPER)
    pages.box(0, top, WIDTH, 0.6, GOLD)
    left = TextBox(90, (TextLayout(1, 12, 10), TextLayout(2, 9, 7)))
    right = TextBox(RIGHT - middle, (TextLayout(1, 13, 10), TextLayout(2, 9, 7)))
    phone = f"{words.phone} {poster.phone}"
    pages.fitted(LEFT, top + 9.5, phone, TextBox(90, (TextLayout(1, 22, 12),)), INK, bold=True)
    pages.fitted(LEFT, top + 15.8, poster.phone_hours, left, INK)
    dates = words.intake_dates(poster.intake_from, poster.intake_until)
    pages.fitted(middle, top + 9, f"{words.intake} {dates}", right, INK, bold=True)
    pages.fitted(LEFT, top + 25.5, poster.office, TextBox(90, (TextLayout(1, 10, 7),)), GREY)
    mailbox = f"{words.mailbox} {poster.mailbox}"
    genuine = words.genuine.format(name=bot_username(poster.link) or site(poster.link))
    line = TextBox(RIGHT - middle, (TextLayout(1, 11, 7),))
    in_telegram = words.in_telegram.format(bot=poster.bot) if poster.bot else ""
    if in_telegram:
        pages.fitted(middle, top + 14.2, mailbox, right, INK)
        pages.fitted(middle, top + 21.6, genuine, line, INK)
        pages.fitted(middle, top + 25.5, in_telegram, TextBox(RIGHT - middle, (TextLayout(1, 8, 6),)), GREY)
    else:
        pages.fitted(middle, top + 15.8, mailbox, right, INK)
        pages.fitted(middle, top + 25.5, genuine, line, INK)
