"""How else the inspection office is reached: what the notices of rounds name."""

from dataclasses import dataclass

from sqlalchemy import select

from models.rounds import Round
from models.states import RoundState
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class OfficeContacts:
    """How else the office is reached, as far as the round's notice says."""

    phone: str | None = None
    hours: str | None = None
    mailbox: str | None = None


async def office_contacts(work: UnitOfWork, preferred: Round | None = None) -> OfficeContacts:
    """Return the contacts that a round's notice names: the preferred one's, or those of the round now stationed."""
    if preferred is not None and preferred.notice.get("phone"):
        return contacts_in(preferred)
    stationed = await work.session.scalar(
        select(Round).where(Round.state == RoundState.STATIONED).order_by(Round.stay_from.desc())
    )
    return contacts_in(stationed) if stationed else OfficeContacts()


async def notice_numbers(work: UnitOfWork) -> list[str]:
    """Return the telephones that the notices of the rounds name, which hang in every village."""
    notices = await work.session.scalars(select(Round.notice))
    return [notice["phone"] for notice in notices if notice.get("phone")]


def contacts_in(round_: Round) -> OfficeContacts:
    """Return the contacts that a round's notice names."""
    notice = round_.notice
    return OfficeContacts(notice.get("phone"), notice.get("phone_hours"), notice.get("mailbox"))
