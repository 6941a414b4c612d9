"""Not accepting a case: a reason, another door, and the leader's word."""

from collections.abc import Mapping
from typing import Any

from telegram import CallbackQuery

from handlers.cases.card import in_twos
from handlers.cases.labels import button, number, plain
from handlers.cases.presses import on_case, renew, show_menu
from handlers.context import HandlerContext
from handlers.notices import Reader, renders
from handlers.press import Press
from models.complaints import Case
from models.staff import Staff
from models.states import Actor
from services.access.member import Member, member
from services.cases.case_log import case_seen_by
from services.cases.decide import Reason, Referral, Refusal, confirm_refusal, decline_refusal, proposed_refusal, refuse
from services.unit_of_work import UnitOfWork
from texts.message import Message


@on_case("reasons")
async def press_refuse(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    """Ask why a case is not accepted."""
    case = await case_seen_by(turn.work, who, press.subject)
    buttons = [
        button(turn.words, f"team.reason_{reason}", Press("case", "doors", case.id, reason).pack()) for reason in Reason
    ]
    buttons.append(button(turn.words, "team.back", Press("case", "card", case.id).pack()))
    await show_menu(turn, query, Message(turn.words("team.why_not", number=number(case)), in_twos(buttons)))


@on_case("doors")
async def press_reason(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    """Ask where the reporter should go instead."""
    case = await case_seen_by(turn.work, who, press.subject)
    if press.arg not in list(Reason):
        turn.toast(query, plain(turn.words("team.press_unknown")), alert=True)
        return
    buttons = [
        button(turn.words, f"team.door_{door}", Press("case", "refuse", case.id, f"{press.arg}-{door}").pack())
        for door in Referral
    ]
    buttons.append(button(turn.words, "team.back", Press("case", "reasons", case.id).pack()))
    reason = turn.words(f"team.reason_{press.arg}")
    await show_menu(
        turn, query, Message(turn.words("team.where_else", number=number(case), reason=reason), in_twos(buttons))
    )


@on_case("refuse")
async def press_door(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    try:
        reason, door = press.arg.split("-")
        refusal = Refusal(Reason(reason), Referral(door))
    except ValueError:
        turn.toast(query, plain(turn.words("team.press_unknown")), alert=True)
        return
    final = await refuse(turn.work, who, press.subject, refusal)
    turn.toast(query, plain(turn.words("team.done_refuse" if final else "team.done_propose")))
    await renew(turn, who, query, press.subject)


@on_case("confirm_refusal")
async def press_confirm(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    await confirm_refusal(turn.work, who, press.subject)
    turn.toast(query, plain(turn.words("team.done_refuse")))
    await renew(turn, who, query, press.subject)


@on_case("decline_refusal")
async def press_decline(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    await decline_refusal(turn.work, who, press.subject)
    turn.toast(query, plain(turn.words("team.done_decline")))
    await renew(turn, who, query, press.subject)


@renders("case_proposal")
async def case_proposal(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    case = await work.session.get(Case, args["case_id"])
    proposed = proposed_refusal(case) if case else None
    if case is None or proposed is None or reader.staff_id is None:
        return None
    if Actor.TEAM_LEADER not in (await member(work.session, reader.staff_id)).actors_at(case):
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
            door=words(f"team.door_{refusal.door}"),
        ),
        in_twos([button(words, f"team.action_{action}", Press("case", action, case.id).pack()) for action in actions]),
    )
