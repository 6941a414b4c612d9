"""Answering a case: a press, a message with the answer, a look at it, and out it goes."""

from hashlib import sha256

from telegram import CallbackQuery
from telegram import Message as TelegramMessage

from handlers.cases.labels import button, number, plain
from handlers.cases.presses import on_case, renew
from handlers.cases.reporter_text import fit_for_reporters
from handlers.context import HandlerContext
from handlers.press import Press
from handlers.prompts import answers
from models.states import CaseState, Impossible, NotEntitled
from services.access.member import Member
from services.cases.decide import answer, may_answer
from services.people.prompts import Prompt, close_prompt, open_prompt
from texts.message import Message

LONGEST = 2000


@on_case("answer")
async def press_answer(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    case = await may_answer(turn.work, who, press.subject)
    await open_prompt(turn.work, who.id, Prompt("case.answer", case.id, {}))
    turn.toast(query)
    key = "team.explain_prompt" if case.state == CaseState.VERIFYING else "team.answer_prompt"
    cancel = button(turn.words, "common.cancel", Press("case", "cancel", case.id).pack())
    await turn.say(Message(turn.words(key, number=number(case)), ((cancel,),)))


@answers("case.answer")
async def take_words(turn: HandlerContext, who: Member, message: TelegramMessage, prompt: Prompt) -> None:
    text = (message.text or "").strip()
    if not await fit_for_reporters(turn, text, LONGEST):
        return
    try:
        case = await may_answer(turn.work, who, prompt.subject_id or "")
    except (Impossible, NotEntitled):
        await close_prompt(turn.work, who.id)
        await turn.say(Message(turn.words("team.too_late")))
        return
    await open_prompt(turn.work, who.id, Prompt("case.answer", case.id, {"text": text}))
    buttons = (
        button(turn.words, "team.send_answer", Press("case", "send", case.id, _mark(text)).pack()),
        button(turn.words, "common.cancel", Press("case", "cancel", case.id).pack()),
    )
    await turn.say(Message(turn.words("team.look_at_answer", number=number(case), text=text), (buttons,)))


@on_case("send")
async def press_send(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    prompt = turn.opened.prompt
    if prompt is None or (prompt.form, prompt.subject_id) != ("case.answer", press.subject):
        turn.toast(query, plain(turn.words("team.answer_gone")), alert=True)
        return
    text = prompt.kept.get("text", "")
    if _mark(text) != press.arg:
        turn.toast(query, plain(turn.words("team.answer_rewritten")), alert=True)
        return
    await answer(turn.work, who, press.subject, text)
    await close_prompt(turn.work, who.id)
    turn.toast(query, plain(turn.words("team.done_answer")))
    await renew(turn, who, query, press.subject)


def _mark(text: str) -> str:
    """Name one wording, so that the button under an earlier one cannot send a later one."""
    return sha256(text.encode()).hexdigest()[:8]
