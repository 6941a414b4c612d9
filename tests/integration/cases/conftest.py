"""The sample county, and cases laid on its desks."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from handlers.router import route  # noqa: F401 (importing the handlers registers their notices)
from media.kinds import Cleaned, FileKind
from models.base import coarse, random_id
from models.complaints import Author, Case, CaseEvent, Complaint, ComplaintMessage, MessageKind
from models.delivery import OutboxRow
from models.desk import Desk
from models.states import CLOSED_CASES, CaseState
from models.urgency import Urgency
from services.access.member import Member
from services.cases.case_log import open_case
from services.cases.clocks import keep_clocks
from services.cases.queues import Backlog, Counts, counts_and_backlog
from services.outbox import OutgoingMessage, outgoing_message
from services.sealed_messages import seal_message
from services.unit_of_work import UnitOfWork
from tests.conftest import NOW, OpenWork
from tests.notices import rendered_for
from texts.message import Message


@pytest.fixture
def county(enrolled_county: None, open_work: OpenWork) -> OpenWork:
    """The sample county with everybody enrolled; opens works like `open_work`."""
    return open_work


_FIRST_TEAMS_DESK = Desk.team("T1")


async def lay(
    work: UnitOfWork,
    *texts: str,
    desk: Desk = _FIRST_TEAMS_DESK,
    team: str | None = "T1",
    unit: str | None = "U1",
    village: str | None = "V01",
    state: CaseState = CaseState.ASSIGNED,
    photos: Sequence[bytes] = (),
    hazard: bool = False,
    urgency: Urgency | None = None,
    shut_out: Collection[str] = (),
    came: datetime = NOW,
    category: str = "road",
    **more: Any,
) -> Case:
    """Lay a case on a desk, with what its reporter said."""
    complaint = Complaint(
        id=random_id(), round_id="R6", village_id=village, receipt_digest=random_id(), received_at=coarse(came)
    )
    work.session.add(complaint)
    await work.session.flush()
    key = work.keyring.complaint_key("R6", complaint.id)
    said: list[tuple[str, Cleaned | None]] = [(text, None) for text in texts]
    said += [("", Cleaned(FileKind.PHOTO, photo)) for photo in photos]
    for position, (text, photo) in enumerate(said):
        message_id = random_id()
        work.session.add(
            ComplaintMessage(
                id=message_id,
                complaint_id=complaint.id,
                position=position,
                author=Author.REPORTER,
                kind=MessageKind.PHOTO if photo else MessageKind.TEXT,
                sent_at=coarse(came),
                sealed=await seal_message(work, key, message_id, text, photo),
            )
        )
    case = Case(
        round_id="R6",
        desk=desk,
        team_id=team,
        unit_id=unit,
        village_id=village,
        category=category,
        urgency=urgency or (Urgency.DANGER if hazard else Urgency.NORMAL),
        **more,
    )
    now, work.now = work.now, came
    await open_case(work, case, complaint.id, "assign", shut_out=shut_out)
    case.state, case.is_open = state, state not in CLOSED_CASES
    await keep_clocks(work, case)
    work.now = now
    return case


async def queued(work: UnitOfWork) -> list[tuple[str, OutgoingMessage]]:
    """Return what is queued, to whom, in the order in which it was put down."""
    rows = await work.session.scalars(select(OutboxRow).order_by(OutboxRow.id))
    return [(str(row.recipient), outgoing_message(work.keyring, row)) for row in rows if row.args]


async def queued_for(work: UnitOfWork, recipient: str, *kinds: str) -> list[OutgoingMessage]:
    """Return what is queued to one recipient."""
    return [
        outgoing for name, outgoing in await queued(work) if name == recipient and (not kinds or outgoing.kind in kinds)
    ]


async def rendered(
    work: UnitOfWork, recipient: str, outgoing: OutgoingMessage, language: str = "zh_Hans"
) -> Message | None:
    """Return what would be sent for an outgoing message now."""
    return await rendered_for(work, recipient, outgoing.content, language)


async def events_of(work: UnitOfWork, case: Case) -> list[str]:
    """Return what has happened to a case, in its order."""
    query = select(CaseEvent.event).where(CaseEvent.case_id == case.id).order_by(CaseEvent.version)
    return list(await work.session.scalars(query))


def labels(message: Message) -> Collection[str]:
    """Return the labels of a message's buttons."""
    return [button.label for row in message.buttons for button in row]


def picture() -> bytes:
    """Return a small JPEG."""
    import io

    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(drawn, "JPEG")
    return drawn.getvalue()


async def counts(work: UnitOfWork, who: Member) -> Counts:
    """Return how much lies on a member's desks."""
    return (await counts_and_backlog(work, who))[0]


async def backlog(work: UnitOfWork, who: Member) -> list[Backlog]:
    """Return what lies on every team's desk, as the director is told."""
    return (await counts_and_backlog(work, who))[1]
