"""The rounds on a page: the list, the teams of one, what can be printed, and which code hangs where."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.press import Press
from handlers.rounds.card import leaders_of, teams_of, units_of
from models.rounds import PlaceKind
from models.staff import Role
from services.directory import CodeRecord, Directory, RoundRecord
from services.rounds.codes import PrintedPlace
from services.rounds.entitled import rounds_known_to, units_to_print_for
from texts.dates import day
from web.desk.addresses import address_of_record
from web.desk.desk import PageContext

WHOLE_ROUND = "round"
_BETWEEN = ":"  # a kind of place and its id, in the field of a form


@dataclass(frozen=True)
class RoundRow:
    """A round in a table."""

    name: str
    state: str
    stay: str
    intake_until: str
    teams: str
    address: str | None


@dataclass(frozen=True)
class TeamRow:
    """A team in a table, with who is on it and where it is stationed."""

    name: str
    leaders: str
    members: str
    units: str


@dataclass(frozen=True)
class CodeRow:
    """A code that hangs at a place; `press` replaces it, where that is theirs to do."""

    serial: str
    press: str | None


@dataclass(frozen=True)
class PlaceRow:
    """A place of a round: what a form calls it, its name, and the codes that are valid there."""

    value: str
    name: str
    codes: Sequence[CodeRow]


@dataclass(frozen=True)
class UnitPlaces:
    """A unit of a round with its villages, for those who print for it."""

    unit: PlaceRow
    villages: Sequence[PlaceRow]


@dataclass(frozen=True)
class RoundPlaces:
    """All places of a round for which somebody prints."""

    whole: PlaceRow
    units: Sequence[UnitPlaces]


async def round_table(context: PageContext) -> list[RoundRow]:
    """Return the rounds that somebody knows of, the newest first."""
    known = await context.work.directory()
    return [_round_row(context, known, one) for one in rounds_known_to(known, context.who)]


async def team_table(context: PageContext, round_id: str) -> list[TeamRow]:
    """Return the teams of a round."""
    known, comma = await context.work.directory(), context.words("staff.list_comma")
    return [
        TeamRow(
            team.name,
            leaders_of(known, context.words, team),
            comma.join(one.name for one in known.with_roles(Role.TEAM_MEMBER, team_id=team.id)),
            comma.join(known.units[unit_id].name for unit_id in units_of(known, team)),
        )
        for team in teams_of(known, round_id)
    ]


async def round_places(context: PageContext, round_id: str) -> RoundPlaces | None:
    """Return the places of a round for which somebody prints; None when there are none."""
    known = await context.work.directory()
    units = units_to_print_for(known, context.who, round_id)
    if not units:
        return None
    codes: dict[tuple[PlaceKind, str | None], list[CodeRecord]] = {}
    for code in known.codes.values():
        if code.round_id == round_id and not code.revoked:
            codes.setdefault((code.place_kind, code.place_id), []).append(code)
    replaces = context.who.has(Role.OFFICE_DIRECTOR)

    def row(kind: PlaceKind, place_id: str | None, name: str) -> PlaceRow:
        here = [
            CodeRow(code.serial, Press("code", "sure", code.serial).pack() if replaces else None)
            for code in sorted(codes.get((kind, place_id), []), key=lambda one: one.serial)
        ]
        return PlaceRow(f"{kind}{_BETWEEN}{place_id}" if place_id else WHOLE_ROUND, name, here)

    return RoundPlaces(
        row(PlaceKind.ROUND, None, context.words.plain("round.place_whole")),
        [
            UnitPlaces(
                row(PlaceKind.UNIT, unit_id, known.units[unit_id].name),
                [row(PlaceKind.VILLAGE, one.id, one.name) for one in known.villages.values() if one.unit_id == unit_id],
            )
            for unit_id in units
        ],
    )


def place_chosen(round_id: str, value: str) -> PrintedPlace | None:
    """Return the place that a field of a form names; None when it names none."""
    kind, _, place_id = value.partition(_BETWEEN)
    if value == WHOLE_ROUND:
        return PrintedPlace(round_id, PlaceKind.ROUND, None)
    if kind not in (PlaceKind.UNIT, PlaceKind.VILLAGE) or not place_id:
        return None
    return PrintedPlace(round_id, PlaceKind(kind), place_id)


def _round_row(context: PageContext, known: Directory, one: RoundRecord) -> RoundRow:
    words, today = context.words, context.work.today
    return RoundRow(
        one.name,
        words(f"round.state_{one.state}"),
        words("round.from_to", first=day(words, one.stay_from, today), last=day(words, one.stay_until, today)),
        day(words, one.intake_until, today),
        words("staff.list_comma").join(sorted(team.name for team in teams_of(known, one.id))),
        address_of_record("round", one.id),
    )
