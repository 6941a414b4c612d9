"""Notices about items: new ones, what happened to them, and reminders of what cannot wait for a digest."""

from handlers.actions import button
from handlers.cases.notices import may_know
from handlers.items.card import item_buttons, item_card, item_text, proposal_buttons
from handlers.items.digest import line_text
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
from handlers.items.papers import paper_card
from handlers.notices import StaffReader, renders, renders_for_staff
from handlers.press import Press
from models.complaints import Case
from models.rectification import ItemEvent, RectificationItem
from models.states import Actor, NotEntitled
from services.cases.notices import CaseAnsweredByItem
from services.delivery.reader import Reader
from services.rectification.digest import lines_of
from services.rectification.notices import (
    CardProposal,
    HazardReminder,
    ItemChanged,
    ItemNotice,
    ReopenAsked,
    ReopenProposed,
)
from services.rectification.papers import paper_read
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html
from texts.dates import day
from texts.message import Button, Message, Rows


@renders_for_staff(ItemChanged)
async def item_changed(work: UnitOfWork, reader: StaffReader, notice: ItemChanged) -> Message | None:
    """Tell what happened to an item; a new one is shown whole, with the actions that are theirs."""
    who, item = reader.who, await _visible_item(work, reader, notice)
    event = await work.session.get(ItemEvent, (notice.item_id, notice.version))
    if item is None or event is None:
        return None
    if event.event == "issue":
        card = await item_card(work, reader.words, who, item)
        own_roles = who.actors_at_item(item) & {Actor.UNIT_HEAD, Actor.LIAISON}
        title = reader.words("item.notice_issue" if own_roles else "item.notice_copy")
        return card.below(title)
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
    if "paper" in event.detail:
        return await _about_paper(work, reader, item, event, lines[0])
    if event.event == "return" and event.detail.get("held_days"):
        lines.append(reader.words("item.held", days=event.detail["held_days"]))
    if event.note or event.detail.get("reason"):
        lines.append(Html(f"<blockquote>{event_text(reader.words, event, truncated(event.note, 1200))}</blockquote>"))
    if item.state not in ("passed", "countersigned", "cleared"):
        due = day(reader.words, item.due_on, work.today)
        lines.append(reader.words("item.line_due", day=due, left=time_left(reader.words, item, work.today)))
    buttons = await item_buttons(work, reader.words, who, item)
    return Message(Html("\n".join(lines)), (*buttons, (open_button(reader.words, item.id),)))


async def _about_paper(
    work: UnitOfWork, reader: StaffReader, item: RectificationItem, event: ItemEvent, told: Html
) -> Message:
    """Show a paper with what its reader can do with it now; who may not read it yet is told that it is there."""
    try:
        paper = await paper_read(work, reader.who, event.detail["paper"])
    except NotEntitled:
        return Message(told, ((open_button(reader.words, item.id),),))
    card = await paper_card(work, reader.words, reader.who, paper)
    return card.below(told)


@renders_for_staff(HazardReminder)
async def hazard_reminder(work: UnitOfWork, reader: StaffReader, notice: HazardReminder) -> Message | None:
    """Remind of a hazard, by itself and at once: which it is, how it stands, and what there is to do.

    The whole order was read when it was issued, and a press away it is still.
    """
    who, words, item = reader.who, reader.words, await _visible_item(work, reader, notice)
    lines = await lines_of(work, [item], who) if item is not None else []
    if item is None or not lines:
        return None
    [line] = lines
    text = [words("item.notice_hazard"), words(f"item.digest_{line.heading}"), await line_text(work, words, who, line)]
    buttons = await item_buttons(work, words, who, item)
    return Message(Html("\n".join(text)), (*buttons, (open_button(words, item.id),)))


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
    return Message(Html("\n".join(lines)), _reopen_row(reader, item))


@renders_for_staff(ReopenProposed)
async def reopen_proposed(work: UnitOfWork, reader: StaffReader, notice: ReopenProposed) -> Message | None:
    """Show a director who proposes to open a cleared item again, and why; gone once it is open."""
    item = await _visible_item(work, reader, notice)
    if item is None or item.is_open or Actor.OFFICE_DIRECTOR not in reader.who.actors_at_item(item):
        return None
    name = await staff_name(work, notice.by_id) or ""
    said = reader.words("item.reopen_proposed", number=number(item), unit=await unit_name(work, item), name=name)
    lines = [
        said,
        reader.words("team.quote", text=notice.words),
        reader.words("item.line_problem", text=one_line(item.problem, 200)),
    ]
    return Message(Html("\n".join(lines)), _reopen_row(reader, item))


def _reopen_row(reader: StaffReader, item: RectificationItem) -> Rows:
    again = button(reader.words, "item.button_reopen", Press("item", "open_again", item.id).pack())
    return ((again, open_button(reader.words, item.id)),)


@renders(CaseAnsweredByItem)
async def case_answered_by_item(work: UnitOfWork, reader: Reader, notice: CaseAnsweredByItem) -> Message | None:
    """Tell a team that a case of theirs was answered, because what was ordered for it is done."""
    case = await work.session.get_one(Case, notice.case_id)
    if not await may_know(work, reader, case):
        return None
    see = Button(case.id, Press("case", "open", case.id).pack())
    return Message(reader.words("item.notice_case_answered", number=case.id), ((see,),))


async def _visible_item(work: UnitOfWork, reader: StaffReader, notice: ItemNotice) -> RectificationItem | None:
    item = await work.session.get(RectificationItem, notice.item_id)
    return item if item is not None and reader.who.actors_at_item(item) else None
