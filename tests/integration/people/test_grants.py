"""Grants: who is shown what by which role, never more, until when; given and withdrawn by whom, and taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.cases.card import offered
from models.audit import Audited, AuditEntry
from models.complaints import Case, MessageKind
from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.rounds import Round
from models.staff import GRANTED_ROLES, Grant, Recusal, RecusalState, Role, Staff, StaffRole
from models.states import CASE, CaseState, NotEntitled, RoundState
from services.access.grants import READS_TEXTS
from services.access.member import Member
from services.cases.actions import actions_open_to
from services.cases.claim import claim
from services.cases.decide import accept, answer, close, reopen, verify
from services.cases.instruct import escalate
from services.cases.notices import CaseText
from services.cases.queues import length_of_queue, queue
from services.cases.read_case import hand_over, read_file
from services.cases.search import NoTexts, found_page, search
from services.directory import expire_directory
from services.people.grants import NotGranted, WhyNot, end_grants, grant, grants_given_by, share, withdraw
from services.people.leaving import move_to_team
from services.rectification.list_items import open_items
from services.unit_of_work import UnitOfWork
from simulator.chat_reader import SeenMessage
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import events_of, lay, picture, queued_for, rendered
from tests.integration.rectification.conftest import at, who
from tests.integration.web.desk import laid
from tests.story import PhoneUser

MONDAY = at(23)
GUESTS = {role: f"G{number}" for number, role in enumerate(GRANTED_ROLES, start=1)}
SUBJECTS = {Role.OBSERVER: "road", Role.TOWNSHIP_OFFICE: "U1", Role.MICRO_TEAM: "V01"}
PHONE = "13800138000"


@pytest.fixture
def county(enrolled_county: None, open_work: OpenWork) -> OpenWork:
    """The sample county with everybody enrolled; opens works like `open_work`."""
    return open_work


async def guests(work: UnitOfWork) -> None:
    """Enter a person for each role that is granted something."""
    for role, staff_id in GUESTS.items():
        work.session.add(Staff(id=staff_id, name=f"来宾{staff_id}"))
        await work.session.flush()
        work.session.add(StaffRole(staff_id=staff_id, role=role, fields=[]))
    await work.session.flush()


async def given(work: UnitOfWork, role: Role, subject_id: str, *, by: str = "P05", team: str = "T1") -> Member:
    """Let a guest be shown something, and return them."""
    until = work.today + timedelta(days=7)
    await grant(work, await who(work, by), role, GUESTS[role], team, subject_id, until)
    return await who(work, GUESTS[role])


CASES: dict[str, dict[str, object]] = {
    "the case itself": {},
    "another of the village": {"category": "fees"},
    "another of the category": {"village": "V02"},
    "another of the unit": {"village": "V02", "category": "fees"},
    "of another unit of the team": {"village": None, "unit": "U4", "category": "fees"},
    "before the leader alone": {"desk": Desk.leader("T1"), "state": CaseState.RESTRICTED},
    "before the director alone": {"desk": DIRECTOR_DESK, "team": None, "state": CaseState.RESTRICTED},
    "at the office": {"desk": OFFICE_DESK, "team": None, "state": CaseState.PENDING_ASSIGN},
    "with another team": {"desk": Desk.team("T2"), "team": "T2"},
    "closed": {"state": CaseState.CLOSED},
}
# Of each role the cases whose card it is shown, and whether it reads their texts.
SHOWN: dict[Role, tuple[set[str], bool]] = {
    Role.EXPERT: ({"the case itself"}, True),
    Role.OBSERVER: ({"the case itself", "another of the category", "closed"}, False),
    Role.TOWNSHIP_OFFICE: (
        {"the case itself", "another of the village", "another of the category", "another of the unit", "closed"},
        False,
    ),
    Role.MICRO_TEAM: ({"the case itself", "another of the village", "closed"}, True),
}


def granted(role: Role, case: Case) -> set[str]:
    """Return the actions that a grant gives about a case: readers note, a township's office calls a department in."""
    noting = {"note"} if READS_TEXTS[role] else set()
    calling = {"call_to_case"} if role is Role.TOWNSHIP_OFFICE else set()
    return (noting | calling) if case.is_open else set()


@pytest.mark.parametrize("role", GRANTED_ROLES)
async def test_each_role_is_shown_what_it_is_granted_and_does_nothing(county: OpenWork, role: Role) -> None:
    async with county(now=MONDAY) as work:
        await guests(work)
        cases = {name: await lay(work, "路坏了", **facts) for name, facts in CASES.items()}  # type: ignore[arg-type]
        guest = await given(work, role, SUBJECTS.get(role, cases["the case itself"].id))
        shown, reads = SHOWN[role]
        assert {name for name, case in cases.items() if guest.knows_of(case)} == shown
        assert {name for name, case in cases.items() if guest.reads(case)} == (shown if reads else set())
        listed = await queue(work, guest)
        still_open = {cases[name].id for name in shown if cases[name].is_open}
        assert {case.id for case in listed.cases} == still_open
        assert (await length_of_queue(work, guest)).cases == len(still_open)
        for case in cases.values():
            assert not guest.sees(case)
            assert set(actions_open_to(guest, case)) <= ({"open"} if reads else set()) | granted(role, case)
            assert not CASE.actions(case.state, guest.actors_at(case))
        items = (await open_items(work, guest)).items
        assert {item.unit_id for item in items} == ({"U1"} if role is Role.TOWNSHIP_OFFICE else set())
        assert all(item.desk is None for item in items)


@pytest.mark.parametrize("role", GRANTED_ROLES)
async def test_in_no_state_does_who_is_granted_a_case_do_anything_about_it(county: OpenWork, role: Role) -> None:
    reads = READS_TEXTS[role]
    async with county(now=MONDAY) as work:
        await guests(work)
        for state in CaseState:
            case = await lay(work, "路坏了", state=state)
            if role is Role.EXPERT or state is CaseState.RECEIVED:
                guest = await given(work, role, SUBJECTS.get(role, case.id))
            else:
                guest = await who(work, GUESTS[role])
            assert guest.knows_of(case)
            may = ({"open"} if reads else set()) | granted(role, case)
            assert {action.name for action in offered(guest, case)} == may, state
            for attempt in (claim, accept, verify, close, reopen, escalate, answer, share):
                further = {escalate: ("请定",), answer: ("查清了。",), share: ("T2",)}.get(attempt, ())
                with pytest.raises(NotEntitled):
                    await attempt(work, guest, case.id, *further)


@pytest.mark.parametrize("role", GRANTED_ROLES)
async def test_the_same_people_are_shown_nothing_without_a_grant(county: OpenWork, role: Role) -> None:
    async with county(now=MONDAY) as work:
        await guests(work)
        cases = [await lay(work, "路坏了", **facts) for facts in CASES.values()]  # type: ignore[arg-type]
        guest = await who(work, GUESTS[role])
        assert not [case for case in cases if guest.knows_of(case) or guest.reads(case)]
        assert (await queue(work, guest)).cases == []
        assert (await open_items(work, guest)).items == []


@pytest.mark.parametrize("role", GRANTED_ROLES)
async def test_whoever_is_recused_from_the_unit_or_named_is_shown_nothing(county: OpenWork, role: Role) -> None:
    async with county(now=MONDAY) as work:
        await guests(work)
        named = await lay(work, "路坏了", shut_out=[GUESTS[role]])
        case = await lay(work, "路坏了")
        subject = SUBJECTS.get(role, case.id)
        guest = await given(work, role, subject)
        assert guest.knows_of(case)
        assert not guest.knows_of(named)
        work.session.add(Recusal(staff_id=guest.id, unit_id="U1", state=RecusalState.ORDERED, reason="亲属"))
        await work.session.flush()
        expire_directory(work.session)
        guest = await who(work, guest.id)
        assert not guest.knows_of(case)
        assert (await queue(work, guest)).cases == []
        assert (await open_items(work, guest)).items == []


async def test_what_is_held_until_its_batch_is_shown_to_nobody(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        await guests(work)
        case = await lay(work, "路坏了")
        guest = await given(work, Role.MICRO_TEAM, "V01")
        case.held_until = MONDAY + timedelta(hours=1)
        assert not guest.knows_of(case)


@pytest.mark.parametrize("role", [Role.EXPERT, Role.MICRO_TEAM])
async def test_who_reads_gets_masked_texts_and_no_file_even_while_the_case_is_unmasked(
    county: OpenWork, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.cases import read_case

    async def unmasked(*_: object) -> bool:
        return True

    monkeypatch.setattr(read_case, "is_unmasked", unmasked)
    async with county(now=MONDAY) as work:
        await guests(work)
        case = await lay(work, f"路坏了，我的电话{PHONE}", photos=[picture()])
        guest = await given(work, role, SUBJECTS.get(role, case.id))
        await hand_over(work, guest, case.id)
        name = f"staff:{guest.id}"
        [text] = await queued_for(work, name, "case_text")
        said = await rendered(work, name, text)
        assert said is not None
        assert isinstance(text.content, CaseText)
        assert not text.content.bare
        assert "路坏了" in said.text
        assert PHONE not in said.text
        assert await queued_for(work, name, "case_file", "case_notes") == []
        said_in = await read_case._messages_of(work, [case])
        [message] = [one for _, one in said_in[case.id] if one.kind is MessageKind.PHOTO]
        with pytest.raises(NotEntitled):
            await read_file(work, guest, case.id, message.id)
        await read_file(work, await who(work, "P06"), case.id, message.id)


@pytest.mark.parametrize(
    ("role", "subject", "why"),
    [
        (Role.EXPERT, "00000000", WhyNot.NO_CASE),
        (Role.TOWNSHIP_OFFICE, "U2", WhyNot.NO_PLACE),
        (Role.MICRO_TEAM, "V99", WhyNot.NO_PLACE),
        (Role.OBSERVER, "weather", WhyNot.NO_PLACE),
    ],
)
async def test_what_is_not_the_teams_is_not_granted(county: OpenWork, role: Role, subject: str, why: WhyNot) -> None:
    async with county(now=MONDAY) as work:
        await guests(work)
        with pytest.raises(NotGranted) as refused:
            await given(work, role, subject)
        assert refused.value.why is why


async def test_a_case_before_one_pair_of_eyes_is_granted_to_nobody(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        await guests(work)
        for desk, team in ((Desk.leader("T1"), "T1"), (DIRECTOR_DESK, None), (OFFICE_DESK, None)):
            case = await lay(work, "路坏了", desk=desk, team=team, state=CaseState.RESTRICTED)
            with pytest.raises(NotGranted):
                await given(work, Role.EXPERT, case.id, by="P03")


async def test_who_is_to_keep_away_is_not_granted_it(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        await guests(work)
        case = await lay(work, "路坏了", shut_out=[GUESTS[Role.EXPERT]])
        with pytest.raises(NotGranted) as refused:
            await given(work, Role.EXPERT, case.id)
        assert refused.value.why is WhyNot.SHUT_OUT
        guest = GUESTS[Role.MICRO_TEAM]
        work.session.add(Recusal(staff_id=guest, unit_id="U1", state=RecusalState.DECLARED, reason="籍贯"))
        await work.session.flush()
        expire_directory(work.session)
        with pytest.raises(NotGranted) as refused:
            await given(work, Role.MICRO_TEAM, "V01")
        assert refused.value.why is WhyNot.SHUT_OUT


@pytest.mark.parametrize(("by", "team", "may"), [
    ("P05", "T1", True), ("P03", "T1", True), ("P03", "T2", True), ("P05", "T2", False), ("P06", "T1", False),
    ("P04", "T1", False), ("P14", "T1", False), ("P01", "T1", False),
])  # fmt: skip
async def test_the_leader_of_the_team_and_the_director_grant(county: OpenWork, by: str, team: str, may: bool) -> None:
    async with county(now=MONDAY) as work:
        await guests(work)
        if not may:
            with pytest.raises(NotEntitled):
                await given(work, Role.OBSERVER, "road", by=by, team=team)
            return
        guest = await given(work, Role.OBSERVER, "road", by=by, team=team)
        assert [one.team_id for one in guest.grants] == [team]
        entry = await work.session.scalar(select(AuditEntry).where(AuditEntry.action == Audited.GRANTED))
        assert entry is not None
        assert (entry.by_id, entry.subject) == (by, guest.id)


async def test_the_leader_is_told_what_the_director_lets_others_see_and_can_withdraw_it(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        await guests(work)
        guest = await given(work, Role.OBSERVER, "road", by="P03")
        [told] = await queued_for(work, "staff:P05", "granted_by_other")
        said = await rendered(work, "staff:P05", told)
        assert said is not None
        assert all(part in said.text for part in ("容北辰", guest.name, "道路出行"))
        await withdraw(work, await who(work, "P05"), guest.grants[0].id)
        assert await rendered(work, "staff:P05", told) is None
        assert await rendered(work, "staff:P08", told) is None


async def test_nobody_lets_themselves_see_what_is_not_theirs(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        case = await lay(work, "路坏了")
        work.session.add(StaffRole(staff_id="P03", role=Role.EXPERT, fields=[]))
        await work.session.flush()
        expire_directory(work.session)
        with pytest.raises(NotEntitled):
            until = work.today + timedelta(days=7)
            await grant(work, await who(work, "P03"), Role.EXPERT, "P03", "T1", case.id, until)


async def test_only_who_holds_the_role_is_granted_it_and_once_and_not_for_ever(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        await guests(work)
        leader, guest = await who(work, "P05"), GUESTS[Role.OBSERVER]
        week = work.today + timedelta(days=7)
        with pytest.raises(NotEntitled):
            await grant(work, leader, Role.OBSERVER, "P14", "T1", "road", week)
        for day in (work.today - timedelta(days=1), work.today + timedelta(days=367)):
            with pytest.raises(NotGranted) as refused:
                await grant(work, leader, Role.OBSERVER, guest, "T1", "road", day)
            assert refused.value.why is WhyNot.DAY
        await grant(work, leader, Role.OBSERVER, guest, "T1", "road", week)
        with pytest.raises(NotGranted) as refused:
            await grant(work, leader, Role.OBSERVER, guest, "T1", "road", week)
        assert refused.value.why is WhyNot.TWICE


async def test_it_ends_with_its_last_day(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        await guests(work)
        case = await lay(work, "路坏了")
        guest = await given(work, Role.OBSERVER, "road")
    for now, shown in ((at(30, 23, 59), True), (at(1, 0, 0, month=12), False)):
        async with county(now=now) as work:
            await end_grants(work)
            found = await work.session.get_one(Case, case.id)
            assert (await who(work, guest.id)).knows_of(found) == shown
    async with county(now=at(1, 9, month=12)) as work:
        await end_grants(work)
        ended = await work.session.scalars(select(AuditEntry.by_id).where(AuditEntry.action == Audited.GRANT_ENDED))
        assert list(ended) == [":clock"]


async def test_a_case_that_goes_to_another_desk_is_shown_no_more(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        await guests(work)
        case = await lay(work, "路坏了")
        guest = await given(work, Role.EXPERT, case.id)
        assert guest.knows_of(case)
        case.desk = Desk.leader("T1")
        assert not guest.knows_of(case)


async def test_withdrawing_is_for_who_may_grant_it(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        await guests(work)
        await given(work, Role.OBSERVER, "road")
        found = (await work.session.scalars(select(Grant))).one()
        for staff_id in ("P06", "P08", "P14", GUESTS[Role.OBSERVER]):
            with pytest.raises(NotEntitled):
                await withdraw(work, await who(work, staff_id), found.id)
        await withdraw(work, await who(work, "P03"), found.id)
        assert (await who(work, GUESTS[Role.OBSERVER])).grants == ()


async def test_a_shared_case_is_shown_to_the_other_team_and_stays_the_first_ones(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        case, other = await lay(work, "路坏了"), await lay(work, "灯坏了")
        await share(work, await who(work, "P05"), case.id, "T2")
        for staff_id in ("P08", "P09", "P10"):
            colleague = await who(work, staff_id)
            assert colleague.knows_of(case)
            assert colleague.reads_in_part(case)
            assert not colleague.knows_of(other)
            assert set(actions_open_to(colleague, case)) == {"open", "note"}
            assert case.id in {one.id for one in (await queue(work, colleague)).cases}
            [told] = await queued_for(work, f"staff:{staff_id}", "granted")
            said = await rendered(work, f"staff:{staff_id}", told)
            assert said is not None
            assert "县委第一巡察组" in said.text
        assert case.desk == Desk.team("T1")
        assert "share" in await events_of(work, case)
        entry = await work.session.scalar(select(AuditEntry).where(AuditEntry.action == Audited.GRANTED))
        assert entry is not None
        assert (entry.by_id, entry.case_id, entry.subject) == ("P05", case.id, "T2")
        for staff_id in ("P11", "P12"):
            assert not (await who(work, staff_id)).knows_of(case)


async def test_whoever_of_the_other_team_is_to_keep_away_is_shown_no_shared_case(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        case = await lay(work, "路坏了", shut_out=["P09"])
        work.session.add(Recusal(staff_id="P10", unit_id="U1", state=RecusalState.ORDERED, reason="亲属"))
        await work.session.flush()
        expire_directory(work.session)
        await share(work, await who(work, "P05"), case.id, "T2")
        shown = {name: (await who(work, name)).knows_of(case) for name in ("P08", "P09", "P10")}
        assert shown == {"P08": True, "P09": False, "P10": False}


async def test_a_share_is_withdrawn_from_all_of_the_team_and_ends_when_a_case_becomes_one_persons(
    county: OpenWork,
) -> None:
    async with county(now=MONDAY) as work:
        case, leader = await lay(work, "路坏了"), await who(work, "P05")
        await share(work, leader, case.id, "T2")
        with pytest.raises(NotEntitled):  # with one team once
            await share(work, leader, case.id, "T2")
        case.desk = Desk.leader("T1")
        assert not (await who(work, "P08")).knows_of(case)
        case.desk = Desk.team("T1")
        [given] = await work.session.scalars(select(Grant))
        with pytest.raises(NotEntitled):
            await withdraw(work, await who(work, "P08"), given.id)
        await withdraw(work, leader, given.id)
        for staff_id in ("P08", "P09", "P10"):
            assert not (await who(work, staff_id)).knows_of(case)
            assert await queued_for(work, f"staff:{staff_id}", "grant_ended")


async def test_who_comes_to_the_other_team_is_shown_what_is_shared_and_who_leaves_it_no_more(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        case = await lay(work, "路坏了")
        await share(work, await who(work, "P05"), case.id, "T2")
        await move_to_team(work, "P12", "T2")
        await move_to_team(work, "P09", "T3")
        assert (await who(work, "P12")).knows_of(case)
        assert not (await who(work, "P09")).knows_of(case)


async def test_who_is_shut_out_lets_nobody_be_shown_it_and_is_not_told_of_it(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        await guests(work)
        case = await lay(work, "路坏了", shut_out=["P05"])
        work.session.add(Recusal(staff_id="P03", unit_id="U1", state=RecusalState.ORDERED, reason="亲属"))
        await work.session.flush()
        expire_directory(work.session)
        for by in ("P05", "P03"):
            with pytest.raises(NotGranted) as refused:
                await given(work, Role.EXPERT, case.id, by=by)
            assert refused.value.why is WhyNot.NO_CASE
        for role in (Role.TOWNSHIP_OFFICE, Role.MICRO_TEAM):
            with pytest.raises(NotGranted) as refused:
                await given(work, role, SUBJECTS[role], by="P03")
            assert refused.value.why is WhyNot.NO_PLACE


async def test_the_leader_hears_nothing_of_what_is_shown_of_a_case_that_names_them(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        await guests(work)
        case = await lay(work, "路坏了", shut_out=["P05"])
        await given(work, Role.EXPERT, case.id, by="P03")
        [told] = await queued_for(work, "staff:P05", "granted_by_other")
        assert await rendered(work, "staff:P05", told) is None
        assert await grants_given_by(work, await who(work, "P05")) == []
        [found] = await grants_given_by(work, await who(work, "P03"))
        with pytest.raises(NotEntitled):
            await withdraw(work, await who(work, "P05"), found.grant.id)


async def test_whoever_is_to_keep_away_hears_nothing_of_a_shared_case(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        case, leader = await lay(work, "路坏了", shut_out=["P09"]), await who(work, "P05")
        await share(work, leader, case.id, "T2")
        assert await queued_for(work, "staff:P09", "granted") == []
        [told] = await queued_for(work, "staff:P10", "granted")
        work.session.add(Recusal(staff_id="P10", unit_id="U1", state=RecusalState.ORDERED, reason="亲属"))
        await work.session.flush()
        expire_directory(work.session)
        assert await rendered(work, "staff:P10", told) is None
        [shared] = await grants_given_by(work, leader)
        await withdraw(work, leader, shared.grant.id)
        assert await queued_for(work, "staff:P09", "grant_ended") == []


async def test_with_its_round_a_grant_ends(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        await guests(work)
        guest = await given(work, Role.OBSERVER, "road")
        team = (await work.directory()).teams["T1"]
        (await work.session.get_one(Round, team.round_id)).state = RoundState.ARCHIVED
        await work.session.flush()
        expire_directory(work.session)
        await end_grants(work)
        await end_grants(work)
        assert (await who(work, guest.id)).grants == ()
        ended = await work.session.scalars(select(AuditEntry.by_id).where(AuditEntry.action == Audited.GRANT_ENDED))
        assert list(ended) == [":clock"]


async def test_a_leader_shares_a_case_on_a_phone(deployment: Deployment) -> None:
    leader, other = [PhoneUser(deployment.simulator, one) for one in await deployment.enrol("P05", "P08")]
    number = await laid(deployment, "桥裂了")
    leader.say(number)
    await leader.press("1.case.share_teams")
    await leader.reads("要共享给哪个组看")
    assert "已共享给县委第二巡察组" in await leader.press(f"1.case.share.{number}.T2")
    await other.reads("共享给你们组看")
    await other.press("1.queue.case")
    await other.reads("只看不办")
    leader.say("/grants")
    await leader.press("1.grant.ask")
    await leader.press("1.grant.withdraw")
    await other.reads("到期或被撤销")

    def gone(seen: list[SeenMessage]) -> bool | None:
        return not any("只看不办" in one.text for one in seen) or None

    await deployment.simulator.wait_for(other.person, gone)


async def test_a_leader_grants_on_a_phone_and_what_was_shown_is_taken_back(deployment: Deployment) -> None:
    async with deployment.database.transaction() as session:
        await guests(deployment.work(session))
    expert_id = GUESTS[Role.EXPERT]
    leader, expert = [PhoneUser(deployment.simulator, one) for one in await deployment.enrol("P05", expert_id)]
    number = await laid(deployment, f"桥裂了，我的电话{PHONE}")
    leader.say("/grants")
    await leader.press("1.grant.give")
    await leader.reads("以什么身份来看")
    await leader.press("1.form.choose.grant_cases-role")
    await leader.reads("给谁看")
    await leader.press("1.form.choose.grant_cases-person")
    await leader.reads("请写件的编号")
    leader.say("12345678")
    await leader.reads("这个组没有这一件")
    leader.say(number)
    await leader.reads("看到哪天为止")
    leader.say("12月1日")
    await leader.reads("能认出反映人的地方遮住")
    await leader.press("1.form.send.grant_cases")
    await expert.reads(f"件 {number}，到12月1日为止")
    expert.say("/queue")
    await expert.reads("授权给您看的件")
    await expert.press("1.queue.case")
    card = await expert.reads("只看不办")
    assert {one.data.split(".")[2] for row in card.buttons for one in row} == {"open", "note"}
    await expert.press("1.case.open")
    text = await expert.reads("桥裂了")
    assert PHONE not in text.text
    leader.say("/grants")
    await leader.press("1.grant.ask")
    await leader.press("1.grant.withdraw")
    await expert.reads("到期或被撤销")

    def gone(seen: list[SeenMessage]) -> bool | None:
        said = [one for one in seen if one.from_bot and "🔑" not in one.text]
        return not any(number in one.text or "桥裂了" in one.text for one in said) or None

    await deployment.simulator.wait_for(expert.person, gone)


@pytest.mark.parametrize("role", [Role.EXPERT, Role.TOWNSHIP_OFFICE])
async def test_what_is_granted_is_found_by_its_columns_and_not_by_its_words(county: OpenWork, role: Role) -> None:
    async with county() as work:
        await guests(work)
        case, other = await lay(work, "水渠塌了"), await lay(work, "水渠塌了", unit="U4", village=None)
        guest = await given(work, role, case.id if role is Role.EXPERT else "U1")
        await search(work, guest, "道路", {})
        page = await found_page(work, guest, 1)
        assert page is not None
        assert [one.id for one in page.cases] == [case.id]
        assert other.id not in page.search.found
        with pytest.raises(NoTexts):
            await search(work, guest, "水渠", {})


async def test_another_role_is_asked_anew_for_whom_and_for_what(deployment: Deployment) -> None:
    async with deployment.database.transaction() as session:
        await guests(deployment.work(session))
    [account] = await deployment.enrol("P05")
    leader, number = PhoneUser(deployment.simulator, account), await laid(deployment, "桥裂了")
    leader.say("/grants")
    await leader.press("1.grant.give")
    roles = await leader.reads("以什么身份来看")
    [observer] = [one.data for row in roles.buttons for one in row if one.data.endswith(f".{Role.OBSERVER}")]
    await leader.press("1.form.choose.grant_cases-role")
    await leader.press("1.form.choose.grant_cases-person")
    await leader.reads("请写件的编号")
    leader.say(number)
    await leader.reads("看到哪天为止")
    leader.say("12月1日")
    preview = await leader.reads("能认出反映人的地方遮住")
    deployment.simulator.press_data(leader.person, roles.message_id, observer)
    await leader.reads("给谁看", after=preview.message_id)
    await leader.press("1.form.choose.grant_cases-person", after=preview.message_id)
    await leader.reads("看哪一类的件")
