"""The lists a member works from: /queue and /mine, eight cases a page."""

from collections.abc import Awaitable, Callable

from telegram import CallbackQuery, Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from handlers.press import Press, pattern
from handlers.prompts import ON_STAFF
from handlers.team.names import age, button, category, number, place, plain, state
from handlers.turn import App, Turn
from models.complaints import Case
from models.states import NotEntitled
from services.complaints.board import bring_card
from services.complaints.case_log import case_seen_by
from services.complaints.facts import facts_of
from services.complaints.queues import Cursor, Page, counts, mine, queue
from services.staff.member import Member
from texts.catalogue import Html
from texts.message import Button, Message, Rows

List = Callable[..., Awaitable[Page]]

LISTS: dict[str, List] = {"queue": queue, "mine": mine}
_IN_A_ROW = 4


async def command_queue(_update: Update, turn: Turn) -> None:
    if turn.member is not None:
        await turn.say(await _page(turn, turn.member, "queue", None))


async def command_mine(_update: Update, turn: Turn) -> None:
    if turn.member is not None:
        await turn.say(await _page(turn, turn.member, "mine", None))


async def take_press(update: Update, turn: Turn) -> None:
    query = update.callback_query
    if query is None:
        return
    press, who = turn.press(query), turn.member
    if press is None or who is None:
        turn.toast(query, plain(turn.words("team.stranger_pressed")), alert=True)
    elif turn.refused_in_group(query):
        return
    elif press.deed == "case":
        await _bring(turn, who, query, press.subject)
    elif press.deed == "page" and press.subject in LISTS:
        turn.toast(query)
        await turn.edit(query, await _page(turn, who, press.subject, Cursor.unpack(press.arg)))
    else:
        turn.toast(query, plain(turn.words("team.press_unknown")), alert=True)


async def _bring(turn: Turn, who: Member, query: CallbackQuery, case_id: str) -> None:
    try:
        case = await case_seen_by(turn.work, who, case_id)
    except NotEntitled:
        turn.toast(query, plain(turn.words("team.not_with_you")), alert=True)
        return
    turn.toast(query)
    await bring_card(turn.work, case, who)


async def _page(turn: Turn, who: Member, name: str, after: Cursor | None) -> Message:
    if not who.desks:
        return Message(turn.words("team.no_desk"))
    page = await LISTS[name](turn.work, who, after)
    if not page.cases and after is None:
        return Message(turn.words(f"team.{name}_empty"))
    heading = await _heading(turn, who, name)
    lines = [await _line(turn, place_in_list, case) for place_in_list, case in enumerate(page.cases, start=1)]
    return Message(Html("\n\n".join([heading, *lines])), _buttons(turn, name, page, after))


async def _heading(turn: Turn, who: Member, name: str) -> Html:
    if name == "mine":
        return turn.words("team.mine_heading")
    counted = await counts(turn.work, who)
    key = "team.queue_heading_hazards" if counted.hazards else "team.queue_heading"
    return turn.words(key, open=counted.open_cases, hazards=counted.hazards)


async def _line(turn: Turn, place_in_list: int, case: Case) -> Html:
    words = turn.words
    facts = await facts_of(turn.work, case)
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


def _buttons(turn: Turn, name: str, page: Page, after: Cursor | None) -> Rows:
    cases = [
        Button(str(place_in_list), Press("queue", "case", case.id).pack())
        for place_in_list, case in enumerate(page.cases, start=1)
    ]
    rows = [tuple(cases[start : start + _IN_A_ROW]) for start in range(0, len(cases), _IN_A_ROW)]
    turns = []
    if after is not None:
        turns.append(button(turn.words, "team.first_page", Press("queue", "page", name).pack()))
    if page.after is not None:
        turns.append(button(turn.words, "team.next_page", Press("queue", "page", name, page.after.pack()).pack()))
    return (*rows, tuple(turns)) if turns else tuple(rows)


def register(application: App) -> None:
    """Hear the commands and presses of lists, in private: a list is nobody else's to see."""
    staff_in_private = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE & ON_STAFF
    application.add_handler(CommandHandler("queue", command_queue, filters=staff_in_private))
    application.add_handler(CommandHandler("mine", command_mine, filters=staff_in_private))
    application.add_handler(CallbackQueryHandler(take_press, pattern=pattern("queue")))
