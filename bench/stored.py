"""What a run has left in the database, to be compared with what its residents were shown."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from models.complaints import CaseComplaint, Complaint
from models.database import Database
from models.delivery import FailedUpdate, OutboxRow, OutboxState


@dataclass(frozen=True)
class Stored:
    """What is there of complaints, and what was given up."""

    complaints: Counter[str]  # by the digest of their receipt
    doubled: int  # complaints beside the first of a receipt, and cases beside the first of a complaint
    set_aside: int  # updates
    dead: int  # messages


async def stored_in(database: Database) -> Stored:
    """Count what a database holds."""
    set_aside = select(func.count()).where(FailedUpdate.set_aside_at.is_not(None))
    dead = select(func.count()).where(OutboxRow.state == OutboxState.DEAD)
    async with database.reading() as session:
        complaints = Counter(await session.scalars(select(Complaint.receipt_digest)))
        cases = Counter(await session.scalars(select(CaseComplaint.complaint_id)))
        return Stored(
            complaints,
            doubled=sum(number - 1 for number in (*complaints.values(), *cases.values())),
            set_aside=await session.scalar(set_aside) or 0,
            dead=await session.scalar(dead) or 0,
        )
