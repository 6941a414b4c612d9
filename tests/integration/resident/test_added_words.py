"""What is added to a complaint: shown with who would read it, and its case goes where it would have gone with that."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.people.audit import audit_page
from handlers.resident.messages import AdditionPreview
from models.audit import AuditEntry
from models.complaints import Case, ComplaintMessage
from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.rounds import County
from models.states import CaseState
from models.urgency import Urgency
from privacy.receipt import Receipt, Script
from services.access.member import member
from services.cases.batches import release_batches
from services.cases.case_log import case_to_change, step
from services.intake.conversation_store import load_conversation
from services.intake.route import Because, Promise, ReadBy
from tests.conftest import NOW, OpenWork
from tests.deployment import Deployment
from tests.integration.resident.conftest import Phone, case_of, readers_of
from tests.integration.resident.test_coming_back import TEAM, ask, events_of, said_by_reporter
from tests.journey import Journey
from tests.story import PhoneUser, receipt_in
from texts.catalogue import Words

TEAM_2, LEADER_2 = {"P08", "P09", "P10"}, {"P08"}
DIRECTOR = {"P03"}
HEAD = ("这事没人敢管", "村支书的小舅子", "包的鱼塘")
TOLD = {
    "the head": (HEAD, ReadBy.LEADER, Because.CONCERNS_HEAD, LEADER_2),
    "the team": (("你们组里", "戴眼镜那个收了烟"), ReadBy.DIRECTOR, Because.CONCERNS_TEAM, DIRECTOR),
    "the leader of the team": (("隋安澜", "收了两条烟"), ReadBy.DIRECTOR, Because.NAMES_LEADER, DIRECTOR),
    "a name that sounds like the leader's": (("隋安兰收了两条烟",), ReadBy.DIRECTOR, Because.NAMES_LEADER, DIRECTOR),
    "something else": (("路灯也不亮",), ReadBy.TEAM, Because.OWN_TEAM, TEAM_2),
    "another team's village": (("板栗坳村的路也没修",), ReadBy.TEAM, Because.OWN_TEAM, TEAM_2),
}


async def returned(phone: Phone, *, just_sent: bool = False) -> Receipt:
    """Somebody has sent something, and visits it."""
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    if not just_sent:
        await phone.come_back(receipt)
    return receipt


def promised(phone: Phone) -> Promise:
    found = phone.shown(AdditionPreview).promised
    assert found is not None
    return found.promise


@pytest.mark.parametrize("just_sent", [True, False], ids=["after sending", "with the code"])
@pytest.mark.parametrize(("lines", "read_by", "because", "who"), TOLD.values(), ids=TOLD)
async def test_the_preview_of_what_is_added_says_who_will_read_it_and_so_it_is(
    phone: Phone, lines: tuple[str, ...], read_by: ReadBy, because: Because, who: set[str], just_sent: bool
) -> None:
    receipt = await returned(phone, just_sent=just_sent)
    for line in lines:
        await phone.say(line)
    promise = promised(phone)
    assert (promise.read_by, promise.because) == (read_by, because)
    assert all(word in "".join(lines) for word in promise.words)
    assert bool(promise.words) == (read_by is not ReadBy.TEAM)
    await phone.press("put_in", phone.shown(AdditionPreview).complaint_id)
    assert phone.sentences == ["added" if read_by is ReadBy.TEAM else f"added_for_{read_by}"]
    assert await readers_of(phone, receipt) == who
    async with phone.open_work() as work:
        assert await said_by_reporter(work, receipt) == ["鱼塘的账不公开", "\n".join(lines)]


async def test_whoever_adds_may_untick_and_then_the_team_reads_it(phone: Phone) -> None:
    receipt = await returned(phone)
    await phone.say("".join(HEAD))
    shown = phone.shown(AdditionPreview)
    assert shown.addition.concerns_head
    await phone.press("put_toggle", shown.complaint_id, "head")
    assert promised(phone) == Promise(ReadBy.TEAM, Because.OWN_TEAM)
    await phone.press("put_in", shown.complaint_id)
    assert await readers_of(phone, receipt) == TEAM_2


async def test_a_toggle_is_offered_only_where_it_makes_a_difference(phone: Phone) -> None:
    receipt = await returned(phone)
    await phone.add(*HEAD)
    await phone.say("还有一口塘")
    promise = phone.shown(AdditionPreview).promised
    assert promise is not None
    assert promise.toggles == ("team",)
    assert promise.promise.read_by is ReadBy.LEADER
    await phone.press("put_in", phone.shown(AdditionPreview).complaint_id)
    assert await readers_of(phone, receipt) == LEADER_2


async def test_it_moves_in_whatever_state_it_is_and_the_audit_log_says_that_the_product_did_it(
    phone: Phone, county: OpenWork
) -> None:
    receipt = await returned(phone)
    async with county() as work:
        case = await case_to_change(work, (await case_of(work, receipt)).id)
        for action in ("accept", "verify"):
            await step(work, case, action, TEAM)
        case.owner_id = "P09"
    await phone.add(*HEAD)
    async with county() as work:
        case = await case_of(work, receipt)
        assert (case.desk, case.owner_id, case.state) == (Desk.leader("T2"), None, CaseState.VERIFYING)
        assert case.concerns_head
        assert "restrict" in await events_of(work, receipt)
        [entry] = await work.session.scalars(select(AuditEntry).where(AuditEntry.case_id == case.id))
        assert (entry.action, entry.by_id, entry.subject) == ("transferred", ":clock", "team_leader:T2")
        assert not (await member(work.session, "P09")).sees(case)
        director = await member(work.session, "P03")
        page = await audit_page(work, Words("zh_Hans"), director, case.id)
        assert "系统定时" in page
        assert "县委第二巡察组组长" in page


async def test_one_that_waits_for_an_answer_goes_on_at_the_other_desk(phone: Phone, county: OpenWork) -> None:
    receipt = await returned(phone)
    async with county() as work:
        await ask(work, receipt, "是哪一口塘?")
    await phone.add(*HEAD)
    async with county() as work:
        case = await case_of(work, receipt)
        assert (case.desk, case.state) == (Desk.leader("T2"), CaseState.ASSIGNED)


async def test_at_the_office_what_turns_out_to_be_about_a_head_goes_to_the_director(
    phone: Phone, county: OpenWork
) -> None:
    receipt = await phone.complain(None, "路灯不亮")
    async with county() as work:
        assert (await case_of(work, receipt)).desk == OFFICE_DESK
    await phone.add("是我们镇书记", "不让修")
    async with county() as work:
        assert (await case_of(work, receipt)).desk == DIRECTOR_DESK


async def test_the_caption_of_a_photo_is_read_too_and_with_it_the_lines_that_wait(
    phone: Phone, county: OpenWork
) -> None:
    receipt = await returned(phone)
    await phone.say("村支书的小舅子包的")
    await phone.show("就是这口塘")
    assert phone.sentences == ["added_for_leader"]
    assert await readers_of(phone, receipt) == LEADER_2


async def test_what_waits_for_a_batch_takes_the_case_along_then_and_not_before(phone: Phone, county: OpenWork) -> None:
    async with county() as work:
        entry = await work.session.get_one(County, 1)
        entry.settings = entry.settings | {"privacy": {"release_village_hours": 1}}
    receipt = await returned(phone)
    async with county() as work:
        (await case_to_change(work, (await case_of(work, receipt)).id)).held_until = None
        for message in await work.session.scalars(select(ComplaintMessage)):
            message.held_until = None
    await phone.add(*HEAD)
    assert phone.sentences == ["added_for_leader"]
    async with county() as work:
        assert (await case_of(work, receipt)).desk == Desk.team("T2")
        assert "reporter_wrote" not in await events_of(work, receipt)
    async with county(now=NOW + timedelta(hours=1)) as work:
        await release_batches(work)
    async with county() as work:
        assert (await case_of(work, receipt)).desk == Desk.leader("T2")
        events = await events_of(work, receipt)
        assert events.index("restrict") < events.index("reporter_wrote")


async def test_danger_that_is_told_over_several_lines_raises_the_case(phone: Phone, county: OpenWork) -> None:
    receipt = await returned(phone)
    await phone.add("那座桥", "要垮了")
    async with county() as work:
        assert (await case_of(work, receipt)).urgency == Urgency.DANGER


async def test_what_waits_to_be_added_is_sealed_and_gone_once_the_visit_is(phone: Phone, county: OpenWork) -> None:
    await returned(phone)
    await phone.say("村口那口")
    phone.now = NOW + timedelta(hours=2)
    async with county(now=phone.now) as work:
        assert (await load_conversation(work, phone.address)).addition is None


async def test_the_first_half_of_another_code_goes_into_no_complaint(phone: Phone, county: OpenWork) -> None:
    other = await phone.complain("V06", "路灯不亮")
    receipt = await returned(phone)
    first, second = other.text(Script.SIMPLIFIED).split()
    await phone.say(first)
    assert phone.sentences == ["half_of_code_or_words"]
    await phone.say(second)
    async with county() as work:
        assert (await load_conversation(work, phone.address)).visit != (await case_of(work, receipt)).id
        assert await said_by_reporter(work, receipt) == ["鱼塘的账不公开"]


# ---- over Telegram


async def test_six_short_lines_in_a_visit_are_one_card_and_one_message_to_the_team(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    code = await _sent(journey)
    resident, lines = journey.resident, ("塘埂垮了", "水淌光了", "鱼死了", "找村上", "村上不管", "你们来看嘛")
    resident.say(code)
    await resident.can_press("1.r.add")
    for line in lines:
        resident.say(line)
        await shown_to_be_added(resident, line)
    shown = [one for one in deployment.simulator.messages(resident.chat) if "加到您反映的这一件" in one.text]
    assert len(shown) == 1
    await resident.press("1.r.put_in")
    await resident.reads("加进去了")
    assert "1 条" in (await journey.board.reads("有新的话")).text
    await journey.board.press("1.case.claim")
    await journey.board.press("1.case.open")
    read = await journey.member.reads("塘埂垮了")
    assert all(line in read.text for line in lines)


async def test_members_lose_the_card_and_what_they_opened_before_anything_that_was_added_shows(
    deployment: Deployment,
) -> None:
    journey = await Journey.begin(deployment)
    code = await _sent(journey)
    await journey.board.press("1.case.claim")
    await journey.board.press("1.case.open")
    await journey.member.reads("路灯不亮")
    journey.member.say("/mine")
    async with deployment.database.reading() as session:
        [case] = await session.scalars(select(Case))
    listed = await journey.member.reads(case.id)
    resident = journey.resident
    resident.say(code)
    await resident.can_press("1.r.add")
    resident.say("村支书的小舅子包的工程")
    shown = await resident.reads("加到您反映的这一件")
    assert "只有县委第一巡察组组长" in shown.text
    await resident.press("1.r.put_in")
    await resident.reads("整件只有组长看得到")
    await journey.board.reads("已转")
    await deployment.settled()
    left = deployment.simulator.messages(journey.member.chat)
    assert not any("路灯不亮" in one.text or "小舅子" in one.text for one in left if one.from_bot)
    assert listed.message_id not in [one.message_id for one in left]
    assert not any("小舅子" in one.text for one in deployment.simulator.messages(journey.board.chat))
    await journey.leader.press("1.case.open")
    assert "小舅子" in (await journey.leader.reads("路灯不亮")).text


async def shown_to_be_added(resident: PhoneUser, line: str) -> None:
    """Wait until a line stands on the card of what is to be added."""
    await resident.sees(lambda one: line in one.text and "加到您反映的这一件" in one.text)


async def _sent(journey: Journey) -> str:
    resident = journey.resident
    journey.simulator.scan(resident.person, await journey.deployment.link("V02"))
    await resident.sees(lambda one: bool(one.buttons))
    resident.say("路灯不亮")
    await resident.previews("路灯不亮")
    await resident.press("1.r.send")
    code = receipt_in(await resident.sees(lambda one: receipt_in(one) is not None))
    assert code is not None
    return code[1]
