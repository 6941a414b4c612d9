"""Notices about items: new ones, what happened to them, reminders, and the digest of a day."""

from itertools import groupby

from handlers.actions import button
from handlers.cases.notices import may_know
from handlers.items.card import item_card, item_text, proposal_buttons
from handlers.items.labels import (
    event_text,
    number,
    one_line,
    open_button,
    staff_name,
    time_left,
    truncated,
    unit_name,
)
from handlers.notices import StaffReader, renders, renders_for_staff
from handlers.press import Press
from models.complaints import Case
from models.rectification import ItemEvent, RectificationItem
from models.states import Actor
from models.working_days import WorkingCalendar
from services.access.member import Member
from services.cases.notices import CaseAnsweredByItem
from services.delivery.reader import Reader
from services.rectification.digest import DigestLine, read_digest
from services.rectification.notices import (
    CardProposal,
    HazardReminder,
    ItemChanged,
    ItemDigest,
    ItemNotice,
    ReopenAsked,
)
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Button, Message, Rows, in_rows

_DIGEST_LINES = 30  # of a digest: 4,096 characters hold them in any language
_DIGEST_BUTTONS = 6


@renders_for_staff(ItemChanged)
async def item_changed(work: UnitOfWork, reader: StaffReader, notice: ItemChanged) -> Message | None:
    """Tell what happened to an item; a new one is shown whole, with the actions that are theirs."""
    who, item = reader.who, await _visible_item(work, reader, notice)
    event = await work.session.get(ItemEvent, (notice.item_id, notice.version))
    if item is None or event is None:
        return None
    card = await item_card(work, reader.words, who, item)
    if event.event == "issue":
        own_roles = who.actors_at_item(item) & {Actor.UNIT_HEAD, Actor.LIAISON}
        title = reader.words("item.notice_issue" if own_roles else "item.notice_copy")
        return Message(Html(f"{title}\n\n{card.text}"), card.buttons)
    by = await staff_name(work, event.by_id) or ""
    lines = [
        reader.words(
            f"item.notice_{event.event}" if event.by_id else f"item.notice_{event.event}_by_itself",
            number=number(item),
            unit=await unit_name(work, item),
            name=by,
        ),
        reader.words("item.line_problem", text=one_line(item.problem)),
    ]
    if event.event == "return" and event.detail.get("held_days"):
        lines.append(reader.words("item.held", days=event.detail["held_days"]))
    if event.note or event.detail.get("reason"):
        lines.append(Html(f"<blockquote>{event_text(reader.words, event, truncated(event.note, 1200))}</blockquote>"))
    if item.state not in ("passed", "countersigned", "cleared"):
        due = day(reader.words, item.due_on, work.today)
        lines.append(reader.words("item.line_due", day=due, left=time_left(reader.words, item, work.today)))
    return Message(Html("\n".join(lines)), (*card.buttons, (open_button(reader.words, item.id),)))


@renders_for_staff(HazardReminder)
async def hazard_reminder(work: UnitOfWork, reader: StaffReader, notice: HazardReminder) -> Message | None:
    """Remind of a hazard, by itself and at once."""
    item = await _visible_item(work, reader, notice)
    if item is None:
        return None
    card = await item_card(work, reader.words, reader.who, item)
    return Message(Html(f"{reader.words('item.notice_hazard')}\n\n{card.text}"), card.buttons)


@renders_for_staff(CardProposal)
async def card_proposal(work: UnitOfWork, reader: StaffReader, notice: CardProposal) -> Message | None:
    """Propose a card to the office director; gone when it was given, or is not called for any more."""
    item = await _visible_item(work, reader, notice)
    rows = await proposal_buttons(work, reader.words, item) if item else ()
    if item is None or not rows:
        return None
    title = reader.words(f"item.propose_{notice.card}", number=number(item), returns=item.returns)
    text = await item_text(work, reader.words, item)
    return Message(Html(f"{title}\n\n{text}"), rows)


@renders_for_staff(ReopenAsked)
async def reopen_asked(work: UnitOfWork, reader: StaffReader, notice: ReopenAsked) -> Message | None:
    """Ask a director whether a cleared item is to be opened again; gone once it is open."""
    item = await _visible_item(work, reader, notice)
    if item is None or item.is_open or Actor.OFFICE_DIRECTOR not in reader.who.actors_at_item(item):
        return None
    lines = [
        reader.words("item.reopen_asked", number=number(item), unit=await unit_name(work, item)),
        reader.words("item.line_problem", text=one_line(item.problem, 200)),
    ]
    again = button(reader.words, "item.button_reopen", Press("item", "open_again", item.id).pack())
    return Message(Html("\n".join(lines)), ((again, open_button(reader.words, item.id)),))


@renders_for_staff(ItemDigest)
async def item_digest(work: UnitOfWork, reader: StaffReader, notice: ItemDigest) -> Message | None:
    """Tell a person all there is to tell on a day, in one message."""
    who = reader.who
    lines = await read_digest(work, who, notice.digest)
    if not lines:
        return None
    parts = [reader.words("item.digest_title", count=len(lines))]
    for heading, members in groupby(lines[:_DIGEST_LINES], key=lambda line: line.heading):
        parts.append(reader.words(f"item.digest_{heading}"))
        parts += [await _digest_line(work, reader.words, who, line) for line in members]
    if len(lines) > _DIGEST_LINES:
        parts.append(reader.words("item.digest_more", count=len(lines) - _DIGEST_LINES))
    if who.is_office:
        parts += await _calendar_note(work, reader.words)
    return Message(Html("\n".join(parts)), _digest_buttons(lines))


@renders(CaseAnsweredByItem)
async def case_answered_by_item(work: UnitOfWork, reader: Reader, notice: CaseAnsweredByItem) -> Message | None:
    """Tell a team that a case of theirs was answered, because what was ordered for it is done."""
    case = await work.session.get_one(Case, notice.case_id)
    if not await may_know(work, reader, case):
        return None
    see = Button(case.id, Press("case", "open", case.id).pack())
    return Message(reader.words("item.notice_case_answered", number=case.id), ((see,),))


async def _digest_line(work: UnitOfWork, words: Words, who: Member, line: DigestLine) -> Html:
    item = line.item
    values = {
        "mark": "🔴 " if item.hazard else "",
        "number": item.id,
        "problem": one_line(item.problem, 24),
        "day": day(words, item.due_on, work.today),
        "left": time_left(words, item, work.today),
    }
    own = who.actors_at_item(item) & {Actor.UNIT_HEAD, Actor.LIAISON}
    if own:
        return words("item.digest_line", **values)
    return words("item.digest_line_of_unit", unit=truncated(await unit_name(work, item), 20), **values)


def _digest_buttons(lines: list[DigestLine]) -> Rows:
    buttons = [Button(line.item.id, Press("item", "open", line.item.id).pack()) for line in lines[:_DIGEST_BUTTONS]]
    return in_rows(buttons, 3)


async def _calendar_note(work: UnitOfWork, words: Words) -> list[Html]:
    calendar = WorkingCalendar.of(await work.settings(), work.zone)
    return [] if calendar.knows(work.today.year) else [words("item.digest_calendar", year=work.today.year)]


async def _visible_item(work: UnitOfWork, reader: StaffReader, notice: ItemNotice) -> RectificationItem | None:
    item = await work.session.get(RectificationItem, notice.item_id)
    return item if item is not None and reader.who.actors_at_item(item) else None
