"""Bulletins (通报): /bulletins with what one may be written of, the draft, and who is told it."""

from handlers import forms
from handlers.actions import (
    Action,
    Done,
    Replaced,
    Result,
    action_button,
    immediately,
)
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormOutcome, Step, with_form
from handlers.items.labels import number, unit_name
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from handlers.registers import page_turner, register_page, register_records
from handlers.steps import words_of_at_most
from models.bulletins import BulletinGround
from models.states import BULLETIN, BulletinState
from services.access.member import Member
from services.cases.dialogue import ContainsContact
from services.talks import bulletins
from services.talks.bulletins import LONGEST_BULLETIN, BulletinSeen, bulletin_seen
from services.talks.notices import BulletinDrafted, BulletinSent
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Button, Message, in_rows

AREA = "bulletin"


async def _ask_text(form: FormContext) -> Message:
    seen = await bulletins.may(form.context.work, form.who, form.subject_id, "edit")
    text = form.words("talk.bulletin_prompt", most=LONGEST_BULLETIN, text=seen.bulletin.text)
    return Message(text, ((form.cancel,),))


async def _edit(form: FormContext) -> FormOutcome:
    await bulletins.edit(form.context.work, form.who, form.subject_id, form.answers["text"])
    return FormOutcome(form.words("talk.bulletin_done_edit"), card=True)


EDIT = Form(
    "bulletin_edit",
    (Step("text", _ask_text, words_of_at_most(LONGEST_BULLETIN)),),
    check=lambda form: bulletins.may(form.context.work, form.who, form.subject_id, "edit"),
    send=_edit,
    refusals={ContainsContact: "transfer.contains_contact"},
    too_late="talk.bulletin_too_late",
    area=AREA,
    card_when_cancelled=True,
)
forms.register(EDIT)


async def _draft(context: HandlerContext, who: Member, press: Press) -> Result:
    """Draft a bulletin about an item, and show it."""
    ground = BulletinGround(press.arg) if press.arg in list(BulletinGround) else BulletinGround.BY_HAND
    bulletin = await bulletins.draft_by_hand(context.work, who, press.subject, ground)
    shown = await bulletin_card(context.work, context.words, who, bulletin.id)
    await context.show_card(AREA, bulletin.id, shown)
    return Done(renew=False)


async def _look_at_all(context: HandlerContext, who: Member, press: Press) -> Result:
    """Ask once more before a bulletin goes to the heads of all units."""
    seen = await bulletins.may(context.work, who, press.subject, "send_to_all")
    text = context.words("talk.bulletin_sure", text=seen.bulletin.text)
    yes = Button(context.words.plain("talk.bulletin_yes"), Press(AREA, "send_to_all", press.subject).pack())
    back_button = Button(context.words.plain("team.back"), Press(AREA, "card", press.subject).pack())
    return Replaced(Message(text, ((yes, back_button),), protect=True))


ACTIONS = (
    Action("edit", with_form(EDIT), label="talk.bulletin_action_edit", transition="edit"),
    Action(
        "send_to_unit",
        immediately(bulletins.send_to_unit, "talk.bulletin_done_send"),
        label="talk.bulletin_action_send_to_unit",
        transition="send_to_unit",
    ),
    Action(
        "send_to_all",
        immediately(bulletins.send_to_all, "talk.bulletin_done_send"),
        label="talk.bulletin_action_send_to_all",
        begins="look_at_all",
        transition="send_to_all",
    ),
    Action(
        "discard",
        immediately(bulletins.discard, "talk.bulletin_done_discard"),
        label="talk.bulletin_action_discard",
        transition="discard",
    ),
    Action("look_at_all", _look_at_all),
    Action("draft", _draft),
)


def offered(seen: BulletinSeen) -> list[Action]:
    """Return the actions that have a button on somebody's card of a bulletin."""
    possible = set(BULLETIN.actions(seen.bulletin.state, seen.actors))
    possible -= {"send_to_all"} if seen.item.desk is not None else set()
    return [action for action in ACTIONS if action.label and action.transition in possible]


async def bulletin_card(work: UnitOfWork, words: Words, who: Member, bulletin_id: str, heading: str = "") -> Message:
    """Return a bulletin as somebody may read it now, with what they can do. Raises NotEntitled."""
    seen = await bulletin_seen(work, who, bulletin_id)
    lines = [words(heading)] if heading else []
    if seen.bulletin.state is not BulletinState.SENT or seen.actors:
        lines.append(await _line(work, words, seen))
    lines.append(words("talk.bulletin_text", text=seen.bulletin.text))
    rows = in_rows([action_button(words, AREA, action, bulletin_id) for action in offered(seen)], 2)
    if seen.actors and seen.bulletin.ground is BulletinGround.RED and seen.bulletin.state is BulletinState.DRAFT:
        visit = Button(words.plain("talk.action_visit"), Press("task", "visit", seen.item.id).pack())
        rows += ((visit,),)
    return Message(Html("\n".join(lines)), rows, protect=True)


async def _line(work: UnitOfWork, words: Words, seen: BulletinSeen) -> Html:
    return words(
        "talk.bulletin_line",
        number=number(seen.item),
        unit=await unit_name(work, seen.item),
        ground=words(f"talk.bulletin_for_{seen.bulletin.ground}"),
        state=words(f"talk.bulletin_state_{seen.bulletin.state}"),
        day=day(words, seen.bulletin.decided_on or seen.bulletin.made_on, work.today),
    )


@command("bulletins")
async def show_bulletins(context: HandlerContext, who: Member) -> None:
    """List the drafts and what a bulletin may be written of, for the office; for others what was sent to them."""
    await context.say(await _page(context, who))
    found = await bulletins.candidates(context.work, who)
    if not found:
        return
    words, lines, buttons = context.words, [context.words("talk.bulletin_candidates")], []
    for one in found:
        unit = await unit_name(context.work, one.item)
        ground = words(f"talk.bulletin_for_{one.ground}")
        lines.append(words("talk.bulletin_candidate", number=number(one.item), unit=unit, ground=ground))
        buttons.append(Button(one.item.id, Press(AREA, "draft", one.item.id, one.ground).pack()))
    await context.say(Message(Html("\n".join(lines)), in_rows(buttons, 3), protect=True))


async def _page(context: HandlerContext, who: Member, after: str | None = None) -> Message:
    page = await bulletins.bulletins(context.work, who, after)
    lines = []
    for bulletin in page.rows:
        seen = await bulletin_seen(context.work, who, bulletin.id)
        lines.append((await _line(context.work, context.words, seen), bulletin.id))
    if not lines:
        return Message(context.words("talk.bulletins_none"))
    heading = "talk.bulletins_drafted" if who.is_office else "talk.bulletins_sent"
    return register_page(context.words, AREA, context.words(heading), lines, page.more_after, protect=True)


SUBJECT = register_records(
    AREA, ACTIONS, bulletin_card, page_turner(_page), too_late="talk.bulletin_too_late", not_yours="talk.not_yours"
)


@renders_for_staff(BulletinDrafted)
async def bulletin_drafted(work: UnitOfWork, reader: StaffReader, notice: BulletinDrafted) -> Message | None:
    """Show a director the draft of a bulletin; nothing once it was sent or discarded."""
    seen = await bulletin_seen(work, reader.who, notice.bulletin_id)
    if seen.bulletin.state is not BulletinState.DRAFT:
        return None
    return await bulletin_card(work, reader.words, reader.who, notice.bulletin_id, "talk.told_drafted")


@renders_for_staff(BulletinSent)
async def bulletin_sent(work: UnitOfWork, reader: StaffReader, notice: BulletinSent) -> Message | None:
    """Tell a bulletin to whoever it is for."""
    return await bulletin_card(work, reader.words, reader.who, notice.bulletin_id, "talk.told_bulletin")
