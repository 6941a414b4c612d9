"""One record of each kind, laid where team T1 and unit U1 have to do with it; each function returns its id."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from handlers.publication.card import round_digest
from media.kinds import Cleaned, FileKind
from models.bulletins import BulletinGround
from models.clusters import Cluster
from models.docket import DocketKind, Measure
from models.evaluation import RoundEvaluation
from models.feedback import FeedbackKind
from models.letters import Pattern, PatternKind
from models.rectification import CopyTo, EvidenceKind, RectificationItem, WarningCard
from models.revisits import Body, Evaluator, RevisitItem, RevisitVisit, Verdict
from models.rounds import Round, Village
from models.staff import Role, Staff, StaffRole
from models.states import CaseState, EvaluationState, ItemState, PaperKind, PatternState, RoundState
from models.talks import TalkKind
from services.access.member import Member, member
from services.cases.instruct import escalate
from services.cases.special_briefs import write_brief
from services.cases.transfers import agree, transfer
from services.directory import expire_directory
from services.docket.accountability import enter_for_item
from services.docket.entries import put_item
from services.docket.tasks import name_matter
from services.evaluation.evaluate import compute
from services.evaluation.evaluate import confirm as confirm_them
from services.fieldwork.checklists import tick
from services.fieldwork.evening_talks import log_suggestion, plan_talk, suggestions_of
from services.fieldwork.visits import count_visit, visit_groups
from services.letters.letters import write_letter
from services.people.grants import grant
from services.publication.objections import object_to
from services.publication.publications import begin
from services.rectification.feedback import record_feedback
from services.rectification.hear_heads import ask_heads
from services.rectification.issue_item import issue_item
from services.rectification.item_drafts import begin_draft, change_draft
from services.rectification.item_file import item_file
from services.rectification.origins import begin_campaign, close_campaign
from services.rectification.papers import hand_in
from services.rectification.patterns import confirm as confirm_pattern
from services.rectification.requests import call_department, request_data
from services.rectification.review_item import countersign
from services.rectification.self_report import prepare_self_report
from services.rectification.unit_actions import Numbers, acknowledge, keep_file, submit
from services.rectification.working_papers import add_file, keep_working_file
from services.revisits.revisits import begin_look_back, join
from services.revisits.self_checks import ask_siblings
from services.revisits.visits import judge
from services.rounds.level_up_village import level_up_village
from services.talks.bulletins import draft_by_hand
from services.talks.cards import confirm_red_card, give_card
from services.talks.listing import put_on_list
from services.talks.talks import propose
from services.unit_of_work import UnitOfWork
from tests.integration.cases.conftest import lay, picture
from tests.integration.fieldwork.field import key_of
from tests.integration.polls.story import opened
from tests.integration.publication.story import DONE, ROUND, asked, begun, published
from tests.items import new_item
from tests.pressing import PAGES

GROUP_HEAD, GROUP, DIRECTOR, OFFICE, LEADER, MEMBER = "P01", "P02", "P03", "P04", "P05", "P06"
HEAD, LIAISON, OTHER_HEAD, COUNTY_LEADER = "P14", "P20", "P15", "P25"
CONTACT, DEPARTMENT_HEAD, OTHER_CONTACT, DISCIPLINE = "P32", "P39", "P26", "P34"
ROADS = "D07"
DUE, SOON = date(2026, 12, 20), date(2026, 12, 1)
MANY = 8  # complaints
SIGNED_AT = datetime(2026, 11, 22, 1, tzinfo=UTC)
ASKED = "请提供该路段养护记录。"


async def who(work: UnitOfWork, staff_id: str) -> Member:
    """Look up a staff member."""
    return await member(work.session, staff_id)


# ---- items, and what units write about them


async def item(work: UnitOfWork, *, acknowledged: bool = False, source: str = "office") -> str:
    """An item of unit U1 that team T1 reviews and the county leader for roads answers for."""
    order = new_item("U1", "通组路损坏，无人养护。", DUE, county_leader_id=COUNTY_LEADER, category="road")
    issued = await issue_item(work, await who(work, OFFICE), order)
    if acknowledged:
        await acknowledge(work, await who(work, HEAD), issued.id)
    issued.system_not_needed = "一次性的事"
    issued.public_result = "路已修好。"
    await work.session.flush()
    return issued.id


async def handed_in_item(work: UnitOfWork) -> str:
    """An item of which the head has handed in what came of it."""
    item_id = await acknowledged_item(work)
    await submit(
        work, await who(work, HEAD), item_id, ["路已修好。"], [], Numbers(households_done=1, households_total=1)
    )
    return item_id


async def handed_in_item_of_danger(work: UnitOfWork) -> str:
    """The same, where people are to be kept safe first and nothing of that is reported yet."""
    item_id = await handed_in_item(work)
    (await work.session.get_one(RectificationItem, item_id)).interim_due_on = SOON
    await work.session.flush()
    return item_id


async def sign(work: UnitOfWork, row: RectificationItem) -> None:
    """Have the county leader sign for the file of an item as it is."""
    row.state = ItemState.PASSED
    await work.session.flush()
    file = await item_file(work, row)
    await countersign(work, await who(work, COUNTY_LEADER), row.id, file.short_digest)


async def nothing_more(_work: UnitOfWork, _row: object, _state: object) -> None:
    """Leave a record as it is, but for its state."""


async def acknowledged_item(work: UnitOfWork) -> str:
    """An item that its unit has acknowledged."""
    return await item(work, acknowledged=True)


async def item_that_wants_plan(work: UnitOfWork) -> str:
    """An acknowledged item of which a plan is due."""
    item_id = await acknowledged_item(work)
    (await work.session.get_one(RectificationItem, item_id)).plan_due_on = SOON
    await work.session.flush()
    return item_id


async def plan(work: UnitOfWork) -> str:
    """A plan that the liaison has prepared."""
    content = {"measures": "封路绕行，限期修复。", "people": "邢立", "until": "2026-12-15"}
    item_id = await item_that_wants_plan(work)
    return (await hand_in(work, await who(work, LIAISON), item_id, PaperKind.PLAN, content)).id


async def extension(work: UnitOfWork) -> str:
    """A request for more time that the liaison has prepared."""
    content = {"until": "2026-12-30", "why": "冬季不能铺沥青。"}
    item_id = await acknowledged_item(work)
    return (await hand_in(work, await who(work, LIAISON), item_id, PaperKind.EXTENSION, content)).id


# ---- findings before they are issued, and when units were told


async def draft(work: UnitOfWork) -> str:
    """A finding that the office has yet to issue."""
    return (await begin_draft(work, await who(work, OFFICE), new_item("U1", "低保评议没有公示。", DUE))).id


async def working_file(work: UnitOfWork) -> str:
    """A photo that the office has for a finding it has yet to issue."""
    office, draft_id = await who(work, OFFICE), await draft(work)
    paper_id = await keep_working_file(work, office, draft_id, Cleaned(FileKind.PHOTO, picture()))
    await add_file(work, office, draft_id, "低保台账第三页", paper_id)
    return paper_id


async def comment(work: UnitOfWork) -> str:
    """A finding on which the head is asked for a word, and which says something else by now."""
    office, draft_id = await who(work, OFFICE), await draft(work)
    [asked_of] = await ask_heads(work, office, draft_id, SOON)
    await change_draft(work, office, draft_id, new_item("U1", "低保评议公示不满七日。", DUE))
    return asked_of.id


async def self_report(work: UnitOfWork) -> str:
    """A problem of their own unit that the liaison has prepared for the head to report."""
    order = new_item("U1", "台账没有更新。", DUE, category="road")
    return (await prepare_self_report(work, await who(work, LIAISON), order)).id


async def feedback(work: UnitOfWork) -> str:
    """A meeting at which the unit was told."""
    await round_stands(work, RoundState.FEEDBACK)
    told = await record_feedback(work, await who(work, OFFICE), "U1", FeedbackKind.MEETING, work.today, "班子成员")
    return told.id


async def round_stands(work: UnitOfWork, state: RoundState) -> None:
    """Put the round that is in the field into a state."""
    (await work.session.get_one(Round, "R6")).state = state
    await work.session.flush()
    expire_directory(work.session)


# ---- what follows when an item stays undone


async def talk(work: UnitOfWork) -> str:
    """A talk that the office has proposed."""
    proposed = await propose(work, await who(work, OFFICE), await item(work), TalkKind.REMINDER, "逾期未动")
    proposed.promised_on = SOON  # as far as it was held
    return proposed.id


async def bulletin(work: UnitOfWork) -> str:
    """The draft of a bulletin."""
    drafted = await draft_by_hand(work, await who(work, OFFICE), await item(work), BulletinGround.BY_HAND)
    return drafted.id


async def matter_before_group(work: UnitOfWork) -> str:
    """An item that the office has put before the leading group."""
    return (await put_item(work, await who(work, OFFICE), await item(work))).id


async def red_card_before_group(work: UnitOfWork) -> str:
    """An item so late that the leading group is asked for a red card."""
    item_id = await item(work)
    late = await work.session.get_one(RectificationItem, item_id)
    late.issued_on, late.due_on = date(2026, 9, 1), date(2026, 10, 1)
    await work.session.flush()
    return (await put_item(work, await who(work, DIRECTOR), item_id, DocketKind.RED_CARD)).id


async def task(work: UnitOfWork) -> str:
    """A matter at the unit that the county leader answers for."""
    return (await name_matter(work, await who(work, OFFICE), "U1", COUNTY_LEADER, SOON, "修好通组路")).id


async def line_of_accountability(work: UnitOfWork) -> str:
    """That two people were reproved, entered by the office."""
    item_id = await item(work)
    return (await enter_for_item(work, await who(work, OFFICE), item_id, next(iter(Measure)), 2)).id


# ---- departments


async def case(work: UnitOfWork) -> str:
    """A case that a member of the team has found true."""
    return (await lay(work, "路坏了", state=CaseState.VERIFYING, owner_id=MEMBER)).id


async def passed_on(work: UnitOfWork) -> str:
    """A case that was passed on to the department for roads."""
    return (await transfer(work, await who(work, LEADER), await case(work), ROADS, "路面损坏，请修复。")).id


async def lead(work: UnitOfWork) -> str:
    """A lead that the office director has agreed to pass on to the discipline commission."""
    lead_id = await proposed_lead(work)
    await agree(work, await who(work, DIRECTOR), lead_id)
    return lead_id


async def proposed_lead(work: UnitOfWork) -> str:
    """A lead that waits for the office director to agree."""
    return (await transfer(work, await who(work, LEADER), await case(work), "D09", "采购单价偏高，请核查。")).id


async def request(work: UnitOfWork) -> str:
    """Data that a member of the team has asked for."""
    return (await request_data(work, await who(work, MEMBER), await case(work), ROADS, ASKED)).id


async def call(work: UnitOfWork) -> str:
    """A department that the head has called to an item."""
    item_id = await acknowledged_item(work)
    return (await call_department(work, await who(work, HEAD), item_id, ROADS, "请派人来看路基。")).id


async def brief(work: UnitOfWork) -> str:
    """A special brief about several cases."""
    return (await write_brief(work, await who(work, LEADER), await cluster(work), "多户反映通组路损坏。", 12)).id


async def cluster(work: UnitOfWork) -> str:
    """Several cases about one matter."""
    found = Cluster(round_id="R6", team_id="T1", unit_id="U1", category="road", raised_at=work.now, told_of=2)
    work.session.add(found)
    await work.session.flush()
    for _ in range(MANY):
        (await lay(work, "路坏了")).cluster_id = found.id
    await work.session.flush()
    return found.id


async def pattern(work: UnitOfWork) -> str:
    """That items of several units show one thing."""
    found = Pattern(
        id="a1b2c3d4",
        kind=PatternKind.COMMON,
        round_id="R6",
        subject_id="road",
        state=PatternState.PROPOSED,
        counted=3,
        proposed_on=work.today,
    )
    work.session.add(found)
    for unit_id in ("U1", "U2", "U3"):
        await issue_item(work, await who(work, OFFICE), new_item(unit_id, "通组路损坏。", DUE, category="road"))
    await work.session.flush()
    return found.id


async def letter(work: UnitOfWork) -> str:
    """A letter to the department for roads that the office has written."""
    pattern_id = await pattern(work)
    (await work.session.get_one(Pattern, pattern_id)).state = PatternState.CONFIRMED
    await work.session.flush()
    return (await write_letter(work, await who(work, OFFICE), pattern_id, ROADS, "建议建立村道养护制度。")).id


# ---- what is looked at again, made public, graded


async def revisit(work: UnitOfWork) -> str:
    """A look back at what was put right in the fifth round, with somebody of the discipline commission."""
    begun = await begin_look_back(work, await who(work, DIRECTOR), "R5", Evaluator.OFFICE)
    await join(work, await who(work, DIRECTOR), begun.id, DISCIPLINE, Body.DISCIPLINE)
    return begun.id


async def visit(work: UnitOfWork) -> str:
    """A visit to a unit, where something was found already."""
    revisit_id = await revisit(work)
    found = (await work.session.scalars(select(RevisitVisit).where(RevisitVisit.revisit_id == revisit_id))).first()
    assert found is not None
    at_unit = select(RevisitItem.item_id).where(
        RevisitItem.revisit_id == revisit_id, RevisitItem.unit_id == found.unit_id
    )
    item_id = (await work.session.scalars(at_unit)).first()
    assert item_id is not None
    await judge(work, await who(work, DISCIPLINE), revisit_id, item_id, Verdict.TRUE, "现场看过，属实。")
    return found.id


async def self_check(work: UnitOfWork) -> str:
    """A question to unit U1 about what was found at another unit."""
    order = new_item("U2", "公示栏没有更新。", DUE, category="road")
    found_at = (await issue_item(work, await who(work, DIRECTOR), order)).id
    checks = await ask_siblings(work, await who(work, DIRECTOR), found_at, "公示栏是否及时更新？")
    return next(one.id for one in checks if one.unit_id == "U1")


async def publication(work: UnitOfWork) -> str:
    """What is to be made public of a round, waiting for approval."""
    return (await asked(work)).id


async def evaluation(work: UnitOfWork) -> str:
    """The grades of the fifth round, computed."""
    return (await compute(work, await who(work, DIRECTOR), "R5")).round_id


async def confirmed_grades(work: UnitOfWork) -> str:
    """The grades of the fifth round, which each unit is yet to be told."""
    round_id = await evaluation(work)
    await confirm_them(work, await who(work, DIRECTOR), round_id, 1)
    return round_id


async def county_round(work: UnitOfWork) -> str:
    """The round that is in the field, whose grades would be confirmed."""
    work.session.add(
        RoundEvaluation(round_id="R6", state=EvaluationState.CONFIRMED, version=1, sheet={}, computed_on=work.today)
    )
    await work.session.flush()
    return "R6"


async def shown_to_township(work: UnitOfWork) -> str:
    """A case that the office of a township is shown by a grant."""
    until = work.today + timedelta(days=30)
    found = await case(work)
    await newcomer(work, "G1", Role.TOWNSHIP_OFFICE)
    await grant(work, await who(work, LEADER), Role.TOWNSHIP_OFFICE, "G1", "T1", "U1", until)
    return found


async def of_no_record(_work: UnitOfWork) -> str:
    """Nothing: what is begun has no record yet."""
    return ""


async def campaign(work: UnitOfWork) -> str:
    """A campaign that runs."""
    return (await begin_campaign(work, await who(work, OFFICE), "春耕专项", "road", work.today, SOON)).id


async def closed_campaign(work: UnitOfWork) -> str:
    """A campaign that was closed."""
    return (await close_campaign(work, await who(work, OFFICE), await campaign(work))).id


async def levelled_up_village(work: UnitOfWork) -> str:
    """A round in which a village was given to another team."""
    await level_up_village(work, await who(work, DIRECTOR), "R6", "V01", "T2")
    return "R6"


async def pages_have_address(work: UnitOfWork) -> str:
    """Nothing, but that pages can be opened on a phone."""
    work.public_url = PAGES
    return ""


# ---- records that have come further


async def item_of_two_units(work: UnitOfWork) -> str:
    """An item of unit U1 for which unit U2 answers along with it."""
    order = new_item("U1", "界河淤堵，两地都不清理。", DUE, other_units=("U2",))
    return (await issue_item(work, await who(work, OFFICE), order)).id


async def item_with_evidence(work: UnitOfWork) -> str:
    """An item with a photo of what was done, found done by the team."""
    item_id = await acknowledged_item(work)
    fixed = await work.session.get_one(RectificationItem, item_id)
    photo = await keep_file(work, fixed, Cleaned(FileKind.PHOTO, picture()), EvidenceKind.AFTER)
    await submit(work, await who(work, HEAD), item_id, ["路已修好。"], [photo])
    fixed.state = ItemState.PASSED
    await work.session.flush()
    return item_id


async def cleared_item(work: UnitOfWork) -> str:
    """An item that was cleared."""
    item_id = await handed_in_item(work)
    cleared = await work.session.get_one(RectificationItem, item_id)
    cleared.state, cleared.is_open = ItemState.CLEARED, False
    await work.session.flush()
    return item_id


async def supervised_item(work: UnitOfWork) -> str:
    """An item that the office supervises, once the team has gone."""
    item_id = await acknowledged_item(work)
    (await work.session.get_one(RectificationItem, item_id)).supervisor = "office"
    await work.session.flush()
    return item_id


async def item_at_half_time(work: UnitOfWork) -> str:
    """An item of which the unit is to say how far it has come."""
    item_id = await acknowledged_item(work)
    half_way = await work.session.get_one(RectificationItem, item_id)
    half_way.issued_on, half_way.due_on = work.today - timedelta(days=200), work.today + timedelta(days=30)
    await work.session.flush()
    return item_id


async def late_item(work: UnitOfWork) -> str:
    """An item so late that a yellow card is called for."""
    item_id = await item(work)
    late = await work.session.get_one(RectificationItem, item_id)
    late.issued_on, late.due_on = work.today - timedelta(days=60), work.today - timedelta(days=6)
    await work.session.flush()
    return item_id


async def item_with_card(work: UnitOfWork) -> str:
    """An item to which the director has just given a yellow card."""
    return (await give_card(work, await who(work, DIRECTOR), await late_item(work), WarningCard.YELLOW)).id


async def listed_item(work: UnitOfWork) -> str:
    """An item under listed supervision."""
    return (await put_on_list(work, await who(work, DIRECTOR), await item(work))).id


async def copied_item(work: UnitOfWork) -> str:
    """An item that is copied to the county leader and the department for roads."""
    copies = ((CopyTo.LEADER, COUNTY_LEADER), (CopyTo.DEPARTMENT, ROADS), (CopyTo.UNIT, "U1"))
    order = new_item("U1", "通组路损坏。", DUE, county_leader_id=COUNTY_LEADER, category="road", copies=copies)
    return (await issue_item(work, await who(work, OFFICE), order)).id


async def given_red_card(work: UnitOfWork) -> str:
    """A red card that the leading group has just given."""
    return (await confirm_red_card(work, await who(work, GROUP), await red_card_before_group(work))).entry.id


async def confirmed_pattern(work: UnitOfWork) -> str:
    """A pattern on which a letter can be written."""
    pattern_id = await pattern(work)
    await confirm_pattern(work, await who(work, OFFICE), pattern_id)
    return pattern_id


async def round_of_feedback(work: UnitOfWork) -> str:
    """A round whose units are told the findings."""
    await round_stands(work, RoundState.FEEDBACK)
    return ""


async def village_with_cadre(work: UnitOfWork) -> str:
    """A village with a cadre who is resident there."""
    await newcomer(work, "C1", Role.RESIDENT_CADRE)
    (await work.session.get_one(Village, "V01")).cadre_id = "C1"
    await work.session.flush()
    expire_directory(work.session)
    return ""


async def newcomer(work: UnitOfWork, staff_id: str, role: Role) -> None:
    """Put somebody on the staff who has one role alone."""
    work.session.add(Staff(id=staff_id, name=staff_id))
    await work.session.flush()
    work.session.add(StaffRole(staff_id=staff_id, role=role, fields=[]))
    await work.session.flush()
    expire_directory(work.session)


async def prepared_publication(work: UnitOfWork) -> str:
    """What the office prepares to make public, with one result."""
    return (await begun(work)).id


async def publication_of_graded_round(work: UnitOfWork) -> str:
    """What the office prepares to make public of a round whose grades are confirmed."""
    return (await begin(work, await who(work, OFFICE), await confirmed_grades(work))).id


async def round_to_publish(_work: UnitOfWork) -> str:
    """A round of which something may be made public, as its button names it."""
    return round_digest("R6")


async def objection(work: UnitOfWork) -> str:
    """An item of whose public result somebody has said hours ago that it is not so."""
    await published(work)
    now, work.now = work.now, work.now - timedelta(hours=2)
    await object_to(work, ROUND, 1, "工资只发了一半。")
    work.now = now
    return DONE


async def draft_of_case(work: UnitOfWork) -> str:
    """A finding that the leader has yet to issue of a case."""
    order = new_item("U1", "通组路损坏，无人养护。", DUE, category="road")
    return (await begin_draft(work, await who(work, LEADER), order, case_id=await case(work))).id


async def poll(work: UnitOfWork) -> str:
    """A poll at the unit that the team's leader holds."""
    return (await opened(work, codes=5))[0].id


async def village(work: UnitOfWork) -> str:
    """A village where the team works."""
    return await key_of(work, "V01")


async def ticked_village(work: UnitOfWork) -> str:
    """A village where the first point of the checklist was looked at, and nothing found."""
    key = await village(work)
    await tick(work, await who(work, MEMBER), key, 0, "")
    return key


async def visited_village(work: UnitOfWork) -> str:
    """A village where one household was visited today."""
    key = await village(work)
    group = visit_groups(await work.directory())[0]
    await count_visit(work, await who(work, MEMBER), key, group, taken_back=False)
    return key


async def evening_talk(work: UnitOfWork) -> str:
    """An evening talk that is announced."""
    held_on, at = SOON, time(19, 30)
    return (await plan_talk(work, await who(work, MEMBER), await village(work), held_on, at, "院坝")).id


async def suggestion(work: UnitOfWork) -> str:
    """What somebody suggested at an evening talk."""
    talk_id = await evening_talk(work)
    await log_suggestion(work, await who(work, MEMBER), talk_id, "进村的路修了一半没人管")
    [one] = await suggestions_of(work, await who(work, MEMBER), talk_id)
    return one.id


async def escalated_case(work: UnitOfWork) -> str:
    """A case that the leader has put before the head of the leading group."""
    case_id = await case(work)
    await escalate(work, await who(work, LEADER), case_id, "路桥年久失修，请定由谁出钱修")
    return case_id
