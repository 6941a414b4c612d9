"""The lists of somebody on the staff as tables: their cases by urgency, their items by due day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from handlers.cases.lists import NARROWED_BY, CaseLine, listed_cases
from handlers.items.fixes import rate_line
from handlers.items.labels import unit_name
from handlers.items.lists import ItemLine, listed_items
from models.states import CLOSED_CASES, CaseState, ItemState
from services.cases.notices import CaseList
from services.delivery.recall import ListName
from services.publication.objections import items_objected_to
from services.rectification.list_items import Due, ItemFilter
from texts.catalogue import Html
from web.desk.addresses import HOME, address_of_record
from web.desk.desk import PageContext

CASE_LISTS = {"queue": ListName.QUEUE, "mine": ListName.MINE}
ITEM_FIELDS = ("turn", "kind", "due", "state", "unit")  # by which a list of items is narrowed
_LONGEST_WORDS = 200  # characters


@dataclass(frozen=True)
class CaseRow:
    """A case in a table."""

    line: CaseLine
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
    page: Html | None  # which it is of how many


@dataclass(frozen=True)
class ItemRow:
    """An item in a table."""

    line: ItemLine
    unit: str
    state: Html
    address: str


@dataclass(frozen=True)
class ItemTable:
    """A page of the open items, by the days on which they are due. `query` is what narrows it, as an address says it.

    `following` leads to the next page, `first` to the first one.
    """

    days: Sequence[tuple[str, Sequence[ItemRow]]]
    query: Mapping[str, str]
    following: str | None
    first: str | None
    objected: Sequence[tuple[str, str]] = ()  # items whose results are said not to be so, and where that stands
    rate: Html | None = None  # of what is fixed on the spot, where it is narrowed to that


@dataclass(frozen=True)
class Choices:
    """What a field that narrows a list offers: each value of the address with what it is called."""

    name: str
    offered: Sequence[tuple[str, str]]


async def case_table(context: PageContext, name: str, query: Mapping[str, str]) -> CaseTable:
    """Return a page of a list of cases, as the address of a page asks for it."""
    typed, after = query.get("words", "")[:_LONGEST_WORDS], query.get("after", "")
    notice = CaseList(tuple(context.who.visibility), CASE_LISTS[name], after, tuple(typed.split()))
    listed = await listed_cases(context.work, context.words, context.who, notice)
    beside = {"in": name} | ({"words": typed} if typed else {}) | ({"after": after} if after else {})
    rows = [
        CaseRow(line, _address(address_of_record("case", line.facts.case.id) or HOME, beside)) for line in listed.lines
    ]
    own, narrowed = f"{HOME}/{name}", {"words": typed} if typed else {}
    following = _address(own, narrowed | {"after": listed.after.pack()}) if listed.after else None
    first = _address(own, narrowed) if after else None
    return CaseTable(name, listed.heading, rows, listed.late, typed, following, first, listed.page)


async def words_to_narrow_by(context: PageContext) -> list[str]:
    """Return words that a list of cases can be narrowed by, for the field in which they are typed."""
    words, known = context.words, await context.work.directory()
    states = [words.plain(f"team.state_{state}") for state in CaseState if state not in CLOSED_CASES]
    categories = [one.name_in(words.language) for one in known.categories]
    villages = [village.name for village in known.villages.values()]
    units = [unit.name for unit in known.units.values()]
    return list(dict.fromkeys([*one_press_words(context), *states, *categories, *units, *villages]))


def one_press_words(context: PageContext) -> list[str]:
    """Return the words by which the queue is narrowed with one press."""
    return [context.words.plain(f"team.word_{word}") for word in NARROWED_BY]


async def item_table(context: PageContext, query: Mapping[str, str]) -> ItemTable:
    """Return a page of the open items, those due first, as the address of a page narrows them."""
    words, after = context.words, query.get("after", "")
    wanted = _item_filter(query)
    lines, more_after = await listed_items(context.handler, context.who, after or None, wanted)
    narrowed = {name: query[name] for name in ITEM_FIELDS if query.get(name)}
    beside = narrowed | ({"after": after} if after else {})
    rows = [
        ItemRow(
            line,
            await unit_name(context.work, line.item),
            words(f"item.state_{line.item.state}"),
            _address(address_of_record("item", line.item.id) or HOME, beside),
        )
        for line in lines
    ]
    days = [(due, list(of_day)) for due, of_day in groupby(rows, key=lambda row: row.line.day)]
    own = f"{HOME}/items"
    following = _address(own, narrowed | {"after": more_after}) if more_after else None
    first = _address(own, narrowed) if after else None
    is_whole = not (after or narrowed)
    objected = await items_objected_to(context.work, context.who) if is_whole else []
    pages = [(item.id, f"{HOME}/objection/{item.id}") for item in objected]
    rate = await rate_line(context.work, words, context.who) if wanted.is_fix else None
    return ItemTable(days, narrowed, following, first, pages, rate)


async def item_choices(context: PageContext) -> list[Choices]:
    """Return what the list of items can be narrowed by: whose turn it is, when it is due, its state, its unit."""
    words, known = context.words, await context.work.directory()
    units = [(unit.id, unit.name) for unit in known.units.values()] if context.who.desks else []
    states = [(str(state), words.plain(f"item.state_{state}")) for state in ItemState if state != ItemState.CLEARED]
    found = [
        Choices("turn", [("mine", words.plain("desk.turn_mine"))]),
        Choices("kind", [("fix", words.plain("desk.kind_fix"))]),
        Choices("due", [(str(due), words.plain(f"desk.due_{due}")) for due in Due]),
        Choices("state", states),
        Choices("unit", units),
    ]
    return [one for one in found if one.offered]


def _item_filter(query: Mapping[str, str]) -> ItemFilter:
    """Read what narrows a list; what is none of it narrows nothing."""
    state, due = query.get("state", ""), query.get("due", "")
    return ItemFilter(
        unit_id=query.get("unit", "")[:_LONGEST_WORDS],
        state=ItemState(state) if state in set(ItemState) else None,
        due=Due(due) if due in set(Due) else None,
        waits_for_reader=query.get("turn") == "mine",
        is_fix=query.get("kind") == "fix",
    )


def _address(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
