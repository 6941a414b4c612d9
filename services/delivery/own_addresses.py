"""At which of their addresses somebody on the staff is told something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.address import Address
from models.delivery import SentMessage
from services.delivery.queue import ClaimedRow
from services.delivery.retry import PATIENT_TRIES
from services.delivery.transport import Transport
from services.directory import AddressRecord
from services.outbox import Priority


@dataclass(frozen=True)
class Choice:
    """Where somebody is told something; whether that address works, as far as is known; where they hear it besides."""

    address: Address
    works: bool
    also: tuple[Address, ...]


def choose(
    row: ClaimedRow, own: Sequence[AddressRecord], standing: SentMessage | None, transports: Mapping[str, Transport]
) -> Choice | None:
    """Return where a row goes: to the first of somebody's addresses that works, else the first; None without any.

    What is urgent goes first where it can be said in full, and besides it is said in brief wherever they read that.
    What answers a press is said in full or not at all. A message that stands somewhere in full (`standing`) is changed
    there. What could not be sent for half an hour is tried at each of their addresses in turn.
    """
    is_urgent = row.priority in (Priority.CRISIS, Priority.HAZARD)

    def is_there(one: AddressRecord) -> bool:
        return one.address.channel in transports

    def in_full(one: AddressRecord) -> bool:
        transport = transports.get(one.address.channel)
        return transport is None or transport.capabilities.content

    def stands_there(one: AddressRecord) -> bool:
        return standing is not None and standing.address == one.address and in_full(one)

    if row.priority == Priority.ANSWER:
        own = [one for one in own if in_full(one)]
    if not own:
        return None
    in_order = sorted(
        own,
        key=lambda one: (
            not one.reachable,
            not is_there(one),
            not stands_there(one),
            is_urgent and not in_full(one),
        ),
    )
    at, working = in_order[0], [one for one in in_order if one.reachable and is_there(one)]
    if row.attempts >= PATIENT_TRIES and working:
        at = working[row.attempts % len(working)]
    is_told_besides = is_urgent and row.attempts == 0
    also = tuple(one.address for one in working if is_told_besides and one is not at and not in_full(one))
    return Choice(at.address, at.reachable, also)
