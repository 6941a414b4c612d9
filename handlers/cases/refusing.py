"""Refusing a case: the reason, the referral, and the leader's decision on a proposal."""

from handlers.actions import Done, NothingDone, Replaced, Result, back, button
from handlers.cases.labels import number
from handlers.context import HandlerContext
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from models.complaints import Case
from models.staff import Staff
from models.states import Actor
from services.access.member import Member
from services.cases.case_log import case_seen_by
from services.cases.decide import (
    Referral,
    Refusal,
    RefusalReason,
    confirm_refusal,
    decline_refusal,
    proposed_refusal,
    refuse,
)
from services.cases.notices import RefusalProposed
from services.unit_of_work import UnitOfWork
from texts.message import Message, in_rows


async def ask_reason(context: HandlerContext, who: Member, press: Press) -> Result:
    """Ask why a case is not accepted."""
    case = await case_seen_by(context.work, who, press.subject)
    buttons = [
        button(context.words, f"team.reason_{reason}", Press("case", "referrals", case.id, reason).pack())
        for reason in RefusalReason
    ]
    buttons.append(back(context.words, "case", "card", case.id))
    return Replaced(Message(context.words("team.why_not", number=number(case)), in_rows(buttons, 2)))


async def ask_referral(context: HandlerContext, who: Member, press: Press) -> Result:
    """Ask where the reporter should go instead."""
    case = await case_seen_by(context.work, who, press.subject)
    if press.arg not in list(RefusalReason):
        return NothingDone(context.words("team.press_unknown"))
    buttons = [
        button(
            context.words,
            f"team.referral_{referral}",
            Press("case", "refuse", case.id, f"{press.arg}-{referral}").pack(),
        )
        for referral in Referral
    ]
    buttons.append(back(context.words, "case", "reasons", case.id))
    reason = context.words(f"team.reason_{press.arg}")
    text = context.words("team.where_else", number=number(case), reason=reason)
    return Replaced(Message(text, in_rows(buttons, 2)))


async def refuse_case(context: HandlerContext, who: Member, press: Press) -> Result:
    """Not accept a case: finally, or as a proposal to the leader."""
    try:
        reason, referral = press.arg.split("-")
        refusal = Refusal(RefusalReason(reason), Referral(referral))
    except ValueError:
        return NothingDone(context.words("team.press_unknown"))
    final = await refuse(context.work, who, press.subject, refusal)
    return Done(context.words("team.done_refuse" if final else "team.done_propose"))


async def confirm(context: HandlerContext, who: Member, press: Press) -> Result:
    """Confirm a member's proposal to refuse a case."""
    await confirm_refusal(context.work, who, press.subject)
    return Done(context.words("team.done_refuse"))


async def decline(context: HandlerContext, who: Member, press: Press) -> Result:
    """Decline a member's proposal to refuse a case."""
    await decline_refusal(context.work, who, press.subject)
    return Done(context.words("team.done_decline"))


@renders_for_staff(RefusalProposed)
async def refusal_proposed(work: UnitOfWork, reader: StaffReader, notice: RefusalProposed) -> Message | None:
    case = await work.session.get(Case, notice.case_id)
    proposed = proposed_refusal(case) if case else None
    if case is None or proposed is None or Actor.TEAM_LEADER not in reader.who.actors_at(case):
        return None
    refusal, by = proposed
    words = reader.words
    actions = ("confirm_refusal", "decline_refusal", "open")
    return Message(
        words(
            "team.proposal",
            name=(await work.session.get_one(Staff, by)).name,
            number=number(case),
            reason=words(f"team.reason_{refusal.reason}"),
            referral=words(f"team.referral_{refusal.referral}"),
        ),
        in_rows(
            [button(words, f"team.action_{action}", Press("case", action, case.id).pack()) for action in actions], 2
        ),
    )
