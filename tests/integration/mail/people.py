"""People with mail addresses, and what they hear."""

from sqlalchemy import select

from models.address import Address
from models.audit import Audited
from models.mail_address import CHANNEL as MAIL
from models.staff import StaffAddress
from services.access.member import member
from services.audit.log import record
from services.notice import Notice
from services.outbox import OutgoingMessage, Priority
from services.people.addresses import add_address, put_first
from services.people.notices import StaffUnreachable
from tests.deployment import Deployment

HEAD, DIRECTOR = "P17", "P03"
TOLD = StaffUnreachable("P14")


def mailbox(staff_id: str) -> str:
    return f"{staff_id.lower()}@county.example"


async def has_mail(deployment: Deployment, *staff_ids: str, first: bool = False) -> None:
    """Give people a mailbox, as if they had it for long: nobody is told of it any more."""
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        for staff_id in staff_ids:
            address = Address(MAIL, mailbox(staff_id))
            await add_address(work, staff_id, address)
            await record(work, Audited.ADDRESS_ADDED, subject=staff_id, channel=MAIL)
            if first:
                await put_first(work, await member(session, staff_id), address)


async def tell(
    deployment: Deployment, staff_id: str, notice: Notice = TOLD, priority: Priority = Priority.NOTICE
) -> None:
    async with deployment.database.transaction() as session:
        await deployment.work(session).outbox.to_staff(staff_id, OutgoingMessage(notice), priority=priority)
    await deployment.settled()


async def gone(deployment: Deployment) -> list[str]:
    async with deployment.database.reading() as session:
        query = select(StaffAddress.address).where(StaffAddress.unreachable_since.is_not(None))
        return sorted(address.channel for address in await session.scalars(query))


def heard(deployment: Deployment, staff_id: str) -> list[str]:
    """Return what the bot has said on somebody's phone."""
    phone = deployment.simulator.messages(deployment.staff[staff_id])
    return [one.text for one in phone if one.from_bot]
