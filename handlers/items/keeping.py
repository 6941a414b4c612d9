"""The forms for what is kept open for longer, and for what was cleared and has come back."""

from handlers import forms
from handlers.forms import Form, FormContext, FormInput, FormOutcome, Rejected, Step, written
from handlers.items.labels import number
from models.rectification import RectificationItem
from services.rectification.long_term import item_to_keep, item_to_report_on, keep_long_term, report_long_term
from services.rectification.reopen import ReopenReason, item_to_reopen, reopen_item
from texts.message import Message

LONGEST_REASON = 500  # characters
LONGEST_REPORT = 1000


async def _read_reason(form: FormContext, entered: FormInput) -> str:
    return written(form, entered, LONGEST_REASON, "item.text_please")


# ---- kept open for longer, by the director


async def _to_keep(form: FormContext) -> RectificationItem:
    return await item_to_keep(form.context.work, form.who, form.subject_id)


async def _ask_why_longer(form: FormContext) -> Message:
    return Message(form.words("item.long_term_prompt", number=number(await _to_keep(form))), ((form.cancel,),))


async def _keep(form: FormContext) -> FormOutcome:
    await keep_long_term(form.context.work, form.who, form.subject_id, form.answers["reason"])
    return FormOutcome(form.words("item.done_keep_long_term"), card=True)


KEEP_LONG_TERM = Form(
    "keep_long_term",
    (Step("reason", _ask_why_longer, _read_reason, is_reason=True),),
    check=_to_keep,
    send=_keep,
    too_late="item.press_too_late",
    area="item",
)


# ---- reported on every half year, by the unit


async def _to_report_on(form: FormContext) -> RectificationItem:
    return await item_to_report_on(form.context.work, form.who, form.subject_id)


async def _ask_how_far(form: FormContext) -> Message:
    return Message(form.words("item.long_report_prompt", number=number(await _to_report_on(form))), ((form.cancel,),))


async def _read_report(form: FormContext, entered: FormInput) -> str:
    return written(form, entered, LONGEST_REPORT, "item.text_please")


async def _report(form: FormContext) -> FormOutcome:
    await report_long_term(form.context.work, form.who, form.subject_id, form.answers["text"])
    return FormOutcome(form.words("item.done_report_long_term"), card=True)


REPORT_LONG_TERM = Form(
    "report_long_term",
    (Step("text", _ask_how_far, _read_report),),
    check=_to_report_on,
    send=_report,
    too_late="item.press_too_late",
    area="item",
)


# ---- opened again, by the director


async def _to_reopen(form: FormContext) -> RectificationItem:
    return await item_to_reopen(form.context.work, form.who, form.subject_id)


async def _ask_why_again(form: FormContext) -> Message:
    reasons = tuple((form.choice(form.words.plain(f"item.reason_{one}"), one.value),) for one in ReopenReason)
    return Message(form.words("item.reopen_prompt", number=number(await _to_reopen(form))), (*reasons, (form.cancel,)))


async def _choose_why_again(form: FormContext, value: str) -> str:
    if value not in list(ReopenReason):
        raise Rejected(form.words("item.press_unknown"))
    return value


async def _ask_what_was_seen(form: FormContext) -> Message:
    return Message(form.words("item.reopen_words_prompt", number=number(await _to_reopen(form))), ((form.cancel,),))


async def _reopen(form: FormContext) -> FormOutcome:
    reason, words = ReopenReason(form.answers["reason"]), form.answers["words"]
    await reopen_item(form.context.work, form.who, form.subject_id, reason, words)
    return FormOutcome(form.words("item.done_reopen"), card=True)


REOPEN_ITEM = Form(
    "reopen_item",
    (
        Step("reason", _ask_why_again, choose=_choose_why_again),
        Step("words", _ask_what_was_seen, _read_reason),
    ),
    check=_to_reopen,
    send=_reopen,
    too_late="item.press_too_late",
    area="item",
)
forms.register(KEEP_LONG_TERM, REPORT_LONG_TERM, REOPEN_ITEM)
