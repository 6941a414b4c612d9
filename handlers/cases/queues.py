"""The lists a member works from: /queue and /mine, eight cases a page.

A list tells what lies on desks, so it is protected from forwarding and taken back from who may not see that any more.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from telegram import CallbackQuery, Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from handlers.cases.labels import age, button, category, number, place, plain, state
from handlers.context import App, HandlerContext
from handlers.notices import Reader, renders
from handlers.press import Press, pattern
from handlers.prompts import ON_STAFF
from models.complaints import Case
from models.states import NotEntitled
from services.access.member import Member, member
from services.cases.cards import bring_card
from services.cases.case_log import case_seen_by
from services.cases.facts import facts_of
from services.cases.queues import Cursor, Page, counts, mine, queue
from services.delivery.recall import ListName, list_handle, recall_list
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Button, Message, Rows

List = Callable[..., Awaitable[Page]]

LISTS: dict[ListName, List] = {ListName.QUEUE: queue, ListName.MINE: mine}
_IN_A_ROW = 4


async def command_queue(_update: Update, turn: HandlerContext) -> None:
    if turn.member is not None:
        await _bring_list(turn.work, turn.member, ListName.QUEUE)


async def command_mine(_update: Update, turn: HandlerContext) -> None:
    if turn.member is not None:
        await _bring_list(turn.work, turn.member, ListName.MINE)


async def take_press(update: Update, turn: HandlerContext) -> None:
    query = update.callback_query
    if query is None:
        return
    press, who = turn.press(query), turn.member
    if press is None or who is None:
        turn.toast(query, plain(turn.words("team.stranger_pressed")), alert=True)
    elif turn.refused_in_group(query):
        return
    elif press.action == "case":
        await _bring(turn, who, query, press.subject)
    elif press.action == "page" and press.subject in LISTS and query.message is not None:
        turn.toast(query)
        await _bring_list(turn.work, who, ListName(press.subject), after=press.arg, edit=query.message.message_id)
    else:
        turn.toast(query, plain(turn.words("team.press_unknown")), alert=True)


@renders("case_list")
async def case_list(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    if reader.staff_id is None:
        return None
    try:
        who = await member(work.session, reader.staff_id)
    except NotEntitled:  # has left
        return None
    return await _page(work, reader.words, who, ListName(args["list"]), Cursor.unpack(args["after"]))


async def _bring(turn: HandlerContext, who: Member, query: CallbackQuery, case_id: str) -> None:
    try:
        case = await case_seen_by(turn.work, who, case_id)
    except NotEntitled:
        turn.toast(query, plain(turn.words("team.not_with_you")), alert=True)
        return
    turn.toast(query)
    await bring_card(turn.work, case, who)


async def _bring_list(
    work: UnitOfWork, who: Member, name: ListName, *, after: str = "", edit: int | None = None
) -> None:
    """Owe a member a page of a list: at the end of their chat, or where they turned it; there is one of each."""
    await recall_list(work, who.id, name, but=edit)
    args = {"list": name, "after": after, "seen_by": who.outlook}
    order = OutgoingMessage("case_list", args, handle=list_handle(who.id, name), edit=edit)
    await work.outbox.to_staff(who.id, order, priority=Priority.ANSWER)


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
    key = "team.queue_heading_hazards" if counted.hazards else "team.queue_heading"
    return words(key, open=counted.open_cases, hazards=counted.hazards)


async def _line(work: UnitOfWork, words: Words, place_in_list: int, case: Case) -> Html:
    facts = await facts_of(work, case)
    return words(
        "team.list_line",
        n=place_in_list,
        number=number(case),
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
    rows = [tuple(cases[start : start + _IN_A_ROW]) for start in range(0, len(cases), _IN_A_ROW)]
    turns = []
    if after is not None:
        turns.append(button(words, "team.first_page", Press("queue", "page", name).pack()))
    if page.after is not None:
        turns.append(button(words, "team.next_page", Press("queue", "page", name, page.after.pack()).pack()))
    return (*rows, tuple(turns)) if turns else tuple(rows)


def register(application: App) -> None:
    """Hear the commands and presses of lists, in private: a list is nobody else's to see."""
    staff_in_private = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE & ON_STAFF
    application.add_handler(CommandHandler("queue", command_queue, filters=staff_in_private))
    application.add_handler(CommandHandler("mine", command_mine, filters=staff_in_private))
    application.add_handler(CallbackQueryHandler(take_press, pattern=pattern("queue")))
