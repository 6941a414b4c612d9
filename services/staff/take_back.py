"""Takes back what lies on somebody's phone and can still be deleted there."""

from sqlalchemy import select, update

from models.delivery import OutboxRow, OutboxState, SentMessage
from models.staff import Staff
from services.outbox import Order
from services.work import Work


async def take_back_texts(work: Work, staff_id: str) -> None:
    """Owe now the deletion of the texts somebody has opened; it would come within a day by itself."""
    await work.session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.recipient == f"staff:{staff_id}",
            OutboxRow.kind == "delete",
            OutboxRow.state == OutboxState.QUEUED,
        )
        .values(not_before=work.now)
    )


async def take_back_all(work: Work, staff: Staff) -> None:
    """Owe the deletion of the cards in somebody's chat as well, while it is still known where that is."""
    await take_back_texts(work, staff.id)
    if staff.telegram_id is None:
        return
    for message in list(
        await work.session.scalars(select(SentMessage).where(SentMessage.chat_id == staff.telegram_id))
    ):
        await work.outbox.to_chat(staff.telegram_id, Order("delete", {"message_id": message.message_id}))
        await work.session.delete(message)
    await work.session.flush()
