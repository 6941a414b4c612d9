"""/clearance: the organisation department asks how many items of a unit are open and cleared."""

from handlers.actions import Action, Replaced, Result, Subject, register, too_late_or_not_entitled
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.press import Press, short_digest
from models.states import NotEntitled
from services.access.member import Member
from services.evaluation.clearance import clearance_of, may_ask
from texts.dates import day_with_year
from texts.message import Button, Message

AREA = "clearance"
OFFERED = 12  # units whose name holds what was typed


@command("clearance")
async def show_units(context: HandlerContext, who: Member) -> None:
    """Offer the units whose name holds what was typed; that one is asked for is written down when it is pressed."""
    words, known = context.words, await context.work.directory()
    if not may_ask(known, who):
        await context.say(Message(words("grade.clearance_not_yours")))
        return
    typed = " ".join(context.args).strip()
    found = [one for one in known.units.values() if typed in one.name and one.id not in who.shut_out_of]
    if not typed or not found:
        await context.say(Message(words("grade.clearance_how" if not typed else "grade.clearance_none", typed=typed)))
        return
    rows = tuple((Button(one.name, Press(AREA, "ask", _digest(one.id)).pack()),) for one in found[:OFFERED])
    await context.say(Message(words("grade.clearance_which"), rows))


async def _ask(context: HandlerContext, who: Member, press: Press) -> Result:
    known = await context.work.directory()
    unit_id = next((one for one in known.units if _digest(one) == press.subject), None)
    if unit_id is None:
        raise NotEntitled
    found = await clearance_of(context.work, who, unit_id)
    text = context.words(
        "grade.clearance_answer",
        unit=known.units[unit_id].name,
        open=found.open,
        cleared=found.cleared,
        day=day_with_year(context.words, context.work.today),
    )
    return Replaced(Message(text, protect=True))


def _digest(unit_id: str) -> str:
    # The id of a past round's unit is its whole name, and too long for a button.
    return short_digest(unit_id, 16)


SUBJECT = register(
    Subject(
        AREA,
        (Action("ask", _ask),),
        too_late_or_not_entitled("grade.clearance_not_yours", "grade.clearance_not_yours"),
        stranger_key="item.press_stranger",
        unknown_key="item.press_unknown",
    )
)
