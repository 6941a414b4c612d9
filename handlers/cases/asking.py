"""A member asks the reporter: a press, then the next message is the question."""

from telegram import CallbackQuery
from telegram import Message as TelegramMessage

from handlers.cases.labels import button, number, plain
from handlers.cases.presses import on_case, renew
from handlers.cases.reporter_text import fit_for_reporters
from handlers.context import HandlerContext
from handlers.press import Press
from handlers.prompts import answers
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.cases.ask import EnoughAsked, ask, questions_left
from services.cases.cards import bring_card
from services.cases.case_log import case_seen_by
from services.people.prompts import Prompt, close_prompt, open_prompt
from texts.message import Message

LONGEST = 1000


@on_case("ask")
async def press_ask(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    try:
        left = await questions_left(turn.work, who, press.subject)
    except EnoughAsked:
        turn.toast(query, plain(turn.words("team.enough_asked")), alert=True)
        return
    case = await case_seen_by(turn.work, who, press.subject)
    await open_prompt(turn.work, who.id, Prompt("case.ask", case.id, {}))
    turn.toast(query)
    cancel = button(turn.words, "common.cancel", Press("case", "cancel", case.id).pack())
    await turn.say(Message(turn.words("team.ask_prompt", number=number(case), left=left), ((cancel,),)))


@answers("case.ask")
async def take_question(turn: HandlerContext, who: Member, message: TelegramMessage, prompt: Prompt) -> None:
    question = (message.text or "").strip()
    if not await fit_for_reporters(turn, question, LONGEST):
        return
    await close_prompt(turn.work, who.id)
    try:
        case = await ask(turn.work, who, prompt.subject_id or "", question)
    except EnoughAsked:
        await turn.say(Message(turn.words("team.enough_asked")))
    except (Impossible, NotEntitled):
        await turn.say(Message(turn.words("team.too_late")))
    else:
        await turn.say(Message(turn.words("team.asked", number=number(case))))
        await bring_card(turn.work, case, who)


@on_case("cancel")
async def press_cancel(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    """Let a question or an answer be, and show the card again."""
    prompt = turn.opened.prompt
    if prompt is not None and prompt.subject_id == press.subject:
        await close_prompt(turn.work, who.id)
    turn.toast(query)
    await renew(turn, who, query, press.subject)
