"""The printout for a messenger: how it reads on paper, and the button of the office by which it is printed."""

from html import escape, unescape
from re import sub

from handlers.actions import Done, Result
from handlers.context import HandlerContext
from handlers.documents import pdf_of, why_unprintable
from handlers.items.labels import time_left
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from models.deadlines import awaits_interim
from models.rectification import RectificationItem
from qr.document_words import Document, Section
from qr.typesetting import MissingGlyph
from services.access.member import Member
from services.outbox import OutgoingMessage, Priority
from services.rectification.digest import DigestHeading, DigestLine
from services.rectification.notices import UnitPrintout
from services.rectification.printout import Sheet, note_printed, sheet_of, unit_to_print_for
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day_with_year
from texts.message import Message, Upload, UploadKind

KEPT_HOURS = 24


def printed(work: UnitOfWork, words: Words, sheet: Sheet) -> Document:
    """Return a sheet as it is printed: each item with its day, what is asked, and what the head is to do next."""
    comma = words.plain("staff.list_comma")
    nobody = words.plain("item.printed_no_head")
    today = day_with_year(words, work.today)
    lines = [
        words.plain("item.printed_for", heads=comma.join(sheet.heads) or nobody),
        words.plain("item.printed_count", count=len(sheet.lines), day=today),
    ]
    sections = [_section(work, words, line) for line in sheet.lines]
    foot = words.plain("item.printed_foot", day=today)
    return Document(words.plain("item.printed_title", unit=sheet.unit), lines, sections, foot)


async def print_for_unit(context: HandlerContext, who: Member, press: Press) -> Result:
    """Bring the printout for the unit of an item to somebody's own chat; a page sends it to the browser by itself."""
    unit_id = await unit_to_print_for(context.work, who, press.subject)
    await note_printed(context.work, unit_id, by=who)
    outgoing = OutgoingMessage(UnitPrintout(press.subject), delete_after_hours=KEPT_HOURS)
    await context.work.outbox.to_staff(who.id, outgoing, priority=Priority.ANSWER)
    return Done(context.words("item.printout_comes"), renew=False)


@renders_for_staff(UnitPrintout)
async def unit_printout(work: UnitOfWork, reader: StaffReader, notice: UnitPrintout) -> Message | None:
    """Return the printout as a file, as it is now."""
    found = await printed_for(work, reader.words, reader.who, notice.item_id)
    try:
        pdf = await pdf_of(found)
    except MissingGlyph as error:
        return Message(why_unprintable(reader.words, error))
    upload = Upload(UploadKind.DOCUMENT, pdf, "pdf", reader.words("item.printout_not_shown"))
    return Message(Html(f"🖨 {escape(found.title, quote=False)}"), protect=True, upload=upload)


async def printed_for(work: UnitOfWork, words: Words, who: Member, item_id: str) -> Document:
    """Return the printout for the unit of an item. Raises NotEntitled."""
    unit_id = await unit_to_print_for(work, who, item_id)
    return printed(work, words, await sheet_of(work, unit_id, by=who))


def _section(work: UnitOfWork, words: Words, line: DigestLine) -> Section:
    item = line.item
    mark = words.plain("item.printed_hazard") if item.hazard else ""
    heading = words.plain(f"item.digest_{line.heading}") if line.heading is not DigestHeading.IN_HAND else ""
    said = [
        words.plain("item.line_problem", text=item.problem),
        words.plain("item.line_requirement", text=item.requirement) if item.requirement else "",
        _interim_day(words, item),
        words.plain("item.line_due", day=day_with_year(words, item.due_on), left=time_left(words, item, work.today)),
        mark,
        _plain(heading),
    ]
    return Section(item.id, "\n".join(part for part in said if part))


def _interim_day(words: Words, item: RectificationItem) -> str:
    """Return by when people are to be kept from a danger; nothing where that is not asked for any more."""
    if item.interim_due_on is None or not awaits_interim(item):
        return ""
    return words.plain("item.printed_interim", day=day_with_year(words, item.interim_due_on))


def _plain(html: str) -> str:
    return unescape(sub(r"<[^>]+>", "", html)).strip()
