"""A county file: what is refused and how, what an import enters, and what it leaves alone."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, select

from channels.telegram.address import address_of
from models.address import Address
from models.audit import Audited, AuditEntry
from models.base import Base
from models.complaints import Case
from models.deadlines import proposal
from models.desk import Desk
from models.fieldwork import EveningTalk, VisitCount
from models.rectification import ItemEvent, RectificationItem
from models.rounds import (
    Assignment,
    Category,
    ChecklistsVersion,
    County,
    Department,
    PlaceKind,
    QrCode,
    Round,
    Team,
    Unit,
    Village,
    VillageClass,
)
from models.settings import EvaluationSettings, RectificationSettings
from models.staff import Recusal, RecusalState, Role, Staff, StaffRole
from models.states import ITEM, ItemState, RoundState
from services.access.addresses import addresses_of
from services.access.member import member
from services.people.addresses import drop_address, give_address
from services.people.boards import bind_board
from services.people.leaving import leave, move_to_team
from services.people.recusal import readmit, recuse
from services.rounds.change_round_state import change_round_state
from services.rounds.county_file import CountyFileError, Problem, read_county
from services.rounds.entries import ImportResult
from services.rounds.import_county import import_county
from services.rounds.settings_versions import own_settings
from services.unit_of_work import UnitOfWork
from tests import sample
from tests.accounts import give_account
from tests.conftest import OpenWork
from tests.integration.cases.conftest import lay, queued_for

SAMPLE = sample.SAMPLE.read_text(encoding="utf-8")


_Row = TypeVar("_Row", bound=Base)


def changed(change: Callable[[dict[str, Any]], None]) -> str:
    document = json.loads(SAMPLE)
    change(document)
    return json.dumps(document, ensure_ascii=False, indent=1)


def problems(text: str) -> list[Problem]:
    with pytest.raises(CountyFileError) as refused:
        read_county(text)
    return refused.value.problems


def the_problem(text: str) -> str:
    [problem] = problems(text)
    return str(problem)


async def enter(work: UnitOfWork, text: str = SAMPLE) -> ImportResult:
    return await import_county(work, read_county(text))


async def got(work: UnitOfWork, table: type[_Row], key: Any) -> _Row:
    record = await work.session.get(table, key)
    assert record is not None
    return record


async def count(work: UnitOfWork, table: type[Base]) -> int:
    return await work.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_value_of_the_wrong_kind_is_named_with_its_line_and_field() -> None:
    lines = SAMPLE.replace('"role": "liaison"', '"role": "liason"', 1).splitlines()
    [wrong] = [number for number, line in enumerate(lines, start=1) if '"liason"' in line]
    problem = the_problem("\n".join(lines))
    assert problem.startswith(f"line {wrong}, people[19].role: Input should be 'leading_group_head'")


def test_a_missing_field_is_named_with_the_line_of_its_record() -> None:
    text = SAMPLE.replace('"name": "桥头岭村",', "", 1)
    lines = text.splitlines()
    record = next(number for number, line in enumerate(lines) if '"id": "V02"' in line)  # the brace stands before
    assert the_problem(text) == f"line {record}, villages[1].name: Field required"


def test_a_setting_of_the_wrong_kind_is_named() -> None:
    text = changed(lambda county: county["settings"]["complaint"].update(accept_days="soon"))
    assert "settings.complaint.accept_days: Input should be a valid integer" in the_problem(text)


def test_a_text_that_is_not_json_is_refused_with_the_place() -> None:
    assert the_problem('{"county": {\n "name": "清禾县"\n "office": ""}}') == (
        "line 3, the file: this is not JSON (expecting ',' delimiter, column 2)"
    )


def test_a_file_that_is_no_county_at_all_is_refused() -> None:
    assert "Field required" in str(problems("{}")[0])
    assert the_problem("[]").startswith("line 1, the file: ")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c["teams"][0].update(leader="P55"), "teams[0].leader: there is no person P55 in this file"),
        (lambda c: c["villages"][0].update(unit="U9"), "villages[0].unit: there is no unit U9 in this file"),
        (lambda c: c["units"][1].update(id="U1"), "units[1].id: U1 stands here twice"),
        (lambda c: c["villages"][1].update(qr_token="k7Qm2xP9"), "k7Qm2xP9 is another place's code already"),
        (lambda c: c["villages"][1].update(qr_token="short"), "a serial is 8 letters or digits, not 'short'"),
        (lambda c: c["people"].append({"id": "P05", "name": "别人", "role": "office_staff"}), "P05 is called 古石生"),
        (lambda c: c["people"].append({"id": "P99", "name": "新人", "role": "liaison"}), "which unit this liaison"),
        (lambda c: c["teams"][0].update(units=["U1", "塘岔镇党委"]), "no round lists all the units of T1"),
        (lambda c: c["units"][0].update(team="T2"), "the team T2 does not list the unit U1"),
        (lambda c: c["rounds"][1].update(stay=["2026-12-11", "2026-10-12"]), "the last day lies before the first"),
        (lambda c: c["rounds"][1].update(intake_close="2026-10-01"), "complaints would close before the team arrives"),
        (lambda c: c["departments"][6].update(contact="办公室\n8822101"), "departments[6].contact: must be one line"),
        (
            lambda c: c["departments"][6].update(contact="值" * 101),
            "departments[6].contact: String should have at most",
        ),
        (lambda c: c["departments"][6].update(contact=" "), "departments[6].contact: String should have at least"),
        (lambda c: c["rounds"][1].update(id="../R6"), "rounds[1].id: String should match"),
        (lambda c: c["settings"].update(extra_holidays=["1 May"]), "settings.extra_holidays[0]: 1 May is not a day"),
        (lambda c: c["rectification_items"][0].update(category="what"), "there is no category what in this file"),
        (
            lambda c: c["rounds"][0].update(settings={"complaint": {"accept_days": "soon"}}),
            "rounds[0].settings.complaint.accept_days: Input should be a valid integer",
        ),
        (
            lambda c: c["rounds"][0].update(settings={"evaluation": {"god_rate": 1}}),
            "rounds[0].settings.evaluation.god_rate: there is no setting god_rate",
        ),
        (
            lambda c: c["rounds"][0].update(settings={"complaint": {"in_force_from": "soon"}}),
            "rounds[0].settings.complaint.in_force_from: soon is not a day",
        ),
        (
            lambda c: c["rounds"][0].update(settings={"privacy": {"public_min_count": 1}}),
            "rounds[0].settings.privacy: a round can set complaint, rectification, evaluation for itself",
        ),
    ],
)
def test_a_contradiction_is_told(change: Callable[[dict[str, Any]], None], said: str) -> None:
    assert any(said in str(problem) for problem in problems(changed(change)))


def test_a_field_nobody_knows_is_passed_over_and_named() -> None:
    text = changed(lambda county: county["units"][3].update(liason="P20"))
    assert read_county(text).passed_over == ["units.liason"]


async def test_the_sample_county_is_entered_whole(open_work: OpenWork) -> None:
    async with open_work() as work:
        result = await enter(work)
        tables = (Category, Department, Staff, Round, Team, Village, RectificationItem)
        assert [await count(work, table) for table in tables] == [22, 12, 39, 2, 3, 12, 8]
        assert await count(work, Unit) == 6 + 8  # one of the past round's nine is U4 by name
        assert await count(work, Assignment) == 9 + 6
        county = await got(work, County, 1)
        assert county.settings["rectification"]["review_days"] == 7
        stationed = await got(work, Round, "R6")
        assert stationed.state == RoundState.STATIONED
        assert (stationed.stay_from, stationed.intake_until) == (date(2026, 10, 12), date(2026, 12, 4))
        assert stationed.public_key == work.keyring.round("R6").sealing.public
        assert result.added_by_kind["staff"] == 39
        assert not result.changed
        assert result.passed_over == []


async def test_duty_contacts_of_departments_follow_the_file(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work)
        assert (await work.directory()).departments["D07"].contact == "公路养护股 0000-8822107(示例)，值班到 21:00"
        assert (await work.directory()).departments["D08"].contact is None
        assert (await enter(work)).lines == []

        def moved(county: dict[str, Any]) -> None:
            county["departments"][6]["contact"] = " 办公室 0000-8822199 "
            del county["departments"][0]["contact"]

        text = changed(moved)
        result = await enter(work, text)
        assert len(result.changed) == 2
        assert read_county(text).passed_over == []
        known = await work.directory()
        assert [known.departments[one].contact for one in ("D07", "D01")] == ["办公室 0000-8822199", None]


async def test_units_are_found_by_name_and_a_name_nobody_explains_becomes_a_unit(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work)
        await got(work, Assignment, ("R5", "U4"))
        known = await got(work, RectificationItem, "RI02")
        past = await got(work, RectificationItem, "RI07")
        assert (known.unit_id, known.team_id) == ("U1", "T1")
        assert (past.unit_id, past.team_id) == ("塘岔镇党委", None)


async def test_teams_belong_to_the_round_that_lists_their_units(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work)
        assert set(await work.session.scalars(select(Team.round_id))) == {"R6"}
        assignment = await got(work, Assignment, ("R6", "U4"))
        assert (assignment.team_id, assignment.mode) == ("T1", "look_back")


async def test_every_place_of_an_open_round_has_one_code(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work)
        codes = list(await work.session.scalars(select(QrCode)))
        assert len(codes) == 12 + 6 + 1 + 1  # villages, units, the open round's own, the past round's own
        village = await got(work, QrCode, "b4Rt8nLc")
        assert (village.round_id, village.place_kind, village.place_id) == ("R6", PlaceKind.VILLAGE, "V02")
        expired = await got(work, QrCode, "oldR5t0k")
        assert (expired.round_id, expired.place_kind, expired.place_id) == ("R5", PlaceKind.ROUND, None)


async def test_a_place_without_a_code_gets_one_and_keeps_it(open_work: OpenWork) -> None:
    text = changed(lambda county: county["villages"][0].pop("qr_token"))
    async with open_work() as work:
        await enter(work, text)
        assert not (await enter(work, text)).lines
        assert len(list(await work.session.scalars(select(QrCode).where(QrCode.place_id == "V01")))) == 1


async def test_people_hold_their_roles_where_they_hold_them(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work)
        assert (await member(work.session, "P05")).teams(Role.TEAM_LEADER) == ("T1",)
        assert (await member(work.session, "P20")).units(Role.LIAISON) == ("U1",)
        assert "wages_owed" in (await member(work.session, "P23")).roles[0].fields
        assert await count(work, StaffRole) == 39


async def test_one_person_may_hold_several_roles(open_work: OpenWork) -> None:
    def also_head(county: dict[str, Any]) -> None:
        county["people"].append({"id": "P04", "name": "简小满", "role": "unit_head", "unit": "麦湾乡党委"})

    async with open_work() as work:
        await enter(work, changed(also_head))
        person = await member(work.session, "P04")
        assert person.has(Role.OFFICE_STAFF)
        assert person.units(Role.UNIT_HEAD) == ("麦湾乡党委",)


async def test_a_claimed_recusal_is_entered_but_shuts_nobody_out(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work)
        claimed = await got(work, Recusal, ("P09", "U2"))
        assert claimed.state == RecusalState.CLAIMED
        assert (await member(work.session, "P12")).shut_out_of == {"U3"}
        assert (await member(work.session, "P09")).shut_out_of == frozenset()


async def test_an_items_history_rebuilds_its_state(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work)
        for item in await work.session.scalars(select(RectificationItem)):
            query = select(ItemEvent).where(ItemEvent.item_id == item.id).order_by(ItemEvent.version)
            events = list(await work.session.scalars(query))
            assert [event.version for event in events] == list(range(1, item.version + 1))
            assert events[-1].to_state == item.state
            for before, after in pairwise(events):
                assert after.from_state == before.to_state


async def test_an_items_events_are_named_as_its_machine_names_them(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work)
        query = select(ItemEvent).where(ItemEvent.item_id == "RI04").order_by(ItemEvent.version)
        issued, submitted, returned, overdue = await work.session.scalars(query)
    assert {issued.event, submitted.event, returned.event} <= {arrow.action for arrow in ITEM.transitions}
    assert (issued.by_id, submitted.by_id, returned.by_id) == (None, None, "P06")
    assert submitted.detail == {"by": "unit"}
    assert returned.at == datetime(2026, 11, 11, 16, 0, tzinfo=UTC)  # the day begins at midnight in the county
    assert returned.note == "缺凭证"
    assert returned.detail["reason"].startswith("只附会议记录")
    assert (overdue.event, overdue.to_state) == ("overdue", ItemState.RETURNED)


async def test_an_item_keeps_its_card_its_returns_and_whether_it_is_open(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work)
        returned = await got(work, RectificationItem, "RI07")
        cleared = await got(work, RectificationItem, "RI08")
        bridge = await got(work, RectificationItem, "RI02")
    assert (returned.card, returned.returns, returned.is_open) == ("yellow", 2, True)
    assert not cleared.is_open
    assert bridge.hazard
    assert bridge.requirement == "当日封桥围挡、设绕行；应急检测；重建"


async def test_an_item_knows_when_it_was_submitted_given_a_card_and_half_through(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work)
        carded = await got(work, RectificationItem, "RI07")
        submitted = await got(work, RectificationItem, "RI03")
    assert (carded.card_on, carded.card_returns) == (date(2026, 11, 5), 2)
    assert (submitted.submitted_on, submitted.midterm_on) == (date(2026, 11, 16), date(2026, 8, 18))


async def test_an_item_that_was_reopened_gets_the_new_due_day_of_the_file(open_work: OpenWork) -> None:
    def reopen(county: dict[str, Any], **more: object) -> None:
        item = next(one for one in county["rectification_items"] if one["id"] == "RI01")
        item.update(state="reopened", card=None, due="2026-09-01", **more)
        item["history"] = [{"on": "2026-10-01", "by": "P03", "event": "reopened"}]

    async with open_work() as work:
        await enter(work, changed(reopen))
    async with open_work() as work:
        result = await enter(work, changed(lambda county: reopen(county, new_due="2026-12-31")))
        item = await got(work, RectificationItem, "RI01")
        assert (item.due_on, item.deadline_version) == (date(2026, 12, 31), 2)
        assert proposal(item, work.today, RectificationSettings()) is None
    assert result.lines == ["changed item RI01: due_on 2026-09-01 → 2026-12-31"]
    assert "rectification_items.new_due" not in str(result.passed_over)


async def test_a_new_due_day_may_stand_with_what_set_it(open_work: OpenWork) -> None:
    def reopen(county: dict[str, Any]) -> None:
        item = next(one for one in county["rectification_items"] if one["id"] == "RI01")
        item["history"].append({"on": "2026-11-20", "by": "P03", "event": "reopened", "new_due": "2026-12-31"})
        item["state"] = "reopened"

    async with open_work() as work:
        await enter(work, changed(reopen))
        item = await got(work, RectificationItem, "RI01")
    assert item.due_on == date(2026, 12, 31)


async def test_importing_again_keeps_the_days_for_which_an_item_was_under_review(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work)
        item = await got(work, RectificationItem, "RI03")
        item.held_days, item.due_on = 5, item.due_on + timedelta(days=5)
    async with open_work() as work:
        result = await enter(work)
        item = await got(work, RectificationItem, "RI03")
        assert (item.due_on, item.deadline_version) == (date(2026, 11, 23), 1)
    assert result.lines == []


async def test_importing_again_changes_nothing(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work)
    async with open_work() as work:
        result = await enter(work)
    assert result.lines == []


async def test_importing_again_changes_what_differs_and_says_what(open_work: OpenWork) -> None:
    def correct(county: dict[str, Any]) -> None:
        county["settings"]["complaint"]["accept_days"] = 20
        county["villages"][0]["households"] = 413
        county["people"][5]["name"] = "阮知秋秋"
        county["people"][22]["fields"].remove("wages_owed")
        county["teams"][1]["members"].append("P07")
        county["people"].append({"id": "P40", "name": "新来", "role": "office_staff"})

    async with open_work() as work:
        await enter(work)
    async with open_work() as work:
        result = await enter(work, changed(correct))
        county = await got(work, County, 1)
        assert county.settings["complaint"]["accept_days"] == 20
        assert set((await member(work.session, "P07")).teams(Role.TEAM_MEMBER)) == {"T1", "T2"}
    assert result.lines == [
        "added staff P40",
        "added role team_member at T2 of P07",
        "added role office_staff of P40",
        "changed county 清禾县: settings.complaint.accept_days 15 → 20",
        "changed staff P06: name 阮知秋 → 阮知秋秋",
        "changed village V01: households 412 → 413",
        "changed staff P23: fields as county_leader subsistence_allowance, elderly_allowance, wages_owed"
        " → subsistence_allowance, elderly_allowance",
        "left alone: round R5 settings_version (1 here, 2 in the file)",
        "left alone: round R6 settings_version (1 here, 2 in the file)",
    ]


async def test_rounds_go_by_settings_of_their_own_and_keep_those_that_they_were_opened_with(
    open_work: OpenWork,
) -> None:
    def in_preparation(county: dict[str, Any]) -> None:
        """Add a round that looks at the same, and with another line."""
        settings = {
            "complaint": {"accept_days": 10},
            "rectification": {"remind_before_days": [5]},
            "evaluation": {"good_rate": 0.9},
        }
        later = {"id": "R7", "state": "preparing", "units": [], "settings": settings}
        county["rounds"].append({**county["rounds"][-1], **later, "expired_qr_token": None})

    def shorter(county: dict[str, Any]) -> None:
        in_preparation(county)
        county["rounds"][-1]["settings"]["complaint"]["accept_days"] = 8

    async with open_work() as work:
        await enter(work, changed(in_preparation))
    async with open_work() as work:
        assert (await enter(work, changed(shorter))).lines == [
            "changed round R7: settings.complaint.accept_days 10 → 8"
        ]
    async with open_work() as work:
        assert (await change_round_state(work, "R7", "open")).score_sheet == {
            **asdict(EvaluationSettings()),
            "good_rate": 0.9,
        }
    async with open_work() as work:
        (told,) = [line for line in (await enter(work, changed(in_preparation))).lines if " settings (" in line]
        assert told.startswith("left alone: round R7 settings (complaint accept_days 8, ")
        known = await work.directory()
        assert [known.complaint_settings_of(one).accept_days for one in ("R6", "R7")] == [15, 8]
        assert known.complaint_settings_of("R7").handle_days == known.complaint_settings_of("R6").handle_days
        assert known.rectification_settings_of("R7").remind_before_days == (5,)
        assert [known.good_rate_of(rounds) for rounds in (["R6"], ["R7"], ["R6", "R7"])] == [0.95, 0.9, 0.95]
        assert [(one.name, one.own, one.county) for one in own_settings(known, "R7")][:2] == [
            ("complaint.accept_days", 8, 15),
            ("rectification.remind_before_days", [5], (20, 10, 3)),
        ]

    def another_line(county: dict[str, Any]) -> None:
        in_preparation(county)
        county["settings"]["evaluation"] = {"good_rate": 0.5}

    async with open_work() as work:
        await enter(work, changed(another_line))
        known = await work.directory()
        assert [known.good_rate_of(rounds) for rounds in (["R6"], ["R7"], ["R6", "R7"])] == [0.95, 0.9, 0.5]


async def places_changed(work: UnitOfWork) -> list[tuple[str | None, dict[str, Any]]]:
    found = await work.session.scalars(select(AuditEntry).where(AuditEntry.action == Audited.PLACES_CHANGED))
    return [(entry.subject, entry.detail) for entry in found]


async def test_places_and_codes_that_come_while_a_round_runs_are_written_down_and_warned_of(
    open_work: OpenWork,
) -> None:
    def split(county: dict[str, Any]) -> None:
        village = next(one for one in county["villages"] if one["id"] == "V02")
        for number in range(2):
            county["villages"].append({**village, "id": f"H{number}", "name": f"桥头岭村{number}", "qr_token": None})
        county["villages"][0]["name"] = "王大山家"

    async with open_work() as work:
        assert (await enter(work)).new_places == []
    async with open_work() as work:
        assert (await enter(work)).new_places == []
        assert await places_changed(work) == []
    async with open_work() as work:
        result = await enter(work, changed(split))
        assert result.new_places == ["H0", "H1"]
        codes = sorted(await work.session.scalars(select(QrCode.serial).where(QrCode.place_id.in_(["H0", "H1"]))))
        assert len(codes) == 2
        assert await places_changed(work) == [("R6", {"added": ["H0", "H1"], "changed": ["V01"], "codes": codes})]
        assert (await enter(work, changed(split))).new_places == []


async def test_places_may_be_added_without_a_warning_before_a_round_opens(open_work: OpenWork) -> None:
    def add(county: dict[str, Any]) -> None:
        county["villages"].append({**county["villages"][0], "id": "V99", "name": "新村", "qr_token": None})

    async with open_work() as work:
        await enter(work)
        (await got(work, Round, "R6")).state = RoundState.PREPARING
        await work.session.flush()
        assert (await enter(work, changed(add))).new_places == []
        assert await places_changed(work) == []


async def test_a_role_that_the_file_takes_away_is_gone(open_work: OpenWork) -> None:
    def move(county: dict[str, Any]) -> None:
        county["people"][6]["team"] = "T2"
        county["teams"][0]["members"].remove("P07")

    async with open_work() as work:
        await enter(work)
        result = await enter(work, changed(move))
        assert (await member(work.session, "P07")).teams(Role.TEAM_MEMBER) == ("T2",)
    assert result.changed == ["staff P07: role team_member at T1 → nothing"]


async def test_what_lives_on_its_own_is_left_alone(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work)
        item = await got(work, RectificationItem, "RI02")
        team = await got(work, Team, "T1")
        code = await got(work, QrCode, "b4Rt8nLc")
        inspection_round = await got(work, Round, "R6")
        recusal = await got(work, Recusal, ("P09", "U2"))
        item.state, item.version = ItemState.SUBMITTED, 9
        team.board_address = address_of(-100)
        await give_account(work.session, "P05", 7)
        code.revoked_at = work.now
        inspection_round.state = RoundState.INTAKE_CLOSED
        recusal.state = RecusalState.ORDERED
    async with open_work() as work:
        result = await enter(work)
        item = await got(work, RectificationItem, "RI02")
        team = await got(work, Team, "T1")
        code = await got(work, QrCode, "b4Rt8nLc")
        assert (item.state, item.version, team.board_address) == (ItemState.SUBMITTED, 9, address_of(-100))
        assert await addresses_of(work.session, "P05") == [address_of(7)]
        assert code.revoked_at is not None
        places = list(await work.session.scalars(select(QrCode).where(QrCode.place_id == "V02")))
        assert places == [code]
    assert result.lines == [
        "left alone: round R6 state (intake_closed here, stationed in the file)",
        "left alone: recusal of P09 from U2 state (ordered here, claimed in the file)",
        "left alone: item RI02 state (submitted here, in_progress in the file)",
    ]


async def test_a_new_due_date_is_logged_and_reminded_of_anew(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work)
        result = await enter(work, changed(lambda county: county["rectification_items"][1].update(due="2027-04-01")))
        item = await got(work, RectificationItem, "RI02")
        event = await got(work, ItemEvent, ("RI02", item.version))
    assert result.lines == ["changed item RI02: due_on 2027-03-15 → 2027-04-01"]
    assert item.deadline_version == 2
    assert (event.event, event.detail) == ("reschedule", {"due_before": "2027-03-15"})


async def test_a_code_keeps_its_round_when_a_new_round_comes_to_the_same_place(open_work: OpenWork) -> None:
    def next_round(county: dict[str, Any]) -> None:
        new = county["rounds"][1] | {"id": "R7", "stay": ["2027-03-01", "2027-04-30"], "state": "preparing"}
        county["rounds"].append(new | {"intake_close": "2027-04-20", "units": ["U1", "U4"]})

    async with open_work() as work:
        await enter(work)
        await enter(work, changed(next_round))
        old = await got(work, QrCode, "b4Rt8nLc")
        assert old.round_id == "R6"
        new = await work.session.scalar(select(QrCode).where(QrCode.round_id == "R7", QrCode.place_id == "V02"))
        assert new is not None


def put_into(staff_id: str, team_id: str) -> Callable[[dict[str, Any]], None]:
    """Put a member of T1 into another team in the file."""

    def change(county: dict[str, Any]) -> None:
        next(one for one in county["people"] if one["id"] == staff_id)["team"] = team_id
        county["teams"][0]["members"].remove(staff_id)
        next(one for one in county["teams"] if one["id"] == team_id)["members"].append(staff_id)

    return change


def recused_from(staff_id: str, unit_id: str, state: str = "declared") -> Callable[[dict[str, Any]], None]:
    def change(county: dict[str, Any]) -> None:
        person = next(one for one in county["people"] if one["id"] == staff_id)
        person["recusal"] = [{"unit": unit_id, "state": state, "reason": "亲属"}]

    return change


async def at(work: UnitOfWork, staff_id: str) -> tuple[str, ...]:
    return (await member(work.session, staff_id)).teams(Role.TEAM_MEMBER)


async def test_a_file_that_says_what_it_said_undoes_no_move_and_no_leave(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work)
        await move_to_team(work, "P06", "T2")
        await leave(work, "P07")
    for _ in range(2):
        async with open_work() as work:
            result = await enter(work)
            assert await at(work, "P06") == ("T2",)
            assert (await got(work, Staff, "P07")).left_at is not None
        assert result.lines == [
            "left alone: staff P06 (team_member at T2 here, team_member at T1 in the file)",
            "left alone: staff P07 (has left here, stands in the file)",
        ]


async def test_a_file_that_says_something_new_goes_first_and_what_follows_is_what_follows_in_chat(
    open_work: OpenWork,
) -> None:
    async with open_work() as work:
        await enter(work)
        await move_to_team(work, "P06", "T2")
        await bind_board(work, await member(work.session, "P08"), "T2", address_of(-100))
        case = await lay(work, "桥坏了", desk=Desk.team("T2"), team="T2", unit="U2", owner_id="P06")
    async with open_work() as work:
        result = await enter(work, changed(put_into("P06", "T3")))
        assert await at(work, "P06") == ("T3",)
        assert (await got(work, Case, case.id)).owner_id is None
        assert (await got(work, Team, "T2")).board_address is None
        actions = list(await work.session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))
        assert actions[-3:] == [Audited.MOVED, Audited.BOARD_LOST, Audited.SETTINGS_CHANGED]
    assert result.lines == [
        "added role team_member at T3 of P06",
        "changed staff P06: role team_member at T2 → nothing",
    ]
    async with open_work() as work:
        assert not (await enter(work, changed(put_into("P06", "T3")))).lines


async def test_a_file_that_follows_what_was_done_in_chat_changes_nothing(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work)
        await move_to_team(work, "P06", "T2")
        assert not (await enter(work, changed(put_into("P06", "T2")))).lines
        await move_to_team(work, "P06", "T1")
        result = await enter(work, changed(put_into("P06", "T2")))
        assert await at(work, "P06") == ("T1",)
    assert result.left_alone == ["staff P06 (team_member at T1 here, team_member at T2 in the file)"]


async def test_of_whoever_was_entered_before_it_was_noted_the_live_team_stays(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work)
        (await got(work, Staff, "P06")).as_filed = None
        await move_to_team(work, "P06", "T2")
        assert (await enter(work)).left_alone
        assert await at(work, "P06") == ("T2",)


async def test_a_leader_who_is_replaced_in_the_file_is_told_to_nobody_but_the_next_one(open_work: OpenWork) -> None:
    def replace(county: dict[str, Any]) -> None:
        county["teams"][0] |= {"leader": "P07", "members": ["P06"]}
        county["teams"][1]["members"].append("P05")
        for staff_id, role, team_id in (("P07", "team_leader", "T1"), ("P05", "team_member", "T2")):
            next(one for one in county["people"] if one["id"] == staff_id).update(role=role, team=team_id)

    async with open_work() as work:
        await enter(work)
        for number, staff_id in enumerate(("P03", "P05", "P07")):
            await give_account(work.session, staff_id, 70 + number)
        await bind_board(work, await member(work.session, "P05"), "T1", address_of(-100))
        await enter(work, changed(replace))
        assert await queued_for(work, "staff:P07", "staff_gone")
        assert not await queued_for(work, "staff:P03", "nobody_leads")


async def test_a_recusal_lifted_here_is_not_put_back_by_a_file_that_says_what_it_said(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work)
        await readmit(work, "P12", "U3")
        result = await enter(work)
        assert (await member(work.session, "P12")).shut_out_of == frozenset()
    assert result.lines == ["left alone: recusal of P12 from U3 (lifted here, declared in the file)"]


async def test_a_recusal_made_here_stays_though_no_file_knows_of_it(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work)
        await recuse(work, "P06", "U1")
        assert not (await enter(work)).lines
        assert (await member(work.session, "P06")).shut_out_of == {"U1"}


async def test_a_recusal_that_is_new_in_the_file_hands_over_the_cases(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work)
        case = await lay(work, "路坏了", owner_id="P06")
        result = await enter(work, changed(recused_from("P06", "U1")))
        assert (await got(work, Case, case.id)).owner_id is None
        assert (await member(work.session, "P06")).shut_out_of == {"U1"}
    assert result.lines == ["added recusal of P06 from U1"]


async def test_a_claim_that_the_file_decides_is_decided(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work, changed(recused_from("P06", "U1", "claimed")))
        assert (await member(work.session, "P06")).shut_out_of == frozenset()
        result = await enter(work, changed(recused_from("P06", "U1", "ordered")))
        assert (await member(work.session, "P06")).shut_out_of == {"U1"}
    assert result.lines == ["changed recusal of P06 from U1: state claimed → ordered"]


def with_mail(**mails: str | None) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        for person in document["people"]:
            if person["id"] in mails:
                person["mail"] = mails[person["id"]]

    return change


async def mails_of(work: UnitOfWork, staff_id: str) -> list[str]:
    return [one.id for one in await addresses_of(work.session, staff_id)]


async def test_mail_addresses_of_a_file_count_at_once_and_are_written_down_without_them(open_work: OpenWork) -> None:
    async with open_work() as work:
        result = await enter(work, changed(with_mail(P06="Ruan@County.Example")))
        assert "mail address of P06" in result.added
        assert await mails_of(work, "P06") == ["Ruan@county.example"]
        entry = await work.session.scalar(select(AuditEntry).where(AuditEntry.action == Audited.ADDRESS_ADDED))
        assert entry is not None
        assert (entry.subject, "county.example" in str(entry.detail)) == ("P06", False)
        assert not (await enter(work, changed(with_mail(P06="Ruan@County.Example")))).lines


async def test_a_mail_address_that_was_dropped_here_stays_dropped_until_the_file_has_another(
    open_work: OpenWork,
) -> None:
    async with open_work() as work:
        await enter(work, changed(with_mail(P06="one@county.example")))
        await drop_address(work, "P06", Address("mail", "one@county.example"))
        result = await enter(work, changed(with_mail(P06="one@county.example")))
        assert result.left_alone == ["mail address of P06 (dropped here, stands in the file)"]
        assert await mails_of(work, "P06") == []
        await enter(work, changed(with_mail(P06="two@county.example")))
        await enter(work, changed(with_mail(P06="three@county.example")))
        assert await mails_of(work, "P06") == ["three@county.example"]


async def test_a_mail_address_of_somebody_else_is_left_with_them(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work)
        await give_address(work, "P07", Address("mail", "one@county.example"))
        result = await enter(work, changed(with_mail(P06="one@county.example")))
        assert result.left_alone == ["mail address of P06 (is P07's here)"]


def test_what_is_no_mail_address_is_refused() -> None:
    assert "a mail address is written as" in the_problem(changed(with_mail(P06="阮知秋")))


# ---- the work in the field


async def test_classes_checklists_visits_and_evening_talks_are_entered_and_brought_up_to_date(
    open_work: OpenWork,
) -> None:
    def change(county: dict[str, Any]) -> None:
        county["villages"][0].update(village_class="lagging")
        county["villages"][0]["six_visits"]["respected_elder"] = 3
        county["night_talks"][0].update(suggestions=11)

    async with open_work() as work:
        await enter(work)
        village = await got(work, Village, "V01")
        assert village.village_class == VillageClass.MODEL
        talk = await got(work, EveningTalk, "N2")
        assert (talk.round_id, talk.village_id, talk.counted, talk.counted_solved) == ("R6", "V10", 12, 1)
        [version] = await work.session.scalars(select(ChecklistsVersion))
        assert [one["kind"] for one in version.checklists] == [
            "county_department",
            "township",
            "public_institution",
            "state_enterprise",
            "village",
        ]
        assert (await got(work, Round, "R6")).checklists_version == version.version
        assert await count(work, VisitCount) == 0  # nobody was visited yet
    async with open_work() as work:
        result = await enter(work, changed(change))
        assert await got(work, VisitCount, ("R6", "V01", "respected_elder"))
        assert "changed talk N1: counted 9 → 11" in result.lines
        assert "changed village V01: village_class model → lagging" in result.lines


def test_an_evening_talk_in_a_village_that_is_not_there_is_refused() -> None:
    said = the_problem(changed(lambda county: county["night_talks"][0].update(village="V99")))
    assert "night_talks[0].village: there is no village V99 in this file" in said


async def test_a_round_that_runs_without_checklists_gets_the_first_that_come(open_work: OpenWork) -> None:
    async with open_work() as work:
        await enter(work, changed(lambda county: county.pop("checklists")))
        assert (await got(work, Round, "R6")).checklists_version is None
    async with open_work() as work:
        await enter(work)
        assert (await got(work, Round, "R6")).checklists_version == 1
