"""Working papers of findings: who reads them, what becomes of them with their draft, and when they end."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from bot.bootstrap import duties
from handlers.actions import SUBJECTS
from handlers.evaluation.alarms import show_alarms
from handlers.incoming import ButtonPress, Update
from handlers.items.working_papers import AREA
from handlers.press import Press
from media.kinds import Cleaned, FileKind
from models.audit import Audited, AuditEntry
from models.complaints import Case, CaseShutOut
from models.desk import Desk, DeskKind
from models.item_drafts import ItemDraft
from models.rectification import RectificationItem
from models.rounds import Round
from models.staff import Recusal, RecusalState
from models.states import Impossible, NotEntitled, RoundState
from models.working_papers import WorkingPaper
from services.cases.case_log import case_to_change
from services.cases.level_up import level_up
from services.cases.restriction import restrict
from services.people.leaving import move_to_team
from services.rectification import working_papers
from services.rectification.issue_item import issue_item
from services.rectification.item_drafts import begin_draft, change_draft, drafts_of, drop_draft, issue_draft, read_draft
from services.rectification.notices import ItemReview, OpenedWorkingPaper
from services.rectification.order import NewItem
from services.rectification.unit_actions import Numbers, acknowledge, submit
from services.rectification.working_papers import (
    InspectionRecord,
    add_file,
    add_record,
    drop_untitled,
    finding_seen,
    is_still_read,
    keep_working_file,
    read_working_paper,
    take_out,
    working_paper_to_take_out,
    working_paper_with_file,
    working_papers_of,
)
from services.retention.backup import _attachments
from services.retention.housekeeping import _unknown
from services.rounds.destroy_key import erase_round
from services.sealed_messages import Restriction
from services.unit_of_work import UnitOfWork
from storage.folder import AttachmentGone, FolderStore
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import picture
from tests.integration.people.test_on_its_way import arrives_and_goes
from tests.integration.presses.machine_table import PEOPLE
from tests.integration.rectification.conftest import a_verified_case, at, who
from tests.integration.rectification.test_conversations import a_draft, fill_in, phones
from tests.items import new_item
from tests.notices import rendered_for
from tests.pressing import CHAT, Hearing, is_refused, take
from tests.unit.media.test_cleaning_photo import SECRET, jpeg_with_everything

OFFICE, DIRECTOR, LEADER, MEMBER, HEAD, ROADS = "P04", "P03", "P05", "P06", "P14", "D07"
DUE, DAY = date(2026, 12, 31), date(2026, 11, 20)
TITLE, FOUND, PLACE = "低保台账第三页", "三户已去世仍在领取。", "村委会档案柜"
RECORD = InspectionRecord(FOUND, PLACE, DAY)
READERS = {"member", "leader", "office", "director"}


async def a_draft_of(work: UnitOfWork, by: str = OFFICE, case: Case | None = None) -> ItemDraft:
    order = new_item("U1", "低保评议没有公示。", DUE, category="road")
    return await begin_draft(work, await who(work, by), order, case_id=case.id if case else None)


async def with_photo(work: UnitOfWork, finding_id: str, by: str = OFFICE, title: str = TITLE) -> str:
    """Add a photo to a finding, and return the id of the paper."""
    added_by = await who(work, by)
    kept = await keep_working_file(work, added_by, finding_id, Cleaned(FileKind.PHOTO, picture()))
    await add_file(work, added_by, finding_id, title, kept)
    return kept


async def with_record(work: UnitOfWork, finding_id: str, by: str = OFFICE) -> str:
    """Add a record to a finding, and return the id of the paper."""
    added_by = await who(work, by)
    await add_record(work, added_by, finding_id, TITLE, RECORD)
    papers = await working_papers_of(work, await finding_seen(work, added_by, finding_id))
    return next(one.id for one in papers if one.record is not None)


async def may_read(work: UnitOfWork, staff_id: str, paper_id: str) -> bool:
    """Whether somebody reads a paper, by whichever way."""
    reader, ways = await who(work, staff_id), set()
    for way in (read_working_paper, working_paper_with_file):
        try:
            await way(work, reader, paper_id)
            ways.add(True)
        except NotEntitled:
            ways.add(False)
    ways.add(await is_still_read(work, reader, OpenedWorkingPaper(paper_id)))
    ways.add(await rendered_for(work, f"staff:{staff_id}", OpenedWorkingPaper(paper_id)) is not None)
    assert len(ways) == 1, staff_id
    return ways.pop()


async def readers_of(work: UnitOfWork, paper_id: str, people: Mapping[str, str]) -> set[str]:
    return {person for person, staff_id in people.items() if await may_read(work, staff_id, paper_id)}


async def refused(work: UnitOfWork, staff_id: str, action: str, subject: str) -> bool:
    """Whether a press on a finding or a paper is refused, and answered."""
    heard = await take(work, await who(work, staff_id), ButtonPress(Press(AREA, action, subject).pack()))
    assert heard.answer is None or heard.answer.text or not heard.answer.alert
    return is_refused(heard)


async def test_the_unit_never_sees_what_a_finding_is_shown_by(county: OpenWork) -> None:
    async with county() as work:
        case = await a_verified_case(work)
        draft = await a_draft_of(work, LEADER, case)
        photo, written = await with_photo(work, draft.id, LEADER), await with_record(work, draft.id, LEADER)
        assert await readers_of(work, photo, PEOPLE) == {"leader"}  # as of the draft: nobody but who leads there
        for person, staff_id in PEOPLE.items():
            subjects = {"open": draft.id, "add_file": draft.id, "add_record": draft.id, "file": photo}
            subjects |= {"read": written, "take_out": written, "take_out_yes": photo}
            for action, subject in subjects.items() if person != "leader" else ():
                assert await refused(work, staff_id, action, subject), (person, action)
        item = await issue_draft(work, await who(work, LEADER), draft.id, draft.version)
        await acknowledge(work, await who(work, HEAD), item.id)
        await submit(work, await who(work, HEAD), item.id, ["已公示。"], [], Numbers(households_done=1))
        item.supervisor, item.county_leader_id = ROADS, PEOPLE["county_leader"]
        assert await readers_of(work, photo, PEOPLE) == READERS
        for person, staff_id in PEOPLE.items():
            for action, subject in (("open", item.id), ("file", photo), ("read", written)):
                assert await refused(work, staff_id, action, subject) is (person not in READERS), (person, action)
            for action, subject in (("take_out", photo), ("take_out_yes", written)):
                assert await refused(work, staff_id, action, subject), (person, action)  # it is issued
            adds = person in READERS - {"member"}
            assert await refused(work, staff_id, "add_record", item.id) is not adds, person
            shown = await SUBJECTS["item"].card(await hearing(work, staff_id), await who(work, staff_id), item.id)  # type: ignore[misc]
            told = await rendered_for(work, f"staff:{staff_id}", ItemReview(item.id))
            for message in (shown, told):
                leads = message is not None and Press(AREA, "open", item.id).pack() in str(message.buttons)
                assert leads is (person in READERS), person
        work.session.add(CaseShutOut(case_id=case.id, staff_id=MEMBER))
        await work.session.flush()
        assert await readers_of(work, photo, PEOPLE) == READERS - {"member"}
        item.team_id = "T2"
        assert "leader" not in await readers_of(work, photo, PEOPLE)
        item.team_id, item.desk = "T1", Desk.leader("T1")
        assert await readers_of(work, photo, PEOPLE) == {"leader"}


async def hearing(work: UnitOfWork, staff_id: str) -> Hearing:
    return Hearing(work, Update(CHAT, True, ButtonPress("")), await who(work, staff_id))


async def test_papers_go_with_their_draft_and_stay_with_the_item_that_is_issued(
    county: OpenWork, attachment_store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with county() as work:
        office, leader = await who(work, OFFICE), await who(work, LEADER)
        draft, other, case = await a_draft_of(work), await a_draft_of(work), await a_verified_case(work)
        of_case = await a_draft_of(work, LEADER, case)
        gone, kept, written = (
            await with_photo(work, draft.id),
            await with_photo(work, draft.id, LEADER),
            await with_record(work, draft.id),
        )
        dropped = await with_photo(work, other.id)
        untitled = await keep_working_file(work, office, draft.id, Cleaned(FileKind.PDF, b"%PDF a ledger"))
        with pytest.raises(NotEntitled):
            await read_working_paper(work, office, untitled)
        with pytest.raises(Impossible):  # kept by somebody else
            await add_file(work, leader, draft.id, TITLE, untitled)
        with pytest.raises(Impossible):  # for another finding
            await add_file(work, office, other.id, TITLE, untitled)
        await take_out(work, leader, gone)
        with pytest.raises(NotEntitled):
            await take_out(work, leader, gone)
        await drop_draft(work, office, other.id)
        assert {one.id for one in await working_papers_of(work, await finding_seen(work, office, draft.id))} == {
            kept,
            written,
        }
        monkeypatch.setattr(working_papers, "MOST_PAPERS", 2)
        with pytest.raises(Impossible):
            await add_record(work, office, draft.id, TITLE, RECORD)
        monkeypatch.undo()
        await with_record(work, of_case.id, LEADER)
        item = await issue_draft(work, office, draft.id, draft.version)
        made_of_case = await issue_draft(work, leader, of_case.id, of_case.version)
        with pytest.raises(Impossible):
            await working_paper_to_take_out(work, office, kept)
        paper = await read_working_paper(work, await who(work, MEMBER), written)
        assert (paper.finding_id, paper.title, paper.record) == (item.id, TITLE, RECORD)
        await with_record(work, made_of_case.id, LEADER)
        item.is_open = False
        with pytest.raises(Impossible):
            await with_photo(work, item.id)

        row = await work.session.get_one(WorkingPaper, written)
        stored = str([getattr(row, column.key) for column in row.__table__.columns]).encode() + bytes(row.sealed or b"")
        assert not any(text.encode() in stored for text in (TITLE, FOUND, PLACE))
        entries = list(await work.session.scalars(select(AuditEntry)))
        of_papers = [one for one in entries if one.action.startswith("working_paper")]
        assert {one.action for one in of_papers} == {
            Audited.WORKING_PAPER_ADDED,
            Audited.WORKING_PAPER_READ,
            Audited.WORKING_PAPER_TAKEN_OUT,
        }
        [taken] = [one for one in of_papers if one.action == Audited.WORKING_PAPER_TAKEN_OUT]
        assert (taken.by_id, taken.detail["is_file"]) == (LEADER, True)
        assert all(one.case_id is None or one.subject is None for one in of_papers)
        assert {one.case_id for one in of_papers} == {None, case.id}
        assert kept not in str([one.detail for one in of_papers])  # or it would lead from the case to the item
    stays = set(attachment_store.ids())
    assert kept in stays
    assert stays.isdisjoint({gone, dropped, untitled})


async def test_papers_end_with_the_key_of_their_round_and_what_was_never_titled_before(
    county: OpenWork, attachment_store: FolderStore
) -> None:
    assert drop_untitled in duties()
    async with county(now=at(20)) as work:
        office, draft = await who(work, OFFICE), await a_draft_of(work)
        photo = await with_photo(work, draft.id)
        item = await issue_draft(work, office, draft.id, draft.version)
        untitled = await keep_working_file(work, office, item.id, Cleaned(FileKind.PHOTO, picture()))
        written = await with_record(work, item.id)
        assert await _unknown(work, [photo, untitled]) == set()
        in_backup = await _attachments(work.session)
        assert photo in in_backup
        assert written not in in_backup  # it has no file
    async with county(now=at(21) + timedelta(minutes=1)) as work:
        await drop_untitled(work)
        assert await work.session.get(WorkingPaper, untitled) is None
        (await work.session.get_one(WorkingPaper, photo)).digest = "0" * 64
        with pytest.raises(AttachmentGone):
            await working_paper_with_file(work, await who(work, OFFICE), photo)
        told = await rendered_for(work, f"staff:{OFFICE}", OpenedWorkingPaper(photo))
        assert told is not None
        assert "打不开" in told.text
    assert photo in set(attachment_store.ids())
    assert untitled not in set(attachment_store.ids())
    async with county(now=at(22)) as work:
        (await work.session.get_one(Round, "R6")).state = RoundState.ARCHIVED
        await erase_round(work, "R6")
        assert await work.session.scalar(select(func.count()).select_from(WorkingPaper)) == 0
    assert photo not in set(attachment_store.ids())


async def test_the_office_is_told_how_many_items_lack_working_papers(county: OpenWork) -> None:
    async with county() as work:
        office = await who(work, OFFICE)
        items = select(func.count(RectificationItem.id)).where(
            RectificationItem.is_open, RectificationItem.round_id == "R6"
        )
        before = await work.session.scalar(items) or 0
        item = await issue_item(work, office, new_item("U1", "公示栏没有更新。", DUE))
        for count in (before + 1, before):
            heard = await hearing(work, OFFICE)
            await show_alarms(heard, office)
            assert f"还没有问题底稿的整改问题{count}个" in heard.said[-1].text
            await with_record(work, item.id)
        heard = await hearing(work, LEADER)
        await show_alarms(heard, await who(work, LEADER))
        assert "底稿" not in heard.said[-1].text


async def test_papers_are_added_opened_and_taken_out_in_chat_and_never_come_to_the_head(
    deployment: Deployment,
) -> None:
    office, head, reviewer = await phones(deployment, OFFICE, "P15", "P08")
    simulator = deployment.simulator
    card = await a_draft(office, "村账三个月没有公示。")
    assert "还没有问题底稿" in card.text
    await office.press("1.finding.open")
    await office.press("1.finding.add_file")
    await office.reads("写上短标题")
    simulator.send_photo(office.person, jpeg_with_everything(), caption=TITLE)
    await office.reads(f"1. {TITLE}（照片）")
    simulator.advance(1)
    await office.press("1.finding.add_file")
    await office.reads("写上短标题")
    before = office.last_id
    simulator.send_photo(office.person, "1-bridge")
    await office.reads("请写一个短标题", after=before)
    office.say("发错的照片")
    await office.reads("2. 发错的照片（照片）")
    simulator.advance(1)
    await office.press("1.finding.add_record")
    for answer in ("村委会现场检查", FOUND, PLACE, "11月20日"):
        office.say(answer)
    listed = await office.reads("村委会现场检查（检查记录）")
    assert "3. " in listed.text
    wrong = next(one for row in listed.buttons for one in row if one.text == "去掉 2")
    await office.press(wrong.data)
    await office.press("1.finding.take_out_yes")
    await office.sees(
        lambda one: "村委会现场检查" in one.text and "发错的照片" not in one.text, after=listed.message_id - 1
    )
    await office.press("1.finding.file")
    photo = await office.sees(lambda one: one.kind == "photo" and TITLE in one.text)
    assert photo.protected
    await office.press("1.finding.read")
    await office.reads(FOUND)

    await office.press("1.draft.card")
    await fill_in(office, "requirement", said="十天内公示。")
    await fill_in(office, "aspect")
    await fill_in(office, "task_force", said="镇财政所")
    whole = await office.reads("已经填齐")
    assert "问题底稿：2份" in whole.text
    await office.press("1.draft.issue", after=whole.message_id - 1)
    await office.reads("已下达")
    async with deployment.database.reading() as session:
        papers = list(await session.scalars(select(WorkingPaper)))
        [item_id] = {one.item_id for one in papers}
        assert len(papers) == 2
    await head.press("1.item.acknowledge")
    await head.press(f"1.item.submit.{item_id}")
    head.say("已公示。")
    await head.press("1.form.send.submit_item")
    await reviewer.can_press("1.item.pass")
    await reviewer.press(f"1.finding.open.{item_id}")
    await reviewer.press("1.finding.read")
    await reviewer.reads(FOUND)
    fault = simulator.hold("sendPhoto", chat_id=reviewer.person)
    await reviewer.press("1.finding.file")
    await simulator.wait_until(lambda: fault.waiting or None)
    async with deployment.database.transaction() as session:  # it is on its way while the team is left
        await move_to_team(deployment.work(session), "P08", "T1")
    await arrives_and_goes(simulator, reviewer.person, fault, lambda one: one.kind == "photo")

    head.say("/items")
    await head.press(f"1.item.open.{item_id}")
    own = await head.can_press("1.item.")
    for data in (f"1.finding.open.{item_id}", f"1.finding.file.{papers[0].id}", f"1.finding.read.{papers[1].id}"):
        query = simulator.press_data(head.person, own.message_id, data)
        assert "不归您看" in (await simulator.wait_for_answer(query)).text
    for message in simulator.messages(head.person, deleted=True):
        assert not any(words in message.text for words in ("底稿", TITLE, FOUND, PLACE))
        assert "finding" not in str(message.buttons)
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        photo_id = next(one.id for one in papers if one.file_kind is not None)
        _, file = await working_paper_with_file(work, await who(work, OFFICE), photo_id)
        assert file is not None
        assert SECRET not in file.data


async def test_what_was_opened_leaves_the_phones_of_a_team_that_loses_the_case(deployment: Deployment) -> None:
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        case = await a_verified_case(work)
        draft = await a_draft_of(work, LEADER, case)
        await with_photo(work, draft.id, LEADER)
        await with_record(work, draft.id, LEADER)
    [leader] = await phones(deployment, LEADER)
    leader.say("/drafts")
    await leader.press(f"1.draft.open.{draft.id}")
    await leader.press(f"1.finding.open.{draft.id}")
    for action in ("file", "read"):
        await leader.press(f"1.finding.{action}")
    await leader.reads(f"📎 {TITLE}")
    await leader.reads(FOUND)
    await deployment.settled()  # what has come is known to lie there
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        await level_up(work, await who(work, DIRECTOR), case.id, "T2")
    await deployment.settled()
    left = [one.text for one in deployment.simulator.messages(leader.person)]
    assert not [text for text in left if FOUND in text or f"📎 {TITLE}" in text]


async def test_what_the_office_opened_leaves_its_phones_when_the_case_lies_before_one_pair_of_eyes(
    deployment: Deployment,
) -> None:
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        case = await a_verified_case(work)
        draft = await a_draft_of(work, LEADER, case)
        await with_record(work, draft.id, LEADER)
        item = await issue_draft(work, await who(work, LEADER), draft.id, draft.version)
    [office] = await phones(deployment, OFFICE)
    office.say(item.id)
    await office.press(f"1.finding.open.{item.id}")
    await office.press("1.finding.read")
    await office.reads(FOUND)
    await deployment.settled()
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        changed = await case_to_change(work, case.id)
        assert await restrict(work, changed, Restriction(DeskKind.LEADER, concerns_head=True))
    await deployment.settled()
    assert not [one for one in deployment.simulator.messages(office.person) if FOUND in one.text]


async def test_a_draft_and_its_papers_are_kept_from_whoever_keeps_away_from_one_of_its_units(county: OpenWork) -> None:
    async with county() as work:
        office, draft = await who(work, OFFICE), await a_draft_of(work)
        photo = await with_photo(work, draft.id)
        order = NewItem.of_json(draft.content).with_unit_turned("U2")
        await change_draft(work, await who(work, DIRECTOR), draft.id, order)
        assert await may_read(work, OFFICE, photo)
        work.session.add(Recusal(staff_id=OFFICE, unit_id="U2", state=RecusalState.ORDERED, reason=""))
        await work.session.flush()
        office = await who(work, OFFICE)
        assert not await may_read(work, OFFICE, photo)
        assert draft.id not in {one.row.id for one in await drafts_of(work, office)}
        with pytest.raises(NotEntitled):
            await read_draft(work, office, draft.id)
        assert await may_read(work, DIRECTOR, photo)
