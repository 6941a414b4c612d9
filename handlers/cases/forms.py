"""The forms about a case: a question to its reporter, the answer, why it is unmasked."""

from handlers import forms
from handlers.cases.composing import Composing
from handlers.cases.labels import number, particulars
from handlers.forms import Form, FormContext, FormOutcome, FormRefused, Step
from handlers.steps import reason_of
from models.complaints import Case, Particular
from models.states import CaseState
from services.cases.ask import MOST_QUESTIONS, EnoughAsked, ask, may_ask, questions_left
from services.cases.cards import bring_card
from services.cases.case_log import case_seen_by
from services.cases.decide import PreparedAnswer, answer, may_answer, prepared_answers
from services.cases.particulars import missing_of
from services.cases.read_case import hand_over
from services.cases.unmask import may_unmask_now, unmask
from texts.catalogue import Html
from texts.message import Message

LONGEST_QUESTION = 1000  # characters
LONGEST_ANSWER = 2000
MOST_SENTENCES = 3  # of an answer, own words among them
SHORTEST_REASON, LONGEST_REASON = 5, 500


# ---- questions to the reporter

_QUESTION = Composing("question", LONGEST_QUESTION, MOST_QUESTIONS)


async def _may_ask(form: FormContext) -> Case:
    return await may_ask(form.context.work, form.who, form.subject_id)


def _to_ask_about(case: Case) -> list[str]:
    """Return the particulars that can be asked about, those that are missing first."""
    missing = missing_of(case) or ()
    return [*missing, *(particular for particular in Particular if particular not in missing)]


async def _ask_for_question(form: FormContext) -> Message:
    case = await _case(form)
    try:
        left = await questions_left(form.context.work, case)
    except EnoughAsked:
        raise FormRefused(form.words("team.enough_asked")) from None
    text = form.words("team.ask_prompt", number=number(case), left=left, most=MOST_QUESTIONS)
    missing = particulars(form.words, case)
    return _QUESTION.question(form, Html(f"{missing}\n\n{text}") if missing else text, _to_ask_about(case))


async def _choose_question(form: FormContext, name: str) -> dict[str, object]:
    return await _QUESTION.choose(form, name, _to_ask_about(await _case(form)))


async def _show_question(form: FormContext) -> Message:
    case = await _case(form)
    return _QUESTION.preview(form, number(case), _to_ask_about(case))


async def _send_question(form: FormContext) -> FormOutcome:
    asked = _QUESTION.of(form)
    about = [Particular(name) for name in asked.prepared]
    try:
        case = await ask(form.context.work, form.who, form.subject_id, asked.text, about=about)
    except EnoughAsked:
        raise FormRefused(form.words("team.enough_asked")) from None
    await form.context.say(Message(form.words("team.asked", number=number(case))))
    await bring_card(form.context.work, case, form.who)
    return FormOutcome()


ASK_REPORTER = Form(
    "ask_reporter",
    (Step(_QUESTION.step, _ask_for_question, _QUESTION.read, _choose_question),),
    check=_may_ask,
    preview=_show_question,
    send_label="team.send_question",
    send=_send_question,
    revise=lambda _form, _given: _QUESTION.step,
    too_late="team.too_late",
    gone="team.question_gone",
    rewritten="team.answer_rewritten",
    area="case",
    card_when_cancelled=True,
)


# ---- the answer

_ANSWER = Composing("text", LONGEST_ANSWER, MOST_SENTENCES)


async def _may_answer(form: FormContext) -> Case:
    return await may_answer(form.context.work, form.who, form.subject_id)


def _answers_for(case: Case) -> list[str]:
    return [sentence.value for sentence in prepared_answers(case)]


async def _ask_for_answer(form: FormContext) -> Message:
    case = await _case(form)
    key = "team.explain_prompt" if case.state == CaseState.VERIFYING else "team.answer_prompt"
    return _ANSWER.question(form, form.words(key, number=number(case)), _answers_for(case))


async def _choose_answer(form: FormContext, name: str) -> dict[str, object]:
    return await _ANSWER.choose(form, name, _answers_for(await _case(form)))


async def _show_answer(form: FormContext) -> Message:
    case = await _case(form)
    return _ANSWER.preview(form, number(case), _answers_for(case))


async def _send_answer(form: FormContext) -> FormOutcome:
    given = _ANSWER.of(form)
    prepared = [PreparedAnswer(name) for name in given.prepared]
    await answer(form.context.work, form.who, form.subject_id, given.text, prepared=prepared)
    return FormOutcome(form.words("team.done_answer"), card=True)


ANSWER_CASE = Form(
    "answer_case",
    (Step(_ANSWER.step, _ask_for_answer, _ANSWER.read, _choose_answer),),
    check=_may_answer,
    preview=_show_answer,
    send_label="team.send_answer",
    send=_send_answer,
    revise=lambda _form, _given: _ANSWER.step,
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


async def _unmask(form: FormContext) -> FormOutcome:
    case = await unmask(form.context.work, form.who, form.subject_id, form.answers["reason"])
    await form.context.say(Message(form.words("team.unmasked", number=number(case))))
    await hand_over(form.context.work, form.who, case.id)
    return FormOutcome()


UNMASK_CASE = Form(
    "unmask_case",
    (Step("reason", _ask_for_reason, reason_of(SHORTEST_REASON, LONGEST_REASON), is_reason=True),),
    check=_may_unmask,
    send=_unmask,
    too_late="team.too_late",
    area="case",
    card_when_cancelled=True,
)

forms.register(ASK_REPORTER, ANSWER_CASE, UNMASK_CASE)


async def _case(form: FormContext) -> Case:
    return await case_seen_by(form.context.work, form.who, form.subject_id)
