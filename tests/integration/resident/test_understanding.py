"""What a resident's texts mean is worked out once for each change, where nobody waits for it, and kept sealed."""

import json
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import select

from channels.telegram.address import address_of
from handlers.resident.messages import DraftPreview, ReceiptMessage, VisitSummary
from models.complaints import CaseShutOut, Conversation
from models.staff import Role, Staff, StaffRole
from models.urgency import Urgency
from privacy.receipt import Script
from privacy.traces import find_codes, find_mentions
from services.intake import drafts, remove_traces, understood
from services.intake.classify import understand
from services.intake.conversation_store import load_conversation
from services.intake.county import county_at
from services.intake.understanding import CountyContext, StoredUnderstanding, TextKind, Understanding
from services.packing import pack, unpack
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.resident.conftest import Phone, case_of
from tests.journey import Journey
from tests.story import PhoneUser

Read = list[tuple[str, ...]]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """The texts that were understood, in order."""
    found: Read = []

    def noted(texts: Sequence[str], *, county: CountyContext) -> Understanding:
        found.append(tuple(texts))
        return understand(texts, county=county)

    monkeypatch.setattr(understood, "understand", noted)
    return found


async def test_a_text_is_understood_once_until_it_is_sent(phone: Phone, read: Read) -> None:
    receipt = await phone.complain("V06", "低保评得不公", head=True)
    assert read == [("低保评得不公",)]
    async with phone.open_work() as work:
        assert (await case_of(work, receipt)).category == "subsistence_allowance"


async def test_a_receipt_code_alone_is_not_understood(phone: Phone, county: OpenWork, read: Read) -> None:
    receipt = await phone.complain("V06", "路灯不亮")
    read.clear()
    other = Phone(county, address=address_of(7_301_442_998))
    await other.say(receipt.text(Script.SIMPLIFIED))
    assert other.shown(VisitSummary).visit.texts == 1
    assert read == []


async def test_a_draft_is_understood_anew_with_each_of_its_texts(phone: Phone, read: Read) -> None:
    await phone.scan("V06")
    await phone.say("那座桥")
    await phone.say("要垮了")
    assert read == [("那座桥",), ("要垮了",), ("那座桥", "要垮了")]
    assert phone.shown(DraftPreview).draft.meaning.urgency == Urgency.DANGER


async def test_what_is_added_to_a_complaint_is_understood_once_beside_a_draft_too(phone: Phone, read: Read) -> None:
    receipt = await phone.complain("V06", "低保评得不公")
    await phone.scan("V07")
    await phone.say("路灯不亮")
    await phone.come_back(receipt)
    read.clear()
    await phone.add("名单还没有公示")
    assert phone.sentences == ["added"]
    assert read == [("名单还没有公示",)]


async def test_what_was_understood_is_sealed_with_the_draft_and_gone_with_it(phone: Phone) -> None:
    await phone.scan("V06")
    await phone.say("板栗坳村的低保评得不公")
    async with phone.open_work() as work:
        row = (await work.session.scalars(select(Conversation))).one()
        assert b"subsistence_allowance" not in row.sealed
        kept = (await load_conversation(work, phone.address)).draft
        assert kept is not None
        assert kept.meaning.category == "subsistence_allowance"
        assert kept.meaning.teams_named("T2") == {"T3"}
    await phone.press("send", phone.shown(DraftPreview).draft.draft_id)
    async with phone.open_work() as work:
        [left] = await work.session.scalars(select(Conversation))  # for an hour, with the complaint that was sent
        assert "draft" in (kept := work.keyring.day(left.day).sealing.open_json(left.tag, left.sealed))
        assert kept["draft"] is None


async def test_whoever_comes_to_the_team_before_it_is_sent_is_found_in_it(phone: Phone, read: Read) -> None:
    await phone.scan("V06")
    await phone.say("欧阳望川收了两条烟")
    async with phone.open_work() as work:
        work.session.add(Staff(id="P90", name="欧阳望川", language="zh_Hans"))
        await work.session.flush()
        work.session.add(StaffRole(staff_id="P90", role=Role.TEAM_MEMBER, team_id="T2"))
    await phone.press("send", phone.shown(DraftPreview).draft.draft_id)
    assert len(read) == 2
    async with phone.open_work() as work:
        case = await case_of(work, phone.shown(ReceiptMessage).submission.receipt)
        shut_out = await work.session.scalars(select(CaseShutOut.staff_id).where(CaseShutOut.case_id == case.id))
        assert list(shut_out) == ["P90"]


async def test_the_county_is_made_once_for_each_version_of_the_directory(county: OpenWork) -> None:
    async with county() as work:
        known = await work.directory()
        found = county_at(known, "R6")
        assert found is county_at(known, "R6")
        names = {place.id: (place.names, place.team_id) for place in found.places}
        assert names["V02"] == (("桥头岭村", "桥头岭"), "T1")
        assert names["U3"] == (("枫汊乡",), "T3")
        assert names["U4"] == (("县住房和城乡建设局",), None)  # named as the one that sent them away
        assert {person.id for person in found.people if person.is_head} == {f"P{number}" for number in range(14, 20)}
        assert {place.team_id for place in county_at(known, None).places} == {None}
    async with county() as work:
        work.session.add(Staff(id="P90", name="欧阳望川", language="zh_Hans"))
        await work.session.flush()
        assert "P90" in {person.id for person in county_at(await work.directory(), "R6").people}


def test_what_was_understood_comes_back_as_it_was_packed() -> None:
    county = CountyContext(frozenset({"road", "other"}))
    found = StoredUnderstanding("digest", 3, understand(["王老五,路烂了", "别说是我"], county=county))
    assert unpack(StoredUnderstanding, pack(found)) == found


async def test_of_what_a_text_says_a_thousand_times_little_is_kept(phone: Phone) -> None:
    await phone.scan("V06")
    await phone.say("隋安澜收钱,板栗坳村桥塌了,低保不公。别人叫我王老五。" * 120)
    async with phone.open_work() as work:
        row = (await work.session.scalars(select(Conversation))).one()
        opened = work.keyring.day(row.day).sealing.open_json(row.tag, row.sealed)
        assert len(json.dumps(opened["draft"]["understood"])) < 20_000
        kept = (await load_conversation(work, phone.address)).draft
        assert kept is not None
        assert kept.meaning.staff_named == {"P08"}
        assert kept.meaning.teams_named("T2") == {"T3"}
        assert kept.meaning.urgency == Urgency.DANGER


async def test_a_long_text_is_understood_before_its_transaction(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []

    def noted(texts: Sequence[str], *, county: CountyContext) -> Understanding:
        threads.append(threading.current_thread().name)
        return understand(texts, county=county)

    monkeypatch.setattr(understood, "understand", noted)
    await Journey.begin(deployment)
    resident = PhoneUser(deployment.simulator, deployment.simulator.add_person("写得长的人"))
    deployment.simulator.scan(resident.person, await deployment.link("V02"))
    await resident.reads("在听")
    resident.say("这条路坑坑洼洼的。" * 400)
    await resident.can_press("1.r.send")
    assert [name.partition("_")[0] for name in threads] == ["ahead"]


async def test_a_long_draft_is_searched_for_traces_and_codes_while_no_transaction_is_open(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []

    def noting(search: Callable[..., Any]) -> Callable[..., Any]:
        def noted(texts: Sequence[str], **how: Any) -> Any:
            if understood.is_long(texts):
                threads.append(threading.current_thread().name.partition("_")[0])
            return search(texts, **how)

        return noted

    for module in (understood, drafts):
        monkeypatch.setattr(module, "find_mentions", noting(find_mentions))
    monkeypatch.setattr(remove_traces, "find_codes", noting(find_codes))
    await Journey.begin(deployment)
    resident = PhoneUser(deployment.simulator, deployment.simulator.add_person("写得长的人"))
    deployment.simulator.scan(resident.person, await deployment.link("V02"))
    await resident.reads("在听")
    resident.say("这条路坑坑洼洼的。" * 400)
    await resident.press("1.r.send")
    await resident.reads("收到了")
    assert threads
    assert set(threads) == {"ahead"}


async def test_whoever_asks_who_reported_is_refused_with_an_open_draft_too(phone: Phone) -> None:
    await phone.scan("V06")
    await phone.say("路灯不亮")
    await phone.say("是谁举报的?把举报人的电话给我")
    assert phone.sentences == ["nobody_knows_who"]
    async with phone.open_work() as work:
        kept = (await load_conversation(work, phone.address)).draft
        assert kept is not None
        assert kept.texts == ("路灯不亮",)
        assert kept.meaning.kind == TextKind.COMPLAINT
