"""What is to be done about a case until a day: the form that plans a visit, the line of a card, what is told."""

from datetime import date

from handlers import forms
from handlers.cases.labels import number
from handlers.cases.notices import about_case
from handlers.forms import Form, FormContext, FormOutcome
from handlers.notices import renders
from handlers.press import Press
from handlers.steps import day_within_step
from models.case_tasks import CaseTaskKind
from models.complaints import Case
from services.cases.notices import CaseTaskDue, CaseTaskLate
from services.cases.tasks import MOST_DAYS, DayUnfit, case_to_visit, plan_visit, task_of
from services.delivery.reader import Reader
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Button, Message


async def visit_on_card(work: UnitOfWork, words: Words, case: Case) -> tuple[Html, Button] | None:
    """Return by when and by whom a case is visited again, and the button that says it was; None without a plan."""
    task = await task_of(work, case, CaseTaskKind.VISIT)
    if task is None:
        return None
    name = (await work.directory()).names.get(task.owner_id or "", "")
    line = words("task.visit_line", day=day(words, task.due_on, work.today), name=name)
    return line, Button(words.plain("task.action_end_visit"), Press("case", "end_visit", case.id).pack())


# ---- a visit is planned


async def _case(form: FormContext) -> Case:
    return await case_to_visit(form.context.work, form.who, form.subject_id)


async def _which_day(form: FormContext) -> Html:
    return form.words("task.visit_prompt", number=number(await _case(form)))


async def _plan(form: FormContext) -> FormOutcome:
    until = date.fromisoformat(form.answers["day"])
    await plan_visit(form.context.work, form.who, form.subject_id, until)
    return FormOutcome(form.words("task.visit_planned", day=day(form.words, until, form.context.work.today)), card=True)


PLAN_VISIT = Form(
    "plan_visit",
    (day_within_step("day", _which_day, MOST_DAYS, "task.day_please"),),
    check=_case,
    send=_plan,
    refusals={DayUnfit: "task.day_please"},
    too_late="team.too_late",
    area="case",
    card_when_cancelled=True,
)
forms.register(PLAN_VISIT)


# ---- what is told


@renders(CaseTaskDue)
async def case_task_due(work: UnitOfWork, reader: Reader, notice: CaseTaskDue) -> Message | None:
    """Tell whoever is to do it until when; nothing once it was done."""
    return await _told(work, reader, notice, "task.due")


@renders(CaseTaskLate)
async def case_task_late(work: UnitOfWork, reader: Reader, notice: CaseTaskLate) -> Message | None:
    """Tell that its day is over; nothing once it was done."""
    return await _told(work, reader, notice, "task.late")


async def _told(work: UnitOfWork, reader: Reader, notice: CaseTaskDue | CaseTaskLate, key: str) -> Message | None:
    case = await work.session.get(Case, notice.case_id)
    task = None if case is None else await task_of(work, case, CaseTaskKind(notice.task))
    if task is None:
        return None
    until = day(reader.words, task.due_on, work.today)
    return await about_case(work, reader, notice, f"{key}_{task.kind}", day=until)
