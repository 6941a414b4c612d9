"""/recuse: whoever is bound to a unit says so, and sees nothing of it from then on."""

from handlers.actions import Action, Replaced, Result, Subject, back, button, register
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.press import Press
from models.rounds import Unit
from services.access.member import Member
from services.people.recusal import recuse, units_to_recuse_from
from texts.message import Button, Message


@command("recuse")
async def choose_unit(context: HandlerContext, who: Member) -> None:
    """Answer /recuse, or /recuse PART OF A UNIT'S NAME."""
    await context.say(await _menu(context, who, " ".join(context.args)))


async def _menu(context: HandlerContext, who: Member, named: str) -> Message:
    units = [unit for unit in await units_to_recuse_from(context.work, who, named) if unit.id not in who.shut_out_of]
    if not units:
        return Message(context.words("people.recuse_none"))
    rows = tuple((Button(unit.name, Press("recuse", "sure", unit.id).pack()),) for unit in units)
    return Message(context.words("people.recuse_which"), rows)


async def _back(context: HandlerContext, who: Member, _press: Press) -> Result:
    return Replaced(await _menu(context, who, ""))


async def _ask(context: HandlerContext, who: Member, press: Press) -> Result:
    """Ask once more: it takes effect at once."""
    unit = await context.work.session.get(Unit, press.subject)
    if unit is None:
        return await _back(context, who, press)
    yes = button(context.words, "people.recuse_yes", Press("recuse", "yes", unit.id).pack())
    buttons = ((yes, back(context.words, "recuse", "back", unit.id)),)
    return Replaced(Message(context.words("people.recuse_sure", unit=unit.name), buttons))


async def _recuse(context: HandlerContext, who: Member, press: Press) -> Result:
    unit = await recuse(context.work, who.id, press.subject, by=who)
    return Replaced(Message(context.words("people.recuse_done", unit=unit.name)))


async def _refused(context: HandlerContext, who: Member, _press: Press, _refusal: Exception) -> None:
    """Offer the units anew: the one that was meant is not there."""
    context.toast()
    await context.edit(await _menu(context, who, ""))


SUBJECT = register(Subject("recuse", (Action("sure", _ask), Action("yes", _recuse), Action("back", _back)), _refused))
