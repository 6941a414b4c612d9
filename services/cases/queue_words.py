"""The words by which somebody narrows a list of cases: villages, units, categories, states and teams, in any script.

Others say whose the cases are, that they are late, and by which door they came.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, or_, true

from models.complaints import Case, Door
from models.desk import Desk
from models.states import CLOSED_CASES, CaseState
from privacy.characters import simplified
from services.directory import Directory
from services.unit_of_work import UnitOfWork

EVERYTHING = frozenset({"全部", "各组", "所有", "all"})
MINE = frozenset({"我的", "本人", "mine"})
UNCLAIMED = frozenset({"没人认领", "未认领", "无人认领", "unclaimed"})
LATE = frozenset({"超期", "逾期", "过期", "late", "overdue"})
DOORS = {
    Door.LETTER: frozenset({"来信", "信件", "letter"}),
    Door.CALL: frozenset({"来电", "电话", "call"}),
    Door.VISIT: frozenset({"来访", "走访", "来访走访", "visit"}),
    Door.TALK: frozenset({"谈话", "个别谈话", "talk"}),
    Door.EVENING_TALK: frozenset({"夜话", "巡察夜话", "evening"}),
}
_SHORTEST_TEAM = 2  # characters


class UnknownWord(Exception):
    """A word names no village, unit, category, state or team."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True)
class WordMeaning:
    """All that a word may name: a case fits it by any of these."""

    villages: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    states: frozenset[CaseState] = frozenset()
    teams: frozenset[str] = frozenset()
    doors: frozenset[Door] = frozenset()
    everything: bool = False
    mine: bool = False
    unclaimed: bool = False
    late: bool = False

    @property
    def is_known(self) -> bool:
        """Whether it names anything at all."""
        return self != WordMeaning()

    @property
    def means_late(self) -> bool:
        """Whether it names what is late, and nothing else."""
        return self == WordMeaning(late=True)

    def fits(self, staff_id: str, now: datetime) -> ColumnElement[bool]:
        """Return the condition that a case fits, for somebody at a moment."""
        if self.everything:
            return true()
        return or_(
            false(),
            *([Case.owner_id == staff_id] if self.mine else []),
            *([Case.owner_id.is_(None)] if self.unclaimed else []),
            *([Case.due_at <= now] if self.late else []),
            *([Case.village_id.in_(self.villages)] if self.villages else []),
            *([Case.unit_id.in_(self.units)] if self.units else []),
            *([Case.category.in_(self.categories)] if self.categories else []),
            *([Case.state.in_(self.states)] if self.states else []),
            *([Case.door.in_(self.doors)] if self.doors else []),
            *([Case.desk.in_([Desk.team(team_id) for team_id in self.teams])] if self.teams else []),
        )


@dataclass(frozen=True)
class CaseFilter:
    """Which cases a list is narrowed to: every word fits."""

    words: tuple[WordMeaning, ...] = ()

    @property
    def asks_for_closed(self) -> bool:
        """Whether a word names a state in which a case has ended."""
        return any(meaning.states & CLOSED_CASES for meaning in self.words)

    @property
    def asks_for_late(self) -> bool:
        """Whether nothing fits but what is late."""
        return any(meaning.means_late for meaning in self.words)

    def conditions(self, staff_id: str, now: datetime) -> list[ColumnElement[bool]]:
        """Return the conditions on a case, for somebody at a moment."""
        ended = [] if self.asks_for_closed else [Case.is_open == true()]
        return [*ended, *(meaning.fits(staff_id, now) for meaning in self.words)]


async def read_words(
    work: UnitOfWork, words: Sequence[str], state_names: Mapping[CaseState, Sequence[str]]
) -> CaseFilter:
    """Return which cases some words mean; `state_names` are what the states are called. Raises UnknownWord."""
    known = await work.directory()
    meanings = []
    for word in words:
        meaning = meaning_of(folded(word), known, state_names)
        if not meaning.is_known:
            raise UnknownWord(word)
        meanings.append(meaning)
    return CaseFilter(tuple(meanings))


def folded(text: str) -> str:
    """Return a text in one width, one script and one case."""
    return simplified(unicodedata.normalize("NFKC", text)).casefold().strip()


def meaning_of(word: str, known: Directory, state_names: Mapping[CaseState, Sequence[str]]) -> WordMeaning:
    """Return all that a word may name; it is in the form of `folded`. `state_names` are what the states are called."""
    if not word:
        return WordMeaning()
    if word in EVERYTHING:
        return WordMeaning(everything=True)
    if word in MINE | UNCLAIMED | LATE:
        return WordMeaning(mine=word in MINE, unclaimed=word in UNCLAIMED, late=word in LATE)
    if doors := frozenset(door for door, called in DOORS.items() if word in called):
        return WordMeaning(doors=doors)
    names = {state: [folded(name) for name in called] for state, called in state_names.items()}
    states = {state for state, called in names.items() if word in called}
    return WordMeaning(
        villages=frozenset(one.id for one in known.villages.values() if word in folded(one.name)),
        units=frozenset(one.id for one in known.units.values() if word in folded(one.name)),
        categories=frozenset(
            one.code for one in known.categories if word in folded(one.zh_hans) or word == folded(one.code)
        ),
        states=frozenset(states or {state for state, called in names.items() if any(word in name for name in called)}),
        teams=frozenset(one.id for one in known.teams.values() if _names_team(word, folded(one.name))),
    )


def _names_team(word: str, name: str) -> bool:
    """Whether a word is a team's name, or its letters stand in it in this order, as 第一组 in 县委第一巡察组."""
    letters = iter(name)
    return len(word) >= _SHORTEST_TEAM and all(sign in letters for sign in word)
