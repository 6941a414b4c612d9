"""Who supervises an item once its team has gone: the office says so, and whoever it is hears of all of them at once."""

from handlers import forms
from handlers.choice_pages import choice_page, start_of_page
from handlers.forms import Form, FormContext, FormOutcome, Rejected, Step
from handlers.items.labels import number, one_line, time_left, truncated, unit_name
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press, short_digest
from models.rectification import OFFICE, RectificationItem
from services.rectification.notices import SupervisionDigest
from services.rectification.supervision import (
    departments_to_supervise,
    item_to_place,
    set_supervisor,
    supervised_items,
    supervisor_name,
)
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html
from texts.dates import day
from texts.message import Button, Message, in_rows

_LINES = 30  # of one message: 4,096 characters hold them in any language
_BUTTONS = 6


async def _item(form: FormContext) -> RectificationItem:
    return await item_to_place(form.context.work, form.who, form.subject_id)


async def _choices(form: FormContext) -> list[tuple[str, str]]:
    """Return what each choice is called, with the id of who it is."""
    departments = departments_to_supervise(await form.context.work.directory())
    return [(form.words.plain("item.supervisor_office"), OFFICE), *((one.name, one.id) for one in departments)]


async def _page(form: FormContext, start: int) -> Message:
    choices = [(name, short_digest(one, 8)) for name, one in await _choices(form)]
    text = form.words("item.supervisor_prompt", number=number(await _item(form)))
    return Message(text, choice_page(form, choices, start))


async def _ask(form: FormContext) -> Message:
    return await _page(form, 0)


async def _choose(form: FormContext, value: str) -> str | Message:
    if (start := start_of_page(value)) is not None:
        return await _page(form, start)
    for _, one in await _choices(form):
        if short_digest(one, 8) == value:
            return one
    raise Rejected(form.words("item.press_unknown"))


async def _send(form: FormContext) -> FormOutcome:
    await set_supervisor(form.context.work, form.who, form.subject_id, form.answers["supervisor"])
    return FormOutcome(form.words("item.done_set_supervisor"), card=True)


SET_SUPERVISOR = Form(
    "set_supervisor",
    (Step("supervisor", _ask, choose=_choose),),
    check=_item,
    send=_send,
    too_late="item.press_too_late",
    area="item",
)
forms.register(SET_SUPERVISOR)


@renders_for_staff(SupervisionDigest)
async def supervision_digest(work: UnitOfWork, reader: StaffReader, notice: SupervisionDigest) -> Message | None:
    """Tell who supervises of all that is still open, those due first; nothing once nothing is."""
    items, words = await supervised_items(work, reader.who, notice.supervisor), reader.words
    if not items:
        return None
    name = supervisor_name(await work.directory(), notice.supervisor) or words.plain("item.supervisor_office")
    lines = [words("item.supervision_title", name=name, count=len(items))]
    for item in items[:_LINES]:
        values = {
            "mark": "🔴 " if item.hazard else "",
            "number": item.id,
            "unit": truncated(await unit_name(work, item), 20),
            "problem": one_line(item.problem, 24),
            "day": day(words, item.due_on, work.today),
            "left": time_left(words, item, work.today),
        }
        lines.append(words("item.digest_line_of_unit", **values))
    if len(items) > _LINES:
        lines.append(words("item.digest_more", count=len(items) - _LINES))
    buttons = [Button(item.id, Press("item", "open", item.id).pack()) for item in items[:_BUTTONS]]
    return Message(Html("\n".join(lines)), in_rows(buttons, 3))
