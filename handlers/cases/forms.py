"""The forms about a case: a question to its reporter, the answer, why it is unmasked."""

from handlers import forms
from handlers.cases.labels import number
from handlers.cases.reporter_text import text_for_reporters
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step
from models.complaints import Case
from models.states import CaseState
from services.cases.ask import EnoughAsked, ask, may_ask, questions_left
from services.cases.cards import bring_card
from services.cases.case_log import case_seen_by
from services.cases.decide import answer, may_answer
from services.cases.read_case import hand_over
from services.cases.unmask import may_unmask_now, unmask
from texts.message import Message

LONGEST_QUESTION = 1000  # characters
LONGEST_ANSWER = 2000
SHORTEST_REASON, LONGEST_REASON = 5, 500


# ---- a question to the reporter


async def _may_ask(form: FormContext) -> Case:
    return await may_ask(form.context.work, form.who, form.subject_id)


async def _ask_for_question(form: FormContext) -> Message:
    case = await _case(form)
    try:
        left = await questions_left(form.context.work, case)
    except EnoughAsked:
        raise FormRefused(form.words("team.enough_asked")) from None
    return Message(form.words("team.ask_prompt", number=number(case), left=left), ((form.cancel,),))


async def _read_question(form: FormContext, entered: FormInput) -> str:
    return await text_for_reporters(form, entered, LONGEST_QUESTION)


async def _send_question(form: FormContext) -> FormOutcome:
    try:
        case = await ask(form.context.work, form.who, form.subject_id, form.answers["question"])
    except EnoughAsked:
        raise FormRefused(form.words("team.enough_asked")) from None
    await form.context.say(Message(form.words("team.asked", number=number(case))))
    await bring_card(form.context.work, case, form.who)
    return FormOutcome()


ASK_REPORTER = Form(
    "ask_reporter",
    (Step("question", _ask_for_question, _read_question),),
    check=_may_ask,
    send=_send_question,
    too_late="team.too_late",
    area="case",
    card_when_cancelled=True,
)


# ---- the answer


async def _may_answer(form: FormContext) -> Case:
    return await may_answer(form.context.work, form.who, form.subject_id)


async def _ask_for_answer(form: FormContext) -> Message:
    case = await _case(form)
    key = "team.explain_prompt" if case.state == CaseState.VERIFYING else "team.answer_prompt"
    return Message(form.words(key, number=number(case)), ((form.cancel,),))


async def _read_answer(form: FormContext, entered: FormInput) -> str:
    return await text_for_reporters(form, entered, LONGEST_ANSWER)


async def _show_answer(form: FormContext) -> Message:
    case = await _case(form)
    return Message(form.words("team.look_at_answer", number=number(case), text=form.answers["text"]))


async def _send_answer(form: FormContext) -> FormOutcome:
    await answer(form.context.work, form.who, form.subject_id, form.answers["text"])
    return FormOutcome(form.words("team.done_answer"), card=True)


ANSWER_CASE = Form(
    "answer_case",
    (Step("text", _ask_for_answer, _read_answer),),
    check=_may_answer,
    preview=_show_answer,
    send_label="team.send_answer",
    send=_send_answer,
    revise=lambda _form, _given: "text",
    too_late="team.too_late",
    gone="team.answer_gone",
    rewritten="team.answer_rewritten",
    area="case",
    card_when_cancelled=True,
)


# ---- why a case is unmasked


async def _may_unmask(form: FormContext) -> Case:
    return await may_unmask_now(form.context.work, form.who, form.subject_id)


async def _ask_for_reason(form: FormContext) -> Message:
    case = await _case(form)
    return Message(form.words("team.unmask_prompt", number=number(case)), ((form.cancel,),))


async def _read_reason(form: FormContext, entered: FormInput) -> str:
    if not SHORTEST_REASON <= len(entered.text) <= LONGEST_REASON:
        raise Rejected(form.words("team.unmask_reason_please", least=SHORTEST_REASON, most=LONGEST_REASON))
    return entered.text


async def _unmask(form: FormContext) -> FormOutcome:
    case = await unmask(form.context.work, form.who, form.subject_id, form.answers["reason"])
    await form.context.say(Message(form.words("team.unmasked", number=number(case))))
    await hand_over(form.context.work, form.who, case.id)
    return FormOutcome()


UNMASK_CASE = Form(
    "unmask_case",
    (Step("reason", _ask_for_reason, _read_reason, is_reason=True),),
    check=_may_unmask,
    send=_unmask,
    too_late="team.too_late",
    area="case",
    card_when_cancelled=True,
)

forms.register(ASK_REPORTER, ANSWER_CASE, UNMASK_CASE)


async def _case(form: FormContext) -> Case:
    return await case_seen_by(form.context.work, form.who, form.subject_id)
