"""Enters a county file into the database: once, or again after the file has changed."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from models.audit import Audited
from models.fieldwork import EveningTalk, VisitCount
from models.known_problems import KnownProblem
from models.origins import Campaign, HandDown
from models.rectification import ItemCopy, ItemEvent, ItemUnit, RectificationItem
from models.rounds import (
    Assignment,
    Category,
    County,
    Department,
    PlaceKind,
    QrCode,
    Round,
    Team,
    Unit,
    Village,
)
from models.settings import CountySettings, with_own
from models.staff import Role
from models.states import INTAKE_ROUNDS, ItemState, RoundState
from qr.token import new_serial
from services.audit.log import record
from services.cases.cards import renew_cards
from services.cases.conflicts_of_interest import possible_readers
from services.cases.reassignment import shut_out_newcomers
from services.people.approvers import approvers_of, note_new_approvers
from services.rectification.item_log import recall
from services.rectification.known_problems import enter_known_problems, latest_known_problems_version
from services.rounds.checklists_versions import enter_checklists_version, latest_checklists_version
from services.rounds.county_file import CountyFile, HistoryEntry, ItemEntry, RoundEntry
from services.rounds.entries import Entries, ImportResult
from services.rounds.import_people import People
from services.rounds.places import audit_changed_places, running_places
from services.rounds.settings_versions import enter_settings_version
from services.unit_of_work import UnitOfWork
from texts.terminal import sentence

# What a county writes into an item's history, and the action of the item's own machine that it was.
_ACTIONS = {
    "issued": ("issue", ItemState.ISSUED),
    "acknowledged": ("acknowledge", ItemState.ACKNOWLEDGED),
    "progress": ("report_progress", ItemState.IN_PROGRESS),
    "submitted": ("submit", ItemState.SUBMITTED),
    "returned": ("return", ItemState.RETURNED),
    "passed": ("pass", ItemState.PASSED),
    "countersigned": ("countersign", ItemState.COUNTERSIGNED),
    "cleared": ("clear", ItemState.CLEARED),
    "long_term": ("keep_long_term", ItemState.LONG_TERM),
    "reopened": ("reopen", ItemState.REOPENED),
}


async def import_county(work: UnitOfWork, county: CountyFile, *, by: str | None = None) -> ImportResult:
    """Enter a county, or bring what is entered up to date with its file. Only what differs is changed.

    `by` is whoever does it; nobody, where the command line does.

    What lives on its own once it has been entered is left alone, and said to be: the states of rounds and items,
    an item's card and its count of returns, boards, accounts, and codes, revoked or not; teams, recusals and mail
    addresses as `People` says. What the file leaves out stays, but for the roles of a person whom it names. Complaints
    in a file are never entered.
    """

    def new_key(round_id: str) -> str:
        return work.keyring.add_round(round_id).sealing.public

    return await _import(work, county, new_key, by)


async def preview_import(work: UnitOfWork, county: CountyFile) -> ImportResult:
    """Return what an import would do. It is done, but for the keys of new rounds: the caller rolls back.

    An import that is only thought through would soon be another one.
    """
    return await _import(work, county, lambda _round_id: "", None)


async def _import(work: UnitOfWork, county: CountyFile, new_key: Callable[[str], str], by: str | None) -> ImportResult:
    entries = Entries(work.session)
    people = People(work, entries, county, by)
    await people.lock()
    running = await running_places(work)
    await _enter_county(entries, county)
    settings_version = await enter_settings_version(work, county.settings)
    checklists_version = await _enter_checklists(work, entries, county)
    known, approvers = await possible_readers(work), approvers_of(await work.directory())
    await people.enter()
    await _enter_rounds(entries, county, new_key, settings_version, checklists_version)
    await _enter_teams_and_units(entries, county)
    shut_out = await _shut_out(work)
    await people.enter_roles()
    await shut_out_newcomers(work, known)
    # Cards that hang where somebody new must not see them are renewed at once, and say no more.
    await renew_cards(work, {unit_id for _, _, unit_id in await _shut_out(work) - shut_out})
    await people.enter_addresses()
    await people.enter_recusals()
    await note_new_approvers(work, approvers, by=by)
    await _enter_codes(entries, county)
    await _enter_origins(entries, county)
    await _enter_known_problems(work, entries, county)
    await _enter_items(work, entries, county)
    await _enter_fieldwork(entries, county)
    entries.result.passed_over = county.passed_over
    await people.write_down()
    entries.result.new_places = await audit_changed_places(work, running, by=by)
    if entries.result.lines:
        await record(work, Audited.SETTINGS_CHANGED, by=by, changes=len(entries.result.lines))
    return entries.result


async def _enter_county(entries: Entries, county: CountyFile) -> None:
    entry = county.county
    values: dict[str, Any] = {"name": entry.name, "office": entry.office, "settings": county.settings}
    await entries.put(County, {"id": 1}, sentence("county.record_county", id=entry.name), values)
    for position, category in enumerate(county.categories):
        values = {"zh_hans": category.zh_hans, "zh_hant": category.zh_hant, "position": position}
        await entries.put(
            Category, {"code": category.code}, sentence("county.record_category", id=category.code), values
        )
    for department in county.departments:
        values = {
            "name": department.name,
            "fields": department.fields,
            "kind": department.known_kind,
            "contact": department.contact,
        }
        await entries.put(
            Department, {"id": department.id}, sentence("county.record_department", id=department.id), values
        )


async def _enter_checklists(work: UnitOfWork, entries: Entries, county: CountyFile) -> int | None:
    """Return the version of the checklists of a county file; one that is new is told."""
    before = await latest_checklists_version(work)
    lists = [{"kind": one.kind, "name": one.name, "points": list(one.must_check)} for one in county.checklists]
    version = await enter_checklists_version(work, lists)
    if version != before:
        entries.result.added.append(sentence("county.record_checklists", id=version))
    return version


async def _enter_rounds(
    entries: Entries,
    county: CountyFile,
    new_key: Callable[[str], str],
    settings_version: int,
    checklists_version: int | None,
) -> None:
    for entry in county.rounds:
        known = await entries.session.get(Round, entry.id)
        # A round that is entered keeps its key for good: what residents said is sealed to it.
        public_key = known.public_key if known else new_key(entry.id)
        values = {
            "name": entry.name,
            "theme": entry.theme,
            "stay_from": entry.stay[0],
            "stay_until": entry.stay[1],
            "intake_until": county.last_day_of_intake(entry),
            "feedback_on": entry.feedback_on,
            "rectification_due": entry.rectification_due,
            "notice": entry.notice.model_dump(exclude_none=True) if entry.notice else {},
            "public_key": public_key,
        }
        live: dict[str, Any] = {"state": entry.state}
        at_first: dict[str, Any] = {}
        if known is None or known.state == RoundState.PREPARING:
            values["settings"] = entry.settings
        else:
            live["settings"] = entry.settings  # it goes on with those that it was opened with
        if entry.state != RoundState.PREPARING:
            of_county = CountySettings.from_json(county.settings).evaluation
            at_first["score_sheet"] = asdict(with_own(of_county, entry.settings.get("evaluation", {})))
            live["settings_version"] = settings_version
            live["checklists_version"] = checklists_version
        if known and known.state != RoundState.PREPARING and known.checklists_version is None:
            known.checklists_version = checklists_version  # it began before there were any
        name = sentence("county.record_round", id=entry.id)
        await entries.put(Round, {"id": entry.id}, name, values, live=live, at_first=at_first)


async def _enter_teams_and_units(entries: Entries, county: CountyFile) -> None:
    for team in county.teams:
        inspection_round = county.round_of(team)
        if inspection_round is not None:
            values: dict[str, Any] = {"name": team.name, "round_id": inspection_round.id}
            await entries.put(Team, {"id": team.id}, sentence("county.record_team", id=team.id), values)
    known = {unit.id: unit for unit in county.units}
    for unit_id in county.all_units:
        unit = known.get(unit_id)
        values = {"name": unit.name, "kind": unit.kind, "county_leader_id": unit.county_leader} if unit else {}
        await entries.put(
            Unit, {"id": unit_id}, sentence("county.record_unit", id=unit_id), values or {"name": unit_id}
        )
    for inspection_round in county.rounds:
        for unit_id in county.units_of(inspection_round):
            team_there = county.team_at(inspection_round, unit_id)
            unit = known.get(unit_id)
            is_newest = county.newest_round(unit_id) == inspection_round
            await entries.put(
                Assignment,
                {"round_id": inspection_round.id, "unit_id": unit_id},
                sentence("county.record_assignment", unit=unit_id, round=inspection_round.id),
                {"team_id": team_there.id if team_there else None, "mode": unit.mode if unit and is_newest else None},
            )
    for village in county.villages:
        values = {
            "name": village.name,
            "unit_id": county.unit_id(village.unit),
            "households": village.households,
            "village_class": village.village_class,
            "neighbours": village.neighbours,
            "cadre_id": village.cadre,
        }
        await entries.put(Village, {"id": village.id}, sentence("county.record_village", id=village.id), values)


async def _shut_out(work: UnitOfWork) -> set[tuple[str, str, str]]:
    """Return who of which team is shut out of which unit."""
    team = (await work.directory()).with_roles(Role.TEAM_LEADER, Role.TEAM_MEMBER)
    places = ((person, place) for person in team for place in person.teams(Role.TEAM_LEADER, Role.TEAM_MEMBER))
    return {(person.id, place, unit_id) for person, place in places for unit_id in person.shut_out_of}


async def _enter_codes(entries: Entries, county: CountyFile) -> None:
    """Give every place its code: the file's own, and a new one wherever complaints can come but no code is."""
    places = [(PlaceKind.UNIT, unit.id, unit.id, unit.qr_token) for unit in county.units]
    places += [
        (PlaceKind.VILLAGE, village.id, county.unit_id(village.unit), village.qr_token) for village in county.villages
    ]
    for kind, place_id, unit_id, serial in places:
        inspection_round = county.newest_round(unit_id)
        if inspection_round is not None:
            await _enter_code(entries, inspection_round, kind, place_id, serial)
    for unit_id in county.all_units:
        inspection_round = county.newest_round(unit_id)
        if inspection_round is not None:
            await _enter_code(entries, inspection_round, PlaceKind.UNIT, unit_id, None)
    for inspection_round in county.rounds:
        await _enter_code(entries, inspection_round, PlaceKind.ROUND, None, inspection_round.expired_qr_token)


async def _enter_code(
    entries: Entries, inspection_round: RoundEntry, kind: PlaceKind, place_id: str | None, serial: str | None
) -> None:
    session = entries.session
    here = (
        QrCode.round_id == inspection_round.id,
        QrCode.place_kind == kind,
        QrCode.place_id.is_not_distinct_from(place_id),
    )
    place = sentence(f"county.record_{kind}", id=place_id) if place_id else sentence("county.everywhere")
    if serial is not None and await session.get(QrCode, serial) is None:
        session.add(QrCode(serial=serial, round_id=inspection_round.id, place_kind=kind, place_id=place_id))
        entries.result.added.append(_code_name(serial, place, inspection_round))
        await session.flush()
    has_intake = inspection_round.state in INTAKE_ROUNDS  # there every place has a code
    if has_intake and await session.scalar(select(QrCode.serial).where(*here).limit(1)) is None:
        serial = new_serial()
        session.add(QrCode(serial=serial, round_id=inspection_round.id, place_kind=kind, place_id=place_id))
        # Not its serial: a preview draws another one.
        entries.result.added.append(sentence("county.record_new_code", place=place, round=inspection_round.id))
        await session.flush()


def _code_name(serial: str, place: str, inspection_round: RoundEntry) -> str:
    return sentence("county.record_code", serial=serial, place=place, round=inspection_round.id)


async def _enter_origins(entries: Entries, county: CountyFile) -> None:
    for hand_down in county.hand_downs:
        values: dict[str, Any] = {
            "name": hand_down.name,
            "origin": hand_down.origin,
            "number": hand_down.number,
            "receiving_body": hand_down.receiving_body,
            "came_on": hand_down.came_on,
            "due_on": hand_down.due,
            "aspects": [aspect.model_dump() for aspect in hand_down.aspects],
            "kinds": [kind.model_dump() for kind in hand_down.kinds],
        }
        name = sentence("county.record_hand_down", id=hand_down.id)
        await entries.put(HandDown, {"id": hand_down.id}, name, values)
    for campaign in county.campaigns:
        values = {
            "name": campaign.name,
            "category": campaign.category,
            "begins_on": campaign.begins_on,
            "ends_on": campaign.ends_on,
        }
        await entries.put(Campaign, {"id": campaign.id}, sentence("county.record_campaign", id=campaign.id), values)


async def _enter_known_problems(work: UnitOfWork, entries: Entries, county: CountyFile) -> None:
    """Keep the known problems of a county file in a version of their own; one that is new is told."""
    before = await latest_known_problems_version(work)
    version = await enter_known_problems(work, [KnownProblem(**one.model_dump()) for one in county.known_problems])
    if version != before:
        entries.result.added.append(sentence("county.record_known_problems", id=version))


async def _enter_items(work: UnitOfWork, entries: Entries, county: CountyFile) -> None:
    for entry in county.rectification_items:
        unit_id = county.unit_id(entry.unit)
        assignment = await entries.session.get(Assignment, (entry.round, unit_id))
        events = list(_events(work, county, entry))
        known = await entries.session.get(RectificationItem, entry.id)
        due_on = entry.due_in_force + timedelta(days=known.held_days + known.extension_days if known else 0)
        if known is not None and known.due_on != due_on:
            await _reschedule(work, known)
        is_new = await entries.put(
            RectificationItem,
            {"id": entry.id},
            sentence("county.record_item", id=entry.id),
            {
                "round_id": entry.round,
                "unit_id": unit_id,
                "team_id": assignment.team_id if assignment else None,
                "category": entry.category,
                "aspect": entry.aspect,
                "kind": entry.kind,
                "known_problem": entry.known_problem,
                "source": entry.source,
                "list_number": entry.list_number,
                "hand_down_id": entry.hand_down,
                "campaign_id": entry.campaign,
                "problem": entry.problem,
                "requirement": "；".join(entry.measures),
                "head": entry.head,
                "is_for_head": entry.for_head,
                "owner_id": entry.owner,
                "task_force": entry.task_force,
                "county_leader_id": entry.county_leader,
                "hazard": entry.category == "unsafe_bridge" or "safety_hazard" in entry.flags,
                "issued_on": entry.issued_on,
                "due_on": due_on,
            },
            live={"state": entry.state, "card": entry.card},
            at_first={
                "is_open": entry.state is not ItemState.CLEARED,
                "state_since": entry.issued_on,
                "returns": _returns(entry),
                "version": len(events),
                "system_built": "\n".join(entry.system_built) or None,
                "systems_built": len(entry.system_built),
                "households_total": entry.households,
                "money_recovered": entry.money_recovered_yuan,
            },
        )
        if is_new:
            entries.session.add_all(events)
            item = await entries.session.get_one(RectificationItem, entry.id)
            recall(item, events, work.zone)
            await entries.session.flush()
        await _enter_whom_it_concerns(entries, county, entry)


async def _enter_whom_it_concerns(entries: Entries, county: CountyFile, entry: ItemEntry) -> None:
    """Enter the units that answer along for an item, and who gets a copy of it."""
    item = await entries.session.get_one(RectificationItem, entry.id)
    answering = set(item.unit_ids)
    for unit_id in map(county.unit_id, entry.other_units):
        if unit_id not in answering:
            item.others.append(ItemUnit(item_id=item.id, unit_id=unit_id))
            answering.add(unit_id)
    for reference in entry.copies:
        copy_to, recipient_id = county.copy_of(reference) or (None, "")
        key = {"item_id": item.id, "copy_to": copy_to, "recipient_id": recipient_id}
        if copy_to is not None and await entries.session.get(ItemCopy, tuple(key.values())) is None:
            entries.session.add(ItemCopy(**key))
    await entries.session.flush()


async def _enter_fieldwork(entries: Entries, county: CountyFile) -> None:
    """Enter what was done in the field so far: how many households were visited, and which evening talks were held."""
    units = {village.id: county.unit_id(village.unit) for village in county.villages}
    for village in county.villages:
        inspection_round = county.newest_round(units[village.id])
        for group, visits in village.six_visits.items():
            if inspection_round is not None and visits:
                key = {"round_id": inspection_round.id, "village_id": village.id, "visit_group": group}
                name = sentence("county.record_visits", id=village.id, group=group)
                await entries.put(VisitCount, key, name, {}, live={"visits": visits})
    for talk in county.night_talks:
        inspection_round = county.newest_round(units[talk.village])
        if inspection_round is not None:
            values = {
                "round_id": inspection_round.id,
                "village_id": talk.village,
                "held_on": talk.on,
                "counted": talk.suggestions,
                "counted_solved": talk.solved,
            }
            await entries.put(EveningTalk, {"id": talk.id}, sentence("county.record_talk", id=talk.id), values)


async def _reschedule(work: UnitOfWork, item: RectificationItem) -> None:
    """Log that an item gets another due date; its reminders are told anew."""
    item.deadline_version += 1
    item.version += 1
    work.session.add(
        ItemEvent(
            item_id=item.id,
            version=item.version,
            at=work.now,
            by_id=None,
            event="reschedule",
            from_state=item.state,
            to_state=item.state,
            detail={"due_before": item.due_on.isoformat()},
        )
    )


def _returns(entry: ItemEntry) -> int:
    return max(len(entry.returns), sum(happened.event == "returned" for happened in entry.history))


def _events(work: UnitOfWork, county: CountyFile, entry: ItemEntry) -> Iterator[ItemEvent]:
    """Tell an item's history as events from which its state can be rebuilt.

    The file may leave out how an item was issued, and how it came to where it stands: both are filled in.
    """
    people = {person.id for person in county.people}
    reasons = {given_back.on: given_back.reason for given_back in entry.returns}
    history = sorted(entry.history, key=lambda happened: happened.on)
    if entry.state is not ItemState.DRAFT and all(happened.event != "issued" for happened in history):
        history = [HistoryEntry(on=entry.issued_on, by="import", event="issued"), *history]
    state: ItemState | None = None
    version = 0
    for version, happened in enumerate(history, start=1):
        action, target = _ACTIONS.get(happened.event, (happened.event, state or ItemState.ISSUED))
        detail: dict[str, Any] = {} if happened.by in people else {"by": happened.by}
        if action == "return" and happened.on in reasons:
            detail["reason"] = reasons[happened.on]
        yield ItemEvent(
            item_id=entry.id,
            version=version,
            at=datetime.combine(happened.on, time(), work.zone),
            by_id=happened.by if happened.by in people else None,
            event=action,
            from_state=state,
            to_state=target,
            note="" if happened.note == "—" else happened.note,
            detail=detail,
        )
        state = target
    if state != entry.state:
        yield ItemEvent(
            item_id=entry.id,
            version=version + 1,
            at=work.now,
            by_id=None,
            event="import",
            from_state=state,
            to_state=entry.state,
        )
