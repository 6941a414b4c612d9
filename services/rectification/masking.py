"""Words about an item as its unit may read them."""

from sqlalchemy import select

from models.complaints import Case
from models.rectification import CaseItem, RectificationItem
from services.access.member import Member
from services.cases.identity_probing import masked_for
from services.unit_of_work import UnitOfWork


async def masked_for_all(work: UnitOfWork, who: Member, item: RectificationItem, text: str) -> str:
    """Return words about an item as the unit may read them: without what leads to the reporters of its cases."""
    query = select(Case).join(CaseItem, CaseItem.case_id == Case.id).where(CaseItem.item_id == item.id)
    for case in list(await work.session.scalars(query.order_by(Case.id))):
        text = await masked_for(work, who, case, text)
    return text
