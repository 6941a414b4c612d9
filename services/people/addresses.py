"""The addresses of a staff member: given by the office, or confirmed by themselves with a code that was sent there."""

import secrets
from datetime import timedelta
from enum import StrEnum
from hmac import compare_digest

from sqlalchemy import select

from models.address import Address
from models.audit import Audited
from models.staff import AddressConfirmation, StaffAddress
from models.states import NotEntitled
from services.access.member import Member
from services.audit.log import record
from services.delivery.recall import recall_chat, recall_texts, staff_to_change
from services.outbox import OutgoingMessage, Priority
from services.people.notices import AddressAdded, AddressCode
from services.people.sessions import end_sessions
from services.unit_of_work import UnitOfWork

CODE_DIGITS = 6
CODE_LIFETIME = timedelta(minutes=30)
TRIES = 5  # at one code
CODES_A_DAY = 5  # for one person, to whatever addresses


class AddressTaken(Exception):
    """The address is somebody else's on the staff."""


class TooManyCodes(Exception):
    """They were sent as many codes as a day allows."""


class CodeProblem(StrEnum):
    """Why a code does not confirm an address."""

    WRONG = "wrong"
    OVER = "over"  # it is too old, or was guessed at too often: only a new one helps


async def give_address(
    work: UnitOfWork, staff_id: str, address: Address, *, by: str | None = None, asked_at: Address | None = None
) -> bool:
    """Let somebody be reached at one more address, as `add_address` does, and write that down.

    Their other addresses are told, but the one at which they asked for it.
    """
    is_new = await add_address(work, staff_id, address)
    if is_new:
        await tell_of_address(work, staff_id, address, asked_at=asked_at)
        await record(work, Audited.ADDRESS_ADDED, by=by, subject=staff_id, channel=address.channel)
    return is_new


async def add_address(work: UnitOfWork, staff_id: str, address: Address) -> bool:
    """Let somebody be reached at one more address, after those they have; return whether it is new.

    One that they have already counts as working again. Raises NotEntitled when they are not on the staff, AddressTaken.
    """
    staff = await staff_to_change(work, staff_id)
    if staff.left_at is not None:
        raise NotEntitled
    held = await work.session.get(StaffAddress, address)
    if held is not None and held.staff_id != staff_id:
        raise AddressTaken
    if held is not None:
        held.unreachable_since = None
    else:
        position = max((one.position for one in await _own(work, staff_id)), default=-1) + 1
        work.session.add(StaffAddress(address=address, staff_id=staff_id, position=position))
    await work.session.flush()
    return held is None


async def tell_of_address(work: UnitOfWork, staff_id: str, added: Address, *, asked_at: Address | None = None) -> None:
    """Tell somebody's other addresses of one that was added: whoever got into their pages could add their own.

    They are told even if they are dropped by the time the message goes: whoever added one may drop the others.
    """
    language = (await staff_to_change(work, staff_id)).language
    for one in await _own(work, staff_id):
        if one.address not in (added, asked_at):
            told = OutgoingMessage(AddressAdded(str(added), language))
            await work.outbox.to_chat(one.address, told, priority=Priority.NOTICE)


async def drop_address(work: UnitOfWork, staff_id: str, address: Address, *, by: str | None = None) -> bool:
    """Let somebody be reached at an address no more, and take back what is on it; return whether it was theirs.

    Their sessions on the pages end, for the link to one may have been sent there.
    """
    staff = await staff_to_change(work, staff_id)
    held = await work.session.get(StaffAddress, address)
    if held is None or held.staff_id != staff_id:
        return False
    await recall_texts(work, staff.id)
    await recall_chat(work, address)
    await end_sessions(work, staff_id)
    await work.session.delete(held)
    await work.session.flush()
    await record(work, Audited.ADDRESS_DROPPED, by=by, subject=staff_id, channel=address.channel)
    return True


async def put_first(work: UnitOfWork, who: Member, address: Address) -> bool:
    """Let somebody be reached first at one of their addresses; return whether it is theirs."""
    await staff_to_change(work, who.id)
    own = await _own(work, who.id)
    in_order = sorted(own, key=lambda one: (one.address != address, one.position))
    for position, one in enumerate(in_order):
        one.position = position
    await work.session.flush()
    return bool(own) and in_order[0].address == address


async def send_code(work: UnitOfWork, who: Member, address: Address) -> None:
    """Send a code to an address at which somebody wants to be reached; any before it confirms nothing any more.

    Raises AddressTaken and TooManyCodes.
    """
    await staff_to_change(work, who.id)
    held = await work.session.get(StaffAddress, address)
    if held is not None and held.staff_id != who.id:
        raise AddressTaken
    before = await work.session.get(AddressConfirmation, who.id, populate_existing=True)
    sent = before.codes if before is not None and before.day == work.today else 0
    if sent >= CODES_A_DAY:
        raise TooManyCodes
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    await work.session.merge(
        AddressConfirmation(
            staff_id=who.id,
            address=address,
            sealed=work.keyring.outbox.seal_json(_record(who.id), {"code": code}),
            tries=0,
            expires_at=work.now + CODE_LIFETIME,
            day=work.today,
            codes=sent + 1,
        )
    )
    await work.session.flush()
    await work.outbox.to_chat(address, OutgoingMessage(AddressCode(code, who.language)))


async def confirm_address(work: UnitOfWork, who: Member, typed: str, *, asked_at: Address) -> Address | CodeProblem:
    """Let somebody be reached at the address they were sent a code to, if this is that code; return the address.

    `asked_at`: where they typed it.
    Raises AddressTaken when it has become somebody else's meanwhile.
    """
    await staff_to_change(work, who.id)
    waiting = await work.session.get(AddressConfirmation, who.id, populate_existing=True)
    if waiting is None or waiting.tries >= TRIES or waiting.expires_at <= work.now:
        return CodeProblem.OVER
    code: str = work.keyring.outbox.open_json(_record(who.id), waiting.sealed)["code"]
    if not compare_digest(code.encode(), typed.encode()):
        waiting.tries += 1
        await work.session.flush()
        return CodeProblem.OVER if waiting.tries >= TRIES else CodeProblem.WRONG
    waiting.tries = TRIES  # it confirms once
    address = waiting.address
    await give_address(work, who.id, address, by=who.id, asked_at=asked_at)
    return address


async def _own(work: UnitOfWork, staff_id: str) -> list[StaffAddress]:
    query = select(StaffAddress).where(StaffAddress.staff_id == staff_id).order_by(StaffAddress.position)
    return list(await work.session.scalars(query))


def _record(staff_id: str) -> str:
    """Return what a sealed code is bound to."""
    return f"address_code:{staff_id}"
