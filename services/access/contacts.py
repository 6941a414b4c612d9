"""How else the inspection office is reached: what the notices of rounds name."""

from dataclasses import dataclass

from models.states import RoundState
from services.directory import RoundRecord
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class OfficeContacts:
    """How else the office is reached, as far as the round's notice says."""

    phone: str | None = None
    hours: str | None = None
    mailbox: str | None = None


async def office_contacts(work: UnitOfWork, preferred: RoundRecord | None = None) -> OfficeContacts:
    """Return the contacts that a round's notice names: the preferred one's, or those of the round now stationed."""
    if preferred is not None and preferred.notice.get("phone"):
        return contacts_in(preferred)
    rounds = (await work.directory()).rounds.values()
    stationed = [one for one in rounds if one.state == RoundState.STATIONED]
    return contacts_in(max(stationed, key=lambda one: one.stay_from)) if stationed else OfficeContacts()


async def notice_numbers(work: UnitOfWork) -> list[str]:
    """Return the telephones that the notices of the rounds name, which hang in every village."""
    rounds = (await work.directory()).rounds.values()
    return [one.notice["phone"] for one in rounds if one.notice.get("phone")]


def contacts_in(round_: RoundRecord) -> OfficeContacts:
    """Return the contacts that a round's notice names."""
    notice = round_.notice
    return OfficeContacts(notice.get("phone"), notice.get("phone_hours"), notice.get("mailbox"))
