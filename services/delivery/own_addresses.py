"""At which of their addresses somebody on the staff is told something."""

from collections.abc import Callable, Mapping, Sequence
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


@dataclass(frozen=True)
class _Candidate:
    """One of somebody's addresses, and what speaks for it."""

    address: Address
    works: bool  # as far as is known
    has_channel: bool
    in_full: bool  # content may be said there
    stands_there: bool  # the message that is to be changed, in full


def choose(
    row: ClaimedRow, own: Sequence[AddressRecord], standing: SentMessage | None, transports: Mapping[str, Transport]
) -> Choice | None:
    """Return where a row goes: to the first of somebody's addresses that works, else the first; None without any.

    What is urgent goes first where it can be said in full, and besides it is said in brief wherever they read that.
    What answers a press is said in full or not at all. A message that stands somewhere in full (`standing`) is changed
    there. What could not be sent for half an hour is tried at each of their addresses in turn.
    """
    candidates = [_candidate(one, standing, transports.get(one.address.channel)) for one in own]
    if row.priority == Priority.ANSWER:
        candidates = [one for one in candidates if one.in_full]
    if not candidates:
        return None
    is_urgent = row.priority in (Priority.CRISIS, Priority.HAZARD)
    at = _preferred(
        candidates,
        lambda one: one.works,
        lambda one: one.has_channel,
        lambda one: one.stands_there,
        lambda one: one.in_full or not is_urgent,
    )
    working = [one for one in candidates if one.works and one.has_channel]
    if row.attempts >= PATIENT_TRIES and working:
        at = working[row.attempts % len(working)]
    is_told_besides = is_urgent and row.attempts == 0
    also = tuple(one.address for one in working if is_told_besides and one is not at and not one.in_full)
    return Choice(at.address, at.works, also)


def _candidate(one: AddressRecord, standing: SentMessage | None, transport: Transport | None) -> _Candidate:
    in_full = transport is None or transport.capabilities.content
    stands_there = in_full and standing is not None and standing.address == one.address
    return _Candidate(one.address, one.reachable, transport is not None, in_full, stands_there)


def _preferred(candidates: Sequence[_Candidate], *wishes: Callable[[_Candidate], bool]) -> _Candidate:
    """Return the first candidate that meets the wishes; each wish counts more than all that follow it.

    A wish that no candidate meets is passed over.
    """
    left = list(candidates)
    for wish in wishes:
        left = [one for one in left if wish(one)] or left
    return left[0]
