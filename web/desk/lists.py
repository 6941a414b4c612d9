"""The lists of somebody on the staff as tables: their cases by urgency, their items by due day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from handlers.cases.late import late_flag
from handlers.cases.lists import CaseLine, listed_cases
from handlers.items.labels import unit_name
from handlers.items.lists import ItemLine, listed_items
from models.staff import Role
from models.states import CLOSED_CASES, CaseState
from services.cases.notices import CaseList
from services.delivery.recall import ListName
from services.publication.objections import items_objected_to
from services.publication.publications import actors_of
from texts.catalogue import Html
from web.desk.addresses import HOME, address_of_record
from web.desk.desk import Look

CASE_LISTS = {"queue": ListName.QUEUE, "mine": ListName.MINE}
_LONGEST_WORDS = 200  # characters


@dataclass(frozen=True)
class CaseRow:
    """A case in a table, with what its card says of being late."""

    line: CaseLine
    late: Html | None
    address: str


@dataclass(frozen=True)
class CaseTable:
    """A page of a list of cases. `words` narrow it; `following` leads to the next page, `first` to the first one."""

    name: str
    heading: Html
    rows: Sequence[CaseRow]
    notes: Sequence[Html]
    words: str
    following: str | None
    first: str | None


@dataclass(frozen=True)
class ItemRow:
    """An item in a table."""

    line: ItemLine
    unit: str
    state: Html
    address: str


@dataclass(frozen=True)
class ItemTable:
    """A page of the open items, by the days on which they are due."""

    days: Sequence[tuple[str, Sequence[ItemRow]]]
    following: str | None
    objected: Sequence[tuple[str, str]] = ()  # items whose results are said not to be so, and where that stands


async def case_table(look: Look, name: str, query: Mapping[str, str]) -> CaseTable:
    """Return a page of a list of cases, as the address of a page asks for it."""
    typed, after = query.get("words", "")[:_LONGEST_WORDS], query.get("after", "")
    notice = CaseList(tuple(look.who.visibility), CASE_LISTS[name], after, tuple(typed.split()))
    listed = await listed_cases(look.work, look.context.words, look.who, notice)
    beside = {"in": name} | ({"words": typed} if typed else {}) | ({"after": after} if after else {})
    rows = [
        CaseRow(
            line,
            await late_flag(look.work, look.context.words, line.facts),
            f"{address_of_record('case', line.facts.case.id)}?{urlencode(beside)}",
        )
        for line in listed.lines
    ]
    own, narrowed = f"{HOME}/{name}", {"words": typed} if typed else {}
    following = f"{own}?{urlencode(narrowed | {'after': listed.after.pack()})}" if listed.after else None
    first = f"{own}?{urlencode(narrowed)}" if after else None
    return CaseTable(name, listed.heading, rows, listed.late, typed, following, first)


async def words_to_narrow_by(look: Look) -> list[str]:
    """Return words that a list of cases can be narrowed by, for the field in which they are typed."""
    words, known = look.context.words, await look.work.directory()
    states = [words.plain(f"team.state_{state}") for state in CaseState if state not in CLOSED_CASES]
    categories = [one.name_in(words.language) for one in known.categories]
    return list(dict.fromkeys([*states, *categories, *(unit.name for unit in known.units.values())]))


async def item_table(look: Look, query: Mapping[str, str]) -> ItemTable:
    """Return a page of the open items, those due first."""
    words = look.context.words
    lines, more_after = await listed_items(look.context, look.who, query.get("after") or None)
    rows = [
        ItemRow(
            line,
            await unit_name(look.work, line.item),
            words(f"item.state_{line.item.state}"),
            f"{address_of_record('item', line.item.id)}",
        )
        for line in lines
    ]
    days = [(due, list(of_day)) for due, of_day in groupby(rows, key=lambda row: row.line.day)]
    following = f"{HOME}/items?{urlencode({'after': more_after})}" if more_after else None
    objected = [] if query.get("after") else await items_objected_to(look.work, look.who)
    return ItemTable(days, following, [(item.id, f"{HOME}/objection/{item.id}") for item in objected])


def ways(look: Look) -> list[tuple[str, str]]:
    """Return where somebody can go, by what they are: the name of each page and its address."""
    who = look.who
    found = ["queue", "mine", "late"] if who.desks else []
    found.append("items")
    if who.has(Role.OFFICE_DIRECTOR):
        found += ["staff", "audit"]
    found += ["publish"] if actors_of(who) else []
    found += ["recuse"] if who.desks else []
    return [(name, f"{HOME}/{name}") for name in [*found, "whoami", "lang"]]


def begins(look: Look) -> list[str]:
    """Return the commands that somebody is offered beside their lists."""
    who = look.who
    return ["newitem"] if who.is_office or who.has(Role.TEAM_LEADER) else []
