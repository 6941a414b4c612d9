"""/selfreport: a head opens an item of their own unit, before anybody finds it."""

from datetime import date
from typing import Any

from handlers import forms
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Step, begin_by_command, written
from handlers.items.days import choose_day, read_day
from handlers.items.draft_card import due_in_full, lacking
from handlers.items.draft_forms import ask_for_category, ask_for_due, choose_category
from handlers.items.labels import number
from handlers.items.order import order_text
from handlers.named_step import unit_step
from handlers.press import short_digest
from models.rounds import Unit
from models.states import NotEntitled
from services.access.member import Member
from services.rectification.issue_item import DueInPast, TextUnfit, UnitUnknown, aspects_for, place_of
from services.rectification.order import LONGEST_NAME, LONGEST_TEXT, Incomplete, NewItem
from services.rectification.self_report import draft_self_report, open_self_report, units_to_report_of
from texts.catalogue import Html
from texts.message import Message


@command("selfreport")
async def report(context: HandlerContext, who: Member) -> None:
    """Begin the form of a head's own report."""
    await begin_by_command(context, who, SELF_REPORT)


async def _may_report(form: FormContext) -> None:
    if not await units_to_report_of(form.context.work, form.who):
        raise FormRefused(form.words("item.self_report_heads_only"))


async def _units_named(form: FormContext, named: str) -> list[Unit]:
    return await units_to_report_of(form.context.work, form.who, named)


async def _which_unit(form: FormContext) -> Html:
    return form.words("item.self_report_unit_prompt")


def _asked(key: str, longest: int) -> dict[str, Any]:
    """Return how a step asks for words."""

    async def ask(form: FormContext) -> Message:
        return Message(form.words(key, most=longest), ((form.cancel,),))

    async def read(form: FormContext, entered: FormInput) -> str:
        return written(form, entered, longest, "item.text_please")

    return {"ask": ask, "read": read}


async def _aspects(form: FormContext) -> tuple[str, ...]:
    work, order = form.context.work, NewItem(form.answers["unit"], "", None)
    return await aspects_for(work, order, (await place_of(work, order.unit_id)).round_id)


async def _ask_for_aspect(form: FormContext) -> Message:
    rows = tuple((form.choice(name, short_digest(name, 8)),) for name in await _aspects(form))
    return Message(form.words("item.aspect_prompt"), (*rows, (form.cancel,)))


async def _choose_aspect(form: FormContext, value: str) -> str | None:
    return next((name for name in await _aspects(form) if short_digest(name, 8) == value), None)


def _order(form: FormContext) -> NewItem:
    answers = form.answers
    return NewItem(
        answers["unit"],
        answers["problem"],
        date.fromisoformat(answers["due"]),
        requirement=answers["requirement"],
        category=answers["category"],
        aspect=answers["aspect"] or "",
        task_force=answers["task_force"],
    )


async def _show(form: FormContext) -> Message:
    """Show exactly what will stand there, before it is opened."""
    try:
        item, _ = await draft_self_report(form.context.work, form.who, _order(form))
    except Incomplete as incomplete:
        raise FormRefused(lacking(form.words, incomplete.missing)) from None
    except (NotEntitled, UnitUnknown, TextUnfit, DueInPast):
        raise FormRefused(form.words("item.self_report_too_late")) from None
    shown = await order_text(form.context.work, form.words, item, contact=None)
    return Message(
        Html(f"{form.words('item.self_report_preview')}\n\n{shown}\n\n{due_in_full(form.words, item.due_on)}")
    )


async def _open(form: FormContext) -> FormOutcome:
    try:
        item = await open_self_report(form.context.work, form.who, _order(form))
    except Incomplete as incomplete:
        raise FormRefused(lacking(form.words, incomplete.missing)) from None
    except (UnitUnknown, TextUnfit, DueInPast):
        raise FormRefused(form.words("item.self_report_too_late")) from None
    return FormOutcome(form.words("item.done_self_report", number=number(item)))


SELF_REPORT = Form(
    "self_report",
    (
        unit_step(_units_named, _which_unit, "office.unit_not_found"),
        Step("category", ask_for_category, choose=choose_category),
        Step("aspect", _ask_for_aspect, choose=_choose_aspect),
        Step("problem", **_asked("item.self_report_problem_prompt", LONGEST_TEXT)),
        Step("requirement", **_asked("item.self_report_requirement_prompt", LONGEST_TEXT)),
        Step("task_force", **_asked("item.task_force_prompt", LONGEST_NAME)),
        Step("due", ask_for_due, read_day, choose_day),
    ),
    check=_may_report,
    preview=_show,
    send_label="item.button_self_report",
    send=_open,
    too_late="item.self_report_too_late",
)
forms.register(SELF_REPORT)
