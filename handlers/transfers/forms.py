"""The forms about a transfer: the leader's summary for a department, why it comes back, or what was done about it."""

from handlers import forms
from handlers.cases.duty_contacts import nobody_there, with_whom_to_ring
from handlers.cases.labels import number as case_number
from handlers.cases.reporter_text import text_for_reporters
from handlers.choice_pages import choice_page, start_of_page
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step, written
from handlers.press import short_digest
from handlers.transfers.card import AREA, number, transfer_text
from models.complaints import Case
from models.rounds import DepartmentKind
from models.transfers import Transfer
from services.cases.dialogue import ContainsContact, composed
from services.cases.promises import sounds_like_promise
from services.cases.quoting import QuotesReporter, check_summary
from services.cases.transfers import (
    LONGEST_REASON,
    LONGEST_RESULT,
    LONGEST_SUMMARY,
    NobodyThere,
    TooLate,
    can_receive,
    case_to_pass_on,
    departments_for,
    draft_transfer,
    may,
    report,
    send_back,
    transfer,
)
from texts.catalogue import Html
from texts.message import Message, WrittenFor

# ---- the leader passes a case on


async def _may_pass_on(form: FormContext) -> Case:
    return await case_to_pass_on(form.context.work, form.who, form.subject_id)


async def _departments(form: FormContext, start: int) -> Message:
    case = await _may_pass_on(form)
    found = await departments_for(form.context.work, case)
    own = form.words.plain("transfer.own_field")
    choices = [(f"{own} {one.name}" if case.category in one.fields else one.name, _digest(one.id)) for one in found]
    key = "transfer.which_department" if choices else "transfer.no_department"
    return Message(form.words(key, number=case_number(case)), choice_page(form, choices, start))


async def _ask_for_department(form: FormContext) -> Message:
    return await _departments(form, 0)


async def _choose_department(form: FormContext, value: str) -> str | Message:
    if (start := start_of_page(value)) is not None:
        return await _departments(form, start)
    for one in await departments_for(form.context.work, await _may_pass_on(form)):
        if _digest(one.id) == value:
            if not await can_receive(form.context.work, form.who, await _may_pass_on(form), one.id):
                # before a summary is written for them
                raise Rejected(await nobody_there(form.context.work, form.words, one.id))
            return one.id
    raise Rejected(form.words("team.press_unknown"))


async def _ask_for_summary(form: FormContext) -> Message:
    department = (await form.context.work.directory()).departments[form.answers["department"]]
    text = form.words("transfer.summary_prompt", department=department.name, most=LONGEST_SUMMARY)
    return Message(await with_whom_to_ring(form.context.work, form.words, department.id, text), ((form.cancel,),))


async def _read_summary(form: FormContext, entered: FormInput) -> str:
    text = written(form, entered, LONGEST_SUMMARY, "team.text_please")
    try:
        await check_summary(form.context.work, await _may_pass_on(form), text)
    except ContainsContact:
        raise Rejected(form.words("transfer.contains_contact")) from None
    except QuotesReporter:
        raise Rejected(form.words("transfer.quotes_reporter")) from None
    return text


async def _show_transfer(form: FormContext) -> Message:
    """Show exactly what the department will read, before it is sent."""
    answers, work = form.answers, form.context.work
    try:
        draft = await draft_transfer(work, form.who, form.subject_id, answers["department"], answers["summary"])
    except NobodyThere:
        raise FormRefused(await nobody_there(work, form.words, answers["department"])) from None
    shown, hint = transfer_text(work, form.words, draft), form.words("transfer.preview_hint")
    if draft.transfer.is_lead:
        hint = Html(f"{form.words('transfer.preview_lead')}\n{hint}")
    text = Html(f"{form.words('transfer.preview')}\n\n{shown}")
    text = await with_whom_to_ring(work, form.words, answers["department"], text)
    return Message(Html(f"{text}\n{hint}"))


async def _send_transfer(form: FormContext) -> FormOutcome:
    answers = form.answers
    try:
        await transfer(form.context.work, form.who, form.subject_id, answers["department"], answers["summary"])
    except NobodyThere:
        raise FormRefused(await nobody_there(form.context.work, form.words, answers["department"])) from None
    except (ContainsContact, QuotesReporter):  # what the reporter has added since
        raise FormRefused(form.words("transfer.quotes_reporter"), keeps_open=True) from None
    department = (await form.context.work.directory()).departments[answers["department"]]
    is_lead = department.kind is DepartmentKind.DISCIPLINE
    return FormOutcome(form.words("transfer.done_propose" if is_lead else "transfer.done_transfer"), card=True)


TRANSFER_CASE = Form(
    "transfer_case",
    (
        Step("department", _ask_for_department, choose=_choose_department),
        Step("summary", _ask_for_summary, _read_summary),
    ),
    check=_may_pass_on,
    preview=_show_transfer,
    send_label="transfer.send_transfer",
    send=_send_transfer,
    revise=lambda _form, _entered: "summary",
    rewritten="team.answer_rewritten",
    too_late="team.too_late",
    area="case",
    card_when_cancelled=True,
)


# ---- the department sends it back


async def _may(form: FormContext, action: str) -> Transfer:
    try:
        return await may(form.context.work, form.who, form.subject_id, action)
    except TooLate:
        raise FormRefused(form.words("transfer.too_late_to_send_back")) from None


async def _may_send_back(form: FormContext) -> Transfer:
    return await _may(form, "send_back")


async def _ask_why(form: FormContext) -> Message:
    text = form.words("transfer.why_back", number=number(await _may_send_back(form)), most=LONGEST_REASON)
    return Message(text, ((form.cancel,),), written_for=WrittenFor.COLLEAGUES)


async def _read_why(form: FormContext, entered: FormInput) -> str:
    return written(form, entered, LONGEST_REASON, "team.text_please")


async def _send_back(form: FormContext) -> FormOutcome:
    await _may_send_back(form)
    await send_back(form.context.work, form.who, form.subject_id, form.answers["reason"])
    return FormOutcome(form.words("transfer.done_send_back"))


SEND_BACK = Form(
    "send_back_transfer",
    (Step("reason", _ask_why, _read_why, is_reason=True),),
    check=_may_send_back,
    send=_send_back,
    too_late="transfer.too_late",
    area=AREA,
    card_when_cancelled=True,
)


# ---- the department reports what it has done


async def _may_report(form: FormContext) -> Transfer:
    return await _may(form, "report")


async def _ask_for_result(form: FormContext) -> Message:
    text = form.words("transfer.result_prompt", number=number(await _may_report(form)), most=LONGEST_RESULT)
    return Message(text, ((form.cancel,),), written_for=WrittenFor.REPORTER)


async def _read_result(form: FormContext, entered: FormInput) -> str:
    return await text_for_reporters(form, entered, LONGEST_RESULT)


async def _show_result(form: FormContext) -> Message:
    result = form.answers["result"]
    shown = composed(form.words, (), result)
    text = form.words("transfer.look_at_result", number=number(await _may_report(form)), text=shown)
    if sounds_like_promise(result):
        text = Html(f"{text}\n\n{form.words('team.sounds_like_promise')}")
    return Message(text, written_for=WrittenFor.REPORTER)


async def _report(form: FormContext) -> FormOutcome:
    await report(form.context.work, form.who, form.subject_id, form.answers["result"])
    return FormOutcome(form.words("transfer.done_report"))


REPORT_RESULT = Form(
    "report_transfer",
    (Step("result", _ask_for_result, _read_result),),
    check=_may_report,
    preview=_show_result,
    send_label="transfer.send_result",
    send=_report,
    revise=lambda _form, _entered: "result",
    rewritten="team.answer_rewritten",
    too_late="transfer.too_late",
    area=AREA,
    card_when_cancelled=True,
)

forms.register(TRANSFER_CASE, SEND_BACK, REPORT_RESULT)


def _digest(department_id: str) -> str:
    return short_digest(department_id, 8)
