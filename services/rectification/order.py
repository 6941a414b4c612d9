"""What an item orders, and what it still lacks: it cannot be issued half-made.

一个问题、一名县领导、一套班子、一个方案、一抓到底.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from models.rectification import CopyTo, ItemKind, ItemSource, RectificationItem
from models.states import ItemState

LONGEST_TEXT = 1000  # an item is shown whole in one message, with its history
LONGEST_NAME = 100  # of a head, a task force or an aspect


class Part(StrEnum):
    """What an item says, in the order in which it is asked for."""

    PROBLEM = "problem"
    REQUIREMENT = "requirement"
    CATEGORY = "category"
    VILLAGE = "village"
    ASPECT = "aspect"
    KIND = "kind"
    OTHERS = "others"
    HEAD = "head"
    LEADER = "leader"
    TASK_FORCE = "task_force"
    DUE = "due"
    COPIES = "copies"
    SOURCE = "source"


@dataclass(frozen=True)
class NewItem:
    """What an item asks of a unit. What is empty or None is not said yet."""

    unit_id: str
    problem: str = ""
    due_on: date | None = None
    requirement: str = ""
    category: str | None = None
    aspect: str = ""
    kind: ItemKind = ItemKind.INDIVIDUAL
    known_problem: str | None = None
    head: str = ""
    is_for_head: bool = True
    owner_id: str | None = None
    county_leader_id: str | None = None
    task_force: str = ""
    other_units: tuple[str, ...] = ()
    copies: tuple[tuple[CopyTo, str], ...] = ()
    source: ItemSource = ItemSource.OFFICE
    hand_down_id: str | None = None
    campaign_id: str | None = None
    list_number: str | None = None
    village_id: str | None = None
    hazard: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON; `of_json` reads it."""
        values = dict(self.__dict__)
        values["due_on"] = self.due_on.isoformat() if self.due_on else None
        return values | {"other_units": list(self.other_units), "copies": [list(copy) for copy in self.copies]}

    @classmethod
    def of_json(cls, values: dict[str, Any]) -> "NewItem":
        """Read what `as_json` returned."""
        made = cls(**{**values, "kind": ItemKind(values["kind"]), "source": ItemSource(values["source"])})
        return replace(
            made,
            due_on=date.fromisoformat(values["due_on"]) if values["due_on"] else None,
            other_units=tuple(values["other_units"]),
            copies=tuple((CopyTo(copy_to), one) for copy_to, one in values["copies"]),
        )

    def with_copy_turned(self, copy_to: CopyTo, recipient_id: str) -> "NewItem":
        """Return it with somebody among those who get a copy who were not, or the other way round."""
        turned = (copy_to, recipient_id)
        left = tuple(copy for copy in self.copies if copy != turned)
        return replace(self, copies=left if turned in self.copies else (*self.copies, turned))

    def with_unit_turned(self, unit_id: str) -> "NewItem":
        """Return it with a unit among those that answer along that was not, or the other way round."""
        left = tuple(other for other in self.other_units if other != unit_id)
        added = () if unit_id in self.other_units or unit_id == self.unit_id else (unit_id,)
        return replace(self, other_units=(*left, *added))


class Incomplete(Exception):
    """An item lacks something, and so is not issued; `missing` says what, in the order in which it is asked for."""

    def __init__(self, missing: Collection[Part]) -> None:
        super().__init__(", ".join(missing))
        self.missing = tuple(missing)


def missing(order: NewItem, aspects: Collection[str]) -> list[Part]:
    """Return what an item lacks before it can be issued; `aspects` are those that it may belong to, if there are any.

    A county leader's own item needs another leader, who signs for it.
    """
    has_origin = {
        ItemSource.HAND_DOWN: order.hand_down_id is not None,
        ItemSource.CAMPAIGN: order.campaign_id is not None,
    }
    said = {
        Part.PROBLEM: bool(order.problem.strip()),
        Part.REQUIREMENT: bool(order.requirement.strip()),
        Part.CATEGORY: order.category is not None,
        Part.ASPECT: order.aspect in aspects if aspects else True,
        Part.HEAD: bool(order.head.strip()) or order.owner_id is not None,
        Part.LEADER: order.county_leader_id is not None and order.county_leader_id != order.owner_id,
        Part.TASK_FORCE: bool(order.task_force.strip()),
        Part.DUE: order.due_on is not None,
        Part.COPIES: bool(order.copies),
        Part.SOURCE: has_origin.get(order.source, True),
    }
    return [part for part in Part if not said.get(part, True)]


def unsaved_item(order: NewItem, round_id: str, team_id: str | None, category: str, today: date) -> RectificationItem:
    """Return the item that an order would become today, with no number yet and in no session."""
    return RectificationItem(
        id="",
        round_id=round_id,
        unit_id=order.unit_id,
        team_id=team_id,
        category=order.category or category,
        aspect=order.aspect,
        kind=order.kind,
        known_problem=order.known_problem,
        source=order.source,
        list_number=order.list_number,
        hand_down_id=order.hand_down_id,
        campaign_id=order.campaign_id,
        village_id=order.village_id,
        problem=order.problem.strip(),
        requirement=order.requirement.strip(),
        head=order.head.strip(),
        is_for_head=order.is_for_head,
        owner_id=order.owner_id,
        task_force=order.task_force.strip(),
        county_leader_id=order.county_leader_id,
        hazard=order.hazard,
        issued_on=today,
        due_on=order.due_on or today,
        deadline_version=1,
        held_days=0,
        state=ItemState.DRAFT,
        state_since=today,
        is_open=True,
        returns=0,
        card_returns=0,
        card_held_days=0,
        version=0,
    )
