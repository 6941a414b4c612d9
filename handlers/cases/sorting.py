"""The forms in which the office, or the leader, sets the unit and the category of a case."""

from collections.abc import Collection

from handlers import forms
from handlers.cases.labels import category, number
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step
from handlers.named_step import unit_step
from handlers.press import short_digest
from models.complaints import Case
from services.cases.assign import NobodyMaySee
from services.directory import CategoryRecord, UnitRecord
from services.intake.sort_anew import case_to_sort, set_category, set_unit, units_of
from texts.catalogue import Html
from texts.message import Message


async def _case(form: FormContext) -> Case:
    return await case_to_sort(form.context.work, form.who, form.subject_id)


# ---- the unit


async def _units_named(form: FormContext, named: str) -> list[UnitRecord]:
    return await units_of(form.context.work, await _case(form), named)


async def _which_unit(form: FormContext) -> Html:
    return form.words("team.which_unit", number=number(await _case(form)))


async def _show_unit(form: FormContext) -> Message:
    known = await form.context.work.directory()
    name = known.units[form.answers["unit"]].name
    return Message(form.words("team.look_at_unit", number=number(await _case(form)), unit=name))


async def _set_unit(form: FormContext) -> FormOutcome:
    try:
        await set_unit(form.context.work, form.who, form.subject_id, form.answers["unit"])
    except NobodyMaySee:
        raise FormRefused(form.words("team.nobody_may_see_unit")) from None
    return FormOutcome(form.words("team.done_sort"), card=True)


SET_UNIT = Form(
    "set_unit",
    (unit_step(_units_named, _which_unit, "team.unit_not_found"),),
    check=_case,
    preview=_show_unit,
    send_label="team.send_sort",
    send=_set_unit,
    revise=lambda _form, _entered: "unit",
    rewritten="team.answer_rewritten",
    too_late="team.too_late",
    area="case",
    card_when_cancelled=True,
)


# ---- the category


async def _ask_for_category(form: FormContext) -> Message:
    case = await _case(form)
    return await category_question(form, case, form.words("team.which_category", number=number(case)))


async def category_question(form: FormContext, case: Case, text: Html, *, first: Collection[str] = ()) -> Message:
    """Return a question with a button for each category but that of the case; some of them come first."""
    known = await form.context.work.categories()
    others = sorted((one for one in known if one.code != case.category), key=lambda one: one.code not in first)
    choices = [(form.choice(one.name_in(form.words.language), _digest(one.code)),) for one in others]
    return Message(text, (*choices, (form.cancel,)))


async def read_category(form: FormContext, entered: FormInput) -> str:
    """Take a category by a part of its name."""
    known = await form.context.work.categories()
    found = [one.code for one in known if entered.text and entered.text in (*_names(one), one.code)]
    found = found or [one.code for one in known if entered.text and any(entered.text in name for name in _names(one))]
    if len(found) != 1:
        raise Rejected(form.words("team.category_not_found"))
    return found[0]


async def choose_category(form: FormContext, value: str) -> str:
    """Take a category by its button."""
    known = await form.context.work.categories()
    found = next((one.code for one in known if _digest(one.code) == value), None)
    if found is None:
        raise Rejected(form.words("team.category_not_found"))
    return found


def _digest(code: str) -> str:
    return short_digest(code, 16)  # the code itself may be too long for a button


def _names(one: CategoryRecord) -> tuple[str, str]:
    return one.zh_hans, one.zh_hant


async def _show_category(form: FormContext) -> Message:
    known = await form.context.work.directory()
    name = category(form.words, known.category(form.answers["category"]))
    return Message(form.words("team.look_at_category", number=number(await _case(form)), category=name))


async def _set_category(form: FormContext) -> FormOutcome:
    try:
        await set_category(form.context.work, form.who, form.subject_id, form.answers["category"])
    except NobodyMaySee:
        raise FormRefused(form.words("team.nobody_may_see_unit")) from None
    return FormOutcome(form.words("team.done_sort"), card=True)


SET_CATEGORY = Form(
    "set_category",
    (Step("category", _ask_for_category, read_category, choose_category),),
    check=_case,
    preview=_show_category,
    send_label="team.send_sort",
    send=_set_category,
    revise=lambda _form, _entered: "category",
    rewritten="team.answer_rewritten",
    too_late="team.too_late",
    area="case",
    card_when_cancelled=True,
)

forms.register(SET_UNIT, SET_CATEGORY)
