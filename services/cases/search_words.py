"""What somebody types to find cases: what narrows them, the days on which they came, and words that were said in them.

A word that names a village, a unit, a category, a state or a team narrows, as 我的, 未认领 and 超期 do. Any other is
looked for in the texts, and so is whatever stands in quotation marks.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement

from models.complaints import Case
from models.states import CaseState
from services.cases.queue_words import WordMeaning, folded, meaning_of
from services.unit_of_work import UnitOfWork

SHORTEST_TEXT = 2  # signs of a word that is looked for in texts: one sign stands in nearly all of them
LONGEST = 200  # characters of all that is typed
_SHORTEST_NAME = 2  # signs of a part of a name
_QUOTED = re.compile(r"[“”\"「」『』]([^“”\"「」『』]+)[“”\"「」『』]|(\S+)")
_DAY = re.compile(r"(?:(\d{4})[-./年])?(\d{1,2})[-./月](\d{1,2})[日号]?")
_MONTH = re.compile(r"(?:(\d{4})年)?(\d{1,2})月")
_BETWEEN = re.compile(r"~|至|到|—+|–")
_SINCE, _UNTIL = ("起", "以来", "以后", "~"), ("以前", "之前", "为止", "止")
_NAMED_DAYS = {"今天": 0, "今日": 0, "today": 0, "昨天": 1, "昨日": 1, "yesterday": 1, "前天": 2}
_WEEKS = {"本周": 0, "这周": 0, "上周": 1}
_MONTHS = {"本月": 0, "这个月": 0, "上月": 1, "上个月": 1}
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_YEARS = range(2000, 2100)
_DECEMBER = 12
_WEEK = timedelta(days=7)


class TooShort(Exception):
    """A word that is to be looked for in texts is too short to find anything by it."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True)
class Days:
    """The days on which a case came, both included; None: since ever, or until today."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class SearchQuery:
    """Which cases are looked for: all of it fits. `texts` are in the form of `compared`."""

    meanings: tuple[WordMeaning, ...] = ()
    days: tuple[Days, ...] = ()
    texts: tuple[str, ...] = ()
    named: tuple[str, ...] = ()  # the words that narrow, as they were typed
    said: tuple[str, ...] = ()  # the words that are looked for in texts, as they were typed

    def conditions(self, work: UnitOfWork, staff_id: str) -> list[ColumnElement[bool]]:
        """Return the conditions on a case as far as its columns tell."""
        found = [meaning.fits(staff_id, work.now) for meaning in self.meanings]
        for days in self.days:
            found += [] if days.first is None else [Case.received_at >= work.beginning_of(days.first)]
            found += [] if days.last is None else [Case.received_at < work.beginning_of(days.last + timedelta(days=1))]
        return found


async def read_search(work: UnitOfWork, typed: str, state_names: Mapping[CaseState, Sequence[str]]) -> SearchQuery:
    """Return what somebody looks for who typed this; `state_names` are what the states are called. Raises TooShort."""
    known = await work.directory()
    meanings, days, texts, named, said = [], [], [], [], []
    for quoted, bare in _QUOTED.findall(typed[:LONGEST]):
        word = folded(quoted or bare)
        span = None if quoted else read_days(word, work.today)
        meaning = WordMeaning() if quoted or len(word) < _SHORTEST_NAME else meaning_of(word, known, state_names)
        if span is not None:
            days.append(span)
            named.append(bare)
        elif meaning.is_known:
            meanings.append(meaning)
            named.append(bare)
        elif word:
            if len(compared(word)) < SHORTEST_TEXT:
                raise TooShort(quoted or bare)
            texts.append(compared(word))
            said.append(quoted or bare)
    return SearchQuery(tuple(meanings), tuple(days), tuple(texts), tuple(named), tuple(said))


def compared(text: str) -> str:
    """Return a text in the form in which it is searched: folded, without blanks and what is not seen."""
    return "".join(folded(text).translate(_UNSEEN).split())


def read_days(word: str, today: date) -> Days | None:
    """Return the days that a word means, in the plain form of `folded`; None when it means none.

    A day without a year is the last one that has come.
    """
    parts = _BETWEEN.split(word)
    if len(parts) == 2 and all(parts):
        first, last = (_one(part, today) for part in parts)
        if first is None or last is None:
            return None
        return Days(min(first, last, key=_first).first, max(first, last, key=_first).last)
    for endings, since in ((_SINCE, True), (_UNTIL, False)):
        ending = next((one for one in endings if word.endswith(one)), None)
        found = _one(word.removesuffix(ending), today) if ending else None
        if found is not None:
            return Days(first=found.first) if since else Days(last=found.last)
    return _one(word.removeprefix("~"), today) if not word.startswith("~") else _until(word, today)


def _until(word: str, today: date) -> Days | None:
    found = _one(word.removeprefix("~"), today)
    return None if found is None else Days(last=found.last)


def _first(days: Days) -> date:
    return days.first or date.min


def _one(word: str, today: date) -> Days | None:
    """Return the day, week or month that a word means."""
    if word in _NAMED_DAYS:
        day = today - timedelta(days=_NAMED_DAYS[word])
        return Days(day, day)
    if word in _WEEKS:
        monday = today - timedelta(days=today.weekday()) - _WEEKS[word] * _WEEK
        return Days(monday, monday + _WEEK - timedelta(days=1))
    if word in _MONTHS:
        month = today.replace(day=1)
        return _whole_month((month - timedelta(days=1)).replace(day=1) if _MONTHS[word] else month)
    if found := _DAY.fullmatch(word):
        written = _past(found[1], int(found[2]), int(found[3]), today)
        return None if written is None else Days(written, written)
    if found := _MONTH.fullmatch(word):
        first = _past(found[1], int(found[2]), 1, today)
        return None if first is None else _whole_month(first)
    return None


def _past(year: str, month: int, day: int, today: date) -> date | None:
    """Return a day of the calendar; without a year, the last one that is not still to come."""
    for wanted in [int(year)] if year else [today.year, today.year - 1]:
        try:
            found = date(wanted, month, day)
        except ValueError:
            continue
        if wanted not in _YEARS:
            return None
        if year or found <= today:
            return found
    return None


def _whole_month(first: date) -> Days:
    is_december = first.month == _DECEMBER
    following = first.replace(year=first.year + is_december, month=1 if is_december else first.month + 1)
    return Days(first, following - timedelta(days=1))
