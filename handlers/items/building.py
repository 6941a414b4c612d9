"""The forms in which a unit says what it has set up so that a fix stays (建章立制), or why nothing has to be."""

from handlers import forms
from handlers.forms import Form, FormContext, FormInput, FormOutcome, Step, written
from handlers.items.labels import number
from models.rectification import RectificationItem
from services.rectification.system_built import LONGEST_SYSTEM, item_to_tell_of, tell_not_needed, tell_system
from texts.message import Message

_NOT_NEEDED = "not_needed"


async def _item(form: FormContext) -> RectificationItem:
    return await item_to_tell_of(form.context.work, form.who, form.subject_id)


async def _ask(form: FormContext) -> Message:
    text = form.words("item.system_prompt", number=number(await _item(form)), most=LONGEST_SYSTEM)
    return Message(text, ((form.choice(form.words.plain("item.button_not_needed"), _NOT_NEEDED),), (form.cancel,)))


async def _read(form: FormContext, entered: FormInput) -> str:
    return written(form, entered, LONGEST_SYSTEM, "item.text_please")


async def _choose_not_needed(_form: FormContext, _value: str) -> None:
    return None


async def _ask_why(form: FormContext) -> Message:
    text = form.words("item.not_needed_prompt", number=number(await _item(form)), most=LONGEST_SYSTEM)
    return Message(text, ((form.cancel,),))


async def _keep(form: FormContext) -> FormOutcome:
    work, answers = form.context.work, form.answers
    if answers["system"] is not None:
        await tell_system(work, form.who, form.subject_id, answers["system"])
    else:
        await tell_not_needed(work, form.who, form.subject_id, answers["why"])
    return FormOutcome(form.words("item.done_tell_system"), card=True)


TELL_SYSTEM = Form(
    "tell_system",
    (
        Step("system", _ask, _read, _choose_not_needed),
        Step("why", _ask_why, _read, skip=lambda form: form.answers.get("system") is not None),
    ),
    check=_item,
    send=_keep,
    too_late="item.press_too_late",
    area="item",
)
forms.register(TELL_SYSTEM)
