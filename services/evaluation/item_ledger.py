"""The ledger of a round's items, to be taken along as a file: as far as they are counted for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from models.rectification import RectificationItem
from models.states import NotEntitled
from services.access.member import Member
from services.directory import Directory, RoundRecord
from services.evaluation.entitled import counted_for
from services.evaluation.report import rounds_with_items
from services.unit_of_work import UnitOfWork

MOST_ITEMS = 30_000  # of one file
_PORTION = 500  # items that are read at one go


class ItemLedgerTooLong(Exception):
    """A round has more items than fit one file."""


@dataclass(frozen=True)
class ItemLedger:
    """The items of a round, as somebody may see them; nothing in it leads to who reported what."""

    round: RoundRecord
    known: Directory
    made_on: date
    items: Sequence[RectificationItem]


async def item_ledger_of(work: UnitOfWork, who: Member, round_id: str) -> ItemLedger:
    """Return the ledger of a round's items as somebody may see it. Raises NotEntitled and ItemLedgerTooLong."""
    known = await work.directory()
    if round_id not in await rounds_with_items(work, who):
        raise NotEntitled
    in_ledger = (RectificationItem.round_id == round_id, counted_for(who))
    if (await work.session.scalar(select(func.count(RectificationItem.id)).where(*in_ledger)) or 0) > MOST_ITEMS:
        raise ItemLedgerTooLong
    query = select(RectificationItem).where(*in_ledger).order_by(RectificationItem.unit_id, RectificationItem.id)
    items: list[RectificationItem] = []
    found = await work.session.stream_scalars(query.execution_options(yield_per=_PORTION))
    async for portion in found.partitions():  # others are served between two
        items += portion
    return ItemLedger(known.rounds[round_id], known, work.today, items)
