"""/queue and /mine: the lists a member works from, eight cases a page.

A list shows what lies on desks, so it is protected from forwarding and recalled from whoever may not see that any more.
"""

from collections.abc import Awaitable, Callable

from handlers.actions import Action, Done, NothingDone, Result, Subject, button, register
from handlers.cases.labels import age, category, number_and_level, place, state
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from models.complaints import Case
from services.access.member import Member
from services.cases.cards import bring_card
from services.cases.case_log import case_seen_by
from services.cases.facts import facts_of
from services.cases.notices import CaseList
from services.cases.queues import Cursor, Page, counts, mine, queue
from services.delivery.recall import ListName, list_key, recall_list
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Button, Message, Rows, in_rows

List = Callable[..., Awaitable[Page]]

LISTS: dict[ListName, List] = {ListName.QUEUE: queue, ListName.MINE: mine}
_BUTTONS_PER_ROW = 4


@command("queue")
async def show_queue(context: HandlerContext, who: Member) -> None:
    """Bring the open cases on somebody's desks."""
    await _bring_list(context.work, who, ListName.QUEUE)


@command("mine")
async def show_mine(context: HandlerContext, who: Member) -> None:
    """Bring the open cases somebody owns."""
    await _bring_list(context.work, who, ListName.MINE)


@renders_for_staff(CaseList)
async def case_list(work: UnitOfWork, reader: StaffReader, notice: CaseList) -> Message | None:
    return await _page(work, reader.words, reader.who, notice.name, Cursor.unpack(notice.after))


async def _bring(context: HandlerContext, who: Member, press: Press) -> Result:
    """Bring the card of a case to the end of the chat."""
    case = await case_seen_by(context.work, who, press.subject)
    await bring_card(context.work, case, who)
    return Done(renew=False)


async def _turn_page(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show another page of a list in its place."""
    if press.subject not in LISTS or context.update.message_id is None:
        return NothingDone(context.words("team.press_unknown"))
    name, message_id = ListName(press.subject), context.update.message_id
    await _bring_list(context.work, who, name, after=press.arg, edit=message_id)
    return Done(renew=False)


async def _refused(context: HandlerContext, _who: Member, _press: Press, _refusal: Exception) -> None:
    context.alert("team.not_with_you")


async def _bring_list(
    work: UnitOfWork, who: Member, name: ListName, *, after: str = "", edit: int | None = None
) -> None:
    """Queue a page of a list for a member: as a new message, or in place of the one that `edit` names.

    Earlier messages with the same list are recalled, so that there is one of each.
    """
    await recall_list(work, who.id, name, but=edit)
    notice = CaseList(tuple(who.visibility), name, after)
    outgoing = OutgoingMessage(notice, key=list_key(who.id, name), edit=edit)
    await work.outbox.to_staff(who.id, outgoing, priority=Priority.ANSWER)


async def _page(work: UnitOfWork, words: Words, who: Member, name: ListName, after: Cursor | None) -> Message:
    if not who.desks:
        return Message(words("team.no_desk"))
    page = await LISTS[name](work, who, after)
    if not page.cases and after is None:
        return Message(words(f"team.{name}_empty"), protect=True)
    heading = await _heading(work, words, who, name)
    lines = [await _line(work, words, place_in_list, case) for place_in_list, case in enumerate(page.cases, start=1)]
    return Message(Html("\n\n".join([heading, *lines])), _buttons(words, name, page, after), protect=True)


async def _heading(work: UnitOfWork, words: Words, who: Member, name: ListName) -> Html:
    if name == ListName.MINE:
        return words("team.mine_heading")
    counted = await counts(work, who)
    if counted.crises:
        hazards = counted.hazards - counted.crises
        return words("crisis.queue_heading", open=counted.open_cases, crises=counted.crises, hazards=hazards)
    key = "team.queue_heading_hazards" if counted.hazards else "team.queue_heading"
    return words(key, open=counted.open_cases, hazards=counted.hazards)


async def _line(work: UnitOfWork, words: Words, place_in_list: int, case: Case) -> Html:
    facts = await facts_of(work, case)
    return words(
        "team.list_line",
        n=place_in_list,
        number=number_and_level(words, case),
        state=state(words, case),
        place=place(words, facts),
        category=category(words, facts.category),
        age=age(words, facts),
        owner=words("team.owner", name=facts.owner) if facts.owner else words("team.owner_none"),
    )


def _buttons(words: Words, name: ListName, page: Page, after: Cursor | None) -> Rows:
    cases = [
        Button(str(place_in_list), Press("queue", "case", case.id).pack())
        for place_in_list, case in enumerate(page.cases, start=1)
    ]
    rows = in_rows(cases, _BUTTONS_PER_ROW)
    page_buttons = []
    if after is not None:
        page_buttons.append(button(words, "team.first_page", Press("queue", "page", name).pack()))
    if page.after is not None:
        page_buttons.append(button(words, "team.next_page", Press("queue", "page", name, page.after.pack()).pack()))
    return (*rows, tuple(page_buttons)) if page_buttons else rows


SUBJECT = register(Subject("queue", (Action("case", _bring), Action("page", _turn_page)), _refused))
