"""What can be taken along of how a round is rectified: a document, a slide for a screen, the ledger of its items."""

import asyncio
from html import unescape

from handlers.documents import pdf_of, why_unprintable
from handlers.evaluation.pictures import picture_of
from handlers.evaluation.report import lines_of
from handlers.evaluation.weekly import name_of
from handlers.notices import StaffReader, renders_for_staff
from models.deadlines import days_overdue
from models.rectification import ItemSource, RectificationItem
from qr.chart import Shape
from qr.document_words import Document, Section
from qr.typesetting import MissingGlyph
from services.access.member import Member
from services.evaluation.item_ledger import ItemLedger, ItemLedgerTooLong, item_ledger_of
from services.evaluation.notices import RoundFile, RoundFileKind
from services.evaluation.report import ReportView, RoundReport, report_of
from services.spreadsheet import Sheet, as_excel
from services.unit_of_work import UnitOfWork
from texts.catalogue import Words
from texts.dates import day_with_year
from texts.message import Message, Upload, UploadKind

KEPT_HOURS = 24
_COLUMNS = (
    *("number", "unit", "aspect", "category", "source", "problem", "requirement", "head", "task_force", "leader"),
    *("issued_on", "due_on", "state", "overdue", "card", "returns", "submitted_on", "system_built", "team"),
    *("households_done", "households_total", "money_recovered", "people_dealt_with"),
)


@renders_for_staff(RoundFile)
async def round_file(work: UnitOfWork, reader: StaffReader, notice: RoundFile) -> Message | None:
    words = reader.words
    try:
        data = await made(work, reader.who, words, notice.round_id, notice.file)
    except ItemLedgerTooLong:
        return Message(words("grade.ledger_too_long"))
    except MissingGlyph as error:
        return Message(why_unprintable(words, error))
    name = (await work.directory()).rounds[notice.round_id].name
    said = words(f"grade.file_{notice.file}", round=name, hours=KEPT_HOURS)
    upload = Upload(UploadKind.DOCUMENT, data, notice.file.suffix, otherwise=words("grade.file_not_here"))
    return Message(said, upload=upload)


async def made(work: UnitOfWork, who: Member, words: Words, round_id: str, kind: RoundFileKind) -> bytes:
    """Return such a file in the language of whoever takes it along.

    Raises NotEntitled, ItemLedgerTooLong, and MissingGlyph for a character that cannot be printed.
    """
    if kind is RoundFileKind.ITEMS:
        ledger = await item_ledger_of(work, who, round_id)
        return await asyncio.to_thread(lambda: as_excel([_sheet(ledger, words)], ledger.made_on))
    report = await report_of(work, who, round_id, ReportView.MEETING)
    if kind is RoundFileKind.SUMMARY:
        return await _document(work, words, report)
    known, rates = await work.directory(), [one.rate for one in report.behind]
    title = words.plain("grade.slide_title" if rates else "grade.slide_nobody", round=report.round.name)
    line = known.good_rate_of([round_id])
    return await picture_of(work, words, title, rates, name_of(known, "unit"), lambda _unit: line, Shape.SCREEN)


async def _document(work: UnitOfWork, words: Words, report: RoundReport) -> bytes:
    parts = await lines_of(work, words, report, ReportView.MEETING)
    document = Document(
        words.plain("grade.summary_title", round=report.round.name),
        [words.plain("grade.chart_as_of", day=day_with_year(words, work.today))],
        [Section(_plain(heading), "\n".join(map(_plain, lines))) for heading, lines in parts],
        words.plain("grade.summary_title", round=report.round.name),
    )
    return await pdf_of(document)


def _plain(text: str) -> str:
    """Return what a line says without its marks, in signs that the fonts have."""
    return unescape(text.replace("<b>", "").replace("</b>", "").replace("⚠️", "▼"))


def _sheet(ledger: ItemLedger, words: Words) -> Sheet:
    header = [words.plain(f"grade.column_{one}") for one in _COLUMNS]
    return Sheet(words.plain("grade.ledger_sheet"), header, [_row(ledger, words, one) for one in ledger.items])


def _row(ledger: ItemLedger, words: Words, item: RectificationItem) -> tuple[object, ...]:
    known, overdue = ledger.known, days_overdue(item, ledger.made_on)
    return (
        item.id,
        known.units[item.unit_id].name,
        item.aspect,
        known.category(item.category).name_in(words.language),
        words.plain(f"grade.source_{item.source}") if item.source in set(ItemSource) else item.source,
        item.problem,
        item.requirement,
        item.head,
        item.task_force,
        known.names.get(item.county_leader_id or "", ""),
        item.issued_on,
        item.due_on,
        words.plain(f"item.state_{item.state}"),
        overdue or "",
        words.plain(f"grade.warned_{item.card}") if item.card else "",
        item.returns,
        item.submitted_on or "",
        item.system_built or "",
        known.teams[item.team_id].name if item.team_id else "",
        *(
            "" if number is None else number
            for number in (item.households_done, item.households_total, item.money_recovered, item.people_dealt_with)
        ),
    )
