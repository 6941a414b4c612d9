"""What many report within days is raised as a cluster; its brief goes up to the leading group and comes back."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from handlers.cases.special_briefs import offered, printed_of
from handlers.documents import pdf_of
from models.audit import Audited, AuditEntry
from models.base import table_of
from models.clusters import Cluster, SpecialBrief
from models.complaints import Case, CaseShutOut
from models.delivery import OutboxRow
from models.desk import Desk
from models.states import CaseState, Impossible, NotEntitled, SpecialBriefState
from services.access.member import Member, member
from services.cases import clusters
from services.cases.case_log import complaints_of
from services.cases.clusters import ClusterCursor, ClusterSeen, cases_in, cluster_seen, clusters_of
from services.cases.dialogue import ContainsContact, team_messages_of
from services.cases.merge import merge
from services.cases.notices import BriefDue, BriefLate, BriefMoved, ClusterGrows
from services.cases.quoting import QuotesReporter
from services.cases.special_briefs import (
    LISTED,
    BriefCursor,
    InstructionOnBrief,
    actors_at,
    as_it_may_go_out,
    brief_seen,
    briefs_of,
    finish,
    instruct,
    leaders_to_choose,
    pass_on,
    reads_any_brief,
    report_households,
    send_back,
    tell_of_briefs,
    words_of,
    write_brief,
)
from services.intake.preparation import prepare
from services.intake.similar import find_similar_cases
from services.people.recusal import recuse
from services.unit_of_work import More, UnitOfWork
from tests.conftest import NOW, OpenWork
from tests.integration.cases.conftest import events_of, lay, queued_for, rendered
from tests.notices import rendered_for
from texts.catalogue import Words

LEADER, MEMBER, COLLEAGUE = "P05", "P06", "P07"
HEAD_OF_GROUP, OFFICE, DIRECTOR, COUNTY_LEADER, OTHER_LEADER = "P01", "P04", "P03", "P25", "P08"
SAID = "村口水泥厂天天往河里排污水，鱼都死了。"
WRITTEN = "水泥厂排污，涉及两个组，建议环保和镇里一起查。"


@pytest.fixture(autouse=True)
def _lexicons() -> None:
    prepare()


async def reported(work: UnitOfWork, times: int, **more: object) -> list[Case]:
    cases = [await lay(work, f"{SAID}{'又' * n}", **more) for n in range(times)]  # type: ignore[arg-type]
    await compare(work)
    return cases


async def compare(work: UnitOfWork) -> None:
    while await find_similar_cases(work) is More.TO_DO:
        pass
    await work.session.flush()


async def the_cluster(work: UnitOfWork) -> Cluster:
    [cluster] = await work.session.scalars(select(Cluster))
    return cluster


async def told(work: UnitOfWork, cases: Sequence[Case]) -> list[list[str | None]]:
    complaints = [complaint for case in cases for complaint in await complaints_of(work, case)]
    return [[said.key for said in await team_messages_of(work, complaint)] for complaint in complaints]


async def test_a_cluster_is_raised_once_and_told_again_when_it_has_doubled(county: OpenWork) -> None:
    async with county() as work:
        heard = []
        for more in (4, 1, 4, 1):
            await reported(work, more)
            heard.append(len(await queued_for(work, f"staff:{LEADER}", ClusterGrows.kind)))
        assert heard == [0, 1, 1, 2]
        assert not await queued_for(work, f"staff:{MEMBER}", ClusterGrows.kind)
        outgoing = (await queued_for(work, f"staff:{LEADER}", ClusterGrows.kind))[-1]
        shown = await rendered(work, f"staff:{LEADER}", outgoing)
        assert shown is not None
        assert "10 件 10 次" in shown.text
        assert await rendered(work, f"staff:{OTHER_LEADER}", outgoing) is None


async def test_what_is_older_than_the_days_makes_no_cluster(county: OpenWork) -> None:
    async with county() as work:
        await reported(work, 3, came=NOW - timedelta(days=20))
        await reported(work, 3)
        assert list(await work.session.scalars(select(Cluster))) == []


async def test_cases_and_reports_are_counted_apart(county: OpenWork) -> None:
    async with county() as work:
        first, second, *_ = await reported(work, 6)
        cluster = await the_cluster(work)
        leader = await member(work.session, LEADER)
        await merge(work, leader, second.id, first.id)
        seen = await cluster_seen(work, leader, cluster.id)
        assert (len(seen.cases), seen.times) == (5, 6)


async def test_joined_cases_count_for_the_next_one(county: OpenWork) -> None:
    """Whoever joins each as it comes does not keep the leader from hearing of many."""
    async with county() as work:
        head, *others = await reported(work, 4)
        leader = await member(work.session, LEADER)
        for one in others:
            await merge(work, leader, one.id, head.id)
        await reported(work, 1)
        assert await queued_for(work, f"staff:{LEADER}", ClusterGrows.kind)


async def test_what_is_restricted_is_in_no_cluster_not_even_as_a_number(county: OpenWork) -> None:
    async with county() as work:
        await reported(work, 3)
        await reported(work, 3, desk=Desk.leader("T1"), state=CaseState.RESTRICTED)
        assert list(await work.session.scalars(select(Cluster))) == []
        await reported(work, 2)
        await reported(work, 1, shut_out=[COLLEAGUE])
        seen = {
            staff_id: [one.times for one in (await clusters_of(work, await member(work.session, staff_id))).clusters]
            for staff_id in (LEADER, MEMBER, COLLEAGUE, OTHER_LEADER, DIRECTOR)
        }
        assert seen == {LEADER: [6], MEMBER: [6], COLLEAGUE: [5], OTHER_LEADER: [], DIRECTOR: [6]}


async def test_a_cluster_of_which_too_little_may_be_known_is_none(county: OpenWork) -> None:
    async with county() as work:
        await reported(work, 3)
        await reported(work, 2, shut_out=[COLLEAGUE])
        assert (await clusters_of(work, await member(work.session, MEMBER))).clusters
        colleague = await member(work.session, COLLEAGUE)
        assert (await clusters_of(work, colleague)).clusters == []
        with pytest.raises(NotEntitled):
            await cluster_seen(work, colleague, (await the_cluster(work)).id)


async def a_brief(work: UnitOfWork) -> tuple[SpecialBrief, list[Case]]:
    cases = await reported(work, 5)
    leader = await member(work.session, LEADER)
    return await write_brief(work, leader, (await the_cluster(work)).id, WRITTEN, 30), cases


async def test_a_brief_repeats_nobodys_words_and_looks_at_it_are_noted(county: OpenWork) -> None:
    async with county() as work:
        cases = await reported(work, 5)
        leader, cluster = await member(work.session, LEADER), await the_cluster(work)
        repeated = f"群众说：{SAID}"
        with pytest.raises(QuotesReporter):
            await as_it_may_go_out(work, leader, cluster.id, repeated)
        with pytest.raises(QuotesReporter):
            await write_brief(work, leader, cluster.id, repeated, 30)
        assert await as_it_may_go_out(work, leader, cluster.id, WRITTEN) == WRITTEN
        assert [(await events_of(work, case))[2:] for case in cases] == [["look_at_order"]] * 5


async def test_a_brief_goes_to_the_office_on_to_the_leading_group_and_comes_back_as_an_instruction(
    county: OpenWork,
) -> None:
    async with county() as work:
        brief, cases = await a_brief(work)
        people = {
            one: await member(work.session, one) for one in (LEADER, MEMBER, OFFICE, HEAD_OF_GROUP, COUNTY_LEADER)
        }
        assert await queued_for(work, f"staff:{OFFICE}", BriefMoved.kind)
        with pytest.raises(NotEntitled):
            await brief_seen(work, people[HEAD_OF_GROUP], brief.id)  # not before the office has passed it on
        await pass_on(work, people[OFFICE], brief.id)
        assert await queued_for(work, f"staff:{HEAD_OF_GROUP}", BriefMoved.kind)
        due = work.today + timedelta(days=15)
        await instruct(work, people[HEAD_OF_GROUP], brief.id, InstructionOnBrief(COUNTY_LEADER, due, "限期整治到位。"))
        assert (brief.state, brief.lead_id, brief.due_on) == (SpecialBriefState.INSTRUCTED, COUNTY_LEADER, due)
        for staff_id in (COUNTY_LEADER, LEADER, OFFICE):
            [*_, outgoing] = await queued_for(work, f"staff:{staff_id}", BriefMoved.kind)
            shown = await rendered(work, f"staff:{staff_id}", outgoing)
            assert shown is not None
            assert "限期整治到位" in shown.text
        assert await told(work, cases) == [["brief_instructed"]] * 5
        assert [one.id for one in (await briefs_of(work, people[COUNTY_LEADER])).briefs] == [brief.id]
        assert (await briefs_of(work, people[MEMBER])).briefs == []


async def test_the_list_of_briefs_is_that_of_those_each_may_read(county: OpenWork) -> None:
    async with county() as work:
        brief, _ = await a_brief(work)
        await recuse(work, OFFICE, brief.unit_id)
        people = [await member(work.session, one) for one in (await work.directory()).people]
        readers = set()
        for state in SpecialBriefState:
            brief.state, brief.lead_id = state, COUNTY_LEADER
            await work.session.flush()
            for who in people:
                is_read = bool(actors_at(who, brief))
                assert [one.id for one in (await briefs_of(work, who)).briefs] == [brief.id] * is_read
                assert await reads_any_brief(work, who) == is_read
                readers |= {(state, who.id)} if is_read else set()
        assert {(SpecialBriefState.INSTRUCTED, one) for one in (LEADER, COUNTY_LEADER, HEAD_OF_GROUP)} <= readers
        assert (SpecialBriefState.WITH_OFFICE, HEAD_OF_GROUP) not in readers
        assert OFFICE not in {who for _, who in readers}


async def test_households_done_are_told_without_small_numbers(county: OpenWork) -> None:
    async with county() as work:
        brief, cases = await a_brief(work)
        office, leader = await member(work.session, OFFICE), await member(work.session, LEADER)
        await pass_on(work, office, brief.id)
        group = await member(work.session, HEAD_OF_GROUP)
        await instruct(work, group, brief.id, InstructionOnBrief(COUNTY_LEADER, work.today, "办"))
        for done in (3, 12, 12, 28, 30):
            await report_households(work, leader, brief.id, done)
        assert (await told(work, cases))[0] == [
            "brief_instructed",
            "brief_goes_on",  # of three nobody is told the number
            "brief_households",
            "brief_goes_on",  # nor of the two that are left
            "brief_households",
        ]
        with pytest.raises(ValueError, match="31"):
            await report_households(work, leader, brief.id, 31)
        await finish(work, office, brief.id)
        assert brief.state == SpecialBriefState.DONE


async def test_who_sees_to_a_brief_is_reminded_in_time_and_the_office_hears_that_it_is_late_once(
    county: OpenWork,
) -> None:
    monday = NOW.replace(day=23, hour=2)  # ten o'clock there
    async with county(now=monday) as work:
        brief, _ = await a_brief(work)
        await pass_on(work, await member(work.session, OFFICE), brief.id)
        due = work.today + timedelta(days=3)
        group = await member(work.session, HEAD_OF_GROUP)
        await instruct(work, group, brief.id, InstructionOnBrief(COUNTY_LEADER, due, "限期整治到位。"))
    heard: dict[tuple[int, int], set[tuple[str, str | None]]] = {}
    for days, hours in ((0, 0), (1, -5), (1, 0), (1, 1), (2, 0), (3, 0), (3, 1), (4, 0), (4, 1), (5, 0)):
        async with county(now=monday + timedelta(days=days, hours=hours)) as work:
            await work.session.execute(delete(OutboxRow))
            assert await tell_of_briefs(work) is None
            rows = await work.session.scalars(select(OutboxRow))
            told_now = {(one.kind, one.recipient.staff_id) for one in rows}
            heard |= {(days, hours): told_now} if told_now else {}
    late = {(BriefLate.kind, one) for one in (COUNTY_LEADER, LEADER, OFFICE, DIRECTOR)}
    in_time = {(BriefDue.kind, COUNTY_LEADER)}
    assert heard == {(1, 0): in_time, (3, 0): in_time, (4, 0): late}  # never at night, and never twice
    async with county(now=monday + timedelta(days=5)) as work:
        shown = await rendered_for(work, f"staff:{COUNTY_LEADER}", BriefLate(brief.id))
        assert shown is not None
        assert "超期" in shown.text
        assert WRITTEN not in shown.text
        leader = await member(work.session, COUNTY_LEADER)
        await report_households(work, leader, brief.id, 10)
        for staff_id in (LEADER, OFFICE):
            assert await queued_for(work, f"staff:{staff_id}", BriefMoved.kind)
        await finish(work, await member(work.session, OFFICE), brief.id)
        assert await rendered_for(work, f"staff:{COUNTY_LEADER}", BriefLate(brief.id)) is None


def seen_if(is_seen: Callable[[str], bool], cases: Sequence[Case]) -> Callable[..., Awaitable[ClusterSeen | None]]:
    """Return what decides by its number alone whether a cluster is shown."""

    async def seen(_work: UnitOfWork, _who: Member, cluster: Cluster) -> ClusterSeen | None:
        return ClusterSeen(cluster, cases, len(cases)) if is_seen(cluster.id) else None

    return seen


async def test_the_lists_of_briefs_and_clusters_go_on_page_by_page(
    county: OpenWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with county() as work:
        first, _ = await a_brief(work)
        kept = {column.key: getattr(first, column.key) for column in table_of(SpecialBrief).columns}
        for number in range(2 * LISTED):
            more = {
                "id": f"{number:08x}",
                "state": SpecialBriefState.DONE if number % 3 else SpecialBriefState.INSTRUCTED,
                "due_on": None if number % 4 == 0 else work.today + timedelta(days=number % 5),
                "state_since": NOW.replace(minute=0, second=0, microsecond=0) - timedelta(hours=number % 2),
            }
            work.session.add(SpecialBrief(**kept | more))
        await work.session.flush()
        leader, found, after = await member(work.session, LEADER), [], None
        for _ in range(3):
            page = await briefs_of(work, leader, after)
            found += page.briefs
            after = BriefCursor.unpack(page.after.pack()) if page.after else None
        assert after is None
        assert len({one.id for one in found}) == len(found) == 2 * LISTED + 1
        ended = [one.state is SpecialBriefState.DONE for one in found]
        assert ended == sorted(ended)
        open_ones = [one.due_on or date.max for one in found if one.state is not SpecialBriefState.DONE]
        assert open_ones == sorted(open_ones)
        cluster = await the_cluster(work)
        kept = {column.key: getattr(cluster, column.key) for column in table_of(Cluster).columns}
        cases = await cases_in(work, cluster.id)
        for number in range(4 * LISTED):  # of half of them nobody may know enough
            raised = cluster.raised_at + timedelta(hours=number % 3)
            work.session.add(Cluster(**kept | {"id": f"{number:08x}", "raised_at": raised}))
        await work.session.flush()
        own = cluster.id
        monkeypatch.setattr(clusters, "_seen", seen_if(lambda one: one == own or int(one, 16) % 2 == 0, cases))
        listed, turn = [], None
        for _ in range(3):
            shown = await clusters_of(work, leader, turn)
            listed += [one.cluster.id for one in shown.clusters]
            turn = ClusterCursor.unpack(shown.after.pack()) if shown.after else None
        assert turn is None
        assert len(set(listed)) == len(listed) == 2 * LISTED + 1


async def test_each_press_on_a_brief_is_for_those_whom_the_table_names(county: OpenWork) -> None:
    async with county() as work:
        brief, _ = await a_brief(work)
        people = (LEADER, MEMBER, OFFICE, HEAD_OF_GROUP, COUNTY_LEADER, OTHER_LEADER)
        shown = {}
        for state in SpecialBriefState:
            brief.state, brief.lead_id = state, COUNTY_LEADER
            for staff_id in people:
                names = [action.name for action in offered(await member(work.session, staff_id), brief)]
                names = [name for name in names if name != "print"]  # for whoever reads it
                if names:
                    shown[state, staff_id] = names
        assert shown == {
            (SpecialBriefState.WITH_OFFICE, OFFICE): ["pass_on", "send_back"],
            (SpecialBriefState.WITH_LEADING_GROUP, HEAD_OF_GROUP): ["instruct"],
            (SpecialBriefState.INSTRUCTED, LEADER): ["report_households"],
            (SpecialBriefState.INSTRUCTED, COUNTY_LEADER): ["report_households"],
            (SpecialBriefState.INSTRUCTED, OFFICE): ["report_households", "finish"],
        }


async def test_whoever_is_named_in_a_case_of_a_brief_hears_nothing_of_it(county: OpenWork) -> None:
    async with county() as work:
        brief, cases = await a_brief(work)
        await pass_on(work, await member(work.session, OFFICE), brief.id)
        for staff_id in (COUNTY_LEADER, OFFICE, LEADER):
            work.session.add(CaseShutOut(case_id=cases[0].id, staff_id=staff_id))
        await work.session.flush()
        head = await member(work.session, HEAD_OF_GROUP)
        assert COUNTY_LEADER not in {one.id for one in await leaders_to_choose(work, head, brief.id)}
        office = await member(work.session, OFFICE)
        assert (await briefs_of(work, office)).briefs == []
        with pytest.raises(NotEntitled):
            await brief_seen(work, office, brief.id)
        for notice in await queued_for(work, f"staff:{OFFICE}", BriefMoved.kind):
            assert await rendered(work, f"staff:{OFFICE}", notice) is None
        leader = await member(work.session, LEADER)
        assert [one.id for one in (await briefs_of(work, leader)).briefs] == [brief.id]  # they have written it


async def test_what_leads_to_a_reporter_goes_into_no_brief(county: OpenWork) -> None:
    async with county() as work:
        await reported(work, 4)
        await lay(work, SAID + "我叫王小虎，住在三组。")
        await compare(work)
        leader, cluster = await member(work.session, LEADER), await the_cluster(work)
        with pytest.raises(ContainsContact):
            await write_brief(work, leader, cluster.id, "打 13800138000 问", 5)
        brief = await write_brief(work, leader, cluster.id, "王小虎等人反映排污", 5)
        said = words_of(work, brief)
        assert said is not None
        assert "王小虎" not in said[0]
        told = select(AuditEntry.by_id).where(AuditEntry.action == Audited.TRACE_REPEATED)
        assert await work.session.scalar(told) == LEADER


async def test_one_brief_is_on_its_way_at_a_time_and_another_follows_one_that_was_sent_back(county: OpenWork) -> None:
    async with county() as work:
        brief, _ = await a_brief(work)
        leader = await member(work.session, LEADER)
        with pytest.raises(Impossible):
            await write_brief(work, leader, brief.cluster_id, WRITTEN, 30)
        with pytest.raises(NotEntitled):
            await write_brief(work, await member(work.session, MEMBER), brief.cluster_id, WRITTEN, 30)
        await send_back(work, await member(work.session, OFFICE), brief.id)
        assert await queued_for(work, f"staff:{LEADER}", BriefMoved.kind)
        await write_brief(work, leader, brief.cluster_id, WRITTEN, 30)


async def test_a_brief_is_printed_for_those_who_read_it_with_the_instruction_on_it(county: OpenWork) -> None:
    async with county() as work:
        brief, _ = await a_brief(work)
        office, group = [await member(work.session, one) for one in (OFFICE, HEAD_OF_GROUP)]
        with pytest.raises(NotEntitled):
            await printed_of(work, Words("zh_Hans"), group, brief.id)
        await pass_on(work, office, brief.id)
        await instruct(work, group, brief.id, InstructionOnBrief(COUNTY_LEADER, work.today, "限期整治到位。"))
        printed = await printed_of(work, Words("zh_Hans"), await member(work.session, COUNTY_LEADER), brief.id)
        assert [text for _, text in printed.sections] == [WRITTEN, "限期整治到位。"]
        assert (await pdf_of(printed)).startswith(b"%PDF")
