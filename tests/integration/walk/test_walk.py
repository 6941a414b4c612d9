"""Whole complaints, on phones and on pages: each comes to its end, and everybody sees what they may and no more."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from models.complaints import Case, CaseComplaint, Complaint
from models.states import CLOSED_CASES
from privacy.receipt import Receipt, digest, read_receipt
from services.cases.unanswered import unanswered
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.walk.doors import ByPage, ByPhone, Door
from tests.integration.walk.table import ASKS_FOR_NAMES, COUNTY, HARDER, OF_THE_SAMPLE, STAFF, S, Walk
from tests.integration.web.conftest import OpenBrowser

LEADERS = {"P05", "P08", "P11", "P03"}
DIRECTORS = {"P03"}
_TOLD_OF_TEAMS = {"teams_up"}  # what they can do with a case of a team's, of which they know only that it is there


async def case_of(deployment: Deployment, code: str) -> Case:
    receipt = read_receipt(code)
    assert isinstance(receipt, Receipt)
    query = (
        select(Case)
        .join(CaseComplaint, CaseComplaint.case_id == Case.id)
        .join(Complaint, Complaint.id == CaseComplaint.complaint_id)
        .where(Complaint.receipt_digest == digest(receipt, deployment.keyring.receipt_secret))
    )
    async with deployment.database.reading() as session:
        return (await session.scalars(query)).one()


def who_is(place: str, read_by: Sequence[str]) -> str:
    """Return whom a step means among those who read a case."""
    if place == "leader":
        return next(one for one in read_by if one in LEADERS)
    return next((one for one in read_by if one not in LEADERS), place) if place == "member" else place


async def take(door: Door, walk: Walk) -> None:
    """Take a complaint from what is said to its end."""
    code = await door.report(walk.village, walk.said)
    case = await case_of(door.deployment, code)
    assert case.category in walk.categories
    assert (case.urgency, case.state) == (walk.urgency, walk.begins)
    for staff_id in STAFF:
        offered = await door.offered(staff_id, case.id)
        assert ("open" in offered) == (staff_id in walk.read_by), staff_id
        only_told = _TOLD_OF_TEAMS if staff_id in DIRECTORS else set()
        assert bool(offered - only_told) == (staff_id in walk.read_by), staff_id
        assert not await door.has_read(staff_id, walk.said), staff_id  # nobody has opened it yet
    for step in walk.way.steps:
        staff_id = who_is(step.by, walk.read_by)
        assert step.action in await door.offered(staff_id, case.id), (staff_id, step.action)
        await door.does(staff_id, case.id, step.action, step.answers)
    told = await door.comes_back(code, "1.r.solved" if walk.way.solved else "")
    if walk.way.solved:
        told = await door.comes_back(code)
    assert walk.way.hears in told
    ended = await case_of(door.deployment, code)
    assert ended.state == walk.way.ends
    assert ended.state in CLOSED_CASES
    opened = {who_is(step.by, walk.read_by) for step in walk.way.steps if step.action == "open"}
    assert {one for one in STAFF if await door.has_read(one, walk.said[:12])} <= opened


async def take_all(door: ByPhone | ByPage, walks: Sequence[Walk]) -> None:
    """Take some complaints to their ends, one after the other; none of them ends without a word."""
    await door.begin(STAFF)
    for walk in walks:
        try:
            await take(door, walk)
        except Exception as error:
            raise AssertionError(f"{walk.name}: {error!r}") from error
    async with door.deployment.database.reading() as session:
        assert await unanswered(door.deployment.work(session)) == []


GROUPS = pytest.mark.parametrize("walks", [OF_THE_SAMPLE, HARDER], ids=["sample", "harder"])


@GROUPS
@ONLY_SQLITE
async def test_on_phones_each_complaint_comes_to_its_end(deployment: Deployment, walks: Sequence[Walk]) -> None:
    await take_all(ByPhone(deployment), walks)


@GROUPS
@ONLY_SQLITE
async def test_on_pages_each_complaint_comes_to_its_end(
    deployment: Deployment, open_browser: OpenBrowser, walks: Sequence[Walk]
) -> None:
    await take_all(ByPage(deployment, open_browser), walks)


@ONLY_SQLITE
async def test_whoever_asks_who_reported_is_told_that_nobody_knows_and_nothing_is_kept(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    for door in (ByPhone(deployment), ByPage(deployment, open_browser)):
        assert "没有人知道，也查不出来" in await door.asks("V04", ASKS_FOR_NAMES)
    async with deployment.database.reading() as session:
        assert list(await session.scalars(select(Complaint.id))) == []


def test_every_complaint_of_the_sample_is_walked() -> None:
    assert [walk.name for walk in OF_THE_SAMPLE] == [one["id"] for one in COUNTY["complaints"]]
    assert {walk.way.ends for walk in (*OF_THE_SAMPLE, *HARDER)} >= {S.CLOSED, S.NOT_ACCEPTED, S.INVALID}
