"""The file on the head of a unit: the leader's words on each case about that head, for the leader alone."""

import io

import pypdfium2
import pytest
from sqlalchemy import select

from handlers.cases.card import offered
from models.audit import Audited, AuditEntry
from models.complaints import Case, CaseComplaint, CaseSummary, Complaint
from models.desk import DIRECTOR_DESK, Desk
from models.states import CaseState, NotEntitled
from privacy.receipt import Script, new_receipt
from services.access.member import member
from services.cases.cards import bring_card
from services.cases.case_log import move
from services.cases.dialogue import ContainsContact
from services.cases.head_file import compile_head_file, write_summary
from services.cases.notices import HeadFileReady
from services.cases.quoting import QuotesReporter
from services.intake.visit import Withdrawal, withdraw
from services.outbox import OutgoingMessage
from services.retention.erase import erase_cases
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import lay, rendered
from tests.story import PhoneUser

LEADER, MEMBER, DIRECTOR, CLERK, HEAD, LIAISON = "P05", "P06", "P03", "P04", "P14", "P20"
EVERYBODY = ["P01", DIRECTOR, CLERK, LEADER, MEMBER, "P08", HEAD, LIAISON, "P25"]
SAID = "书记邢立把修路的钱拿去盖自己家的房子，我叫牛大壮，住三组，电话13812345678"
SUMMARY = "反映其挪用村级道路款项建房，待核实。"


async def about_head(work: UnitOfWork, said: str = SAID, **more: object) -> Case:
    """Lay a case about the head of the first unit before the eyes of its team's leader."""
    how = {"desk": Desk.leader("T1"), "state": CaseState.RESTRICTED, "concerns_head": True} | more
    return await lay(work, said, **how)  # type: ignore[arg-type]


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


async def printed(work: UnitOfWork, staff_id: str, case: Case) -> str | None:
    """Return what stands in the file as it comes to somebody; None when nothing does."""
    message = await rendered(work, f"staff:{staff_id}", OutgoingMessage(HeadFileReady(case.id)))
    return text_of(message.upload.data) if message and message.upload else None


async def test_it_holds_the_leaders_words_on_each_case_about_the_head_and_nothing_of_a_reporter(
    county: OpenWork,
) -> None:
    async with county() as work:
        leader = await member(work.session, LEADER)
        first, second = await about_head(work), await about_head(work, "邢立收了砂场的礼", village="V02")
        other_unit = await about_head(work, unit="U4", village=None)
        not_about_head = await lay(work, "路坏了")
        await write_summary(work, leader, first.id, SUMMARY)
        text = await printed(work, LEADER, first)
        digests = list(await work.session.scalars(select(Complaint.receipt_digest)))
    assert text is not None
    assert SUMMARY in text
    assert "竹坞镇党委" in text
    assert "邢立" in text
    assert "还没有写摘要" in text
    assert first.id in text
    assert second.id in text
    for absent in (
        other_unit.id,
        not_about_head.id,
        "牛大壮",
        "13812345678",
        "盖自己家",
        "砂场的礼",
        "上竹坞村",
        *digests,
    ):
        assert absent not in text


async def test_the_file_repeats_no_passage_of_a_reporter(county: OpenWork) -> None:
    async with county() as work:
        leader = await member(work.session, LEADER)
        case = await about_head(work)
        with pytest.raises(QuotesReporter):
            await write_summary(work, leader, case.id, f"来信：{SAID[:30]}")
        assert "还没有写摘要" in (await printed(work, LEADER, case) or "")


@pytest.mark.parametrize("staff_id", EVERYBODY)
async def test_only_the_leader_for_whose_eyes_it_is_writes_compiles_and_gets_it(
    county: OpenWork, staff_id: str
) -> None:
    async with county() as work:
        case = await about_head(work)
        await write_summary(work, await member(work.session, LEADER), case.id, SUMMARY)
        somebody = await member(work.session, staff_id)
        names = {action.name for action in offered(somebody, case)} & {"summarise", "head_file"}
        if staff_id == LEADER:
            assert names == {"summarise", "head_file"}
            assert SUMMARY in (await printed(work, staff_id, case) or "")
            return
        assert names == set()
        with pytest.raises(NotEntitled):
            await write_summary(work, somebody, case.id, "改一改")
        with pytest.raises(NotEntitled):
            await compile_head_file(work, somebody, case.id)
        assert await printed(work, staff_id, case) is None, "not even what was queued reaches them"


async def test_a_case_that_names_the_leader_or_lies_elsewhere_is_in_no_file_of_theirs(county: OpenWork) -> None:
    async with county() as work:
        leader = await member(work.session, LEADER)
        shown, of_leader, moved = [await about_head(work) for _ in range(3)]
        await write_summary(work, leader, moved.id, "后来转给主任")
        await move(work, moved, DIRECTOR_DESK, None)
        named = await about_head(work, shut_out=[LEADER])
        withdrawn = await about_head(work, state=CaseState.WITHDRAWN)
        not_about_head = await lay(work, "一件不反映一把手的", desk=Desk.leader("T1"), state=CaseState.RESTRICTED)
        text = await printed(work, LEADER, shown)
        assert text is not None
        assert of_leader.id in text
        for one in (moved, named, withdrawn, not_about_head):
            assert one.id not in text
        for one in (moved, named):
            with pytest.raises(NotEntitled):
                await compile_head_file(work, await member(work.session, LEADER), one.id)


async def test_that_it_was_compiled_and_written_is_in_the_audit_log_without_a_word_of_it(county: OpenWork) -> None:
    async with county() as work:
        case, leader = await about_head(work), await member(work.session, LEADER)
        await write_summary(work, leader, case.id, SUMMARY)
        await compile_head_file(work, leader, case.id)
        entries = list(await work.session.scalars(select(AuditEntry).order_by(AuditEntry.number)))
        found = [(one.action, one.by_id, one.case_id, one.subject) for one in entries]
        assert (Audited.SUMMARISED, LEADER, case.id, None) in found
        assert (Audited.HEAD_FILE_COMPILED, LEADER, None, HEAD) in found
        assert SUMMARY not in str([one.detail for one in entries])


async def test_what_leads_to_a_reporter_is_masked_in_a_summary_and_told(county: OpenWork) -> None:
    async with county() as work:
        case, leader = await about_head(work), await member(work.session, LEADER)
        kept = await write_summary(work, leader, case.id, "牛大壮反映其挪用款项。")
        assert "牛大壮" not in kept
        assert "牛大壮" not in (await printed(work, LEADER, case) or "")
        told = select(AuditEntry.by_id).where(AuditEntry.action == Audited.TRACE_REPEATED)
        assert list(await work.session.scalars(told)) == [LEADER]
        with pytest.raises(ContainsContact):
            await write_summary(work, leader, case.id, "可打13998765432问")
        code = new_receipt().text(Script.SIMPLIFIED)
        assert code not in await write_summary(work, leader, case.id, f"回执码是{code}，待核实。")


async def test_a_summary_is_sealed_and_goes_with_what_was_said(county: OpenWork) -> None:
    async with county() as work:
        leader = await member(work.session, LEADER)
        first, second = await about_head(work), await about_head(work)
        for case in (first, second):
            await write_summary(work, leader, case.id, "先写一版")
            await write_summary(work, leader, case.id, SUMMARY)
        rows = list(await work.session.scalars(select(CaseSummary)))
        assert len(rows) == 2
        assert not [row for row in rows if SUMMARY.encode() in row.sealed]
        link = select(CaseComplaint.complaint_id).where(CaseComplaint.case_id == first.id)
        complaint_id = (await work.session.scalars(link)).one()
        assert await withdraw(work, complaint_id) is Withdrawal.ERASED
        assert [row.case_id for row in await work.session.scalars(select(CaseSummary))] == [second.id]
        await erase_cases(work, [second.id])
        assert list(await work.session.scalars(select(CaseSummary))) == []


async def test_a_leader_writes_and_gets_it_in_their_own_chat(deployment: Deployment) -> None:
    [account, head] = await deployment.enrol(LEADER, HEAD)
    leader, head_phone = PhoneUser(deployment.simulator, account), PhoneUser(deployment.simulator, head)
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        case = await about_head(work)
        await bring_card(work, case, await member(session, LEADER))
    await leader.press(f"1.case.summarise.{case.id}")
    await leader.reads("用您自己的话写")
    leader.say("请打13812345678问清楚。")
    await leader.reads("不能写进材料")
    leader.say(SUMMARY)
    await leader.reads("材料里就这样写")
    await leader.press(f"1.case.head_file.{case.id}")
    sent = await leader.sees(lambda one: one.kind == "document")
    assert SUMMARY in text_of(sent.files[0])
    assert SAID not in text_of(sent.files[0])
    await deployment.settled()
    assert head_phone.simulator.messages(head_phone.chat) == []
