"""What was passed on to a department, as those read it who act for it there."""

from html import escape

from handlers.actions import Action, action_button
from handlers.cases.labels import category
from models.states import TRANSFER, Actor, TransferState
from models.transfers import Transfer
from services.access.member import Member
from services.cases.transfers import Received, proposed_lead, received
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Message, in_rows

AREA = "transfer"


def number(transfer: Transfer) -> str:
    """Return what a department calls it: nothing in it leads to the number of the case."""
    return f"YJ{transfer.id[:6].upper()}"


async def transfer_card(
    work: UnitOfWork, words: Words, who: Member, transfer_id: str, actions: tuple[Action, ...]
) -> Message:
    """Return the card of a transfer with what can be done about it now. Raises NotEntitled."""
    shown = await received(work, who, transfer_id)
    possible = TRANSFER.actions(shown.transfer.state, {Actor.RECEIVING_DEPARTMENT})
    hidden = {
        *(["send_back"] if work.today > shown.transfer.return_until else []),
        *(["ask_for_time"] if shown.is_extended else []),
        *(["report", "ask_for_time"] if shown.transfer.is_lead else ["give_outcome"]),
    }
    buttons = [
        action_button(words, AREA, action, transfer_id)
        for action in actions
        if action.label and action.transition in possible and action.name not in hidden
    ]
    text = transfer_text(work, words, shown)
    if shown.transfer.is_lead:
        text = Html(f"{words('transfer.sealed')}\n{text}")
    return Message(Html(f"{text}\n\n{words('transfer.hint')}"), in_rows(buttons, 2), protect=True)


async def lead_card(
    work: UnitOfWork, words: Words, who: Member, transfer_id: str, actions: tuple[Action, ...]
) -> Message:
    """Return what somebody agrees to: that a lead goes to the discipline organ, without its summary.

    Raises NotEntitled.
    """
    lead, case = await proposed_lead(work, who, transfer_id)
    known = await work.directory()
    text = words(
        "transfer.lead_to_agree",
        number=number(lead),
        round=known.rounds[case.round_id].name,
        department=known.departments[lead.department_id].name,
        name=known.names[lead.by_id],
        category=category(words, known.category(case.category)),
    )
    buttons = [
        action_button(words, AREA, action, transfer_id) for action in actions if action.name in ("approve", "decline")
    ]
    return Message(text, (tuple(buttons),), protect=True)


def transfer_text(work: UnitOfWork, words: Words, shown: Received) -> Html:
    """Return a transfer as the department reads it."""
    transfer = shown.transfer
    lines = [
        words("transfer.title", number=number(transfer) if transfer.id else words("transfer.number_to_come")),
        words("transfer.line_from", round=shown.round_name, department=shown.department),
        words("transfer.line_category", category=category(words, shown.category)),
        words("transfer.line_sent", day=day(words, transfer.sent_at.astimezone(work.zone).date(), work.today)),
    ]
    if work.today <= transfer.return_until:
        lines.append(words("transfer.line_return", day=day(words, transfer.return_until, work.today)))
    if shown.due_at is not None:
        key = "transfer.line_answer" if transfer.state is TransferState.SIGNED else "transfer.line_sign"
        lines.append(words(key, day=day(words, shown.last_day(work.zone), work.today)))
    lines.append(Html(f"<blockquote>{escape(shown.summary, quote=False)}</blockquote>"))
    return Html("\n".join(lines))
