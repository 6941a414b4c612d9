"""'Not so': what readers of the public page say of a result, as its reviewers meet it."""

from collections.abc import Sequence
from html import escape

from handlers import forms
from handlers.actions import (
    Action,
    Done,
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
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Step, written
from handlers.items.labels import number, one_line, open_button, unit_name
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press, short_digest
from models.rectification import RectificationItem
from services.access.member import Member
from services.publication.notices import ObjectionsWait
from services.publication.objections import (
    WaitingObjection,
    reopen_item,
    set_aside,
    waiting_objections,
)
from services.rectification.item_log import item_seen
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Message

AREA = "objection"
LONGEST_REASON = 300  # characters


async def objections_card(work: UnitOfWork, words: Words, who: Member, item: RectificationItem) -> Message:
    """Return what is said against the result of an item, with what its reviewer can do about it."""
    waiting = await waiting_objections(work, who, item.id)
    lines = [
        words("publication.objections_title", number=number(item), unit=await unit_name(work, item)),
        words("item.line_problem", text=one_line(item.problem, 200)),
        words("publication.objections_result", text=one_line(item.public_result or "", 200)),
        *(Html(f"<blockquote expandable>{escape(one.text, quote=False)}</blockquote>") for one in waiting),
    ]
    if not waiting:
        lines.append(words("publication.objections_none"))
        return Message(Html("\n".join(lines)), ((open_button(words, item.id),),))
    lines.append(words("publication.objections_hint"))
    decide = (
        action_button(words, AREA, REOPEN, item.id),
        button(words, "publication.button_set_aside", Press(AREA, "set_aside", item.id, _digest(waiting)).pack()),
    )
    return Message(Html("\n".join(lines)), (decide, (open_button(words, item.id),)), protect=True)


@renders_for_staff(ObjectionsWait)
async def objections_wait(work: UnitOfWork, reader: StaffReader, notice: ObjectionsWait) -> Message | None:
    """Show a reviewer what waits; nothing once it is decided."""
    item = await item_seen(work, reader.who, notice.item_id)
    if not await waiting_objections(work, reader.who, item.id):
        return None
    return await objections_card(work, reader.words, reader.who, item)


# ---- setting them aside


def _digest(waiting: Sequence[WaitingObjection]) -> str:
    """Return what tells what is shown from whatever else waits: what nobody has seen is not set aside."""
    return short_digest("".join(one.id for one in waiting), 12)


async def _begin_set_aside(context: HandlerContext, who: Member, press: Press) -> Result:
    if press.arg != _digest(await waiting_objections(context.work, who, press.subject)):
        return Done(context.words("publication.more_objections"))
    return await forms.begin(context, who, SET_ASIDE, press.subject)


async def _may_set_aside(form: FormContext) -> None:
    if not await waiting_objections(form.context.work, form.who, form.subject_id):
        raise FormRefused(form.words("publication.objections_none"))


async def _ask_why(form: FormContext) -> Message:
    waiting = await waiting_objections(form.context.work, form.who, form.subject_id)
    form.answers["shown"] = [one.id for one in waiting]
    return Message(form.words("publication.why_set_aside", most=LONGEST_REASON), ((form.cancel,),))


async def _read_why(form: FormContext, entered: FormInput) -> str:
    return written(form, entered, LONGEST_REASON, "item.text_please")


async def _set_aside(form: FormContext) -> FormOutcome:
    await set_aside(form.context.work, form.who, form.subject_id, form.answers["reason"], form.answers.get("shown", []))
    more = await waiting_objections(form.context.work, form.who, form.subject_id)
    return FormOutcome(form.words("publication.done_set_aside"), card=bool(more))


SET_ASIDE = Form(
    "set_aside",
    (Step("reason", _ask_why, _read_why, is_reason=True),),
    check=_may_set_aside,
    send=_set_aside,
    too_late="publication.objections_none",
    area=AREA,
)
forms.register(SET_ASIDE)

REOPEN = Action(
    "reopen",
    immediately(reopen_item, "publication.done_reopen"),
    label="publication.button_reopen",
    transition="reopen",
)
ACTIONS = (REOPEN, Action("set_aside", _begin_set_aside, label="publication.button_set_aside"))


# ---- presses


async def card(context: HandlerContext, who: Member, item_id: str) -> Message | None:
    """Return the present card, if what is said against the result is theirs to read."""
    item = await context.work.session.get(RectificationItem, item_id)
    if item is None or not who.reviews(item):
        return None
    return await objections_card(context.work, context.words, who, item)


SUBJECT = register(
    Subject(
        AREA,
        (*ACTIONS, Action("open", open_card), Action("card", back_to_card)),
        too_late_or_not_entitled("item.press_too_late", "item.press_not_entitled"),
        card,
        stranger_key="item.press_stranger",
        unknown_key="item.press_unknown",
    )
)
