"""What those who act for a department do with what was passed on to it: the table, and the card that is shown."""

from handlers.actions import (
    Action,
    Done,
    NothingDone,
    Replaced,
    Result,
    Subject,
    back,
    back_to_card,
    button,
    immediately,
    register,
    too_late_or_not_entitled,
)
from handlers.context import HandlerContext
from handlers.forms import with_form
from handlers.press import Press
from handlers.transfers.card import AREA, lead_card, number, transfer_card
from handlers.transfers.forms import REPORT_RESULT, SEND_BACK, TRANSFER_CASE
from models.extension import ExtensionReason
from models.states import NotEntitled
from models.transfers import LeadOutcome
from services.access.member import Member
from services.access.transfers import is_read_by
from services.cases.transfers import agree, ask_for_time, decline, give_outcome, may, open_transfer, sign
from services.delivery.opened import note_opened
from texts.message import Message, in_rows


async def _open(context: HandlerContext, who: Member, press: Press) -> Result:
    """Bring what was passed on to the end of the chat."""
    if await is_read_by(context.work.session, who, press.subject):
        await open_transfer(context.work, who, press.subject)
    elif (lead := await card(context, who, press.subject)) is not None:
        await context.show_card(AREA, press.subject, lead)
    else:
        raise NotEntitled
    await note_opened(context.work, who.id, AREA, press.subject)
    return Done(renew=False)


async def _ask_for_reason(context: HandlerContext, who: Member, press: Press) -> Result:
    """Ask why a department needs more time."""
    transfer = await may(context.work, who, press.subject, "ask_for_time")
    buttons = [
        button(context.words, f"team.extension_{reason}", Press(AREA, "ask_for_time", transfer.id, reason).pack())
        for reason in ExtensionReason
    ]
    text = context.words("transfer.why_longer", number=number(transfer))
    return Replaced(Message(text, in_rows([*buttons, back(context.words, AREA, "card", transfer.id)], 1)))


async def _ask_for_time(context: HandlerContext, who: Member, press: Press) -> Result:
    if press.arg not in list(ExtensionReason):
        return NothingDone(context.words("team.press_unknown"))
    await ask_for_time(context.work, who, press.subject, ExtensionReason(press.arg))
    return Done(context.words("transfer.done_ask_for_time"))


async def _ask_for_outcome(context: HandlerContext, who: Member, press: Press) -> Result:
    """Ask what became of a lead: a code, and nothing else."""
    transfer = await may(context.work, who, press.subject, "give_outcome")
    buttons = [
        button(context.words, f"transfer.outcome_{outcome}", Press(AREA, "give_outcome", transfer.id, outcome).pack())
        for outcome in LeadOutcome
    ]
    text = context.words("transfer.which_outcome", number=number(transfer))
    return Replaced(Message(text, in_rows([*buttons, back(context.words, AREA, "card", transfer.id)], 1)))


async def _give_outcome(context: HandlerContext, who: Member, press: Press) -> Result:
    if press.arg not in list(LeadOutcome):
        return NothingDone(context.words("team.press_unknown"))
    await give_outcome(context.work, who, press.subject, LeadOutcome(press.arg))
    return Replaced(Message(context.words("transfer.done_give_outcome")))


async def _agree(context: HandlerContext, who: Member, press: Press) -> Result:
    await agree(context.work, who, press.subject)
    return Replaced(Message(context.words("transfer.done_approve")))


async def _decline(context: HandlerContext, who: Member, press: Press) -> Result:
    await decline(context.work, who, press.subject)
    return Replaced(Message(context.words("transfer.done_decline")))


# In the order of a card's buttons. A row with a label has one there while its transition is possible.
ACTIONS = (
    Action("sign", immediately(sign, "transfer.done_sign"), label="transfer.action_sign", transition="sign"),
    Action("report", with_form(REPORT_RESULT), label="transfer.action_report", transition="report"),
    Action("send_back", with_form(SEND_BACK), label="transfer.action_send_back", transition="send_back"),
    Action(
        "ask_for_time",
        _ask_for_time,
        label="transfer.action_ask_for_time",
        begins="reasons",
        transition="ask_for_time",
    ),
    Action(
        "give_outcome",
        _give_outcome,
        label="transfer.action_give_outcome",
        begins="outcomes",
        transition="give_outcome",
    ),
    Action("approve", _agree, label="transfer.action_approve", transition="approve"),
    Action("decline", _decline, label="transfer.action_decline", transition="decline"),
    Action("outcomes", _ask_for_outcome),
    Action("reasons", _ask_for_reason),
    Action("transfer", with_form(TRANSFER_CASE)),
    Action("open", _open),
    Action("card", back_to_card),
)


async def card(context: HandlerContext, who: Member, transfer_id: str) -> Message | None:
    """Return the present card, if it is with their department, or theirs to agree to."""
    for show in (transfer_card, lead_card):
        try:
            return await show(context.work, context.words, who, transfer_id, ACTIONS)
        except NotEntitled:
            continue
    return None


SUBJECT = register(
    Subject(
        AREA,
        ACTIONS,
        too_late_or_not_entitled("transfer.too_late", "transfer.not_with_you"),
        card,
        stranger_key="item.press_stranger",
        unknown_key="item.press_unknown",
    )
)
