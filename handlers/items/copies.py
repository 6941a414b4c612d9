"""/copies: what is copied to somebody; /fielditems: what is open in the field of a department, which can urge it."""

from handlers.actions import (
    Action,
    NothingDone,
    Replaced,
    Result,
    Subject,
    action_button,
    back_to_card,
    button,
    immediately,
    open_card,
    register,
    too_late_or_not_entitled,
)
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.items.labels import number, one_line, time_left, truncated, unit_name
from handlers.items.order import LONGEST_PROBLEM, LONGEST_REQUIREMENT
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from models.rectification import RectificationItem
from models.states import NotEntitled
from services.access.member import Member
from services.rectification.copies import (
    confirm_read,
    copies_for,
    copy_seen,
    count_unread,
    departments_of,
    gets_copies,
    is_unread,
)
from services.rectification.fields import UrgedAlready, field_item_seen, field_items, may_urge, urge
from services.rectification.notices import ItemsCopied
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Button, Message, in_rows

AREA = "copy"
_BUTTONS_PER_ROW = 4


@command("copies")
async def show_copies(context: HandlerContext, who: Member) -> None:
    """Show the first page of what is copied to somebody."""
    await context.say(await copy_list(context, who))


@command("fielditems")
async def show_field_items(context: HandlerContext, who: Member) -> None:
    """Show the first page of what is open in the field of a department."""
    await context.say(await field_list(context, who))


async def copy_list(context: HandlerContext, who: Member, after: str | None = None) -> Message:
    """Return a page of what is copied to somebody, the newest first, each with a button that opens it."""
    words = context.words
    if not gets_copies(who):
        return Message(words("copy.not_yours"))
    found = await copies_for(context.work, who, after)
    if not found.items:
        return Message(words("copy.list_empty"))
    lines = [words("copy.list_title", unread=found.unread)]
    marks = ["✔️ " if item.id in found.read else "🆕 " for item in found.items]
    return await _page(context, lines, found.items, marks, found.more_after, turns="list")


async def field_list(context: HandlerContext, who: Member, after: str | None = None) -> Message:
    """Return a page of what is open in the field of a department over all units, due first."""
    words = context.words
    if not departments_of(who):
        return Message(words("copy.field_not_yours"))
    found = await field_items(context.work, who, after)
    if not found.items:
        return Message(words("copy.field_empty"))
    lines = [words("copy.field_title")]
    return await _page(context, lines, found.items, [""] * len(found.items), found.more_after, turns="field")


async def _page(
    context: HandlerContext,
    lines: list[Html],
    items: tuple[RectificationItem, ...],
    marks: list[str],
    more_after: str | None,
    *,
    turns: str,
) -> Message:
    words, work = context.words, context.work
    buttons: list[Button] = []
    for place, (item, mark) in enumerate(zip(items, marks, strict=True), start=1):
        said = {"number": number(item), "unit": await unit_name(work, item), "problem": one_line(item.problem)}
        due, left = day(words, item.due_on, work.today), time_left(words, item, work.today)
        lines.append(words("copy.list_line", n=place, mark=mark, day=due, left=left, **said))
        buttons.append(Button(str(place), Press(AREA, "open", item.id).pack()))
    rows = in_rows(buttons, _BUTTONS_PER_ROW)
    if more_after:
        rows += ((button(words, "item.button_more", Press(AREA, turns, more_after).pack()),),)
    return Message(Html("\n\n".join(lines)), rows)


async def copy_card(work: UnitOfWork, words: Words, who: Member, item_id: str) -> Message:
    """Return what a copy may show, to whom the item is copied or of whose field it is. Raises NotEntitled."""
    try:
        item = await copy_seen(work, who, item_id)
    except NotEntitled:
        item = await field_item_seen(work, who, item_id)
    offered = {"read": await is_unread(work, who, item), "urge": await may_urge(work, who, item)}
    buttons = [action_button(words, AREA, action, item.id) for action in ACTIONS if offered.get(action.name)]
    return Message(await _text(work, words, item), (tuple(buttons),) if buttons else (), protect=True)


async def _text(work: UnitOfWork, words: Words, item: RectificationItem) -> Html:
    due = day(words, item.due_on, work.today)
    lines = [
        words("item.line_number", number=number(item), unit=await unit_name(work, item)),
        words("item.line_problem", text=truncated(item.problem, LONGEST_PROBLEM)),
    ]
    if item.requirement:
        lines.append(words("item.line_requirement", text=truncated(item.requirement, LONGEST_REQUIREMENT)))
    lines.append(words("item.line_due", day=due, left=time_left(words, item, work.today)))
    lines.append(words("item.line_state", state=words(f"item.state_{item.state}")))
    if item.card:
        lines.append(words(f"item.line_{item.card}"))
    return Html("\n".join(lines))


async def _urge(context: HandlerContext, who: Member, press: Press) -> Result:
    try:
        return await immediately(urge, "copy.done_urge")(context, who, press)
    except UrgedAlready as already:
        again_on = day(context.words, already.again_on, context.work.today)
        return NothingDone(context.words("copy.urged_already", day=again_on))


async def _list(context: HandlerContext, who: Member, press: Press) -> Result:
    return Replaced(await copy_list(context, who, press.subject or None))


async def _field(context: HandlerContext, who: Member, press: Press) -> Result:
    return Replaced(await field_list(context, who, press.subject))


ACTIONS = (
    Action("read", immediately(confirm_read, "copy.done_read"), label="copy.action_read"),
    Action("urge", _urge, label="copy.action_urge"),
    Action("open", open_card),
    Action("card", back_to_card),
    Action("list", _list),
    Action("field", _field),
)


async def card(context: HandlerContext, who: Member, item_id: str) -> Message | None:
    """Return the present copy of an item, if it is theirs to read."""
    try:
        return await copy_card(context.work, context.words, who, item_id)
    except NotEntitled:
        return None


SUBJECT = register(
    Subject(
        AREA,
        ACTIONS,
        too_late_or_not_entitled("item.press_too_late", "item.press_not_entitled"),
        card,
        stranger_key="item.press_stranger",
        unknown_key="item.press_unknown",
    )
)


@renders_for_staff(ItemsCopied)
async def items_copied(work: UnitOfWork, reader: StaffReader, _notice: ItemsCopied) -> Message | None:
    """Tell how many copies wait to be read; nothing when none do any more."""
    unread = await count_unread(work, reader.who)
    if not unread:
        return None
    show = button(reader.words, "copy.button_list", Press(AREA, "list", "").pack())
    return Message(reader.words("copy.told", unread=unread), ((show,),))
