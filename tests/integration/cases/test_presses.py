"""Every button of a case pressed by everybody in every state: what is allowed happens, what is not says why."""

import pytest
from sqlalchemy import func, select

from handlers.actions import Action, action_button
from handlers.cases.actions import ACTIONS
from handlers.cases.card import private_card
from handlers.incoming import ButtonPress
from handlers.press import Press
from models.audit import AuditEntry
from models.complaints import Case, CaseEvent
from models.desk import DIRECTOR_DESK, OFFICE_DESK
from models.dismissal import DismissalReason
from models.rounds import Round
from models.staff import OpenFormRow, Role, Staff, StaffRole
from models.states import CASE, CaseState, RoundState
from models.urgency import Urgency
from services.access.member import Member, member
from services.cases.decide import Referral, Refusal, RefusalReason, refuse
from services.cases.dismiss import confirm_dismissal, propose_dismissal
from services.cases.merge import merge
from services.cases.read_case import hand_over
from services.directory import Directory
from services.people.forms import open_form_of
from services.unit_of_work import UnitOfWork
from tests.conftest import ONLY_SQLITE, OpenWork
from tests.integration.cases.conftest import lay
from tests.integration.cases.press_table import (
    ELSEWHERE,
    IN_NO_SCENE,
    PEOPLE,
    SAME_DEED,
    SEEING_NO_CASE,
    Scene,
    Twist,
    buttons,
    expected,
    scenes,
)
from tests.pressing import fill_in, is_refused, press_on, take
from texts.catalogue import Words

WORDS = Words("zh_Hans")
STRANGERS = frozenset(role for role in PEOPLE if not any(expected(role, scene) for scene in scenes()))
SCENES = tuple(scenes())
# What somebody who makes a press by hand would send with it.
ARGUMENTS = {"give": "P07", "hand_to_team": "T2", "extend": "works"}
# What lies there while the teams are still in the county.
_WITH_THE_OFFICE_BESIDE_A_TEAM = {CaseState.PENDING_ASSIGN, CaseState.RESTRICTED, CaseState.INVALID}


# The state of a case that is then dismissed or joined with another, by whether it lies at a team.
_BEFORE_ITS_END = {True: CaseState.ASSIGNED, False: CaseState.PENDING_ASSIGN}


async def standing(work: UnitOfWork, case: Case) -> list[object]:
    """Return all that a press could change about a case; a card that is shown anew is none of it."""
    await work.session.flush()

    def count(table: type, *where: object) -> object:
        return select(func.count()).select_from(table).where(*where).scalar_subquery()  # type: ignore[arg-type]

    columns = (
        Case.state,
        Case.owner_id,
        Case.desk,
        Case.version,
        Case.is_fast_track,
        Case.is_named_report,
        Case.unit_id,
        Case.category,
    )
    query = select(
        *columns,
        count(CaseEvent, CaseEvent.case_id == case.id),  # type: ignore[call-overload]
        count(Case),
        count(AuditEntry),
        count(OpenFormRow),
    ).where(Case.id == case.id)
    return [*(await work.session.execute(query)).one(), case.proposal]


async def played(work: UnitOfWork, scene: Scene) -> Case:
    """Return a case as a scene says."""
    for staff_id, role in SEEING_NO_CASE.items():
        work.session.add(Staff(id=staff_id, name=role, language="zh_Hans"))
        work.session.add(StaffRole(staff_id=staff_id, role=role))
    await work.session.flush()
    of_team = scene.desk not in (OFFICE_DESK, DIRECTOR_DESK)
    if not of_team and scene.state not in _WITH_THE_OFFICE_BESIDE_A_TEAM:
        (await work.session.get_one(Round, "R6")).state = RoundState.REPORTING
    is_dismissed, is_merged = scene.twist is Twist.DISMISSED, scene.state == CaseState.MERGED
    owner = PEOPLE[scene.owner] if scene.owner else None
    case = await lay(
        work,
        "路坏了",
        state=_BEFORE_ITS_END[of_team] if is_dismissed or is_merged else scene.state,
        desk=scene.desk,
        team="T1" if of_team else None,
        urgency=Urgency.CRISIS if scene.twist is Twist.CRISIS else Urgency.NORMAL,
        category="thanks" if scene.twist is Twist.THANKS else "road",
        concerns_head=scene.twist is Twist.ABOUT_HEAD,
        owner_id=owner,
    )
    if is_merged:
        await merge(work, await member(work.session, "P06"), case.id, (await lay(work, "路坏了")).id)
    for staff_id in (PEOPLE["leader"], PEOPLE["director"]):  # nobody marks as named what they have not read
        who = await member(work.session, staff_id)
        if case.is_open and case.desk in who.desks:
            await hand_over(work, who, case.id)
    if owner is None:
        return case
    who = await member(work.session, owner)
    await hand_over(work, who, case.id)  # nobody proposes to dismiss what they have not read
    if scene.twist is Twist.REFUSAL_PROPOSED:
        await refuse(work, who, case.id, Refusal(RefusalReason.LITIGATION, Referral.COURT))
    if scene.twist in (Twist.DISMISSAL_PROPOSED, Twist.DISMISSED):
        await propose_dismissal(work, who, case.id, DismissalReason.EMPTY)
    if is_dismissed:
        await confirm_dismissal(work, await member(work.session, "P05" if of_team else "P03"), case.id)
    return case


def data_of(action: Action, case: Case) -> str:
    """Return what the button of an action carries on a card."""
    return action_button(WORDS, "case", action, case.id).data or ""


def by_hand(action: Action, case: Case) -> str:
    """Return what somebody sends who does not wait for the menu."""
    return Press("case", action.name, case.id, ARGUMENTS.get(action.name, "")).pack()


def is_the_same_deed(name: str, allowed: set[str]) -> bool:
    return any(name in group and group & allowed for group in SAME_DEED)


def reasons(case: Case, who: Member, known: Directory) -> set[str]:
    """Return the sentences that may refuse somebody something about a case."""
    if not who.knows_of(case):
        return {WORDS.plain("team.not_with_you")}
    found = {WORDS.plain("team.not_entitled"), WORDS.plain("team.moved_on", state=WORDS(f"team.state_{case.state}"))}
    if case.owner_id is not None and who.sees(case):
        found.add(WORDS.plain("team.claimed_by", name=known.names[case.owner_id]))
    return found


def who_press(scene: Scene) -> list[str]:
    """Return who presses in a scene: whoever may do something in any, and all others once for each state and desk."""
    is_first = scene == next(one for one in SCENES if (one.state, one.desk) == (scene.state, scene.desk))
    return [role for role in PEOPLE if is_first or role not in STRANGERS]


async def offered(work: UnitOfWork, who: Member, case: Case) -> set[str]:
    """Return what the buttons of somebody's card carry, but for those that lead to another card."""
    card = await private_card(work, WORDS, who, case)
    pressed = {button.data or "" for row in card.buttons for button in row} if card else set()
    return {data for data in pressed if not data.startswith("1.queue.")}


@pytest.mark.parametrize("scene", SCENES, ids=str)
@ONLY_SQLITE
async def test_a_card_offers_what_is_allowed_and_what_is_not_says_why_and_changes_nothing(
    county: OpenWork, scene: Scene
) -> None:
    async with county() as work:
        case, known = await played(work, scene), await work.directory()
        before = await standing(work, case)
        for role in who_press(scene):
            who, allowed = await member(work.session, PEOPLE[role]), expected(role, scene)
            data_of_allowed = {data_of(action, case) for action in buttons() if action.name in allowed}
            assert await offered(work, who, case) == data_of_allowed, role
            refusable = [
                (action, data)
                for action in buttons()
                if action.name not in allowed and not is_the_same_deed(action.name, allowed)
                for data in {data_of(action, case), *([by_hand(action, case)] if action.run else [])}
            ]
            for action, data in refusable:
                heard = await take(work, who, ButtonPress(data), has_form=False)
                assert is_refused(heard) or not heard.said, (role, action.name)
                if is_refused(heard) and data.startswith("1.case."):
                    assert heard.answer is not None
                    assert heard.answer.text in reasons(case, who, known), (role, action.name)
            assert await standing(work, case) == before, f"{role} has changed something"
            for action in buttons():
                if action.name not in allowed:
                    continue
                savepoint = await work.session.begin_nested()
                heard = await take(work, who, ButtonPress(data_of(action, case)))
                assert not is_refused(heard), (role, action.name, heard.answer)
                assert heard.said or await standing(work, case) != before, (role, action.name)
                await savepoint.rollback()
                work.session.expire_all()
                await work.session.refresh(case)


async def test_everybody_on_the_staff_is_among_those_who_press(county: OpenWork) -> None:
    async with county() as work:
        await played(work, SCENES[0])
        people = [await member(work.session, staff_id) for staff_id in PEOPLE.values()]
    assert {held.role for one in people for held in one.roles} == set(Role)


def test_every_action_has_a_button_belongs_to_one_or_is_pressed_elsewhere() -> None:
    begun = {action.begins for action in buttons()}
    assert {action.name for action in ACTIONS if action.label is None} - begun == set(ELSEWHERE)


def first_allowed(action: Action) -> tuple[str, Scene]:
    """Return who may do an action, and with which case. Raises LookupError when there is nobody."""
    found = [(role, scene) for scene in SCENES for role in PEOPLE if action.name in expected(role, scene)]
    if not found:
        raise LookupError(f"nobody may press {action.name} in any scene of tests/integration/cases/press_table.py")
    return found[0]


@pytest.mark.parametrize(
    "action", [one for one in buttons() if one.name not in IN_NO_SCENE], ids=lambda action: action.name
)
async def test_every_deed_can_be_done_to_its_end_by_somebody(county: OpenWork, action: Action) -> None:
    role, scene = first_allowed(action)
    async with county() as work:
        case, who = await played(work, scene), await member(work.session, PEOPLE[role])
        before = await standing(work, case)
        heard = await take(work, who, ButtonPress(data_of(action, case)))
        if await open_form_of(work, who.id) is not None:
            await fill_in(work, who, heard)
        elif action.begins is not None and heard.said:
            await press_on(work, who, heard)
        await work.session.refresh(case)
        assert await standing(work, case) != before
        if action.transition is not None:
            arrows = [one for one in CASE.transitions if one.action == action.transition]
            assert case.state in {one.target for one in arrows if scene.state in one.sources}
