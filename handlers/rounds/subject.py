"""What is done to a round, by a press: a step of it as a whole asks once more, for none is taken back."""

from handlers.actions import Action, Done, NothingDone, Replaced, Result, Subject, back, button, register
from handlers.context import HandlerContext
from handlers.forms import with_form
from handlers.press import Press
from handlers.rounds.card import AREA, round_card
from handlers.rounds.villages import LEVEL_UP, PUT_BACK
from models.rounds import Round
from models.states import ROUND, Impossible
from services.access.member import Member
from services.rounds.change_round_state import GradesNotConfirmed, change_round_state, office_actions
from services.rounds.entitled import actors_at_round, round_known_to
from texts.message import Message

_YES = "_yes"


async def _card(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show the card in place of what was pressed."""
    round_known_to(await context.work.directory(), who, press.subject)
    return Done()


async def _ask(context: HandlerContext, who: Member, press: Press) -> Result:
    round_known_to(await context.work.directory(), who, press.subject)
    entry = await context.work.session.get_one(Round, press.subject)
    ROUND.step(entry.state, press.action, actors_at_round(who))
    yes = button(context.words, "round.yes", Press(AREA, press.action + _YES, entry.id).pack())
    text = context.words(f"round.sure_{press.action}", name=entry.name)
    return Replaced(Message(text, ((yes, back(context.words, AREA, "card", entry.id)),)))


async def _turn(context: HandlerContext, who: Member, press: Press) -> Result:
    round_known_to(await context.work.directory(), who, press.subject)
    try:
        await change_round_state(context.work, press.subject, press.action.removesuffix(_YES), by=who)
    except GradesNotConfirmed:
        return NothingDone(context.words("grade.not_confirmed"))
    return Done(context.words("round.turned"))


async def _refused(context: HandlerContext, _who: Member, _press: Press, refusal: Exception) -> None:
    context.alert("round.not_now" if isinstance(refusal, Impossible) else "round.not_yours")


SUBJECT = register(
    Subject(
        AREA,
        (
            Action("card", _card),
            *(Action(name, _ask, label=f"round.action_{name}", transition=name) for name in office_actions()),
            *(Action(name + _YES, _turn) for name in office_actions()),
            Action("level_up", with_form(LEVEL_UP), label="round.action_level_up"),
            Action("put_back", with_form(PUT_BACK), label="round.action_put_back"),
        ),
        _refused,
        card=round_card,
        stranger_key="round.not_yours",
        unknown_key="round.not_now",
    )
)
