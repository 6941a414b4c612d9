"""/ledger: the ledger of a round as a file for a spreadsheet, and how it reads."""

import asyncio

from handlers.actions import Action, Done, Result, Subject, register
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from models.complaints import SENT_THEMSELVES
from models.states import CLOSED_CASES, CaseState
from services.access.member import Member
from services.outbox import OutgoingMessage, Priority
from services.rounds.ledger import Ledger, LedgerEntry, LedgerTooLong, ledger_of, ledgers_for, take_ledger
from services.rounds.notices import LedgerFile, LedgerKind
from services.spreadsheet import Sheet, as_csv, as_excel
from services.unit_of_work import UnitOfWork
from texts.catalogue import Words
from texts.message import Button, Message, Upload, UploadKind

AREA = "ledger"
KEPT_HOURS = 24
_COLUMNS = (
    *("number", "door", "unit", "village", "category", "received_on", "team", "state", "owner", "due", "late"),
    *("complaints", "result", "mark"),
)


@command("ledger")
async def show_ledgers(context: HandlerContext, who: Member) -> None:
    """Offer the ledgers that somebody may take along, each as Excel and as CSV."""
    words = context.words
    found = ledgers_for(await context.work.directory(), who)
    if not found:
        await context.say(Message(words("round.ledger_none")))
        return
    rows = tuple(
        tuple(
            Button(words.plain(f"round.ledger_{kind}", name=one.name), Press(AREA, "send", one.id, kind).pack())
            for kind in LedgerKind
        )
        for one in found
    )
    await context.say(Message(words("round.ledger_which"), rows))


async def _send(context: HandlerContext, who: Member, press: Press) -> Result:
    kind = LedgerKind(press.arg) if press.arg in set(LedgerKind) else LedgerKind.EXCEL
    await take_ledger(context.work, who, press.subject, kind)
    outgoing = OutgoingMessage(LedgerFile(tuple(who.visibility), press.subject, kind), delete_after_hours=KEPT_HOURS)
    await context.work.outbox.to_staff(who.id, outgoing, priority=Priority.ANSWER)
    return Done(renew=False)


async def _refused(context: HandlerContext, _who: Member, _press: Press, _refusal: Exception) -> None:
    context.alert("round.not_yours")


@renders_for_staff(LedgerFile)
async def ledger_file(work: UnitOfWork, reader: StaffReader, notice: LedgerFile) -> Message | None:
    try:
        ledger = await ledger_of(work, reader.who, notice.round_id)
    except LedgerTooLong:
        return Message(reader.words("round.ledger_too_long"))
    said = reader.words(
        "round.ledger_sent", name=ledger.round.name, cases=ledger.cases, complaints=ledger.complaints, hours=KEPT_HOURS
    )
    data = await made(ledger, reader.words, notice.file)
    otherwise = reader.words("round.ledger_not_here")
    return Message(said, upload=Upload(UploadKind.DOCUMENT, data, notice.file.suffix, otherwise))


async def made(ledger: Ledger, words: Words, kind: LedgerKind) -> bytes:
    """Return a ledger as a file, in the language of whoever takes it along."""
    header = [words.plain(f"round.ledger_column_{one}") for one in _COLUMNS]
    if kind is LedgerKind.CSV:
        return await asyncio.to_thread(lambda: as_csv(header, _rows(ledger, words)).encode())
    return await asyncio.to_thread(lambda: as_excel(_sheets(ledger, words, header), ledger.made_on))


def _sheets(ledger: Ledger, words: Words, header: list[str]) -> list[Sheet]:
    counted = [("cases", ledger.cases), ("complaints", ledger.complaints)]
    totals: list[tuple[object, ...]] = [(words.plain(f"round.ledger_count_{name}"), count) for name, count in counted]
    by_state = ledger.by_state
    totals += [(words.plain(f"team.state_{state}"), by_state[state]) for state in CaseState if by_state[state]]
    of_count = [words.plain(f"round.ledger_column_{one}") for one in ("what", "count")]
    of_door = [words.plain(f"round.ledger_column_{one}") for one in ("door", "came", "ended")]
    by_door = [(words.plain(f"round.ledger_door_{door}"), *counts) for door, counts in ledger.by_door.items()]
    return [
        Sheet(words.plain("round.ledger_sheet"), header, _rows(ledger, words)),
        Sheet(words.plain("round.ledger_totals"), of_count, totals),
        Sheet(words.plain("round.ledger_doors"), of_door, by_door),
    ]


def _rows(ledger: Ledger, words: Words) -> list[tuple[object, ...]]:
    return [_row(one, words) for one in ledger.entries]


def _row(one: LedgerEntry, words: Words) -> tuple[object, ...]:
    facts = one.facts
    case, has_ended = facts.case, facts.case.state in CLOSED_CASES
    due = facts.last_day if case.due_clock is not None else None  # nobody must do anything
    return (
        case.id,
        words.plain(f"round.ledger_door_{case.door or SENT_THEMSELVES}"),
        facts.unit or "",
        facts.village or "",
        facts.category.name_in(words.language),
        facts.received_on,
        one.team,
        words.plain(f"team.state_{case.state}"),
        facts.owner or "",
        due or "",
        words.plain("round.ledger_late") if due is not None and facts.is_late else "",
        one.complaints,
        words.plain(f"team.state_{case.state}") if has_ended else "",
        words.plain("staff.list_comma").join(words.plain(f"round.ledger_mark_{mark}") for mark in one.marks),
    )


SUBJECT = register(Subject(AREA, (Action("send", _send),), _refused))
