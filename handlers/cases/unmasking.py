"""A leader unmasks a case: a press, a written reason, then the text as it was written."""

from telegram import CallbackQuery
from telegram import Message as TelegramMessage

from handlers.cases.labels import button, number
from handlers.cases.presses import on_case
from handlers.context import HandlerContext
from handlers.press import Press
from handlers.prompts import answers
from models.states import NotEntitled
from services.access.member import Member
from services.cases.read_case import hand_over
from services.cases.unmask import may_unmask_now, unmask
from services.people.prompts import Prompt, close_prompt, open_prompt
from texts.message import Message

SHORTEST, LONGEST = 5, 500


@on_case("unmask")
async def press_unmask(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    """Ask why."""
    case = await may_unmask_now(turn.work, who, press.subject)
    await open_prompt(turn.work, who.id, Prompt("case.unmask", case.id, {}))
    turn.toast(query)
    cancel = button(turn.words, "common.cancel", Press("case", "cancel", case.id).pack())
    await turn.say(Message(turn.words("team.unmask_prompt", number=number(case)), ((cancel,),)))


@answers("case.unmask")
async def take_reason(turn: HandlerContext, who: Member, message: TelegramMessage, prompt: Prompt) -> None:
    reason = (message.text or "").strip()
    if not SHORTEST <= len(reason) <= LONGEST:
        await turn.say(Message(turn.words("team.unmask_reason_please", least=SHORTEST, most=LONGEST)))
        return
    await close_prompt(turn.work, who.id)
    try:
        case = await unmask(turn.work, who, prompt.subject_id or "", reason)
    except NotEntitled:
        await turn.say(Message(turn.words("team.too_late")))
    else:
        await turn.say(Message(turn.words("team.unmasked", number=number(case))))
        await hand_over(turn.work, who, case.id)
