"""What a matter means for people's everyday life: the form in which the team says it, and its line."""

from handlers import forms
from handlers.cases.labels import number
from handlers.forms import Form, FormContext, FormInput, FormOutcome, Rejected, Step, written
from models.complaints import Case
from services.cases.dialogue import ContainsContact
from services.cases.impact import LONGEST_IMPACT, Impact, case_to_describe, impact_of, impacts_told, set_impact
from services.cases.quoting import QuotesReporter, check_summary
from texts.catalogue import Html, Words
from texts.message import Message, in_rows

_NONE = "none"


def impact_line(words: Words, text: str) -> Html:
    """Return what a matter means for people as a line of a card."""
    return words("impact.line", text=text)


async def _case(form: FormContext) -> Case:
    return await case_to_describe(form.context.work, form.who, form.subject_id)


async def _ask(form: FormContext) -> Message:
    """Ask what it means; what seems to have been told stands first, marked."""
    case = await _case(form)
    told = await impacts_told(form.context.work, form.who, case)
    choices = [form.choice(_label(form.words, one, is_told=one in told), one.value) for one in _in_order(told)]
    before = impact_of(form.context.work, case)
    text = form.words("impact.prompt", number=number(case), most=LONGEST_IMPACT)
    if before:
        text = Html(f"{text}\n{impact_line(form.words, before)}")
        choices.append(form.choice(form.words.plain("impact.button_none"), _NONE))
    return Message(text, (*in_rows(choices, 2), (form.cancel,)))


def _in_order(told: list[Impact]) -> list[Impact]:
    return sorted(Impact, key=lambda one: one not in told)


def _label(words: Words, impact: Impact, *, is_told: bool) -> str:
    label = words.plain(f"impact.kind_{impact}")
    return words.plain("impact.told", kind=label) if is_told else label


async def _choose(form: FormContext, value: str) -> str:
    if value == _NONE:
        return ""
    if value not in set(Impact):
        raise Rejected(form.words("team.press_unknown"))
    return form.words.plain(f"impact.kind_{value}")


async def _read(form: FormContext, entered: FormInput) -> str:
    text = written(form, entered, LONGEST_IMPACT, "team.text_please")
    await check_summary(form.context.work, await _case(form), text)
    return text


async def _keep(form: FormContext) -> FormOutcome:
    await set_impact(form.context.work, form.who, form.subject_id, form.answers["impact"])
    return FormOutcome(form.words("impact.kept"), card=True)


SET_IMPACT = Form(
    "set_impact",
    (Step("impact", _ask, _read, choose=_choose),),
    check=_case,
    send=_keep,
    refusals={ContainsContact: "transfer.contains_contact", QuotesReporter: "transfer.quotes_reporter"},
    too_late="team.too_late",
    area="case",
    card_when_cancelled=True,
)
forms.register(SET_IMPACT)
