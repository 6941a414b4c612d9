"""The digest of items: what there is to tell somebody, the most urgent first, with a button for each next step."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import select

from handlers.actions import Replaced, Result
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.items.labels import days_left, one_line, time_left, truncated, unit_name
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from models.rectification import Digest, RectificationItem
from models.states import Actor
from models.working_days import WorkingCalendar
from services.access.member import Member
from services.rectification.answering_units import acknowledge_along, may_acknowledge_along
from services.rectification.digest import INTERIM_HEADINGS, DigestLine, NextStep, lines_of, read_digest, read_today
from services.rectification.item_log import item_seen
from services.rectification.list_items import theirs
from services.rectification.notices import ItemDigest, ItemsIssued
from services.rectification.unit_actions import acknowledge
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Button, Message, in_rows

MOST_LINES = 30  # 4,096 characters hold them in any language
# What the button of a step begins; any other opens the item.
_BEGINS = {
    NextStep.INTERIM: "report_interim",
    NextStep.PLAN: "write_plan",
    NextStep.MIDTERM: "write_midterm",
    NextStep.SUBMIT: "submit",
    NextStep.PREPARE: "write_submission",
    NextStep.PROGRESS: "report_progress",
}


@renders_for_staff(ItemDigest)
async def item_digest(work: UnitOfWork, reader: StaffReader, notice: ItemDigest) -> Message | None:
    """Tell a person all there is to tell on a day, in one message."""
    lines = await read_digest(work, reader.who, notice.digest)
    listed_on = notice.digest.rpartition(":")[2].replace("-", "")
    return await listing(work, reader.words, reader.who, lines, listed_on) if lines else None


@renders_for_staff(ItemsIssued)
async def items_issued(work: UnitOfWork, reader: StaffReader, notice: ItemsIssued) -> Message | None:
    """Tell of items that were issued together, in one list with the next step of each."""
    query = select(RectificationItem).where(RectificationItem.id.in_(notice.item_ids), theirs(reader.who))
    lines = await lines_of(work, list(await work.session.scalars(query)), reader.who)
    if not lines:
        return None
    shown = await listing(work, reader.words, reader.who, lines)
    return shown.below(reader.words("item.notice_issued_together", count=len(lines)))


@command("today")
async def show_today(context: HandlerContext, who: Member) -> None:
    """Show all items that are somebody's as they stand, the most urgent first."""
    lines = await read_today(context.work, who)
    nothing = Message(context.words("item.list_empty"))
    await context.say(await listing(context.work, context.words, who, lines) if lines else nothing)


async def acknowledge_listed(context: HandlerContext, who: Member, press: Press) -> Result:
    """Acknowledge an item from a digest, which stays where it is, with the next step of each item as it is then."""
    work = context.work
    if may_acknowledge_along(who, await item_seen(work, who, press.subject)):
        await acknowledge_along(work, who, press.subject)
    else:
        await acknowledge(work, who, press.subject)
    if listed_on := _day_in(press.arg):
        lines = await read_digest(work, who, Digest.key_of(who.id, listed_on))
    else:
        lines = await read_today(work, who)
    nothing = Message(context.words("item.digest_done"))
    shown = await listing(work, context.words, who, lines, press.arg) if lines else nothing
    return Replaced(shown, context.words("item.done_acknowledge"))


def _day_in(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


async def listing(
    work: UnitOfWork, words: Words, who: Member, lines: Sequence[DigestLine], listed_on: str = ""
) -> Message:
    """Return a digest as it is read. `listed_on`: the day of the one that it is; none: what was asked for."""
    parts = [words("item.digest_title", count=len(lines))]
    for heading, members in groupby(lines[:MOST_LINES], key=lambda line: line.heading):
        parts.append(words(f"item.digest_{heading}"))
        parts += [await line_text(work, words, who, line) for line in members]
    if len(lines) > MOST_LINES:
        parts.append(words("item.digest_more", count=len(lines) - MOST_LINES))
    if who.is_office:
        parts += await _calendar_note(work, words)
    buttons = [_button(words, line, listed_on) for line in lines[:MOST_LINES]]
    return Message(Html("\n".join(parts)), in_rows(buttons, 2))


async def line_text(work: UnitOfWork, words: Words, who: Member, line: DigestLine) -> Html:
    """Return an item in two lines: its number, the first words, and until when what its heading says is due."""
    item, due_on, left = line.item, line.item.due_on, time_left(words, line.item, work.today)
    if line.heading in INTERIM_HEADINGS and item.interim_due_on is not None:
        of_fix = words("item.digest_fix_overdue", left=left) if due_on < work.today else Html("")
        due_on = item.interim_due_on
        left = Html(days_left(words, due_on, work.today) + of_fix)
    values = {
        "mark": "🔴 " if item.hazard else "",
        "number": item.id,
        "problem": one_line(item.problem, 24),
        "day": day(words, due_on, work.today),
        "left": left,
    }
    own = who.actors_at_item(item) & {Actor.UNIT_HEAD, Actor.LIAISON}
    if own:
        return words("item.digest_line", **values)
    return words("item.digest_line_of_unit", unit=truncated(await unit_name(work, item), 20), **values)


def _button(words: Words, line: DigestLine, listed_on: str) -> Button:
    """Return the button of an item's next step."""
    label = words.plain(f"item.step_{line.step}", number=line.item.id)
    if line.step is NextStep.ACKNOWLEDGE:
        press = Press("item", "acknowledge_listed", line.item.id, listed_on)
    elif line.paper_id is not None:
        press = Press("paper", "open", line.paper_id)
    else:
        press = Press("item", _BEGINS.get(line.step, "open"), line.item.id)
    return Button(label, press.pack())


async def _calendar_note(work: UnitOfWork, words: Words) -> list[Html]:
    calendar = WorkingCalendar.of(await work.settings(), work.zone)
    return [] if calendar.knows(work.today.year) else [words("item.digest_calendar", year=work.today.year)]
