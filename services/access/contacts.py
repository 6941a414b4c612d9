"""How else the inspection office is reached: what the notices of rounds name."""

from dataclasses import dataclass, replace

from models.states import RoundState
from services.directory import RoundRecord
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class OfficeContacts:
    """How else the office is reached, as far as the round's notice says."""

    phone: str | None = None
    hours: str | None = None
    mailbox: str | None = None
    doors: tuple[str, ...] = ()  # where else to go, in the county's words


async def office_contacts(work: UnitOfWork, preferred: RoundRecord | None = None) -> OfficeContacts:
    """Return the contacts that a round's notice names: the preferred one's, or those of the round now stationed.

    Once its teams have left, nobody answers the telephone of a round. With them come the other doors of the county.
    """
    known = await work.directory()
    stationed = [one for one in known.rounds.values() if one.state == RoundState.STATIONED]
    named = max(stationed, key=lambda one: one.stay_from, default=None)
    if preferred is not None and preferred.notice.get("phone") and not preferred.has_left:
        named = preferred
    contacts = contacts_in(named) if named is not None else OfficeContacts()
    return replace(contacts, doors=known.settings.round.other_doors)


async def notice_numbers(work: UnitOfWork) -> list[str]:
    """Return the telephones that the notices of the rounds name, which hang in every village."""
    rounds = (await work.directory()).rounds.values()
    return [one.notice["phone"] for one in rounds if one.notice.get("phone")]


def contacts_in(round_: RoundRecord) -> OfficeContacts:
    """Return the contacts that a round's notice names."""
    notice = round_.notice
    return OfficeContacts(notice.get("phone"), notice.get("phone_hours"), notice.get("mailbox"))
