"""Dismissing a case: the form in which its owner proposes it, and the decision of whoever has it."""

from handlers import forms
from handlers.actions import Done, Result, button
from handlers.cases.labels import number
from handlers.cases.notices import about_case
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step
from handlers.notices import StaffReader, renders, renders_for_staff
from handlers.press import Press
from handlers.steps import reason_of
from models.complaints import Case
from models.dismissal import UNDO_DAYS, Dismissal, DismissalReason
from models.staff import Staff
from services.access.member import Member
from services.cases.actions import may_decide_on_dismissal
from services.cases.case_log import case_seen_by
from services.cases.deciders import NobodyMayDecide, keep_where_pressed
from services.cases.dismiss import (
    confirm_dismissal,
    decline_dismissal,
    may_propose,
    propose_dismissal,
    undo_dismissal,
    words_of,
)
from services.cases.notices import DismissalConfirmed, DismissalDeclined, DismissalProposed, DismissalUndone
from services.cases.read_case import NotRead
from services.delivery.reader import Reader
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Message, in_rows

SHORTEST_REASON, LONGEST_REASON = 2, 300  # characters
_read_words = reason_of(SHORTEST_REASON, LONGEST_REASON)
_CHOICES = tuple(reason for reason in DismissalReason if reason is not DismissalReason.OTHER)


async def _may_propose(form: FormContext) -> Case:
    try:
        return await may_propose(form.context.work, form.who, form.subject_id)
    except NotRead:
        raise FormRefused(form.words("team.read_first")) from None


async def _ask_why(form: FormContext) -> Message:
    case = await case_seen_by(form.context.work, form.who, form.subject_id)
    choices = [form.choice(form.words.plain(f"team.dismissal_{reason}"), reason.value) for reason in _CHOICES]
    text = form.words("team.why_dismiss", number=number(case), least=SHORTEST_REASON, most=LONGEST_REASON)
    return Message(text, (*in_rows(choices, 1), (form.cancel,)))


async def _read_why(form: FormContext, entered: FormInput) -> dict[str, str]:
    return {"reason": DismissalReason.OTHER.value, "words": await _read_words(form, entered)}


async def _choose_why(form: FormContext, value: str) -> dict[str, str]:
    if value not in {reason.value for reason in _CHOICES}:
        raise Rejected(form.words("team.press_unknown"))
    return {"reason": value, "words": ""}


async def _show_proposal(form: FormContext) -> Message:
    case = await case_seen_by(form.context.work, form.who, form.subject_id)
    given = form.answers["why"]
    reason = _reason(form.words, DismissalReason(given["reason"]), given["words"])
    return Message(form.words("team.look_at_dismissal", number=number(case), reason=reason, days=UNDO_DAYS))


async def _propose(form: FormContext) -> FormOutcome:
    given, work = form.answers["why"], form.context.work
    try:
        await propose_dismissal(work, form.who, form.subject_id, DismissalReason(given["reason"]), given["words"])
    except NotRead:
        raise FormRefused(form.words("team.read_first")) from None
    except NobodyMayDecide:
        raise FormRefused(form.words("team.nobody_may_decide")) from None
    return FormOutcome(form.words("team.done_propose_dismissal"), card=True)


DISMISS_CASE = Form(
    "dismiss_case",
    (Step("why", _ask_why, _read_why, _choose_why, is_reason=True),),
    check=_may_propose,
    preview=_show_proposal,
    send_label="team.send_dismissal",
    send=_propose,
    revise=lambda _form, _entered: "why",
    rewritten="team.answer_rewritten",
    too_late="team.too_late",
    area="case",
    card_when_cancelled=True,
)
forms.register(DISMISS_CASE)


async def confirm(context: HandlerContext, who: Member, press: Press) -> Result:
    """Dismiss a case as its owner proposed."""
    await keep_where_pressed(context.work, who, press.subject, context.update.message_id)
    await confirm_dismissal(context.work, who, press.subject)
    return Done(context.words("team.done_dismiss", days=UNDO_DAYS))


async def decline(context: HandlerContext, who: Member, press: Press) -> Result:
    """Let a case go on against its owner's proposal."""
    await keep_where_pressed(context.work, who, press.subject, context.update.message_id)
    await decline_dismissal(context.work, who, press.subject)
    return Done(context.words("team.done_decline"))


async def undo(context: HandlerContext, who: Member, press: Press) -> Result:
    """Open a dismissed case again."""
    await undo_dismissal(context.work, who, press.subject)
    return Done(context.words("team.done_undo_dismissal"))


async def dismissal_flag(work: UnitOfWork, words: Words, case: Case) -> Html | None:
    """Return what a member's card says of a dismissal that waits, or can be undone."""
    dismissal = case.dismissal
    if dismissal is None:
        return None
    if not dismissal.waits:
        return words("team.flag_dismissed", days=UNDO_DAYS)
    return words(
        "team.flag_dismissal",
        name=(await work.session.get_one(Staff, dismissal.by)).name,
        reason=_reason_of(work, words, case, dismissal),
        decider=words(f"staff.role_{dismissal.decider}"),
    )


@renders_for_staff(DismissalProposed)
async def dismissal_proposed(work: UnitOfWork, reader: StaffReader, notice: DismissalProposed) -> Message | None:
    case = await work.session.get(Case, notice.case_id)
    dismissal = case.dismissal if case else None
    if case is None or dismissal is None or not may_decide_on_dismissal(reader.who, case):
        return None
    words = reader.words
    text = words(
        "team.dismissal_proposal",
        name=(await work.session.get_one(Staff, dismissal.by)).name,
        number=number(case),
        reason=_reason_of(work, words, case, dismissal),
        days=UNDO_DAYS,
    )
    labels = {"dismiss": "team.action_confirm_dismissal", "decline_dismissal": "team.action_decline_dismissal"}
    labels |= {"open": "team.action_open"} if reader.who.reads(case) else {}
    buttons = [button(words, label, Press("case", name, case.id).pack()) for name, label in labels.items()]
    return Message(text, in_rows(buttons, 2), protect=True)


@renders(DismissalConfirmed)
async def dismissal_confirmed(work: UnitOfWork, reader: Reader, notice: DismissalConfirmed) -> Message | None:
    return await about_case(work, reader, notice, "team.was_dismissed")


@renders(DismissalDeclined)
async def dismissal_declined(work: UnitOfWork, reader: Reader, notice: DismissalDeclined) -> Message | None:
    return await about_case(work, reader, notice, "team.was_not_dismissed")


@renders(DismissalUndone)
async def dismissal_undone(work: UnitOfWork, reader: Reader, notice: DismissalUndone) -> Message | None:
    return await about_case(work, reader, notice, "team.was_undismissed")


def _reason_of(work: UnitOfWork, words: Words, case: Case, dismissal: Dismissal) -> Html:
    return _reason(words, dismissal.reason, words_of(work, case, dismissal, words.language))


def _reason(words: Words, reason: DismissalReason, own_words: str) -> Html:
    if reason is DismissalReason.OTHER:
        return words("team.dismissal_in_words", text=own_words)
    return words(f"team.dismissal_{reason}")
