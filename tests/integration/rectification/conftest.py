"""The sample county with its staff enrolled, and what is queued to them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from models.base import coarse, random_id
from models.complaints import Case, Complaint
from models.delivery import OutboxRow
from models.desk import Desk
from models.rectification import RectificationItem, Reminder
from models.staff import Staff
from models.states import CaseState
from models.urgency import Urgency
from services.access.member import Member, member
from services.cases.case_log import open_case
from services.cases.clocks import keep_clocks
from services.outbox import outgoing_message
from services.rectification.item_file import item_file
from services.rectification.review_item import Tick, countersign
from services.rectification.unit_actions import Numbers, submit
from services.unit_of_work import UnitOfWork
from tests.accounts import give_account
from tests.conftest import OpenWork
from tests.deployment import ZONE
from tests.notices import args_of

SEEN = (Tick.SEEN,)
FIGURES = Numbers(households_done=1, households_total=1)  # evidence enough to be cleared


async def handed_in(work: UnitOfWork, item: RectificationItem, by: Member, text: str) -> None:
    """Hand an item in with all that clearing asks for."""
    await submit(work, by, item.id, [text], [], FIGURES)
    item.system_not_needed = "一次性的事"


async def signed(work: UnitOfWork, item: RectificationItem, staff_id: str) -> None:
    """Sign for the file of an item as it is."""
    await countersign(work, await who(work, staff_id), item.id, (await item_file(work, item)).short_digest)


def at(day: int, hour: int = 9, minute: int = 0, *, month: int = 11, year: int = 2026) -> datetime:
    """A moment of the county's clock."""
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


@dataclass(frozen=True)
class Queued:
    """One message that is queued to somebody."""

    staff_id: str
    kind: str
    args: dict[str, Any]
    not_before: datetime


async def queued(work: UnitOfWork, *kinds: str) -> list[Queued]:
    """Return what is queued to staff, in the order in which it was put down."""
    rows = await work.session.scalars(select(OutboxRow).order_by(OutboxRow.id))
    found = []
    for row in rows:
        assert row.args is not None
        outgoing, staff_id = outgoing_message(work.keyring, row), row.recipient.staff_id
        if staff_id is not None and (not kinds or outgoing.kind in kinds):
            found.append(Queued(staff_id, outgoing.kind, args_of(outgoing), row.not_before))
    return found


async def reminders(work: UnitOfWork) -> dict[str, dict[str, set[str]]]:
    """Return who has been noted for which stage of which item: {item: {stage: {staff}}}."""
    found: dict[str, dict[str, set[str]]] = {}
    for row in await work.session.scalars(select(Reminder)):
        found.setdefault(row.item_id, {}).setdefault(row.stage, set()).add(row.staff_id)
    return found


async def enrol(work: UnitOfWork, staff_ids: Collection[str]) -> None:
    """Give staff an account."""
    for number, staff in enumerate(await work.session.scalars(select(Staff).order_by(Staff.id))):
        if staff.id in staff_ids:
            await give_account(work.session, staff.id, 7_000_000_000 + number)


@pytest.fixture
def county(enrolled_county: None, open_work: OpenWork) -> OpenWork:
    """The sample county with everybody enrolled; opens works like `open_work`."""
    return open_work


async def who(work: UnitOfWork, staff_id: str) -> Member:
    """Look up a staff member."""
    return await member(work.session, staff_id)


async def a_verified_case(work: UnitOfWork, *, unit_id: str | None = "U1", hazard: bool = False, **facts: Any) -> Case:
    """Lay a case on the first team's desk, looked into and found true."""
    complaint = Complaint(round_id="R6", village_id="V01", receipt_digest=random_id(), received_at=coarse(work.now))
    work.session.add(complaint)
    await work.session.flush()
    case = Case(
        round_id="R6",
        desk=Desk.team("T1"),
        team_id="T1",
        unit_id=unit_id,
        village_id="V01",
        category="road",
        urgency=Urgency.DANGER if hazard else Urgency.NORMAL,
        **facts,
    )
    await open_case(work, case, complaint.id, "assign")
    case.state = CaseState.VERIFYING
    await keep_clocks(work, case)
    return case
