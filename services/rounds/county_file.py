"""A county as a JSON file: what may stand in it, and what is wrong with one, line by line."""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, fields
from datetime import date, time, timedelta
from functools import cached_property, partial
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from models.mail_address import UnfitMailAddress, read_mail_address
from models.rectification import CopyTo, ItemKind, WarningCard
from models.rounds import DepartmentKind, VillageClass
from models.settings import EVERYWHERE, OF_ROUNDS, CountySettings
from models.staff import DEPARTMENT_ROLES, TEAM_ROLES, UNIT_ROLES, Role
from models.states import ItemState, RoundState
from qr.token import Token, TokenKind
from services.rounds.json_lines import JsonLines, JsonPath
from texts.terminal import misfit, sentence


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a county file: where, and why."""

    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        return sentence("county.problem", line=self.line, field=self.field, reason=self.reason)


class CountyFileError(Exception):
    """A county file that cannot be taken; `problems` names every line, field and reason that was found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def _serial(value: str) -> str:
    return Token(TokenKind.POSTER, value).serial  # raises ValueError


def _code(longest: int) -> StringConstraints:
    """Return what an id must be: it goes into file names, buttons and the recipients of messages."""
    return StringConstraints(pattern=rf"^[A-Za-z0-9_-]{{1,{longest}}}$")


def _one_line(value: str) -> str:
    if len(value.splitlines()) > 1:
        raise ValueError(sentence("county.one_line"))
    return value


def _mail(value: str) -> str:
    try:
        return read_mail_address(value).id
    except UnfitMailAddress:
        raise ValueError(sentence("cli.reason_mail_address")) from None


Id = Annotated[str, _code(40)]
Mail = Annotated[str, AfterValidator(_mail)]
ItemId = Annotated[str, _code(20)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
DutyContact = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(_one_line)
]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Serial = Annotated[str, AfterValidator(_serial)]


# What the format holds for parts of the product that are yet to come, and what only describes the file.
_FOR_LATER = {
    "": ("schema", "note", "as_of", "complaints"),
    "people.": ("inspection_rounds",),
    "rounds.": ("plan_due", "midterm_on", "revisit", "grades"),
    "units.": ("looks_back_to", "special_topic"),
    "villages.": ("qr_places",),
    "rectification_items.": (
        "internal_complaints", "suggestion_letter", "special_brief",
        "instruction", "listed_supervision", "extension", "talk", "progress", "overdue_days", "cleared_on",
        "reporter_confirmed", "expected_next",
    ),
}  # fmt: skip


class _Record(BaseModel):
    # A field nobody knows is passed over, and said to be: a slip of the pen shows up that way.
    model_config = ConfigDict(extra="allow", strict=True, frozen=True, hide_input_in_errors=True)


class CountyEntry(_Record):
    """The county itself."""

    name: Name
    office: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class CategoryEntry(_Record):
    """What a complaint or an item may be about."""

    code: Id
    zh_hans: Name
    zh_hant: Name


class RecusalEntry(_Record):
    """That a person is to keep away from a unit; the state begins with claimed, declared or ordered."""

    unit: Name
    reason: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    state: Annotated[str, StringConstraints(pattern="^(claimed|declared|ordered)")]


class PersonEntry(_Record):
    """One role of one person; who has several roles stands here several times, or is named by teams and units."""

    id: Id
    name: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    role: Role
    title: Name | None = None
    team: Id | None = None
    unit: Name | None = None
    department: Id | None = None
    fields: list[Id] = Field(default_factory=list)
    mail: Mail | None = None
    recusal: list[RecusalEntry] = Field(default_factory=list)


class DepartmentEntry(_Record):
    """A receiving department and the categories that are its business."""

    id: Id
    name: Name
    fields: list[Id] = Field(default_factory=list)
    kind: DepartmentKind | None = None
    contact: DutyContact | None = None

    @property
    def known_kind(self) -> DepartmentKind | None:
        """Its kind; an organisation department is known by its name, which is the same everywhere."""
        is_called_so = self.kind is None and "组织部" in self.name
        return DepartmentKind.ORGANISATION if is_called_so else self.kind


class NoticeEntry(_Record):
    """What the public is told about a round."""

    phone: Name
    phone_hours: Name
    mailbox: Name
    letter_boxes: int | None = None
    accepts: Text
    not_accepted: Text


class RoundEntry(_Record):
    """An inspection round; `units` lists them by id or by name."""

    id: Id
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    state: RoundState
    theme: Annotated[str, StringConstraints(max_length=200)] = ""
    stay: Annotated[list[date], Field(min_length=2, max_length=2)]
    intake_close: date | None = None  # its last day; without one it follows from the settings
    feedback_on: date | None = None
    rectification_due: date | None = None
    units: list[Name]
    notice: NoticeEntry | None = None
    expired_qr_token: Serial | None = None
    settings: dict[str, dict[str, Any]] = Field(default_factory=dict)  # over the county's, in this round alone


class TeamEntry(_Record):
    """A team and the units it is stationed at."""

    id: Id
    name: Name
    leader: Id
    members: list[Id] = Field(default_factory=list)
    units: Annotated[list[Name], Field(min_length=1)]


class UnitEntry(_Record):
    """An inspected unit."""

    id: Name
    name: Name
    kind: Id | None = None
    team: Id | None = None
    mode: Id | None = None
    head: Id | None = None
    liaison: Id | None = None
    county_leader: Id | None = None
    qr_token: Serial | None = None


class VillageEntry(_Record):
    """A village or community under a unit."""

    id: Id
    name: Name
    unit: Name
    village_class: VillageClass | None = None
    households: int | None = None
    neighbours: list[Id] = Field(default_factory=list)
    cadre: Id | None = None  # who is resident there, with the role resident_cadre
    six_visits: dict[Id, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    qr_token: Serial | None = None


class ChecklistEntry(_Record):
    """What is to be checked at a kind of unit, or in a village."""

    kind: Id
    name: Name
    must_check: Annotated[list[Name], Field(min_length=1)]


class NightTalkEntry(_Record):
    """An evening talk that was held, and how many suggestions there were."""

    id: ItemId
    village: Id
    on: date
    suggestions: Annotated[int, Field(ge=0)] = 0
    solved: Annotated[int, Field(ge=0)] = 0


class AspectEntry(_Record):
    """An aspect of what was handed down, and its parts."""

    name: Name
    parts: list[Name] = Field(default_factory=list)


class HandDownKindEntry(_Record):
    """How many of a kind were handed down, and how many are done; those that are `items` here are counted here."""

    name: Name
    total: Annotated[int, Field(ge=0)]
    done: Annotated[int, Field(ge=0)] = 0
    items: bool = False


class HandDownEntry(_Record):
    """What a higher level that inspected the county itself has handed down."""

    id: Id
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    origin: Name
    number: Annotated[str, StringConstraints(max_length=100)] = ""
    receiving_body: Name
    came_on: date
    due: date
    aspects: list[AspectEntry] = Field(default_factory=list)
    kinds: list[HandDownKindEntry] = Field(default_factory=list)


class CampaignEntry(_Record):
    """A special campaign: items of one topic over many units."""

    id: Id
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    category: Id
    begins_on: date
    ends_on: date


class KnownProblemEntry(_Record):
    """A problem to pick from when an item is entered, and what is usually asked of a unit that has it."""

    code: Id
    category: Id
    problem: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    requirement: Annotated[str, StringConstraints(max_length=1000)] = ""


class ReturnEntry(_Record):
    """That what a unit handed in was given back."""

    on: date
    by: str
    reason: Text


class HistoryEntry(_Record):
    """Something that happened to an item; `by` is a person's id, or says who it was."""

    on: date
    by: Name
    event: Annotated[str, StringConstraints(min_length=1, max_length=30)]
    note: str = ""
    new_due: date | None = None  # another due day was set with it, as when an item is reopened


class ItemEntry(_Record):
    """A rectification item as it stands."""

    id: ItemId
    round: Id
    unit: Name
    category: Id
    source: Annotated[str, StringConstraints(min_length=1, max_length=30)]
    aspect: Annotated[str, StringConstraints(max_length=100)] = ""
    kind: ItemKind = ItemKind.INDIVIDUAL
    known_problem: Id | None = None
    list_number: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None
    hand_down: Id | None = None
    campaign: Id | None = None
    problem: Text
    measures: list[Text] = Field(default_factory=list)
    head: Annotated[str, StringConstraints(max_length=100)] = ""
    for_head: bool = True
    owner: Id | None = None
    task_force: Annotated[str, StringConstraints(max_length=200)] = ""
    other_units: list[Name] = Field(default_factory=list)
    copies: list[Name] = Field(default_factory=list)  # county leaders, departments and units
    county_leader: Id | None = None
    issued_on: date
    due: date
    new_due: date | None = None  # it was given another due day since
    state: ItemState
    card: WarningCard | None = None
    flags: list[str] = Field(default_factory=list)
    system_built: list[Text] = Field(default_factory=list)
    households: Annotated[int, Field(ge=0)] | None = None  # that it is about
    money_recovered_yuan: Annotated[int, Field(ge=0)] | None = None
    returns: list[ReturnEntry] = Field(default_factory=list)
    history: list[HistoryEntry] = Field(default_factory=list)

    @property
    def due_in_force(self) -> date:
        """The due day that counts: the item's new one, else the last new one of its history, else the first."""
        later = [happened.new_due for happened in sorted(self.history, key=lambda happened: happened.on)]
        return self.new_due or next((due for due in reversed(later) if due is not None), self.due)


class CountyFile(_Record):
    """A county file that was read and found consistent."""

    county: CountyEntry
    settings: dict[str, Any] = Field(default_factory=dict)
    categories: list[CategoryEntry]
    people: list[PersonEntry]
    departments: list[DepartmentEntry] = Field(default_factory=list)
    rounds: list[RoundEntry]
    teams: list[TeamEntry] = Field(default_factory=list)
    units: list[UnitEntry] = Field(default_factory=list)
    villages: list[VillageEntry] = Field(default_factory=list)
    checklists: list[ChecklistEntry] = Field(default_factory=list)
    night_talks: list[NightTalkEntry] = Field(default_factory=list)
    hand_downs: list[HandDownEntry] = Field(default_factory=list)
    campaigns: list[CampaignEntry] = Field(default_factory=list)
    known_problems: list[KnownProblemEntry] = Field(default_factory=list)
    rectification_items: list[ItemEntry] = Field(default_factory=list)

    def unit_id(self, reference: str) -> str:
        """Return the id of a unit that is given by id or name; a name nobody explains is its own id."""
        return self._unit_ids.get(reference, reference)

    @cached_property
    def _unit_ids(self) -> dict[str, str]:
        return {unit.name: unit.id for unit in self.units} | {unit.id: unit.id for unit in self.units}

    def units_of(self, inspection_round: RoundEntry) -> list[str]:
        """Return the ids of the units of a round, each once."""
        return list(dict.fromkeys(map(self.unit_id, inspection_round.units)))

    @cached_property
    def all_units(self) -> list[str]:
        """The ids of all units, those that only a round names among them."""
        named = [unit for inspection_round in self.rounds for unit in self.units_of(inspection_round)]
        return list(dict.fromkeys([unit.id for unit in self.units] + named))

    def last_day_of_intake(self, inspection_round: RoundEntry) -> date:
        """Return the last day on which a round takes complaints: its own, or so many days before the stay ends."""
        first, last = inspection_round.stay
        days = CountySettings.from_json(self.settings).round.intake_closes_days_before
        return inspection_round.intake_close or max(first, last - timedelta(days=days))

    def newest_round(self, *units: str) -> RoundEntry | None:
        """Return the latest round that inspects all of these units (ids)."""
        found = [entry for entry in self.rounds if set(units) <= set(self.units_of(entry))]
        return max(found, key=lambda entry: (entry.stay, entry.id), default=None)

    def round_of(self, team: TeamEntry) -> RoundEntry | None:
        """Return the round a team works in: the latest that inspects all its units."""
        return self.newest_round(*map(self.unit_id, team.units))

    def team_at(self, inspection_round: RoundEntry, unit_id: str) -> TeamEntry | None:
        """Return the team that inspects a unit in a round, if the file says so."""
        for team in self.teams:
            if self.round_of(team) == inspection_round and unit_id in map(self.unit_id, team.units):
                return team
        return None

    def copy_of(self, reference: str) -> tuple[CopyTo, str] | None:
        """Return who is meant to get a copy, by what they are and their id; None when the file knows nobody by that."""
        if any(person.id == reference for person in self.people):
            return CopyTo.LEADER, reference
        if any(department.id == reference for department in self.departments):
            return CopyTo.DEPARTMENT, reference
        unit_id = self.unit_id(reference)
        return (CopyTo.UNIT, unit_id) if unit_id in self.all_units else None

    @cached_property
    def passed_over(self) -> list[str]:
        """The fields that are not part of the format, as `units.liason`, each once."""
        return sorted(set(_passed_over(self, "")))


def read_county(text: str) -> CountyFile:
    """Read a county file. Raises CountyFileError with everything that is wrong with it."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        reason = sentence("county.not_json", reason=error.msg.lower(), column=error.colno)
        raise CountyFileError([Problem(error.lineno, sentence("county.the_file"), reason)]) from None
    lines = JsonLines(text)

    def refuse(found: list[tuple[JsonPath, str]]) -> None:
        if found:
            problems = [Problem(lines.line(path), _spoken(path), reason) for path, reason in found]
            raise CountyFileError(sorted(problems, key=lambda problem: problem.line))

    settings = document.get("settings", {}) if isinstance(document, dict) else {}
    refuse(
        [
            *_misfits(lambda: CountyFile.model_validate_json(text), ()),
            *_misfits(lambda: _SETTINGS.validate_json(json.dumps(settings), strict=True), ("settings",)),
        ]
    )
    county = CountyFile.model_validate_json(text)
    refuse(list(_contradictions(county)))
    return county


_SETTINGS = TypeAdapter(CountySettings)


def _misfits(validate: Callable[[], object], above: JsonPath) -> Iterator[tuple[JsonPath, str]]:
    try:
        validate()
    except ValidationError as error:
        for found in error.errors(include_input=False, include_url=False):
            yield (*above, *found["loc"]), misfit(found["type"], found["msg"], found.get("ctx", {}))


def _spoken(path: JsonPath) -> str:
    """Return a path as `people[4].role`."""
    spoken = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return spoken.removeprefix(".") or sentence("county.the_file")


def _passed_over(record: _Record, above: str) -> Iterator[str]:
    for name in record.model_extra or {}:
        if name not in _FOR_LATER.get(above, ()):
            yield f"{above}{name}"
    for name in type(record).model_fields:
        value = getattr(record, name)
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, _Record):
                yield from _passed_over(inner, f"{above}{name}.")


def _contradictions(county: CountyFile) -> Iterator[tuple[JsonPath, str]]:
    """Find what each record alone cannot know: what is there twice, and what refers to nothing."""
    yield from _doubles(county)
    yield from _unknown(county)
    yield from _people_without_a_place(county)
    yield from _impossible_days(county.settings, ("settings",))
    yield from _impossible_times(county.settings)
    yield from _unfit_settings_of_rounds(county)
    for place in county.settings.get("key_posts", {}):
        if place != EVERYWHERE and place not in {unit.id for unit in county.units}:
            yield ("settings", "key_posts", place), sentence("county.unknown_key_post_unit", unit=place)
    for at, item in enumerate(county.rectification_items):
        for number, reference in enumerate(item.copies):
            if county.copy_of(reference) is None:
                yield ("rectification_items", at, "copies", number), sentence("county.no_copy", reference=reference)
    for at, inspection_round in enumerate(county.rounds):
        first, last = inspection_round.stay
        if last < first:
            yield ("rounds", at, "stay"), sentence("county.last_before_first")
        elif inspection_round.intake_close is not None and inspection_round.intake_close < first:
            yield ("rounds", at, "intake_close"), sentence("county.closes_early")
    for at, team in enumerate(county.teams):
        if county.round_of(team) is None:
            yield ("teams", at, "units"), sentence("county.no_round_for_team", team=team.id)
    for at, unit in enumerate(county.units):
        newest = county.newest_round(unit.id)
        team_there = county.team_at(newest, unit.id) if newest else None
        if unit.team and (team_there is None or team_there.id != unit.team):
            yield ("units", at, "team"), sentence("county.team_without_unit", team=unit.team, unit=unit.id)


def _unfit_settings_of_rounds(county: CountyFile) -> Iterator[tuple[JsonPath, str]]:
    """Find what a round cannot set for itself, or not so."""
    for at, entry in enumerate(county.rounds):
        above: JsonPath = ("rounds", at, "settings")
        for section, values in entry.settings.items():
            kind = OF_ROUNDS.get(section)
            if kind is None:
                yield (*above, section), sentence("county.no_section_of_rounds", sections=", ".join(OF_ROUNDS))
                continue
            known = {one.name for one in fields(kind)}
            for name in values:
                if name not in known:
                    yield (*above, section, name), sentence("county.no_setting", name=name)
            read = TypeAdapter[object](kind).validate_json
            yield from _misfits(partial(read, json.dumps(values), strict=True), (*above, section))
        if isinstance(entry.settings.get("complaint", {}).get("in_force_from", ""), str):
            yield from _impossible_days(entry.settings, above)


def _impossible_days(settings: dict[str, Any], above: JsonPath) -> Iterator[tuple[JsonPath, str]]:
    given: list[tuple[JsonPath, str]] = [
        ((*above, table, at), day)
        for table in ("extra_holidays", "extra_workdays")
        for at, day in enumerate(settings.get(table, []))
    ]
    if (in_force_from := settings.get("complaint", {}).get("in_force_from")) is not None:
        given.append(((*above, "complaint", "in_force_from"), in_force_from))
    for path, day in given:
        try:
            date.fromisoformat(day)
        except ValueError:
            yield path, sentence("county.no_day", day=day)


def _impossible_times(settings: dict[str, Any]) -> Iterator[tuple[JsonPath, str]]:
    for digest in ("digest", "weekly"):
        at = settings.get(digest, {}).get("at") or "00:00"  # nothing where nobody is told
        try:
            time.fromisoformat(at)
        except ValueError:
            yield ("settings", digest, "at"), sentence("county.no_time", time=at)


def _doubles(county: CountyFile) -> Iterator[tuple[JsonPath, str]]:
    named: list[tuple[str, str, list[str]]] = [
        ("categories", "code", [entry.code for entry in county.categories]),
        ("departments", "id", [entry.id for entry in county.departments]),
        ("rounds", "id", [entry.id for entry in county.rounds]),
        ("teams", "id", [entry.id for entry in county.teams]),
        ("units", "id", [entry.id for entry in county.units]),
        ("units", "name", [entry.name for entry in county.units]),
        ("villages", "id", [entry.id for entry in county.villages]),
        ("checklists", "kind", [entry.kind for entry in county.checklists]),
        ("night_talks", "id", [entry.id for entry in county.night_talks]),
        ("hand_downs", "id", [entry.id for entry in county.hand_downs]),
        ("campaigns", "id", [entry.id for entry in county.campaigns]),
        ("known_problems", "code", [entry.code for entry in county.known_problems]),
        ("rectification_items", "id", [entry.id for entry in county.rectification_items]),
    ]
    for part, field, values in named:
        for at, value in enumerate(values):
            if value in values[:at]:
                yield (part, at, field), sentence("county.twice", value=value)
    names: dict[str, str] = {}
    for at, person in enumerate(county.people):
        if names.setdefault(person.id, person.name) != person.name:
            yield ("people", at, "name"), sentence("county.other_name", person=person.id, name=names[person.id])
    serials: set[str] = set()
    for path, serial in _serials(county):
        if serial in serials:
            yield path, sentence("county.code_taken", serial=serial)
        serials.add(serial)


def _serials(county: CountyFile) -> Iterator[tuple[JsonPath, str]]:
    for at, inspection_round in enumerate(county.rounds):
        if inspection_round.expired_qr_token:
            yield ("rounds", at, "expired_qr_token"), inspection_round.expired_qr_token
    for at, unit in enumerate(county.units):
        if unit.qr_token:
            yield ("units", at, "qr_token"), unit.qr_token
    for at, village in enumerate(county.villages):
        if village.qr_token:
            yield ("villages", at, "qr_token"), village.qr_token


def _unknown(county: CountyFile) -> Iterator[tuple[JsonPath, str]]:
    known: dict[str, Collection[str]] = {
        "category": {category.code for category in county.categories},
        "person": {person.id for person in county.people},
        "team": {team.id for team in county.teams},
        "department": {department.id for department in county.departments},
        "round": {inspection_round.id for inspection_round in county.rounds},
        "unit": {*county.all_units, *(unit.name for unit in county.units)},
        "village": {village.id for village in county.villages},
        "hand_down": {hand_down.id for hand_down in county.hand_downs},
        "campaign": {campaign.id for campaign in county.campaigns},
    }
    for path, kind, reference in _references(county):
        if reference is not None and reference not in known[kind]:
            yield path, sentence(f"county.no_{kind}", reference=reference)


def _references(county: CountyFile) -> Iterator[tuple[JsonPath, str, str | None]]:
    for at, person in enumerate(county.people):
        yield ("people", at, "team"), "team", person.team
        yield ("people", at, "unit"), "unit", person.unit
        yield ("people", at, "department"), "department", person.department
        for number, recusal in enumerate(person.recusal):
            yield ("people", at, "recusal", number, "unit"), "unit", recusal.unit
        for number, category in enumerate(person.fields):
            yield ("people", at, "fields", number), "category", category
    for at, department in enumerate(county.departments):
        for number, category in enumerate(department.fields):
            yield ("departments", at, "fields", number), "category", category
    for at, team in enumerate(county.teams):
        yield ("teams", at, "leader"), "person", team.leader
        for number, member in enumerate(team.members):
            yield ("teams", at, "members", number), "person", member
    for at, unit in enumerate(county.units):
        yield ("units", at, "team"), "team", unit.team
        yield ("units", at, "head"), "person", unit.head
        yield ("units", at, "liaison"), "person", unit.liaison
        yield ("units", at, "county_leader"), "person", unit.county_leader
    for at, village in enumerate(county.villages):
        yield ("villages", at, "unit"), "unit", village.unit
        yield ("villages", at, "cadre"), "person", village.cadre
        for number, neighbour in enumerate(village.neighbours):
            yield ("villages", at, "neighbours", number), "village", neighbour
    for at, talk in enumerate(county.night_talks):
        yield ("night_talks", at, "village"), "village", talk.village
    yield from _references_of_items(county)


def _references_of_items(county: CountyFile) -> Iterator[tuple[JsonPath, str, str | None]]:
    for at, campaign in enumerate(county.campaigns):
        yield ("campaigns", at, "category"), "category", campaign.category
    for at, known in enumerate(county.known_problems):
        yield ("known_problems", at, "category"), "category", known.category
    for at, item in enumerate(county.rectification_items):
        yield ("rectification_items", at, "round"), "round", item.round
        yield ("rectification_items", at, "unit"), "unit", item.unit
        yield ("rectification_items", at, "category"), "category", item.category
        yield ("rectification_items", at, "county_leader"), "person", item.county_leader
        yield ("rectification_items", at, "owner"), "person", item.owner
        yield ("rectification_items", at, "hand_down"), "hand_down", item.hand_down
        yield ("rectification_items", at, "campaign"), "campaign", item.campaign
        for number, other in enumerate(item.other_units):
            yield ("rectification_items", at, "other_units", number), "unit", other


def _people_without_a_place(county: CountyFile) -> Iterator[tuple[JsonPath, str]]:
    at_teams = {person for team in county.teams for person in (team.leader, *team.members)}
    at_units = {person for unit in county.units for person in (unit.head, unit.liaison)}
    for at, person in enumerate(county.people):
        if person.role in TEAM_ROLES and person.team is None and person.id not in at_teams:
            yield ("people", at, "team"), sentence("county.which_team", role=person.role)
        if person.role in UNIT_ROLES and person.unit is None and person.id not in at_units:
            yield ("people", at, "unit"), sentence("county.which_unit", role=person.role)
        if person.role in DEPARTMENT_ROLES and person.department is None:
            yield ("people", at, "department"), sentence("county.which_department", role=person.role)
