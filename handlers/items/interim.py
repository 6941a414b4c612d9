"""The form in which the head of a unit reports what keeps people from a danger until it is fixed for good."""

from html import escape

from handlers import forms
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step
from handlers.items.handing_in import collected_so_far, drop_collected, read_one_more
from handlers.items.labels import number
from models.rectification import InterimMeasure
from services.rectification.interim import NothingSaid, may_report_interim, report_interim
from services.rectification.item_log import item_seen
from services.rectification.unit_actions import INTERIM_FORM
from texts.catalogue import Html
from texts.message import Message, in_rows


async def _ask_for_measure(form: FormContext) -> Message:
    item = await item_seen(form.context.work, form.who, form.subject_id)
    choices = [form.choice(form.words.plain(f"item.measure_{one}"), one.value) for one in InterimMeasure]
    return Message(form.words("item.interim_prompt", number=number(item)), (*in_rows(choices, 2), (form.cancel,)))


async def _no_words_yet(form: FormContext, _entered: FormInput) -> str:
    raise Rejected(form.words("item.interim_choose"))


async def _choose_measure(form: FormContext, value: str) -> str:
    if value not in list(InterimMeasure):
        raise Rejected(form.words("item.press_unknown"))
    return value


async def _ask_for_evidence(form: FormContext) -> Message:
    return Message(form.words("item.interim_evidence"), ((form.cancel,),))


async def _show(form: FormContext) -> Message:
    """Show what was said and how many photos came, and in which words reporters are told."""
    words, collected, measure = form.words, collected_so_far(form), form.answers["measure"]
    lines = [words("item.interim_collected", measure=words(f"item.measure_{measure}"), files=len(collected["files"]))]
    if collected["texts"]:
        text = escape("\n".join(collected["texts"]), quote=False)
        lines.append(Html(f"<blockquote expandable>{text}</blockquote>"))
    if not collected["files"]:
        lines.append(words("item.interim_lacks_photo"))
    lines.append(words("item.interim_told", told=words(f"resident.measure_{measure}")))
    return Message(Html("\n".join(lines)))


async def _send(form: FormContext) -> FormOutcome:
    collected, measure = collected_so_far(form), InterimMeasure(form.answers["measure"])
    files = [file_id for file_id, _ in collected["files"]]
    try:
        item = await report_interim(form.context.work, form.who, form.subject_id, measure, collected["texts"], files)
    except NothingSaid:
        raise FormRefused(form.words("item.interim_says_nothing"), keeps_open=True) from None
    return FormOutcome(form.words("item.done_interim", number=number(item)))


REPORT_INTERIM = Form(
    INTERIM_FORM,
    (
        Step("measure", _ask_for_measure, _no_words_yet, _choose_measure),
        Step("evidence", _ask_for_evidence, read_one_more),
    ),
    check=lambda form: may_report_interim(form.context.work, form.who, form.subject_id),
    preview=_show,
    send_label="item.button_send_interim",
    send=_send,
    revise=lambda _form, _given: "evidence",
    any_preview_sends=True,
    too_late="item.press_too_late",
    discard=drop_collected,
    area="item",
)
forms.register(REPORT_INTERIM)
