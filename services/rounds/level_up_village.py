"""A village goes to a team that is not from there (提级), and may be put back: the office director decides.

From then on what comes from the village is that team's. What the team before had of it goes along, closed cases too,
for their reporters may object; what lies before one pair of eyes stays there, where the director does not know of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from models.audit import Audited
from models.complaints import Case, CaseEvent
from models.desk import DIRECTOR_DESK, Desk
from models.rounds import LevelledUpVillage, Round
from models.staff import TEAM_ROLES, Role
from models.states import STAYING_ROUNDS, NotEntitled
from services.access.member import Member
from services.access.visibility import board_of
from services.audit.log import record
from services.cases.assign import as_it_would_lie, may_have
from services.cases.case_log import cases_to_change
from services.cases.conflicts_of_interest import shut_out_named
from services.cases.level_up import lay_before
from services.cases.merge import head_of_merged, joined_cases
from services.cases.news import has_written_since
from services.delivery.recall import ListName, recall_list
from services.directory import Directory, Person, TeamRecord, VillageRecord, expire_directory
from services.outbox import OutgoingMessage
from services.people.grants import end_grants_in_village
from services.rounds.notices import VillageCame, VillageGone
from services.unit_of_work import UnitOfWork


def villages_to_level_up(known: Directory, who: Member, round_id: str) -> list[VillageRecord]:
    """Return the villages of a round that somebody may give to another team, by their names."""
    round_ = known.rounds.get(round_id)
    if round_ is None or round_.state not in STAYING_ROUNDS or not who.has(Role.OFFICE_DIRECTOR):
        return []
    units = {
        unit_id
        for unit_id, team_id in known.assignments.get(round_id, {}).items()
        if team_id is not None and unit_id not in who.shut_out_of
    }
    return sorted((one for one in known.villages.values() if one.unit_id in units), key=lambda one: (one.name, one.id))


def villages_to_put_back(known: Directory, who: Member, round_id: str) -> list[VillageRecord]:
    """Return the villages of a round that somebody may put back to the team of their unit, by their names."""
    levelled_up = known.levelled_up.get(round_id, {})
    return [one for one in villages_to_level_up(known, who, round_id) if one.id in levelled_up]


def teams_to_level_up_to(known: Directory, round_id: str, village: VillageRecord) -> list[TeamRecord]:
    """Return the teams of a round that may get a village: neither that of its unit, nor the one that has it, nor one
    of which everybody is shut out of the unit.
    """
    have_it = {known.team_at(round_id, village.unit_id), known.team_at(round_id, village.unit_id, village.id)}
    others = (team for team in known.teams.values() if team.round_id == round_id and team not in have_it)
    return sorted((team for team in others if _people_on(known, team.id, village)), key=lambda one: one.id)


async def level_up_village(work: UnitOfWork, who: Member, round_id: str, village_id: str, team_id: str) -> TeamRecord:
    """Give a village to another team of a round, and return the team. Raises NotEntitled."""
    known, village = await _village_to_change(work, who, round_id, village_id)
    team = next((one for one in teams_to_level_up_to(known, round_id, village) if one.id == team_id), None)
    has_it = known.team_at(round_id, village.unit_id, village.id)
    if team is None or has_it is None:
        raise NotEntitled
    await _give(work, who, round_id, village, has_it, team)
    await record(work, Audited.VILLAGE_LEVELLED_UP, by=who.id, subject=village.id, team=team.id, unit=village.unit_id)
    return team


async def put_back_village(work: UnitOfWork, who: Member, round_id: str, village_id: str) -> TeamRecord:
    """Give a village back to the team of its unit, and return that.

    What another team was asked for, or promised to read, stays with the one that has it. Raises as `level_up_village`.
    """
    known, village = await _village_to_change(work, who, round_id, village_id)
    team, has_it = known.team_at(round_id, village.unit_id), known.team_at(round_id, village.unit_id, village.id)
    if team is None or has_it is None or village not in villages_to_put_back(known, who, round_id):
        raise NotEntitled
    await _give(work, who, round_id, village, has_it, team)
    await record(work, Audited.VILLAGE_PUT_BACK, by=who.id, subject=village.id, team=team.id, unit=village.unit_id)
    return team


async def _village_to_change(
    work: UnitOfWork, who: Member, round_id: str, village_id: str
) -> tuple[Directory, VillageRecord]:
    """Return a village that somebody may give to a team. Raises NotEntitled.

    Its round is locked: whoever sends a complaint or hands a case to a team waits, or is waited for.
    """
    await work.session.execute(select(Round.id).where(Round.id == round_id).with_for_update(key_share=True))
    expire_directory(work.session)
    known = await work.directory()
    village = next((one for one in villages_to_level_up(known, who, round_id) if one.id == village_id), None)
    if village is None:
        raise NotEntitled
    return known, village


async def _give(
    work: UnitOfWork,
    who: Member,
    round_id: str,
    village: VillageRecord,
    before: TeamRecord,
    team: TeamRecord,
) -> None:
    """Make a village a team's, with what the team before had of it; both are told."""
    is_put_back = (await work.directory()).team_at(round_id, village.unit_id) == team
    groups = await _groups_to_change(work, round_id, village.id, before) if before != team else {}
    if is_put_back:
        await work.session.delete(await work.session.get_one(LevelledUpVillage, (round_id, village.id)))
    else:
        await work.session.merge(LevelledUpVillage(round_id=round_id, village_id=village.id, team_id=team.id))
    await work.session.flush()
    owned = defaultdict[str, list[str]](list)
    for cases in groups.values():
        if is_put_back and any([await _stays(work, case, team) for case in cases]):
            continue
        for case in cases:
            if case.is_open and case.owner_id is not None:
                owned[case.owner_id].append(case.id)
        await _lay_before_team(work, who, cases, team.id, before)
    if before != team:
        await _take_from(work, who, village, before)
        await _tell_before(work, round_id, village, before, owned)
    for person in _people_on(await work.directory(), team.id, village):
        await work.outbox.to_staff(person.id, OutgoingMessage(VillageCame(round_id, village.id)))


async def _stays(work: UnitOfWork, case: Case, team: TeamRecord) -> bool:
    """Whether a case stays where it is when its village goes back to a team.

    It does when it was laid before the other team for its own sake, or came in while the village was not the team's,
    or if something was added to it since: its reporter was told that another reads it.
    """
    if case.asked_for_other_team:
        return True
    of_case = (CaseEvent.case_id == case.id, CaseEvent.event == "level_up")
    given = await work.session.execute(select(CaseEvent.version, CaseEvent.detail).where(*of_case))
    moves = {version: detail.get("with_village_of") for version, detail in given}
    if None in moves.values() or team.id not in moves.values():
        return True
    taken_away = max(version for version, village_of in moves.items() if village_of == team.id)
    return await has_written_since(work, case, taken_away)


async def _lay_before_team(work: UnitOfWork, who: Member, cases: list[Case], team_id: str, before: TeamRecord) -> None:
    """Lay a case and what was joined with it before a team; before the director, where the team may not have it."""
    head = cases[0]
    await shut_out_named(work, head)
    is_for_team = await may_have(work, head, Desk.team(team_id), team_id)
    desk = Desk.team(team_id) if is_for_team else DIRECTOR_DESK
    # In private chats what is not urgent is told of in one message.
    there = as_it_would_lie(head, desk, team_id)
    renew = head.is_open and (head.hazard or await board_of(work, there) is not None)
    has_it = team_id if is_for_team else None
    await lay_before(work, who, cases, desk, has_it, renew=renew, with_village_of=before.id)


async def _groups_to_change(
    work: UnitOfWork, round_id: str, village_id: str, team: TeamRecord
) -> Mapping[str, list[Case]]:
    """Return the cases of a village on the desk of a team, locked, each with what was joined with it behind it.

    What was joined with a case of another village goes with that one: what is said stands in both.
    """
    locked: set[str] = set()
    while True:  # until none was split off, or joined, while this waited
        groups = await _groups(work, round_id, village_id, team)
        wanted = {one for group in groups.values() for one in group}
        if wanted <= locked:
            return {head: [await work.session.get_one(Case, one) for one in group] for head, group in groups.items()}
        await cases_to_change(work, wanted)
        locked |= wanted


async def _groups(work: UnitOfWork, round_id: str, village_id: str, team: TeamRecord) -> Mapping[str, list[str]]:
    here = (Case.desk == Desk.team(team.id), Case.round_id == round_id, Case.village_id == village_id)
    heads: dict[str, list[str]] = {}
    for case in list(await work.session.scalars(select(Case).where(*here).order_by(Case.id))):
        head = await head_of_merged(work, case) or case
        if head.desk != case.desk:  # what is said there this team does not read
            heads[case.id] = [case.id]
        elif head.id not in heads:
            heads[head.id] = [head.id, *await joined_cases(work, head.id)]
    return heads


async def _take_from(work: UnitOfWork, who: Member, village: VillageRecord, before: TeamRecord) -> None:
    """Take back the lists of whoever was shown cases of a team, and end what was granted of a village."""
    await end_grants_in_village(work, who, before.id, village.id)
    known = await work.directory()
    shown = known.with_roles(*TEAM_ROLES, team_id=before.id)
    shown += [one for one in known.people.values() if any(grant.team_id == before.id for grant in one.grants)]
    for staff_id in sorted({one.id for one in shown}):
        for name in ListName:
            await recall_list(work, staff_id, name)


async def _tell_before(
    work: UnitOfWork,
    round_id: str,
    village: VillageRecord,
    before: TeamRecord,
    owned: Mapping[str, Iterable[str]],
) -> None:
    """Tell who leads a team that a village is theirs no more, and each owner which cases are not."""
    known = await work.directory()
    leaders = [one.id for one in known.with_roles(Role.TEAM_LEADER, team_id=before.id)]
    for staff_id in sorted({*leaders, *owned}):
        gone = VillageGone(round_id, village.id, tuple(owned.get(staff_id, ())))
        await work.outbox.to_staff(staff_id, OutgoingMessage(gone))


def _people_on(known: Directory, team_id: str, village: VillageRecord) -> list[Person]:
    """Return who on a team may work on what is about a village."""
    people = known.with_roles(*TEAM_ROLES, team_id=team_id)
    return [one for one in people if village.unit_id not in one.shut_out_of]
