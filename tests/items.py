"""Orders that lack nothing, for tests that are about something else."""

from dataclasses import replace
from datetime import date
from typing import Any

from models.rectification import CopyTo, ItemSource
from services.rectification.order import NewItem

ASPECT = "基层党组织建设"


def new_item(unit_id: str, problem: str, due_on: date, **said: Any) -> NewItem:
    """Return an order that can be issued, with what is said of it."""
    whole = NewItem(
        unit_id,
        problem,
        due_on,
        requirement="限期整改。",
        category="other",
        aspect=ASPECT,
        head="书记",
        county_leader_id="P23",
        task_force="整改专班",
        copies=((CopyTo.UNIT, unit_id),),
        source=ItemSource.OFFICE,
    )
    return replace(whole, **said)
