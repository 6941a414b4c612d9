"""Tasks: /tasks, /matters and /opinions, their cards, the forms that give one, and what came of it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date

from handlers import forms
from handlers.actions import (
    Action,
    Result,
    action_button,
    button,
    immediately,
)
from handlers.cases import labels as case_labels
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.docket.entries import entry_line
from handlers.docket.steps import day_of, day_step, person_step
from handlers.forms import Form, FormContext, FormOutcome, FormRefused, Step, begin, with_form
from handlers.items.labels import number, open_button, unit_name
from handlers.named_step import named_step, unit_step
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from handlers.registers import page_turner, register_page, register_records
from handlers.steps import text_step, words_form
from models.docket import Task, TaskKind
from models.states import TASK, NotEntitled, TaskState
from services.access.member import Member
from services.cases.dialogue import ContainsContact
from services.directory import Person, UnitRecord, VillageRecord
from services.docket import tasks
from services.docket.entries import docket, entry_seen
from services.docket.notices import TaskDue, TaskEnded, TaskGiven, WeeklyList
from services.docket.tasks import DayPast, TaskSeen, task_seen
from services.docket.weekly import FOLLOWED
from services.docket.words import LONGEST_WORDS
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Button, Message, in_rows

AREA = "task"
# Gives a task about something (an item, an entry, a unit, a village) to somebody until a day, in words.
_Give = Callable[[UnitOfWork, Member, str, str, date, str], Awaitable[Task]]


# ---- giving one: an on-site visit, an opinion of the leading group, a named matter, what a resident cadre is asked


async def _visitors(form: FormContext) -> list[Person]:
    return await tasks.visitors(form.context.work, form.who, form.subject_id)


async def _owners_of_opinion(form: FormContext) -> list[Person]:
    return await tasks.owners_of_opinion(form.context.work, form.who, form.subject_id)


async def _owners_of_matter(form: FormContext) -> list[Person]:
    return await tasks.owners_of_matter(form.context.work, form.who, form.answers["unit"])


async def _units(form: FormContext, named: str) -> list[UnitRecord]:
    units = (await form.context.work.directory()).units.values()
    return [one for one in units if named in one.name and one.id not in form.who.shut_out_of]


async def _which_unit(form: FormContext) -> Html:
    return form.words("docket.matter_unit_prompt")


async def _may_name_matters(form: FormContext) -> None:
    if not tasks.may_name_matters(form.who):
        raise FormRefused(form.words("docket.not_yours"))


async def _villages(form: FormContext, named: str) -> list[VillageRecord]:
    villages = await tasks.villages_to_ask_in(form.context.work, form.who)
    return [one for one in villages if named in one.name]


async def _which_village(form: FormContext) -> Html:
    return form.words("docket.cadre_village_prompt")


async def _with_cadre(form: FormContext, village: VillageRecord) -> str:
    return f"{village.name}（{(await form.context.work.directory()).names[village.cadre_id or '']}）"


async def _may_ask_cadres(form: FormContext) -> None:
    if not await _villages(form, ""):
        raise FormRefused(form.words("docket.cadre_nobody"))


async def _ask_cadre(work: UnitOfWork, who: Member, village_id: str, _cadre_id: str, due_on: date, text: str) -> Task:
    return await tasks.ask_cadre(work, who, village_id, due_on, text)


async def _owner(form: FormContext) -> str:
    """Return who is to do it: who was chosen, or the cadre who is resident in the village that was."""
    chosen = form.answers.get("owner")
    return chosen or (await form.context.work.directory()).villages[form.answers["village"]].cadre_id or ""


async def _show(form: FormContext) -> Message:
    known, answers = await form.context.work.directory(), form.answers
    due = day(form.words, day_of(answers["due"]), form.context.work.today)
    text = form.words("docket.look_at_task", name=known.names[await _owner(form)], day=due, text=answers["text"])
    return Message(text, protect=True)


def _giving(name: str, steps: Sequence[Step], check: Callable[[FormContext], Awaitable[object]], give: _Give) -> Form:
    async def send(form: FormContext) -> FormOutcome:
        work, answers = form.context.work, form.answers
        about = answers.get("unit") or answers.get("village") or form.subject_id
        task = await give(work, form.who, about, await _owner(form), day_of(answers["due"]), answers["text"])
        return FormOutcome(form.words("docket.done_give_task", name=(await work.directory()).names[task.owner_id]))

    return Form(
        name,
        steps,
        check=check,
        preview=_show,
        send_label="docket.send_task",
        send=send,
        revise=lambda _form, _entered: "text",
        refusals={DayPast: "item.due_past", ContainsContact: "transfer.contains_contact"},
        too_late="docket.too_late",
    )


VISIT = _giving(
    "task_visit",
    (
        person_step("owner", _visitors, "docket.visit_owner_prompt"),
        day_step("due", "docket.visit_day_prompt"),
        text_step("text", "docket.visit_text_prompt", LONGEST_WORDS),
    ),
    lambda form: tasks.item_to_visit(form.context.work, form.who, form.subject_id),
    tasks.send_to_visit,
)
OPINION = _giving(
    "task_opinion",
    (
        text_step("text", "docket.opinion_text_prompt", LONGEST_WORDS),
        person_step("owner", _owners_of_opinion, "docket.opinion_owner_prompt"),
        day_step("due", "docket.task_day_prompt"),
    ),
    lambda form: tasks.entry_to_give_opinion_on(form.context.work, form.who, form.subject_id),
    tasks.give_opinion,
)
MATTER = _giving(
    "task_matter",
    (
        unit_step(_units, _which_unit, "office.unit_not_found"),
        text_step("text", "docket.matter_text_prompt", LONGEST_WORDS),
        person_step("owner", _owners_of_matter, "docket.matter_owner_prompt"),
        day_step("due", "docket.task_day_prompt"),
    ),
    _may_name_matters,
    tasks.name_matter,
)


ASK_CADRE = _giving(
    "task_village",
    (
        named_step("village", _villages, _which_village, "field.place_not_found", _with_cadre),
        text_step("text", "docket.cadre_text_prompt", LONGEST_WORDS),
        day_step("due", "docket.task_day_prompt"),
    ),
    _may_ask_cadres,
    _ask_cadre,
)


# ---- what came of it


async def _move(form: FormContext) -> FormOutcome:
    await tasks.move(form.context.work, form.who, form.subject_id, day_of(form.answers["due"]))
    return FormOutcome(form.words("docket.done_move"), card=True)


FINISH = words_form(
    "task_finish",
    text_step("result", "docket.result_prompt", LONGEST_WORDS),
    area=AREA,
    may=lambda work, who, task_id: tasks.may(work, who, task_id, "finish"),
    do=tasks.finish,
    done="docket.done_finish",
    refusals={ContainsContact: "transfer.contains_contact"},
    too_late="docket.too_late",
)
MOVE = Form(
    "task_move",
    (day_step("due", "docket.task_day_prompt"),),
    check=lambda form: tasks.may(form.context.work, form.who, form.subject_id, "move"),
    send=_move,
    refusals={DayPast: "item.due_past"},
    too_late="docket.too_late",
    area=AREA,
    card_when_cancelled=True,
)
forms.register(VISIT, OPINION, MATTER, ASK_CADRE, FINISH, MOVE)

ACTIONS = (
    Action("finish", with_form(FINISH), label="docket.action_finish", transition="finish"),
    Action("move", with_form(MOVE), label="docket.action_move", transition="move"),
    Action(
        "call_off",
        immediately(tasks.call_off, "docket.done_call_off"),
        label="docket.action_call_off",
        transition="call_off",
    ),
    Action("visit", with_form(VISIT)),
    Action("opinion", with_form(OPINION)),
)


async def task_card(work: UnitOfWork, words: Words, who: Member, task_id: str, heading: str = "") -> Message:
    """Return a task as somebody may see it now, with what they can do. Raises NotEntitled."""
    seen = await task_seen(work, who, task_id)
    known = await work.directory()
    text, result = tasks.said_in(work, seen)
    lines = [words(heading)] if heading else []
    lines += [await _line(work, words, seen), words("docket.task_text", text=text)]
    lines.append(words("docket.given_by", name=known.names[seen.task.given_by_id]))
    if seen.task.state is not TaskState.OPEN:
        lines.append(words(f"docket.task_state_{seen.task.state}"))
    if result:
        lines.append(words("docket.result", text=result))
    possible = TASK.actions(seen.task.state, seen.actors)
    buttons = [action_button(words, AREA, action, task_id) for action in ACTIONS if action.transition in possible]
    rows = in_rows(buttons, 2)
    if seen.item is not None and who.actors_at_item(seen.item):
        rows += ((open_button(words, seen.item.id),),)
    return Message(Html("\n".join(lines)), rows, protect=True)


async def _line(work: UnitOfWork, words: Words, seen: TaskSeen) -> Html:
    """Return a task on one line: what kind, about what, whose, until when."""
    task, known = seen.task, await work.directory()
    if seen.item is not None:
        about = Html(f"{number(seen.item)} {words('docket.unit', name=await unit_name(work, seen.item))}")
    elif seen.case is not None:
        about = case_labels.number(seen.case)
    elif task.village_id is not None:
        about = words("docket.unit", name=known.villages[task.village_id].name)
    else:
        unit = known.units.get(task.unit_id or "")
        about = words("docket.unit", name=unit.name if unit else "")
    late = task.state is TaskState.OPEN and task.due_on < work.today
    key = "docket.task_line_late" if late else "docket.task_line"
    kind, due = words(f"docket.task_{task.kind}"), day(words, task.due_on, work.today)
    line = words(key, kind=kind, about=about, name=known.names[task.owner_id], day=due)
    if task.ended_on is None:
        return line
    ended = words(f"docket.task_ended_{task.state}", day=day(words, task.ended_on, work.today))
    return Html(f"{line} · {ended}")


# ---- the registers


@command("tasks")
async def show_tasks(context: HandlerContext, who: Member) -> None:
    """List the open tasks that somebody may see: what they have or gave, for the office and the leading group all.

    Whoever may ask something of resident cadres has a button for it.
    """
    message = await _page(context, who)
    if tasks.may_ask_cadres(who):
        new = button(context.words, "docket.button_ask_cadre", Press(AREA, "ask_cadre").pack())
        message = Message(message.text, (*message.buttons, (new,)), protect=True)
    await context.say(message)


@command("matters")
async def show_matters(context: HandlerContext, who: Member) -> None:
    """List the named matters that are not done, with a button to name another."""
    message = await _matters(context, who)
    if tasks.may_name_matters(who):
        new = button(context.words, "docket.button_new_matter", Press(AREA, "name_matter").pack())
        message = Message(message.text, (*message.buttons, (new,)), protect=True)
    await context.say(message)


async def _page(context: HandlerContext, who: Member, after: str | None = None) -> Message:
    page = await tasks.open_tasks(context.work, who, after)
    lines = [(await _listed(context, who, task), task.id) for task in page.rows]
    if not lines:
        return Message(context.words("docket.tasks_none"))
    return register_page(
        context.words, AREA, context.words("docket.tasks_heading"), lines, page.more_after, protect=True
    )


async def _matters(context: HandlerContext, who: Member, after: str | None = None) -> Message:
    page = await tasks.open_tasks(context.work, who, after, kinds=(TaskKind.MATTER,))
    lines = [(await _listed(context, who, task), task.id) for task in page.rows]
    if not lines:
        return Message(context.words("docket.matters_none"))
    heading = context.words("docket.matters_heading")
    return register_page(context.words, AREA, heading, lines, page.more_after, protect=True, turn="matters")


@command("opinions")
async def show_opinions(context: HandlerContext, who: Member) -> None:
    """Bring the register of what the leading group wants done: of what is open, and of what has ended."""
    if not tasks.may_have_opinions(who):
        await context.say(Message(context.words("docket.not_yours")))
        return
    await context.say(await _open_opinions(context, who))


async def _open_opinions(context: HandlerContext, who: Member, after: str | None = None) -> Message:
    return await _opinions(context, who, after, ended=False)


async def _ended_opinions(context: HandlerContext, who: Member, after: str | None = None) -> Message:
    return await _opinions(context, who, after, ended=True)


async def _opinions(context: HandlerContext, who: Member, after: str | None, *, ended: bool) -> Message:
    """Return a page of the register, with the way to the other half of it."""
    words, page = context.words, await tasks.opinions(context.work, who, after, ended=ended)
    lines = [(await _listed(context, who, task), task.id) for task in page.rows]
    here, there = ("opinions_done", "opinions") if ended else ("opinions", "opinions_done")
    other = button(words, f"docket.button_{there}", Press(AREA, there).pack())
    half = "done" if ended else "open"
    heading = words(f"docket.opinions_heading_{half}" if lines else f"docket.opinions_none_{half}")
    return register_page(words, AREA, heading, lines, page.more_after, other, protect=True, turn=here)


async def _listed(context: HandlerContext, who: Member, task: Task) -> Html:
    return await _line(context.work, context.words, await task_seen(context.work, who, task.id))


async def _name_matter(context: HandlerContext, who: Member, _press: Press) -> Result:
    """Begin to name a matter."""
    if not tasks.may_name_matters(who):
        raise NotEntitled
    return await begin(context, who, MATTER)


async def _begin_asking_cadre(context: HandlerContext, who: Member, _press: Press) -> Result:
    """Begin to ask something of a resident cadre."""
    if not tasks.may_ask_cadres(who):
        raise NotEntitled
    return await begin(context, who, ASK_CADRE)


SUBJECT = register_records(
    AREA,
    (*ACTIONS, Action("name_matter", _name_matter), Action("ask_cadre", _begin_asking_cadre)),
    task_card,
    page_turner(_page),
    page_turner(_matters, "matters"),
    page_turner(_open_opinions, "opinions"),
    page_turner(_ended_opinions, "opinions_done"),
    too_late="docket.too_late",
    not_yours="docket.not_yours",
)


# ---- what is told


@renders_for_staff(TaskGiven)
async def task_given(work: UnitOfWork, reader: StaffReader, notice: TaskGiven) -> Message | None:
    seen = await task_seen(work, reader.who, notice.task_id)
    if seen.task.state is not TaskState.OPEN:
        return None
    return await task_card(work, reader.words, reader.who, notice.task_id, "docket.told_given")


@renders_for_staff(TaskDue)
async def task_due(work: UnitOfWork, reader: StaffReader, notice: TaskDue) -> Message | None:
    seen = await task_seen(work, reader.who, notice.task_id)
    if seen.task.state is not TaskState.OPEN:
        return None
    key = "docket.told_late" if seen.task.due_on < work.today else "docket.told_due"
    return await task_card(work, reader.words, reader.who, notice.task_id, key)


@renders_for_staff(TaskEnded)
async def task_ended(work: UnitOfWork, reader: StaffReader, notice: TaskEnded) -> Message | None:
    seen = await task_seen(work, reader.who, notice.task_id)
    about = seen.item or seen.case
    is_over = seen.task.state is TaskState.CALLED_OFF and about is not None and not about.is_open
    key = "docket.told_over" if is_over else "docket.told_ended"
    return await task_card(work, reader.words, reader.who, notice.task_id, key)


@renders_for_staff(WeeklyList)
async def weekly_list(work: UnitOfWork, reader: StaffReader, _notice: WeeklyList) -> Message | None:
    """Tell the leading group once a week what waits for it, and what it wants to see done; nothing when there is none.

    What does not fit stands in the registers.
    """
    words, who = reader.words, reader.who
    waiting = await docket(work, who)
    followed = await tasks.open_tasks(work, who, kinds=FOLLOWED)
    if not waiting.rows and not followed.rows:
        return None
    lines, buttons = [words("docket.weekly_heading")], []
    if waiting.rows:
        lines.append(words("docket.weekly_waiting"))
    for entry in waiting.rows:
        lines.append(await entry_line(work, words, await entry_seen(work, who, entry.id)))
        label = entry.item_id or entry.case_id or ""
        buttons.append(Button(label, Press("docket", "open", entry.id).pack()))
    if followed.rows:
        lines.append(words("docket.weekly_followed"))
    lines += [await _line(work, words, await task_seen(work, who, task.id)) for task in followed.rows]
    if waiting.more_after or followed.more_after:
        lines.append(words("docket.weekly_more"))
    rows = in_rows(buttons, 3)
    more = (button(words, "docket.button_tasks", Press(AREA, "list").pack()),)
    return Message(Html("\n".join(lines)), (*rows, more), protect=True)
