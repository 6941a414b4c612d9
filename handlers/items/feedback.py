"""/feedback: when units were told the findings of a round (反馈), who was there, and that their heads signed for it."""

from datetime import date

from handlers import forms
from handlers.actions import Action, action_button, button, immediately
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormOutcome, FormRefused, with_form
from handlers.named_step import unit_step
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from handlers.registers import page_turner, register_page, register_records
from handlers.steps import option_step, recent_day_step, text_step
from models.feedback import FeedbackKind
from models.rounds import Unit
from models.states import FEEDBACK, FeedbackState
from services.access.member import Member
from services.rectification.feedback import (
    LONGEST_ATTENDED,
    DayOutside,
    NoRound,
    ToldBefore,
    actors_at,
    feedback_of,
    feedback_seen,
    has_to_do_with_feedback,
    may_record_any,
    record_feedback,
    sign,
    take_back,
)
from services.rectification.issue_item import units_to_order
from services.rectification.notices import FeedbackGiven, FeedbackLate, FeedbackNotice, FeedbackSigned
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Message

AREA = "feedback"


# ---- it is written down


async def _may_record(form: FormContext) -> None:
    if not may_record_any(form.who):
        raise FormRefused(form.words("office.not_entitled"))


async def _units_named(form: FormContext, named: str) -> list[Unit]:
    return await units_to_order(form.context.work, form.who, named)


async def _which_unit(form: FormContext) -> Html:
    return form.words("feedback.unit_prompt")


async def _show(form: FormContext) -> Message:
    answers, known = form.answers, await form.context.work.directory()
    text = form.words(
        "feedback.preview",
        unit=known.units[answers["unit"]].name,
        kind=form.words.plain(f"feedback.kind_{answers['kind']}"),
        day=day(form.words, date.fromisoformat(answers["day"]), form.context.work.today),
        attended=answers["attended"],
    )
    return Message(text)


async def _record(form: FormContext) -> FormOutcome:
    answers = form.answers
    held_on, kind = date.fromisoformat(answers["day"]), FeedbackKind(answers["kind"])
    work = form.context.work
    try:
        meeting = await record_feedback(work, form.who, answers["unit"], kind, held_on, answers["attended"])
    except NoRound:
        raise FormRefused(form.words("feedback.no_round")) from None
    except ToldBefore:
        raise FormRefused(form.words("feedback.told_before")) from None
    return FormOutcome(form.words("feedback.recorded"), card=True, subject=meeting.id)


RECORD = Form(
    "record_feedback",
    (
        unit_step(_units_named, _which_unit, "office.unit_not_found"),
        option_step("kind", FeedbackKind, "feedback.kind", "feedback.kind_prompt"),
        recent_day_step("day", "feedback.day_prompt", "feedback.day_please"),
        text_step("attended", "feedback.attended_prompt", LONGEST_ATTENDED),
    ),
    check=_may_record,
    preview=_show,
    send_label="feedback.send",
    send=_record,
    refusals={DayOutside: "feedback.day_please"},
    revise=lambda _form, _entered: "attended",
    too_late="feedback.too_late",
    area=AREA,
)
forms.register(RECORD)


# ---- the register and the card


@command("feedback")
async def show_feedback(context: HandlerContext, who: Member) -> None:
    """List when units were told the findings: one's own unit, or those that one has to do with."""
    await context.say(await _page(context, who) or Message(context.words("feedback.not_yours")))


async def _page(context: HandlerContext, who: Member, after: str | None = None) -> Message | None:
    if not has_to_do_with_feedback(who):
        return None
    words, known, today = context.words, await context.work.directory(), context.work.today
    found, more_after = await feedback_of(context.work, who, after)
    lines = [
        (
            words(
                "feedback.line",
                unit=known.units[one.unit_id].name,
                kind=words.plain(f"feedback.kind_{one.kind}"),
                day=day(words, one.held_on, today),
                state=words.plain(f"feedback.state_{one.state}"),
            ),
            one.id,
        )
        for one in found
    ]
    heading = words("feedback.list" if lines else "feedback.list_empty")
    begin = [button(words, "feedback.button_record", Press(AREA, "record").pack())] if may_record_any(who) else []
    return register_page(words, AREA, heading, lines, more_after, *begin)


ACTIONS = (
    Action("sign", immediately(sign, "feedback.done_sign"), label="feedback.action_sign", transition="sign"),
    Action(
        "take_back",
        immediately(take_back, "feedback.done_take_back"),
        label="feedback.action_take_back",
        transition="take_back",
    ),
    Action("record", with_form(RECORD)),
)


async def feedback_card(work: UnitOfWork, words: Words, who: Member, meeting_id: str) -> Message:
    """Return when and before whom a unit was told the findings, and whether its head signed. Raises NotEntitled."""
    meeting = await feedback_seen(work, who, meeting_id)
    known = await work.directory()
    lines = [
        words(
            "feedback.title",
            unit=known.units[meeting.unit_id].name,
            kind=words.plain(f"feedback.kind_{meeting.kind}"),
        ),
        words(
            "feedback.held",
            round=known.rounds[meeting.round_id].name,
            day=day(words, meeting.held_on, work.today),
            attended=meeting.attended,
        ),
    ]
    if meeting.signed_by is not None and meeting.signed_at is not None:
        signed_on = day(words, meeting.signed_at.astimezone(work.zone).date(), work.today)
        lines.append(words("feedback.signed", name=known.names[meeting.signed_by], day=signed_on))
    elif meeting.state is FeedbackState.RECORDED:
        lines.append(words("feedback.sign_until", day=day(words, meeting.due_on, work.today)))
    else:
        lines.append(words(f"feedback.is_{meeting.state}"))
    possible = FEEDBACK.actions(meeting.state, actors_at(known, who, meeting))
    rows = tuple((action_button(words, AREA, one, meeting.id),) for one in ACTIONS if one.transition in possible)
    return Message(Html("\n".join(lines)), rows)


SUBJECT = register_records(
    AREA, ACTIONS, feedback_card, page_turner(_page), too_late="feedback.too_late", not_yours="feedback.not_yours"
)


# ---- notices


@renders_for_staff(FeedbackGiven)
async def feedback_given(work: UnitOfWork, reader: StaffReader, notice: FeedbackGiven) -> Message | None:
    """Tell a unit that its feedback is written down; nothing once that was taken back."""
    meeting = await feedback_seen(work, reader.who, notice.meeting_id)
    is_there = meeting.state is not FeedbackState.TAKEN_BACK
    return await _told(work, reader, notice, "feedback.told_given") if is_there else None


@renders_for_staff(FeedbackSigned)
async def feedback_signed(work: UnitOfWork, reader: StaffReader, notice: FeedbackSigned) -> Message | None:
    return await _told(work, reader, notice, "feedback.told_signed")


@renders_for_staff(FeedbackLate)
async def feedback_late(work: UnitOfWork, reader: StaffReader, notice: FeedbackLate) -> Message | None:
    """Tell that nobody has signed in time; nothing once somebody has."""
    meeting = await feedback_seen(work, reader.who, notice.meeting_id)
    waits = meeting.state is FeedbackState.RECORDED
    return await _told(work, reader, notice, "feedback.told_late") if waits else None


async def _told(work: UnitOfWork, reader: StaffReader, notice: FeedbackNotice, key: str) -> Message:
    shown = await feedback_card(work, reader.words, reader.who, notice.meeting_id)
    return shown.below(reader.words(key))
