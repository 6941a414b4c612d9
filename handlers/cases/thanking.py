"""The form in which thanks are taken as such, and linked to the item that they praise."""

from handlers import forms
from handlers.cases.labels import number
from handlers.forms import Form, FormContext, FormOutcome, Rejected, Step
from models.complaints import Case
from services.cases.thanks import items_to_praise, take_as_thanks, thanks_to_take
from texts.message import Message

_NOTHING = "-"  # in particular
_LONGEST_LABEL = 30  # characters of what an item is about


async def _case(form: FormContext) -> Case:
    return await thanks_to_take(form.context.work, form.who, form.subject_id)


async def _ask_for_item(form: FormContext) -> Message:
    case = await _case(form)
    items = await items_to_praise(form.context.work, form.who, case)
    choices = [(form.choice(item.problem[:_LONGEST_LABEL], item.id),) for item in items]
    choices.append((form.choice(form.words.plain("team.thanks_for_nothing_special"), _NOTHING),))
    return Message(form.words("team.thanks_for_which", number=number(case)), (*choices, (form.cancel,)))


async def _choose_item(form: FormContext, value: str) -> str | None:
    items = await items_to_praise(form.context.work, form.who, await _case(form))
    if value not in {_NOTHING, *(item.id for item in items)}:
        raise Rejected(form.words("team.press_unknown"))
    return None if value == _NOTHING else value


async def _take(form: FormContext) -> FormOutcome:
    await take_as_thanks(form.context.work, form.who, form.subject_id, form.answers["item"])
    return FormOutcome(form.words("team.done_take_as_thanks"), card=True)


TAKE_AS_THANKS = Form(
    "take_as_thanks",
    (Step("item", _ask_for_item, choose=_choose_item),),
    check=_case,
    send=_take,
    too_late="team.too_late",
    area="case",
    card_when_cancelled=True,
)
forms.register(TAKE_AS_THANKS)
