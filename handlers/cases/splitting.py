"""The form in which a case that tells of several matters is split: one of them becomes a case of its own."""

from handlers import forms
from handlers.cases.labels import category, number
from handlers.cases.sorting import category_question, choose_category, read_category
from handlers.forms import Form, FormContext, FormOutcome, FormRefused, Step
from models.complaints import Case
from services.cases.assign import NobodyMaySee
from services.intake.split import MOST_CASES, EnoughSplit, case_to_split, split
from texts.message import Message


async def _case(form: FormContext) -> Case:
    try:
        return await case_to_split(form.context.work, form.who, form.subject_id)
    except EnoughSplit:
        raise FormRefused(form.words("team.enough_split", most=MOST_CASES)) from None


async def _ask_for_matter(form: FormContext) -> Message:
    """Ask which matter it is: those that were read off the complaint come first."""
    case = await _case(form)
    text = form.words("team.which_matter", number=number(case))
    return await category_question(form, case, text, first=case.further_categories or ())


async def _show(form: FormContext) -> Message:
    known = await form.context.work.directory()
    name = category(form.words, known.category(form.answers["matter"]))
    return Message(form.words("team.look_at_split", number=number(await _case(form)), category=name))


async def _split(form: FormContext) -> FormOutcome:
    try:
        other = await split(form.context.work, form.who, form.subject_id, form.answers["matter"])
    except NobodyMaySee:
        raise FormRefused(form.words("team.nobody_may_see_matter")) from None
    return FormOutcome(form.words("team.done_split", number=number(other)), card=True)


SPLIT_CASE = Form(
    "split_case",
    (Step("matter", _ask_for_matter, read_category, choose_category),),
    check=_case,
    preview=_show,
    send_label="team.send_split",
    send=_split,
    revise=lambda _form, _entered: "matter",
    rewritten="team.answer_rewritten",
    too_late="team.too_late",
    area="case",
    card_when_cancelled=True,
)
forms.register(SPLIT_CASE)
