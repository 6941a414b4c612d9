"""The form in which a unit says what it has set up so that a fix stays: 建章立制."""

from handlers import forms
from handlers.forms import Form, FormContext, FormInput, FormOutcome, Step, written
from handlers.items.labels import number
from models.rectification import RectificationItem
from services.rectification.system_built import LONGEST_SYSTEM, item_to_tell_of, tell_system
from texts.message import Message


async def _item(form: FormContext) -> RectificationItem:
    return await item_to_tell_of(form.context.work, form.who, form.subject_id)


async def _ask(form: FormContext) -> Message:
    text = form.words("item.system_prompt", number=number(await _item(form)), most=LONGEST_SYSTEM)
    return Message(text, ((form.cancel,),))


async def _read(form: FormContext, entered: FormInput) -> str:
    return written(form, entered, LONGEST_SYSTEM, "item.text_please")


async def _keep(form: FormContext) -> FormOutcome:
    await tell_system(form.context.work, form.who, form.subject_id, form.answers["system"])
    return FormOutcome(form.words("item.done_tell_system"), card=True)


TELL_SYSTEM = Form(
    "tell_system",
    (Step("system", _ask, _read),),
    check=_item,
    send=_keep,
    too_late="item.press_too_late",
    area="item",
)
forms.register(TELL_SYSTEM)
