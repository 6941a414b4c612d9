"""The card of an item: what is to be done, by when, what happened, and the actions that are theirs now."""

from collections.abc import Iterable, Sequence

from handlers.actions import Action, action_rows, button
from handlers.cases.requested import requested_lines
from handlers.items.actions import ACTIONS
from handlers.items.labels import event_text, item_numbers, staff_name, truncated
from handlers.items.order import order_text
from handlers.items.paper_text import paper_lines
from handlers.items.papers import waiting_papers
from handlers.items.working_papers import working_papers_row
from handlers.press import Press
from models.deadlines import awaits_interim, proposal
from models.rectification import FIX_ON_SPOT, CopyTo, ItemEvent, ItemPaper, RectificationItem, WarningCard
from models.staff import OFFICE_ROLES
from models.states import ITEM, OFFICE_ACTORS, Actor, ItemState, PaperKind
from services.access.member import Member
from services.cases.thanks import count_thanks
from services.delivery.opened import openings
from services.docket.accountability import counted_at
from services.docket.entries import may_put_item
from services.publication.objections import count_waiting
from services.rectification.answering_units import may_acknowledge_along
from services.rectification.audiences import has_reached_head
from services.rectification.copies import is_unread, readings
from services.rectification.item_file import ItemFile, Signature, item_file, missing
from services.rectification.item_log import events_of, ladder_of
from services.rectification.papers import papers_of, to_write
from services.rectification.requests import waiting_for_item
from services.rectification.supervision import may_place, supervisor_name
from services.rectification.system_built import may_tell
from services.revisits.self_checks import may_ask
from services.talks.cards import card_to_take_back, red_card_before_group
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Button, Fold, Message, Rows

_EVENTS_SHOWN = 6
_LONGEST_SYSTEM = 300  # characters
_HANDED_IN = (ItemState.SUBMITTED, ItemState.PASSED, ItemState.COUNTERSIGNED)  # then it is asked what was set up
_BEFORE_CLEARING = (ItemState.PASSED, ItemState.COUNTERSIGNED)  # then it is told what it lacks
_CONCERNED = frozenset({Actor.UNIT_HEAD, Actor.LIAISON, Actor.COUNTY_LEADER, Actor.OFFICE_DIRECTOR})
_SEE_WHO_HAS_OPENED = frozenset({Actor.TEAM_MEMBER, Actor.OFFICE_STAFF, Actor.OFFICE_DIRECTOR, Actor.COUNTY_LEADER})
_SEE_WHO_HAS_READ = frozenset({Actor.OFFICE_STAFF, Actor.OFFICE_DIRECTOR, Actor.COUNTY_LEADER})
_OF_UNIT_ALONE = ("prepare_", "give_back_")  # of what was not confirmed yet
_OFFICE_ONLY_EVENTS = ("no_yellow_card", "no_red_card", "import", "set_aside")


async def item_card(work: UnitOfWork, words: Words, who: Member, item: RectificationItem) -> Message:
    """Return the card of an item that is theirs to see."""
    actors, events = who.actors_at_item(item), await events_of(work, item)
    file, papers = await item_file(work, item, events), await papers_of(work, who, item)
    lines = paper_lines(work, words, item, papers)
    lines += await requested_lines(work, words, await waiting_for_item(work, item))
    if item.is_open and file.signature is not None:
        lines.append(await _signature_line(work, words, file.signature))
    if item.state in _BEFORE_CLEARING and actors & _CONCERNED:
        lines += [words(f"item.lacks_{one}") for one in await missing(work, item, file)]
    if thanks := await count_thanks(work, who, item):
        lines.append(words("item.line_thanks", count=thanks))
    if counted := await counted_at(work, who, item=item):
        comma = words("staff.list_comma")
        measures = [
            words("item.accounted", measure=words(f"docket.measure_{one}"), people=counted[one]) for one in counted
        ]
        lines.append(words("item.line_accounted", measures=Html(comma.join(measures))))
    if actors & _SEE_WHO_HAS_OPENED:
        lines += await _openings(work, words, item)
    if actors & _SEE_WHO_HAS_READ:
        lines += await _readings(work, words, item)
    rows, fold = await _buttons(work, words, who, item, file, papers)
    return Message(await item_text(work, words, item, events, lines), rows, fold=fold)


async def item_buttons(work: UnitOfWork, words: Words, who: Member, item: RectificationItem) -> Rows:
    """Return the buttons of the card of an item that is theirs to see, without those that are seldom needed."""
    file, papers = await item_file(work, item), await papers_of(work, who, item)
    rows, fold = await _buttons(work, words, who, item, file, papers)
    return rows if fold is None else rows[: fold.row]


async def _buttons(
    work: UnitOfWork,
    words: Words,
    who: Member,
    item: RectificationItem,
    file: ItemFile,
    papers: Sequence[ItemPaper],
) -> tuple[Rows, Fold | None]:
    actors, written = who.actors_at_item(item), await to_write(work, who, item)
    actions = [one for one in offered(who, item, written) if one.name != "countersign" or not file.is_signed]
    rows = waiting_papers(words, who, item, papers) + await working_papers_row(work, words, who, item)
    if who.has(*OFFICE_ROLES) and item.is_open and not has_reached_head(await work.directory(), item):
        rows += ((button(words, "item.button_printout", Press("item", "printout", item.id).pack()),),)
    if Actor.OFFICE_DIRECTOR in actors:
        rows += await proposal_buttons(work, words, item) + await _take_back_buttons(work, words, who, item)
    if waiting := await count_waiting(work, who, item):
        label = words.plain("publication.button_objections", count=waiting)
        rows += ((Button(label, Press("objection", "open", item.id).pack()),),)
    if Actor.COUNTY_LEADER in actors and await is_unread(work, who, item):
        rows += ((button(words, "copy.action_read", Press("item", "read_copy", item.id).pack()),),)
    return action_rows(words, "item", actions, item.id, rows)


def offered(who: Member, item: RectificationItem, written: Iterable[PaperKind] = ()) -> list[Action]:
    """Return the actions that have a button on somebody's card of an item, in its order.

    `written`: what they may write about it now.
    """
    possible = ITEM.actions(item.state, who.actors_at_item(item)) + [f"write_{kind}" for kind in written]
    if not awaits_interim(item):
        possible = [one for one in possible if one != "report_interim"]
    if may_tell(who, item):
        possible.append("tell_system")
    calls = may_tell(who, item) or Actor.TOWNSHIP_OFFICE in who.actors_at_item(item)
    possible += ["call_department"] if item.is_open and calls else []
    if item.state == ItemState.CLEARED and Actor.OFFICE_DIRECTOR in who.actors_at_item(item):
        possible.append("open_again")
    possible += ["set_supervisor"] if may_place(who, item) else []
    possible += ["ask_siblings"] if may_ask(who, item) else []
    possible += ["put_before_group"] if may_put_item(who, item) else []
    possible += ["measures"] if item.is_open and who.actors_at_item(item) & OFFICE_ACTORS else []
    possible += ["acknowledge_along"] if may_acknowledge_along(who, item) else []
    return [action for action in ACTIONS if action.label and (action.transition or action.name) in possible]


async def item_text(
    work: UnitOfWork,
    words: Words,
    item: RectificationItem,
    events: Sequence[ItemEvent] | None = None,
    more: Sequence[Html] = (),
) -> Html:
    """Return all that is to be known of an item; where it came from is not among it.

    `events`: what happened to it, where that was read already. `more`: what else is said of it, before what happened.
    """
    events = await events_of(work, item) if events is None else events
    issued = events[0].by_id if events else None
    parts = [await order_text(work, words, item, contact=await staff_name(work, issued))]
    if waiting := [one.unit_id for one in item.others if one.acknowledged_on is None]:
        units = (await work.directory()).units
        names = words.plain("staff.list_comma").join(units[unit_id].name for unit_id in waiting)
        parts.append(words("item.line_others_unacknowledged", units=names))
    parts.append(words("item.line_state", state=words(f"item.state_{item.state}")))
    if item.card:
        parts.append(words(f"item.line_{item.card}"))
    parts += item_numbers(words, item)
    if item.supervisor is not None and item.is_open:
        name = supervisor_name(await work.directory(), item.supervisor)
        parts.append(words("item.line_supervisor", name=name or words.plain("item.supervisor_office")))
    if item.listed_on:
        parts.append(words("item.line_listed", day=day(words, item.listed_on, work.today)))
    if item.promised_on:
        key = "item.line_promised" if item.promised_on >= work.today else "item.line_promise_past"
        parts.append(words(key, day=day(words, item.promised_on, work.today)))
    if item.system_built:
        parts.append(words("item.line_system", text=truncated(item.system_built, _LONGEST_SYSTEM)))
    elif item.system_not_needed:
        parts.append(words("item.line_not_needed", text=truncated(item.system_not_needed, _LONGEST_SYSTEM)))
    elif item.source == FIX_ON_SPOT and item.state in _HANDED_IN:
        parts.append(words("item.line_no_system"))
    parts += more
    shown = [
        event
        for event in events
        if event.event not in _OFFICE_ONLY_EVENTS and not event.event.startswith(_OF_UNIT_ALONE)
    ]
    described = [(event, event_text(words, event)) for event in shown]
    lines = [
        f"{day(words, event.at.astimezone(work.zone).date(), work.today)} {what}" for event, what in described if what
    ]
    if lines:
        history = Html("\n".join(lines[-_EVENTS_SHOWN:]))
        parts.append(words("item.history", lines=history))
    return Html("\n".join(parts))


async def _signature_line(work: UnitOfWork, words: Words, signature: Signature) -> Html:
    """Return who signed for the file, when, and for which; and that it does not hold when the file is another now."""
    at = signature.at.astimezone(work.zone)
    return words(
        "item.line_signed" if signature.holds else "item.line_signed_before",
        name=await staff_name(work, signature.by_id) or "",
        day=day(words, at.date(), work.today),
        time=f"{at:%H:%M}",
        fingerprint=signature.short_digest or "—",
    )


async def _openings(work: UnitOfWork, words: Words, item: RectificationItem) -> list[Html]:
    """Return who was told of an item and has opened it, and who has not; nothing when nobody was told."""
    opened, unopened = [], []
    for one in await openings(work, "item", item.id):
        name = await staff_name(work, one.staff_id) or ""
        if one.opened_at is None:
            unopened.append(name)
        else:
            on = day(words, one.opened_at.astimezone(work.zone).date(), work.today)
            opened.append(words.plain("item.opened_on", name=name, day=on))
    comma = words.plain("staff.list_comma")
    found = (("item.line_opened", opened), ("item.line_unopened", unopened))
    return [words(key, names=comma.join(names)) for key, names in found if names]


async def _readings(work: UnitOfWork, words: Words, item: RectificationItem) -> list[Html]:
    """Return who has confirmed that they read their copy, and who has not; nothing when nobody gets one."""
    read, unread = [], []
    for one in await readings(work, item):
        if not one.by:
            unread.append(one.recipient)
            continue
        name, at = one.by[0]
        on = day(words, at.astimezone(work.zone).date(), work.today)
        who = one.recipient if one.copy_to is CopyTo.LEADER else f"{one.recipient} {name}"
        read.append(words.plain("item.opened_on", name=who, day=on))
    comma = words.plain("staff.list_comma")
    found = (("copy.line_read", read), ("copy.line_unread", unread))
    return [words(key, names=comma.join(names)) for key, names in found if names]


async def proposal_buttons(work: UnitOfWork, words: Words, item: RectificationItem) -> Rows:
    """Return the office director's buttons for a card that is proposed."""
    proposed = proposal(item, work.today, await ladder_of(work, item))
    if proposed is None or await _waits_for_group(work, item, proposed.card):
        return ()
    card = proposed.card
    give = button(words, f"item.button_give_{card}", Press("item", "give", item.id, card).pack())
    decline = button(words, "item.button_no_card", Press("item", "decline", item.id, card).pack())
    return ((give, decline),)


async def _waits_for_group(work: UnitOfWork, item: RectificationItem, card: WarningCard) -> bool:
    """Whether it is for the leading group to decide on a card that is proposed."""
    return card is WarningCard.RED and await red_card_before_group(work, item) is not None


async def _take_back_buttons(work: UnitOfWork, words: Words, who: Member, item: RectificationItem) -> Rows:
    """Return the office director's button for a card that can still be taken back."""
    given = await card_to_take_back(work, who, item)
    if given is None:
        return ()
    return ((button(words, f"item.button_take_back_{given}", Press("item", "take_back_card", item.id, given).pack()),),)
