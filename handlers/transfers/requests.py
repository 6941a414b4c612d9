"""What departments are asked for: the forms in which a team or a unit asks, the answer, the card, and the notices."""

from collections.abc import Awaitable, Callable
from html import escape

from handlers import forms
from handlers.actions import (
    Action,
    Replaced,
    Result,
    action_button,
    button,
)
from handlers.cases.duty_contacts import nobody_there, with_whom_to_ring
from handlers.cases.notices import about_case
from handlers.choice_pages import choice_page, start_of_page
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step, with_form, written
from handlers.notices import StaffReader, renders, renders_for_staff
from handlers.press import Press, short_digest
from handlers.registers import register_records
from models.complaints import Case
from models.rectification import RectificationItem
from models.requests import Request
from models.states import REQUEST, Actor, RequestState
from services.access.member import Member
from services.cases.dialogue import ContainsContact
from services.cases.notices import DepartmentCalled
from services.cases.quoting import QuotesReporter
from services.cases.transfers import NobodyThere
from services.delivery.reader import Reader
from services.rectification.notices import RequestLate, RequestNotice, RequestReplied, RequestSent
from services.rectification.requests import (
    LONGEST_REPLY,
    LONGEST_TEXT,
    Asked,
    call_department,
    call_off,
    call_to_case,
    can_be_asked,
    case_to_ask_for,
    case_to_call_to,
    departments_to_ask,
    item_to_call_for,
    may,
    reply,
    request_data,
    request_read,
)
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Message, WrittenFor

AREA = "request"


def number(request: Request) -> str:
    """Return what a department calls it."""
    return f"QS{request.id[:6].upper()}"


# ---- asking


async def _for_case(form: FormContext) -> Case:
    return await case_to_ask_for(form.context.work, form.who, form.subject_id)


async def _for_item(form: FormContext) -> RectificationItem:
    return await item_to_call_for(form.context.work, form.who, form.subject_id)


async def _for_shown_case(form: FormContext) -> Case:
    return await case_to_call_to(form.context.work, form.who, form.subject_id)


async def _about(form: FormContext) -> Case | RectificationItem:
    return await _ABOUT[form.form.name](form)


async def _departments(form: FormContext, start: int) -> Message:
    category = (await _about(form)).category
    own = form.words.plain("transfer.own_field")
    choices = [
        (f"{own} {one.name}" if category in one.fields else one.name, short_digest(one.id, 8))
        for one in await departments_to_ask(form.context.work, category)
    ]
    return Message(form.words(f"request.which_{_said_as(form)}"), choice_page(form, choices, start))


def _said_as(form: FormContext) -> str:
    return "request_data" if form.form.name == "request_data" else "call_department"


async def _ask_for_department(form: FormContext) -> Message:
    return await _departments(form, 0)


async def _choose_department(form: FormContext, value: str) -> str | Message:
    if (start := start_of_page(value)) is not None:
        return await _departments(form, start)
    about = await _about(form)
    for one in await departments_to_ask(form.context.work, about.category):
        if short_digest(one.id, 8) == value:
            case = about if isinstance(about, Case) else None  # who is shut out of it is not there
            if not await can_be_asked(form.context.work, one.id, about=case):
                # before something is written for them
                raise Rejected(await nobody_there(form.context.work, form.words, one.id))
            return one.id
    raise Rejected(form.words("team.press_unknown"))


async def _ask_for_text(form: FormContext) -> Message:
    name = (await form.context.work.directory()).departments[form.answers["department"]].name
    text = form.words(f"request.prompt_{_said_as(form)}", department=name, most=LONGEST_TEXT)
    return Message(await _told_before_sending(form, text), ((form.cancel,),))


async def _read_text(form: FormContext, entered: FormInput) -> str:
    return written(form, entered, LONGEST_TEXT, "team.text_please")


async def _show(form: FormContext) -> Message:
    name = (await form.context.work.directory()).departments[form.answers["department"]].name
    text = form.words("request.preview", department=name, text=form.answers["text"])
    return Message(await _told_before_sending(form, text))


async def _told_before_sending(form: FormContext, text: Html) -> Html:
    return await with_whom_to_ring(form.context.work, form.words, form.answers["department"], text)


async def _send(form: FormContext) -> FormOutcome:
    answers = form.answers
    try:
        send = _SENT_BY[form.form.name]
        await send(form.context.work, form.who, form.subject_id, answers["department"], answers["text"])
    except NobodyThere:
        raise FormRefused(await nobody_there(form.context.work, form.words, answers["department"])) from None
    return FormOutcome(form.words("request.done_send"), card=True)


_ABOUT: dict[str, Callable[[FormContext], Awaitable[Case | RectificationItem]]] = {
    "request_data": _for_case,
    "call_department": _for_item,
    "call_to_case": _for_shown_case,
}
_SENT_BY = {"request_data": request_data, "call_department": call_department, "call_to_case": call_to_case}


def _asking(name: str, area: str) -> Form:
    return Form(
        name,
        (Step("department", _ask_for_department, choose=_choose_department), Step("text", _ask_for_text, _read_text)),
        check=_ABOUT[name],
        preview=_show,
        send_label="request.send",
        send=_send,
        refusals={ContainsContact: "transfer.contains_contact", QuotesReporter: "transfer.quotes_reporter"},
        revise=lambda _form, _entered: "text",
        rewritten="team.answer_rewritten",
        too_late="transfer.too_late",
        area=area,
        card_when_cancelled=True,
    )


REQUEST_DATA = _asking("request_data", "case")
CALL_DEPARTMENT = _asking("call_department", "item")
CALL_TO_CASE = _asking("call_to_case", "case")


# ---- the answer


async def _may_reply(form: FormContext) -> Request:
    return await may(form.context.work, form.who, form.subject_id, "reply")


async def _ask_for_reply(form: FormContext) -> Message:
    text = form.words("request.reply_prompt", number=number(await _may_reply(form)), most=LONGEST_REPLY)
    return Message(text, ((form.cancel,),), written_for=WrittenFor.COLLEAGUES)


async def _read_reply(form: FormContext, entered: FormInput) -> str:
    return written(form, entered, LONGEST_REPLY, "team.text_please")


async def _reply(form: FormContext) -> FormOutcome:
    await reply(form.context.work, form.who, form.subject_id, form.answers["reply"])
    return FormOutcome(form.words("request.done_reply"))


REPLY = Form(
    "reply_request",
    (Step("reply", _ask_for_reply, _read_reply),),
    check=_may_reply,
    send=_reply,
    too_late="transfer.too_late",
    area=AREA,
    card_when_cancelled=True,
)
forms.register(REQUEST_DATA, CALL_DEPARTMENT, CALL_TO_CASE, REPLY)


# ---- card, presses, notices


async def _call_off(context: HandlerContext, who: Member, press: Press) -> Result:
    await call_off(context.work, who, press.subject)
    return Replaced(Message(context.words("request.done_call_off")))


ACTIONS = (
    Action("reply", with_form(REPLY), label="request.action_reply", transition="reply"),
    Action("call_off", _call_off, label="request.action_call_off", transition="call_off"),
    Action("request_data", with_form(REQUEST_DATA)),
    Action("call_department", with_form(CALL_DEPARTMENT)),
    Action("call_to_case", with_form(CALL_TO_CASE)),
)


async def request_card(work: UnitOfWork, words: Words, who: Member, request_id: str) -> Message:
    """Return the card of a request with what can be done about it. Raises NotEntitled."""
    shown = await request_read(work, who, request_id)
    is_asker = shown.request.by_id == who.id
    actor = Actor.TEAM_MEMBER if is_asker else Actor.RECEIVING_DEPARTMENT
    possible = REQUEST.actions(shown.request.state, {actor})
    buttons = [action_button(words, AREA, action, request_id) for action in ACTIONS if action.transition in possible]
    return Message(_text(work, words, shown), (tuple(buttons),) if buttons else (), protect=True)


def _text(work: UnitOfWork, words: Words, shown: Asked) -> Html:
    request = shown.request
    lines = [
        words(f"request.title_{request.kind}", number=number(request), asker=shown.asker, department=shown.department),
        words("request.line_due", day=day(words, request.due_on, work.today)),
        Html(f"<blockquote>{escape(shown.text, quote=False)}</blockquote>"),
    ]
    if request.state is not RequestState.SENT:
        lines.append(words(f"request.state_{request.state}"))
    if shown.reply:
        lines.append(Html(f"<blockquote>{escape(shown.reply, quote=False)}</blockquote>"))
    return Html("\n".join(lines))


SUBJECT = register_records(AREA, ACTIONS, request_card, too_late="transfer.too_late", not_yours="transfer.not_with_you")


@renders(DepartmentCalled)
async def department_called(work: UnitOfWork, reader: Reader, notice: DepartmentCalled) -> Message | None:
    """Tell whoever works on a case which department was called to it; for what stands among its notes."""
    name = (await work.directory()).departments[notice.department_id].name
    return await about_case(work, reader, notice, "request.was_called", department=name)


@renders_for_staff(RequestSent)
async def request_sent(work: UnitOfWork, reader: StaffReader, notice: RequestSent) -> Message | None:
    """Tell a department that something is asked of it; the words are opened by a press."""
    return await _told(work, reader, notice, "request.told_sent")


@renders_for_staff(RequestReplied)
async def request_replied(work: UnitOfWork, reader: StaffReader, notice: RequestReplied) -> Message | None:
    return await _told(work, reader, notice, "request.told_replied")


@renders_for_staff(RequestLate)
async def request_late(work: UnitOfWork, reader: StaffReader, notice: RequestLate) -> Message | None:
    """Tell that the day has passed; nothing once it was answered."""
    shown = await request_read(work, reader.who, notice.request_id)
    return await _told(work, reader, notice, "request.told_late") if shown.request.state is RequestState.SENT else None


async def _told(work: UnitOfWork, reader: StaffReader, notice: RequestNotice, key: str) -> Message:
    shown = await request_read(work, reader.who, notice.request_id)
    text = reader.words(
        key,
        number=number(shown.request),
        asker=shown.asker,
        department=shown.department,
        day=day(reader.words, shown.request.due_on, work.today),
    )
    open_it = button(reader.words, "transfer.button_open", Press(AREA, "open", notice.request_id).pack())
    return Message(text, ((open_it,),))
