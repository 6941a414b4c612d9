"""Where the lists of a team meet what it was told, and each other. A match is a hint: two people may have one name.

A case is compared as its reader would be shown it: what leads to a person is masked, so that no list of names tells
which of them reported. Plates are masked, too: a row is found by one only where the case was unmasked.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from models.audit import Audited
from models.complaints import Author, Case
from models.name_lists import NameList
from privacy.keyring import Keyring
from services.access.member import Member
from services.audit.log import record
from services.cases.masking import blanked
from services.cases.name_list_file import ColumnKind, NamedRow, NamesRead, names_in
from services.cases.name_lists import OpenedList, lists_of, lists_to_compare, opened_lists, require_on_team
from services.cases.read_case import dialogue_of
from services.cases.search_words import SHORTEST_TEXT, compared
from services.cases.unmask import is_unmasked
from services.unit_of_work import UnitOfWork
from texts.catalogue import SOURCE

MOST_MATCHES = 10  # of one case
MOST_PAIRS = 30  # of the lists of a team
_BETWEEN = "\0"


@dataclass(frozen=True)
class NameMatch:
    """A row of a list that may have to do with a case: by which words, and whether the village is the case's."""

    list_name: str
    row: NamedRow
    heading: Sequence[str]
    by: tuple[str, ...]
    same_village: bool


@dataclass(frozen=True)
class Pair:
    """Rows of two lists in which somebody of one name stands, of one village."""

    name: str
    village: str
    first: tuple[str, NamedRow]  # the name of the list, and its row
    second: tuple[str, NamedRow]


async def matches_for(work: UnitOfWork, who: Member, case: Case) -> list[NameMatch]:
    """Return the rows that may have to do with a case, those of its village first."""
    kept = await lists_to_compare(work, who, case)
    if not kept:
        return []
    dialogue = await dialogue_of(work, case, SOURCE)
    said = [blanked(one.text) for one in dialogue if one.author == Author.REPORTER]
    bare = await dialogue_of(work, case, SOURCE, bare=True) if await is_unmasked(work, case) else []
    with_plates = [one.text for one in bare if one.author == Author.REPORTER]
    village = (await work.directory()).villages[case.village_id].name if case.village_id else ""
    return await asyncio.to_thread(_matches, work.keyring, kept, said, with_plates, village)


async def compare_lists(work: UnitOfWork, who: Member, team_id: str) -> list[Pair]:
    """Return where the lists of a team meet each other; logged. Raises NotEntitled."""
    team = require_on_team(await work.directory(), who, team_id)
    await record(work, Audited.NAMES_COMPARED, by=who.id, subject=team.id)
    return await pairs_of(work, who, team_id)


async def pairs_of(work: UnitOfWork, who: Member, team_id: str) -> list[Pair]:
    """Return what `compare_lists` returns, once more. Raises NotEntitled."""
    team = require_on_team(await work.directory(), who, team_id)
    return await asyncio.to_thread(_pairs, work.keyring, await lists_of(work, team))


def _matches(
    keyring: Keyring, kept: Sequence[NameList], said: Sequence[str], with_plates: Sequence[str], village: str
) -> list[NameMatch]:
    shown, bare, own = _whole(said), _whole(with_plates), compared(village)
    found = []
    for one in opened_lists(keyring, kept):
        for row in one.names.rows:
            words = [*_names_of(one.names, row), *_cells(one.names, row, ColumnKind.COMPANY)]
            by = [word for word in words if _is_said(compared(word), shown)]
            by += [plate for plate in _cells(one.names, row, ColumnKind.PLATE) if _is_said(compared(plate), bare)]
            if by:
                there = [compared(place) for place in _cells(one.names, row, ColumnKind.VILLAGE)]
                is_same = any(own and (own in place or place in own) for place in there if place)
                found.append(NameMatch(one.name, row, one.names.heading, tuple(dict.fromkeys(by)), is_same))
    return sorted(found, key=lambda match: not match.same_village)


def _whole(texts: Sequence[str]) -> str:
    return _BETWEEN.join(map(compared, texts))


def _is_said(word: str, whole: str) -> bool:
    return len(word) >= SHORTEST_TEXT and word in whole


def _pairs(keyring: Keyring, kept: Sequence[NameList]) -> list[Pair]:
    lists = opened_lists(keyring, kept)
    people, found = [_people_of(one) for one in lists], list[Pair]()
    for (first, of_first), (second, of_second) in combinations(zip(lists, people, strict=True), 2):
        for named in of_first.keys() & of_second.keys():
            row, name, village = of_first[named][0]
            found.append(Pair(name, village, (first.name, row), (second.name, of_second[named][0][0])))
    return sorted(found, key=lambda one: (one.village, one.name))


def _people_of(one: OpenedList) -> Mapping[tuple[str, str], Sequence[tuple[NamedRow, str, str]]]:
    """Return the rows of a list by name and village as they are compared, each with both as they are written."""
    found: dict[tuple[str, str], list[tuple[NamedRow, str, str]]] = defaultdict(list)
    for row in one.names.rows:
        villages = list(_cells(one.names, row, ColumnKind.VILLAGE))
        for name in _names_of(one.names, row):
            for village in villages:
                found[compared(name), compared(village)].append((row, name, village))
    return found


def _names_of(names: NamesRead, row: NamedRow) -> Iterator[str]:
    yield from _cells(names, row, ColumnKind.NAME)
    for cell in _cells(names, row, ColumnKind.RELATIVES):
        yield from names_in(cell)


def _cells(names: NamesRead, row: NamedRow, wanted: ColumnKind) -> Iterator[str]:
    for kind, cell in zip(names.kinds, row.cells, strict=True):
        if kind == wanted and cell:
            yield cell
