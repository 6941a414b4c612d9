"""/recuse: whoever is bound to a unit says so, and sees nothing of it from then on."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from handlers.cases.labels import button, plain
from handlers.context import App, HandlerContext
from handlers.press import Press, pattern
from handlers.prompts import ON_STAFF
from models.rounds import Unit
from models.states import NotEntitled
from services.access.member import Member
from services.people.recusal import recuse, units_to_recuse_from
from texts.message import Button, Message


async def take_recuse(_update: Update, turn: HandlerContext) -> None:
    """Answer /recuse, or /recuse PART OF A UNIT'S NAME."""
    if turn.member is not None:
        await turn.say(await _menu(turn, turn.member, " ".join(turn.args or [])))


async def _menu(turn: HandlerContext, who: Member, named: str) -> Message:
    units = [unit for unit in await units_to_recuse_from(turn.work, who, named) if unit.id not in who.shut_out_of]
    if not units:
        return Message(turn.words("people.recuse_none"))
    rows = tuple((Button(unit.name, Press("recuse", "sure", unit.id).pack()),) for unit in units)
    return Message(turn.words("people.recuse_which"), rows)


async def take_press(update: Update, turn: HandlerContext) -> None:
    query = update.callback_query
    press, who = (turn.press(query) if query else None), turn.member
    if query is None or press is None:
        return
    if who is None:
        turn.toast(query, plain(turn.words("team.stranger_pressed")), alert=True)
        return
    if turn.refused_in_group(query):
        return
    turn.toast(query)
    unit = await turn.work.session.get(Unit, press.subject)
    if unit is None or press.action == "back":
        await turn.edit(query, await _menu(turn, who, ""))
    elif press.action == "sure":
        yes = button(turn.words, "people.recuse_yes", Press("recuse", "yes", unit.id).pack())
        back = button(turn.words, "team.back", Press("recuse", "back", unit.id).pack())
        await turn.edit(query, Message(turn.words("people.recuse_sure", unit=unit.name), ((yes, back),)))
    elif press.action == "yes":
        try:
            await recuse(turn.work, who.id, unit.id, by=who)
        except NotEntitled:
            return
        await turn.edit(query, Message(turn.words("people.recuse_done", unit=unit.name)))


def register(application: App) -> None:
    """Hear /recuse and its presses."""
    private = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE & ON_STAFF
    application.add_handler(CommandHandler("recuse", take_recuse, filters=private))
    application.add_handler(CallbackQueryHandler(take_press, pattern=pattern("recuse")))
