"""The feedback list of a round is brought along as a table: each row becomes an item, once.

First it is worked out what would be done with each row, then, by a press, exactly that is done. Right rows go ahead,
wrong ones are told with the cell and the reason. A row that was brought before, by its number or else by its words, is
no second item; another date in it moves the item's.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from models.audit import Audited
from models.deadlines import Audience
from models.origins import Campaign, HandDown
from models.rectification import CopyTo, ItemKind, ItemSource, RectificationItem
from models.rounds import Assignment, Round
from models.staff import Role
from models.states import ItemState, NotEntitled, RoundState
from models.working_days import WorkingCalendar
from services.access.member import Member
from services.audit.log import record
from services.cases.queue_words import folded
from services.rectification import item_log
from services.rectification.due_dates import Unclear, read_due
from services.rectification.issue_item import (
    Place,
    aspects_for,
    enter_item,
    head_of,
    last_category,
    may_issue,
    with_usual_parts,
)
from services.rectification.list_items import theirs
from services.rectification.notify import NoticesTogether, tell
from services.rectification.order import LONGEST_NAME, LONGEST_TEXT, NewItem, Part, missing
from services.table_file import TableRow, column_letters
from services.unit_of_work import UnitOfWork

LONGEST_NUMBER = 40
_FORMULA_SIGNS = ("=", "＝")
_SHIELDED = ("'=", "'+", "'-", "'@")  # how our own files shield what looks like a formula
_SEPARATORS = str.maketrans(dict.fromkeys("，；;/\n", "、") | {",": "、"})


class Column(StrEnum):
    """The columns of the list, in the order of the template."""

    NUMBER = "number"
    UNIT = "unit"
    PROBLEM = "problem"
    REQUIREMENT = "requirement"
    CATEGORY = "category"
    VILLAGE = "village"
    ASPECT = "aspect"
    KIND = "kind"
    HEAD = "head"
    LEADER = "leader"
    TASK_FORCE = "task_force"
    DUE = "due"
    OTHERS = "others"
    COPIES = "copies"
    SOURCE = "source"


# What a column may be called, folded as `folded` folds it.
_HEADINGS: dict[Column, tuple[str, ...]] = {
    Column.NUMBER: ("序号", "编号", "no", "number"),
    Column.UNIT: ("被巡察单位", "单位", "牵头单位", "责任单位", "unit"),
    Column.PROBLEM: ("问题", "存在问题", "反馈问题", "具体问题", "problem"),
    Column.REQUIREMENT: ("整改要求", "整改措施", "要求", "requirement"),
    Column.CATEGORY: ("类别", "问题类别", "category"),
    Column.VILLAGE: ("村", "所在村", "村(社区)", "所在村(社区)", "village"),
    Column.ASPECT: ("方面", "问题方面", "aspect"),
    Column.KIND: ("性质", "个性/共性", "共性/个性", "kind"),
    Column.HEAD: ("责任人", "第一责任人", "responsible"),
    Column.LEADER: ("分管县领导", "县领导", "county leader"),
    Column.TASK_FORCE: ("工作专班", "专班", "task force"),
    Column.DUE: ("整改时限", "完成时限", "时限", "due"),
    Column.OTHERS: ("配合单位", "together with"),
    Column.COPIES: ("抄送", "抄报", "copies"),
    Column.SOURCE: ("来源", "source"),
}
_KINDS = {
    ItemKind.INDIVIDUAL: ("", "个性", "个性问题", "individual"),
    ItemKind.COMMON: ("共性", "共性问题", "common"),
}
_COLUMN_OF = {part: Column(part) for part in Part}
_REQUIRED = (Column.UNIT, Column.PROBLEM)


class CellFault(StrEnum):
    """Why a cell will not do."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    FORMULA = "formula"
    NO_UNIT = "no_unit"
    NOT_IN_ROUND = "not_in_round"
    NOT_YOURS = "not_yours"
    NO_CATEGORY = "no_category"
    NO_VILLAGE = "no_village"
    NO_ASPECT = "no_aspect"
    NO_KIND = "no_kind"
    NO_LEADER = "no_leader"
    NO_DAY = "no_day"
    PAST_DAY = "past_day"
    NO_COPY = "no_copy"
    NO_SOURCE = "no_source"
    TWICE = "twice"  # in this file
    OTHER_PROBLEM = "other_problem"  # than the item of this number has


class Will(StrEnum):
    """What becomes of a row."""

    ISSUE = "issue"
    MOVE = "move"  # the item is there, and gets another date
    LEAVE = "leave"  # the item is there, as the row says it
    NOTHING = "nothing"  # the row is wrong


class NoColumns(Exception):
    """The heading of a table lacks a column without which nothing can be read; `columns` says which."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__(", ".join(columns))
        self.columns = tuple(columns)


class ListChanged(Exception):
    """What would be done now is not what was shown; nothing is to be committed."""


@dataclass(frozen=True)
class WrongCell:
    """A cell that will not do: its place as a spreadsheet names it, what stands there, and why not."""

    place: str
    column: Column
    value: str
    fault: CellFault


@dataclass(frozen=True)
class PlannedRow:
    """A row, and what would become of it. `item_id` is the item that is there already."""

    number: int
    unit: str
    problem: str
    will: Will
    order: NewItem | None = None
    item_id: str | None = None
    due_before: date | None = None
    due_on: date | None = None
    wrong: tuple[WrongCell, ...] = ()


@dataclass(frozen=True)
class ListPlan:
    """What would be done with a list."""

    round_id: str
    rows: tuple[PlannedRow, ...]

    def of(self, will: Will) -> list[PlannedRow]:
        """Return the rows of which that becomes."""
        return [row for row in self.rows if row.will is will]

    @property
    def digest(self) -> str:
        """What tells a plan from another."""
        return hashlib.sha256(repr(self.rows).encode()).hexdigest()


async def rounds_to_bring_lists_of(work: UnitOfWork, who: Member) -> list[Round]:
    """Return the rounds whose lists somebody may bring, the newest first: of units to which they may issue items."""
    query = (
        select(Round, Assignment.unit_id, Assignment.team_id)
        .join(Assignment, Assignment.round_id == Round.id)
        .where(Round.state.not_in([RoundState.PREPARING, RoundState.CANCELLED]))
        .order_by(Round.stay_from.desc(), Round.id)
    )
    found = [one for one, unit_id, team_id in await work.session.execute(query) if may_issue(who, unit_id, team_id)]
    return list(dict.fromkeys(found))


async def plan_list(work: UnitOfWork, who: Member, round_id: str, table: Sequence[TableRow]) -> ListPlan:
    """Return what would be done with each row of a list. Raises NotEntitled and NoColumns."""
    if all(one.id != round_id for one in await rounds_to_bring_lists_of(work, who)):
        raise NotEntitled
    columns = columns_of(table[0].cells)
    reading = await _Reading.begin(work, who, round_id)
    return ListPlan(round_id, tuple([await reading.plan(row, columns) for row in table[1:]]))


async def do_list(work: UnitOfWork, who: Member, round_id: str, table: Sequence[TableRow], planned: str) -> ListPlan:
    """Do what the plan of this digest says. Raises NotEntitled, NoColumns and ListChanged; nothing is kept then."""
    await work.session.execute(select(Round.id).where(Round.id == round_id).with_for_update())  # one after another
    plan = await plan_list(work, who, round_id, table)
    if plan.digest != planned:
        raise ListChanged
    together = NoticesTogether()
    for row in plan.of(Will.ISSUE):
        assert row.order is not None and row.due_on is not None  # noqa: S101, PT018 (what is issued has both)
        place = await _place(work, round_id, row.order.unit_id)
        item = await place.unsaved(work, row.order)
        item.listed_due_on = row.due_on
        await enter_item(work, who, item, row.order, together=together)
    await together.tell(work)
    for row in plan.of(Will.MOVE):
        assert row.item_id is not None and row.due_on is not None  # noqa: S101, PT018 (as above)
        await _move_due(work, who, row.item_id, row.due_on)
    counts: dict[str, Any] = {str(will): len(plan.of(will)) for will in Will}
    await record(work, Audited.ITEMS_IMPORTED, by=who.id, round=round_id, **counts)
    return plan


def columns_of(heading: Sequence[str]) -> dict[Column, int]:
    """Return where each column stands; raise NoColumns when one is missing that every list has."""
    names = {name: column for column, found in _HEADINGS.items() for name in found}
    columns = dict[Column, int]()
    for at, cell in enumerate(heading):
        column = names.get(folded(cell).strip(" *."))
        if column is not None:
            columns.setdefault(column, at)
    if lacking := [column for column in _REQUIRED if column not in columns]:
        raise NoColumns(lacking)
    return columns


async def _move_due(work: UnitOfWork, who: Member, item_id: str, due_on: date) -> None:
    """Give an item another date; it is reminded of anew."""
    item = await item_log.item_to_change(work, who, item_id)
    before = item.due_on
    item.due_on, item.listed_due_on = due_on + timedelta(days=item.held_days), due_on
    item.deadline_version += 1
    event = await item_log.log_event(work, item, "reschedule", by=who, due_before=before.isoformat())
    await tell(work, item, event, Audience.UNIT_HEAD, Audience.LIAISON, Audience.COUNTY_LEADER)


async def _place(work: UnitOfWork, round_id: str, unit_id: str) -> Place:
    assignment = await work.session.get_one(Assignment, (round_id, unit_id))
    inspection_round = await work.session.get_one(Round, round_id)
    return Place(round_id, assignment.team_id, inspection_round.rectification_due, await last_category(work))


@dataclass
class _Row:
    """A row that is being read: its cells by column, and what is wrong with them."""

    number: int
    cells: dict[Column, str]
    columns: dict[Column, int]
    wrong: list[WrongCell] = field(default_factory=list)

    def get(self, column: Column) -> str:
        return self.cells.get(column, "")

    def refuse(self, column: Column, fault: CellFault) -> None:
        if any(one.column is column for one in self.wrong):
            return  # one reason a cell
        at = self.columns.get(column)
        place = f"{column_letters(at)}{self.number}" if at is not None else ""
        self.wrong.append(WrongCell(place, column, self.get(column), fault))


class _Reading:
    """Reads the rows of one list, one after another."""

    def __init__(self, work: UnitOfWork, who: Member, round_id: str, items: Sequence[RectificationItem]) -> None:
        self._work, self._who, self._round_id = work, who, round_id
        self._by_number = {(one.unit_id, one.list_number): one for one in items if one.list_number}
        self._by_words = {(one.unit_id, folded(one.problem)): one for one in items}
        self._seen = set[tuple[str, str]]()

    @classmethod
    async def begin(cls, work: UnitOfWork, who: Member, round_id: str) -> "_Reading":
        """Return a reading that knows the items of the round, as far as they are somebody's to see.

        Of one that is kept from them, or kept to one pair of eyes, nobody learns by its words or its number.
        """
        query = select(RectificationItem).where(
            RectificationItem.round_id == round_id, RectificationItem.desk.is_(None), theirs(who)
        )
        return cls(work, who, round_id, list(await work.session.scalars(query.order_by(RectificationItem.id))))

    async def plan(self, row: TableRow, columns: dict[Column, int]) -> PlannedRow:
        """Return what would become of a row."""
        cells = {column: _unshielded(row.cells[at]) for column, at in columns.items() if at < len(row.cells)}
        read = _Row(row.number, cells, columns)
        order = await self._order(read)
        planned = PlannedRow(row.number, read.get(Column.UNIT), read.get(Column.PROBLEM), Will.NOTHING, order)
        known = None if read.wrong or order is None else self._known(read, order)
        if known is None and order is not None and not read.wrong:
            order = await self._complete(read, order)
            planned = replace(planned, will=Will.ISSUE, order=order, due_on=order.due_on)
        elif known is not None and order is not None:
            planned = self._again(read, known, order, planned)
        if read.wrong:
            return replace(planned, will=Will.NOTHING, order=None, due_on=None, wrong=tuple(read.wrong))
        return planned

    def _known(self, read: _Row, order: NewItem) -> RectificationItem | None:
        """Return the item that a row was brought for before; what stands twice in the file is refused."""
        keys = [(order.unit_id, f"#{order.list_number}")] if order.list_number else []
        keys.append((order.unit_id, folded(order.problem)))
        if not self._seen.isdisjoint(keys):
            read.refuse(
                Column.NUMBER if keys[0] in self._seen and order.list_number else Column.PROBLEM, CellFault.TWICE
            )
        self._seen.update(keys)
        by_number = self._by_number.get((order.unit_id, order.list_number)) if order.list_number else None
        by_words = self._by_words.get(keys[-1])
        if by_number is not None and folded(by_number.problem) != folded(order.problem):
            read.refuse(Column.PROBLEM, CellFault.OTHER_PROBLEM)
        return by_number or by_words

    def _again(self, read: _Row, known: RectificationItem, order: NewItem, planned: PlannedRow) -> PlannedRow:
        """Return what becomes of a row whose item is there: its date alone counts, and that of a done one not."""
        there = known.listed_due_on or known.due_on - timedelta(days=known.held_days)
        is_moved = order.due_on is not None and order.due_on != there and known.state != ItemState.CLEARED
        if is_moved and order.due_on is not None and order.due_on < self._work.today:
            read.refuse(Column.DUE, CellFault.PAST_DAY)
        return replace(
            planned,
            will=Will.MOVE if is_moved else Will.LEAVE,
            order=None,
            item_id=known.id,
            due_before=there,
            due_on=order.due_on if is_moved else there,
        )

    async def _order(self, read: _Row) -> NewItem | None:
        """Return what a row says, without what is usual; None when not even its unit is known."""
        for column, value in read.cells.items():
            if value.startswith(_FORMULA_SIGNS):
                read.refuse(column, CellFault.FORMULA)
        unit_id = await self._unit(read)
        problem = self._text(read, Column.PROBLEM, LONGEST_TEXT)
        if not problem:
            read.refuse(Column.PROBLEM, CellFault.EMPTY)
        if unit_id is None:
            return None
        order = NewItem(
            unit_id,
            problem,
            self._day(read),
            requirement=self._text(read, Column.REQUIREMENT, LONGEST_TEXT),
            category=await self._category(read),
            aspect=self._text(read, Column.ASPECT, LONGEST_NAME),
            kind=self._kind(read),
            head=self._text(read, Column.HEAD, LONGEST_NAME),
            county_leader_id=await self._leader(read),
            task_force=self._text(read, Column.TASK_FORCE, LONGEST_NAME),
            other_units=await self._others(read, unit_id),
            copies=await self._copies(read),
            source=ItemSource.FEEDBACK,
            list_number=self._text(read, Column.NUMBER, LONGEST_NUMBER) or None,
            village_id=await self._village(read, unit_id),
        )
        return replace(order, **await self._source(read))

    async def _complete(self, read: _Row, order: NewItem) -> NewItem:
        """Return an order with what is usual; what it lacks then is refused, and so is a day that is over."""
        unit_head = await head_of(self._work, order.unit_id)
        order = replace(order, is_for_head=order.head in ("", unit_head) or not unit_head)
        order = await with_usual_parts(self._work, order, await _place(self._work, self._round_id, order.unit_id))
        aspects = await aspects_for(self._work, order, self._round_id)
        for part in missing(order, aspects):
            column = _COLUMN_OF[part]
            read.refuse(column, CellFault.NO_ASPECT if part is Part.ASPECT and order.aspect else CellFault.EMPTY)
        if order.due_on is not None and order.due_on < self._work.today:
            read.refuse(Column.DUE, CellFault.PAST_DAY)
        return order

    def _text(self, read: _Row, column: Column, longest: int) -> str:
        value = read.get(column)
        if len(value) > longest:
            read.refuse(column, CellFault.TOO_LONG)
        return value

    def _kind(self, read: _Row) -> ItemKind:
        value = folded(read.get(Column.KIND))
        kind = next((kind for kind, names in _KINDS.items() if value in names), None)
        if kind is None:
            read.refuse(Column.KIND, CellFault.NO_KIND)
        return kind or ItemKind.INDIVIDUAL

    def _day(self, read: _Row) -> date | None:
        value = read.get(Column.DUE)
        if not value:
            return None
        due = read_due(value, self._work.today, WorkingCalendar(self._work.zone))
        if isinstance(due, Unclear):
            read.refuse(Column.DUE, CellFault.NO_DAY)
            return None
        return due

    async def _unit(self, read: _Row) -> str | None:
        value = read.get(Column.UNIT)
        known = await self._work.directory()
        unit = next((one for one in known.units.values() if value and value in (one.id, one.name)), None)
        in_round = known.assignments.get(self._round_id, {})
        if unit is None:
            read.refuse(Column.UNIT, CellFault.NO_UNIT if value else CellFault.EMPTY)
        elif unit.id not in in_round:
            read.refuse(Column.UNIT, CellFault.NOT_IN_ROUND)
        elif not may_issue(self._who, unit.id, in_round[unit.id]):
            read.refuse(Column.UNIT, CellFault.NOT_YOURS)
        else:
            return unit.id
        return None

    async def _category(self, read: _Row) -> str | None:
        value = read.get(Column.CATEGORY)
        if not value:
            return None
        for one in await self._work.categories():
            if folded(value) in (one.code, folded(one.zh_hans), folded(one.zh_hant)):
                return one.code
        read.refuse(Column.CATEGORY, CellFault.NO_CATEGORY)
        return None

    async def _village(self, read: _Row, unit_id: str) -> str | None:
        value, villages = read.get(Column.VILLAGE), (await self._work.directory()).villages.values()
        found = [one.id for one in villages if one.unit_id == unit_id and value in (one.id, one.name)]
        if value and len(found) != 1:
            read.refuse(Column.VILLAGE, CellFault.NO_VILLAGE)
        return found[0] if len(found) == 1 else None

    async def _leader(self, read: _Row) -> str | None:
        value = read.get(Column.LEADER)
        found = [
            one.id
            for one in (await self._work.directory()).with_roles(Role.COUNTY_LEADER)
            if value in (one.id, one.name)
        ]
        if value and len(found) != 1:
            read.refuse(Column.LEADER, CellFault.NO_LEADER)
        return found[0] if value and len(found) == 1 else None

    async def _others(self, read: _Row, unit_id: str) -> tuple[str, ...]:
        units = (await self._work.directory()).units.values()
        by_name = {name: one.id for one in units for name in (one.id, one.name)}
        found = []
        for name in _several(read.get(Column.OTHERS)):
            if name not in by_name or by_name[name] in self._who.shut_out_of:
                read.refuse(Column.OTHERS, CellFault.NO_UNIT)
            elif by_name[name] != unit_id:
                found.append(by_name[name])
        return tuple(dict.fromkeys(found))

    async def _copies(self, read: _Row) -> tuple[tuple[CopyTo, str], ...]:
        known = await self._work.directory()
        by_name: dict[str, tuple[CopyTo, str]] = {}
        for unit in known.units.values():
            by_name |= dict.fromkeys((unit.id, unit.name), (CopyTo.UNIT, unit.id))
        for department in known.departments.values():
            by_name |= dict.fromkeys((department.id, department.name), (CopyTo.DEPARTMENT, department.id))
        for leader in known.with_roles(Role.COUNTY_LEADER):
            by_name |= dict.fromkeys((leader.id, leader.name), (CopyTo.LEADER, leader.id))
        names = _several(read.get(Column.COPIES))
        if any(name not in by_name for name in names):
            read.refuse(Column.COPIES, CellFault.NO_COPY)
        return tuple(dict.fromkeys(by_name[name] for name in names if name in by_name))

    async def _source(self, read: _Row) -> dict[str, Any]:
        """Return where an item comes from: the round, unless the cell names a hand-down or a campaign."""
        value = read.get(Column.SOURCE)
        if not value or folded(value) in ("反馈", "巡察反馈", "本轮反馈", "feedback"):
            return {}
        for hand_down in await self._work.session.scalars(select(HandDown)):
            if value in (hand_down.id, hand_down.name):
                return {"source": ItemSource.HAND_DOWN, "hand_down_id": hand_down.id}
        for campaign in await self._work.session.scalars(select(Campaign).where(Campaign.closed_on.is_(None))):
            if value in (campaign.id, campaign.name):
                return {"source": ItemSource.CAMPAIGN, "campaign_id": campaign.id}
        read.refuse(Column.SOURCE, CellFault.NO_SOURCE)
        return {}


def _several(cell: str) -> list[str]:
    """Return the names of a cell that may hold several."""
    return [name.strip() for name in cell.translate(_SEPARATORS).split("、") if name.strip()]


def _unshielded(cell: str) -> str:
    return cell[1:] if cell.startswith(_SHIELDED) else cell
