"""Notes for colleagues: read by those who read the case and by nobody else, sealed, and never on their way out."""

import pytest
from sqlalchemy import func, select

from models.audit import Audited, AuditEntry
from models.complaints import CaseNote, ComplaintMessage
from models.delivery import OutboxRow
from models.desk import DIRECTOR_DESK, Desk
from models.recipient import RecipientKind
from models.states import CaseState, Impossible, NotEntitled
from services.access.member import member
from services.cases.cards import bring_card
from services.cases.case_log import complaints_of, move
from services.cases.claim import claim
from services.cases.notes import notes_of, write_note
from services.cases.read_case import hand_over, read_notes
from services.intake.visit import Withdrawal, withdraw
from services.retention.erase import erase_cases
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import events_of, lay, queued, queued_for, rendered
from tests.story import PhoneUser

LEADER, MEMBER, COLLEAGUE, DIRECTOR = "P05", "P06", "P07", "P03"
NOTE = "先去镇里调去年的低保名单，再进村"


async def test_a_note_is_read_by_colleagues_with_the_case_and_goes_to_no_reporter(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "低保不公平")
        await write_note(work, await member(work.session, MEMBER), case.id, NOTE)
        await hand_over(work, await member(work.session, COLLEAGUE), case.id)
        [notice] = await queued_for(work, "staff:P07", "case_notes")
        shown = await rendered(work, "staff:P07", notice)
        assert shown is not None
        assert NOTE in shown.text
        assert "反映人看不到" in shown.text
        assert shown.protect
        assert notice.delete_after_hours is not None
        for row in await work.session.scalars(select(OutboxRow)):
            assert row.recipient is None or row.recipient.kind != RecipientKind.REPORTER
        texts = [outgoing for _, outgoing in await queued(work) if outgoing.kind == "case_text"]
        [text] = [await rendered(work, "staff:P07", outgoing) for outgoing in texts]
        assert text is not None
        assert NOTE not in text.text  # what was said, and what was noted, stand apart
        count = select(func.count()).select_from(ComplaintMessage)
        assert await work.session.scalar(count) == 1


async def test_a_note_is_sealed_logged_and_audited(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "低保不公平")
        await write_note(work, await member(work.session, MEMBER), case.id, NOTE)
        [row] = await work.session.scalars(select(CaseNote))
        assert NOTE.encode() not in row.sealed
        assert (await events_of(work, case))[-1] == "note"
        entry = select(AuditEntry.by_id).where(AuditEntry.action == Audited.NOTE_WRITTEN, AuditEntry.case_id == case.id)
        assert list(await work.session.scalars(entry)) == [MEMBER]


async def test_the_owner_hears_of_a_colleagues_note_and_not_of_their_own(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "低保不公平")
        owner = await member(work.session, MEMBER)
        await claim(work, owner, case.id)
        await write_note(work, owner, case.id, NOTE)
        assert not await queued_for(work, "staff:P06", "case_note_written")
        await write_note(work, await member(work.session, LEADER), case.id, "名单我有")
        [notice] = await queued_for(work, "staff:P06", "case_note_written")
        shown = await rendered(work, "staff:P06", notice)
        assert shown is not None
        assert "名单我有" not in shown.text


async def test_notes_go_with_the_case_and_leave_those_who_lose_it(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "低保不公平")
        writer = await member(work.session, MEMBER)
        await write_note(work, writer, case.id, NOTE)
        [note] = await notes_of(work, case, "zh_Hans")
        await move(work, case, DIRECTOR_DESK, None)
        with pytest.raises(NotEntitled):
            await read_notes(work, writer, case.id, [note.id])
        with pytest.raises(NotEntitled):
            await write_note(work, writer, case.id, "再写一句")
        _, read = await read_notes(work, await member(work.session, DIRECTOR), case.id, [note.id])
        assert [one.text for one in read] == [NOTE]


async def test_a_note_is_masked_by_itself_and_not_by_what_the_reporter_said(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "我叫李老四，电话13812345678")
        await write_note(work, await member(work.session, MEMBER), case.id, "王五、李老四、赵六三家都去问")
        await write_note(work, await member(work.session, MEMBER), case.id, "打过13912345678，没人接")
        first, second = await notes_of(work, case, "zh_Hans")
        assert first.text == "王五、李老四、赵六三家都去问"  # a list of names tells nobody which of them it is
        assert "13912345678" not in second.text


async def test_nobody_notes_anything_about_a_closed_case_or_one_of_their_own_unit(county: OpenWork) -> None:
    async with county() as work:
        closed = await lay(work, "办完了", state=CaseState.CLOSED)
        with pytest.raises(Impossible):
            await write_note(work, await member(work.session, MEMBER), closed.id, NOTE)
        recused = await lay(work, "路坏了", desk=Desk.team("T3"), team="T3", unit="U3", village=None)
        with pytest.raises(NotEntitled):
            await write_note(work, await member(work.session, "P12"), recused.id, NOTE)


async def test_notes_are_gone_once_the_reporter_takes_it_back_or_the_time_is_over(county: OpenWork) -> None:
    async with county() as work:
        withdrawn, expired = [await lay(work, "低保不公平") for _ in range(2)]
        for case in (withdrawn, expired):
            await write_note(work, await member(work.session, MEMBER), case.id, NOTE)
        [complaint] = await complaints_of(work, withdrawn)
        assert await withdraw(work, complaint.id) is Withdrawal.ERASED
        assert await notes_of(work, withdrawn, "zh_Hans") == []
        await erase_cases(work, [expired.id])
        assert await work.session.scalar(select(func.count()).select_from(CaseNote)) == 0


# ---- on a phone


async def test_a_note_written_on_a_phone_is_read_on_another(deployment: Deployment) -> None:
    writer, colleague = [PhoneUser(deployment.simulator, one) for one in await deployment.enrol(MEMBER, COLLEAGUE)]
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        case = await lay(work, "低保不公平")
        for staff_id in (MEMBER, COLLEAGUE):
            await bring_card(work, case, await member(session, staff_id))
    await writer.press(f"1.case.note.{case.id}")
    prompt = await writer.can_press("1.form.cancel")
    assert "反映人看不到" in prompt.text
    writer.say(NOTE)
    await writer.reads("备注记下了")
    await colleague.press(f"1.case.open.{case.id}")
    shown = await colleague.reads(NOTE)
    assert shown.protected
    assert shown.text.startswith("📝")
