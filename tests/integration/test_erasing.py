"""What is erased is gone: from the tables, the files, the disk's pages, and with a round's key from every copy."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from models.complaints import Case, CaseComplaint, ComplaintMessage, ReplyAddress
from models.delivery import FailedUpdate
from models.rounds import Round
from models.states import CaseState, RoundState
from privacy.keyring import KeyDestroyed
from services.access.member import member
from services.cases.read_case import NothingLeft, hand_over
from services.retention.erase import erase_expired
from tests.conftest import NOW, ONLY_SQLITE, OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import county, lay, picture  # noqa: F401 (a fixture)
from tests.integration.test_backup import CommandLine, stamped
from tests.journey import Journey
from tests.story import PhoneUser


@pytest.mark.parametrize(
    ("state", "days"),
    [
        (CaseState.CLOSED, 365),
        (CaseState.NOT_ACCEPTED, 180),
        (CaseState.INVALID, 30),
    ],
)
async def test_what_was_said_is_erased_when_its_time_is_over_and_no_day_earlier(
    county: OpenWork,  # noqa: F811
    state: CaseState,
    days: int,
) -> None:
    async with county() as work:
        case = await lay(work, "路坏了", photos=[picture()], state=state)
        still_open = await lay(work, "桥坏了")
    for later, left in ((timedelta(days=days), True), (timedelta(days=days, hours=1), False)):
        async with county(now=NOW + later) as work:
            await erase_expired(work)
            complaint = select(CaseComplaint.complaint_id).where(CaseComplaint.case_id == case.id)
            said = select(ComplaintMessage).where(ComplaintMessage.complaint_id.in_(complaint))
            assert bool(list(await work.session.scalars(said))) is left
        assert bool(list(work.attachment_store.ids())) is left
    async with county() as work:
        assert await work.session.get(Case, case.id) is not None  # the card, the statistics and the log stay
        who = await member(work.session, "P06")
        await hand_over(work, who, still_open.id)
        with pytest.raises(NothingLeft):
            await hand_over(work, who, case.id)


async def test_forget_me_takes_back_every_place_where_this_chat_is_known(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    await journey.resident_submits_with_a_photo()  # they asked to be told here
    other = PhoneUser(deployment.simulator, deployment.simulator.add_person("邻居"))
    journey_of_other = Journey(**{**journey.__dict__, "resident": other})
    await journey_of_other.resident_submits_with_a_photo()
    person = journey.resident.person
    deployment.simulator.inject(
        {
            "update_id": deployment.simulator.updates[-1].update_id + 1,
            "message": {"chat": {"id": person}, "from": {"id": person}, "text": "毒"},
        }
    )
    await journey.resident.reads("对不住")
    async with deployment.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(ReplyAddress)) == 2
        assert await session.scalar(select(func.count()).select_from(FailedUpdate)) == 1
    journey.resident.say("/forget")
    await journey.resident.reads("这里不再记着这个聊天")
    async with deployment.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(ReplyAddress)) == 1  # the neighbour's
        assert await session.scalar(select(func.count()).select_from(FailedUpdate)) == 0


@ONLY_SQLITE
async def test_what_is_erased_is_in_no_page_and_in_no_log_of_the_database(
    deployment: Deployment, tmp_path: Path
) -> None:
    journey = await Journey.begin(deployment)
    await journey.resident_submits_with_a_photo()
    async with deployment.database.reading() as session:
        sealed = list(await session.scalars(select(ComplaintMessage.sealed)))
    files = {path: path.read_bytes() for path in tmp_path.glob("xunsheng.sqlite3*")}
    assert all(any(one[-64:] in content for content in files.values()) for one in sealed)
    journey.resident.say(journey.code)
    await journey.resident.press("1.r.withdraw")
    await journey.resident.press("1.r.withdraw_yes")
    kept = await journey.resident.sees(lambda one: "撤回了" in one.text or "撤不了" in one.text)
    assert deployment.product is not None
    if "撤回了" not in kept.text:  # a danger is kept; the same bytes go when the case is erased
        async with deployment.database.transaction() as session:
            await session.execute(text("DELETE FROM complaint_messages"))
    await deployment.product.clock.tick()
    for path in tmp_path.glob("xunsheng.sqlite3*"):
        content = path.read_bytes()
        assert not any(one[-64:] in content for one in sealed), path.name


async def test_the_archive_of_a_round_ends_with_the_destruction_of_its_key(
    deployment: Deployment, tmp_path: Path
) -> None:
    journey = await Journey.begin(deployment)
    await journey.resident_submits_with_a_photo()
    await journey.member_claims_and_reads()
    await stamped(deployment)
    command_line = CommandLine(deployment, tmp_path)
    refused = await command_line.run("round", "R6", "destroy-key", "--yes")
    assert "archive it first" in refused.output
    async with deployment.database.transaction() as session:
        await session.execute(update(Round).where(Round.id == "R6").values(state=RoundState.ARCHIVED))
    refused = await command_line.run("round", "R6", "destroy-key", "--yes")
    assert "still open" in refused.output
    async with deployment.database.transaction() as session:
        await session.execute(update(Case).values(is_open=False, state=CaseState.CLOSED))
    assert "cannot be read" not in (await command_line.does("round", "R6", "destroy-key", "--yes"))
    with pytest.raises(KeyDestroyed):
        deployment.keyring.round("R6")
    async with deployment.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(ComplaintMessage)) == 0
    assert list(deployment.config.files.path.rglob("*.age")) == []
    assert "as it was written" in await command_line.does("audit", "verify")

    other = PhoneUser(deployment.simulator, deployment.simulator.add_person("另一部手机"))
    deployment.simulator.open_bot(other.person)
    await other.sees(lambda one: bool(one.buttons))
    before = other.last_id
    other.say(journey.code)
    await other.sees(lambda one: one.from_bot, after=before + 1)
    assert "内容已经删掉了" in await journey.member.press(f"1.case.open.{journey.case_id}")
