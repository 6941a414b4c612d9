"""An item is entered: /newitem, /drafts, and the presses on the card of a draft."""

from handlers.actions import (
    Action,
    NothingDone,
    Replaced,
    Result,
    Subject,
    back_to_card,
    button,
    open_card,
    register,
)
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import begin_by_command, with_form
from handlers.items.draft_card import AREA, draft_card, lacking
from handlers.items.draft_comments import ASK_HEADS
from handlers.items.draft_forms import ITEM_OF_CASE, NEW_ITEM, PART_FORMS
from handlers.items.labels import number, one_line
from handlers.press import Press
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.rectification.draft_comments import Unheard, Unsettled
from services.rectification.issue_item import DueInPast, TextUnfit, UnitUnknown
from services.rectification.item_drafts import drafts_of, drop_draft, issue_draft
from services.rectification.order import Incomplete
from texts.catalogue import Html
from texts.dates import day
from texts.message import Button, Message, in_rows

_BUTTONS_PER_ROW = 4


@command("newitem")
async def issue(context: HandlerContext, who: Member) -> None:
    """Begin the form of a new item with its unit."""
    await begin_by_command(context, who, NEW_ITEM)


@command("drafts")
async def show_drafts(context: HandlerContext, who: Member) -> None:
    """Show the items that are still being entered."""
    drafts = await drafts_of(context.work, who)
    if not drafts:
        await context.say(Message(context.words("item.drafts_none")))
        return
    units = (await context.work.directory()).units
    lines, buttons = [context.words("item.drafts_title")], list[Button]()
    for place, draft in enumerate(drafts, start=1):
        lines.append(
            context.words(
                "item.drafts_line",
                n=place,
                unit=units[draft.row.unit_id].name,
                problem=one_line(draft.order.problem),
                missing=len(draft.missing),
            )
        )
        buttons.append(Button(str(place), Press(AREA, "open", draft.row.id).pack()))
    await context.say(Message(Html("\n".join(lines)), in_rows(buttons, _BUTTONS_PER_ROW)))


async def _issue(context: HandlerContext, who: Member, press: Press) -> Result:
    """Issue what the card shows; say what is missing when anything is."""
    version = int(press.arg) if press.arg.isdecimal() else 0
    try:
        item = await issue_draft(context.work, who, press.subject, version)
    except Unheard as unheard:
        until = day(context.words, unheard.until, context.work.today)
        return NothingDone(context.words("comment.unheard", day=until))
    except Unsettled:
        return NothingDone(context.words("comment.unsettled"))
    except Incomplete as incomplete:
        return NothingDone(lacking(context.words, incomplete.missing))
    except (DueInPast, TextUnfit, UnitUnknown) as refusal:
        return NothingDone(context.words("item.due_past" if isinstance(refusal, DueInPast) else "office.cannot_issue"))
    return Replaced(Message(context.words("item.issued", number=number(item))))


async def _ask_to_drop(context: HandlerContext, who: Member, press: Press) -> Result:
    card = await draft_card(context.work, context.words, who, press.subject)
    rows = (
        (
            button(context.words, "item.draft_drop_yes", Press(AREA, "drop_for_good", press.subject).pack()),
            button(context.words, "team.back", Press(AREA, "card", press.subject).pack()),
        ),
    )
    return Replaced(Message(Html(f"{card.text}\n\n{context.words('item.draft_drop_sure')}"), rows))


async def _drop(context: HandlerContext, who: Member, press: Press) -> Result:
    try:
        await drop_draft(context.work, who, press.subject)
    except Unsettled:
        return NothingDone(context.words("comment.unsettled"))
    return Replaced(Message(context.words("item.draft_dropped")))


async def _card(context: HandlerContext, who: Member, draft_id: str) -> Message | None:
    try:
        return await draft_card(context.work, context.words, who, draft_id)
    except NotEntitled:
        return None


async def _refused(context: HandlerContext, who: Member, press: Press, refusal: Exception) -> None:
    """Say why not; what has been changed meanwhile is shown as it is now."""
    context.alert("item.preview_rewritten" if isinstance(refusal, Impossible) else "item.draft_gone")
    card = await _card(context, who, press.subject)
    if card is not None:
        await context.show_card(AREA, press.subject, card, in_place=True)


SUBJECT = register(
    Subject(
        AREA,
        (
            *(Action(part, with_form(form)) for part, form in PART_FORMS.items()),
            Action("ask_heads", with_form(ASK_HEADS)),
            Action("of_case", with_form(ITEM_OF_CASE)),
            Action("issue", _issue),
            Action("drop", _ask_to_drop),
            Action("drop_for_good", _drop),
            Action("open", open_card),
            Action("card", back_to_card),
        ),
        _refused,
        _card,
        stranger_key="item.press_stranger",
        unknown_key="item.press_unknown",
    )
)
