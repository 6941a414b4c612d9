"""What is made public of a round: prepared by the office, approved by two, published as it was approved, withdrawn."""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from models.audit import Audited
from models.publication import Publication, PublicationApproval
from models.rectification import RectificationItem
from models.rounds import County, Round
from models.share import Share
from models.staff import Role, Staff
from models.states import PUBLICATION, Actor, Impossible, ItemState, NotEntitled, PublicationState, RoundState
from services.access.member import Member
from services.audit.log import record
from services.directory import Person
from services.outbox import OutgoingMessage
from services.people.approvers import APPROVERS, approvers_of
from services.publication.content import (
    Findings,
    Prepared,
    PreparedItem,
    PublicItem,
    PublicRound,
    UnitResult,
    digest_of,
)
from services.publication.notices import ApprovalAsked, PublicationDecided
from services.publication.numbers import findings_of, is_in_time, satisfaction_of, units_of, villages_of
from services.publication.outcomes import public_outcomes_of
from services.publication.photos import drop_unused_photos
from services.publication.suppression import Cell
from services.rounds.entitled import rounds_known_to
from services.unit_of_work import UnitOfWork

APPROVALS = 2  # of different people, before anything is public
LOOKED_AT = 12  # characters of a digest that a button carries
_NOTHING_YET = frozenset({RoundState.PREPARING, RoundState.CANCELLED})
_WAS_PUBLIC = (PublicationState.PUBLISHED, PublicationState.REPLACED, PublicationState.WITHDRAWN)
_IN_HAND = (PublicationState.DRAFT, PublicationState.AWAITING_APPROVAL)
_ROLES = {
    Role.OFFICE_STAFF: Actor.OFFICE_STAFF,
    Role.OFFICE_DIRECTOR: Actor.OFFICE_DIRECTOR,
    Role.LEADING_GROUP_HEAD: Actor.LEADING_GROUP,
    Role.LEADING_GROUP_MEMBER: Actor.LEADING_GROUP,
}


class ItemNotDone(Exception):
    """An item that was chosen is not cleared any more, so its result is not to be made public."""

    def __init__(self, item_id: str) -> None:
        super().__init__(f"{item_id} is not cleared")
        self.item_id = item_id


class ChangedSince(Exception):
    """What is to be approved is not what was looked at."""


class NotYetApprover(Exception):
    """They newly may approve, or came in anew: until `since` the others have time to object to that."""

    def __init__(self, since: datetime) -> None:
        super().__init__(f"they may approve from {since}")
        self.since = since


class ApprovedAlready(Exception):
    """They have approved of it already: it takes somebody else."""


@dataclass(frozen=True)
class RoundToPublish:
    """A round, and the last version of what is made public of it, if there is any."""

    id: str
    name: str
    last: Publication | None


def actors_of(who: Person) -> frozenset[Actor]:
    """Return what somebody is at every publication."""
    return frozenset(actor for role, actor in _ROLES.items() if who.has(role))


def may_prepare(who: Person) -> bool:
    """Whether somebody may prepare publications."""
    return who.is_office


def may_be_public(item: RectificationItem, round_id: str) -> bool:
    """Whether the result of an item may be made public: it is cleared, and is not for one pair of eyes."""
    return item.round_id == round_id and item.state == ItemState.CLEARED and item.desk is None


async def rounds_to_publish(work: UnitOfWork, who: Member) -> list[RoundToPublish]:
    """Return the rounds of which something may be made public, the newest first. Raises NotEntitled."""
    if not actors_of(who):
        raise NotEntitled
    rounds = [one for one in rounds_known_to(await work.directory(), who) if one.state not in _NOTHING_YET]
    newest = select(Publication.round_id, func.max(Publication.version)).group_by(Publication.round_id)
    query = select(Publication).where(tuple_(Publication.round_id, Publication.version).in_(newest))
    last = {one.round_id: one for one in await work.session.scalars(query)}
    return [RoundToPublish(one.id, one.name, last.get(one.id)) for one in rounds]


async def last_version(work: UnitOfWork, round_id: str, *of: ColumnElement[bool]) -> Publication | None:
    """Return the last version of what is made public of a round, of all or of those of which something is true."""
    query = select(Publication).where(Publication.round_id == round_id, *of)
    return await work.session.scalar(query.order_by(Publication.version.desc()).limit(1))


async def publication_seen(work: UnitOfWork, who: Member, publication_id: str) -> Publication:
    """Return a publication to look at; raise NotEntitled when there is none or it is not theirs to see."""
    found = await work.session.get(Publication, publication_id) if actors_of(who) else None
    if found is None:
        raise NotEntitled
    return found


async def begin(work: UnitOfWork, who: Member, round_id: str) -> Publication:
    """Begin another version of what is made public of a round, with what was chosen for the last one.

    One that is in hand already is gone on with. Raises NotEntitled.
    """
    known = (await work.directory()).rounds.get(round_id)
    if known is None or known.state in _NOTHING_YET or not may_prepare(who):
        raise NotEntitled
    await work.session.get_one(Round, round_id, with_for_update={"key_share": True})  # two do not begin it at once
    last = await last_version(work, round_id)
    if last is not None and last.state in _IN_HAND:
        return last
    publication = Publication(
        round_id=round_id,
        version=last.version + 1 if last is not None else 1,
        state=PublicationState.DRAFT,
        since=work.now,
        prepared_by_id=who.id,
        prepared=last.prepared if last is not None else Prepared().pack(),
    )
    work.session.add(publication)
    await work.session.flush()
    return publication


def prepared_of(publication: Publication) -> Prepared:
    """Return what was chosen and entered for a publication."""
    return Prepared.read(publication.prepared)


async def number_of(work: UnitOfWork, round_id: str, item_id: str) -> int:
    """Return the number of an item in all versions of a round's publication: its own, or one that no other ever had.

    Whoever has an earlier version open says 'not so' of what stood there under the number.
    """
    query = select(Publication.prepared).where(Publication.round_id == round_id).order_by(Publication.version)
    versions = [Prepared.read(prepared) for prepared in await work.session.scalars(query)]
    known = {item.item_id: item.number for version in versions for item in version.items}
    return known.get(item_id, max(known.values(), default=0) + 1)


async def publication_to_prepare(work: UnitOfWork, who: Member, publication_id: str) -> Publication:
    """Return a draft that somebody may change, locked. Raises Impossible or NotEntitled."""
    publication = await _to_change(work, who, publication_id)
    if not may_prepare(who):
        raise NotEntitled
    if publication.state != PublicationState.DRAFT:
        raise Impossible("prepare", publication.state)
    return publication


async def change_prepared(work: UnitOfWork, publication: Publication, prepared: Prepared) -> Publication:
    """Put something else in place of what was chosen for a draft, as `publication_to_prepare` returned it."""
    publication.prepared = prepared.pack()
    await work.session.flush()
    await drop_unused_photos(work, publication.round_id)
    return publication


async def enter_villages(work: UnitOfWork, who: Member, publication_id: str, visited: int) -> Publication:
    """Enter how many villages the teams of the round went to. Raises ValueError for more than there are."""
    publication = await publication_to_prepare(work, who, publication_id)
    if not 0 <= visited <= await villages_of(work, publication.round_id):
        raise ValueError("there are not so many villages")
    return await change_prepared(work, publication, replace(prepared_of(publication), villages_visited=visited))


async def shown_content(work: UnitOfWork, publication: Publication) -> PublicRound:
    """Return what a publication makes public: as it was when approval was asked for, of a draft as it would be now.

    Raises ItemNotDone.
    """
    if publication.content is not None:
        return PublicRound.read(publication.content)
    return await _composed(work, publication)


async def ask_for_approval(work: UnitOfWork, who: Member, publication_id: str) -> Publication:
    """Freeze what is to be public, and tell those who may approve. Raises ItemNotDone, Impossible or NotEntitled."""
    publication = await _to_change(work, who, publication_id)
    state = PUBLICATION.step(publication.state, "ask_for_approval", actors_of(who))
    content = (await _composed(work, publication)).pack()
    publication.content, publication.digest = content, digest_of(content)
    publication.prepared_by_id = who.id
    _enter(work, publication, state)
    await work.session.flush()
    await _record(work, Audited.APPROVAL_ASKED, who, publication, digest=publication.digest)
    asked = [one.id for one in (await work.directory()).with_roles(*APPROVERS) if one.id != who.id]
    once = f"publication:{publication.id}:{publication.digest[:16]}"
    await work.outbox.to_each(asked, OutgoingMessage(ApprovalAsked(publication.id)), once=once)
    return publication


async def approve(work: UnitOfWork, who: Member, publication_id: str, looked_at: str) -> Publication:
    """Approve of a publication; with the second approval by another person it is public.

    Approvals count of those alone who may approve at that moment: not of somebody who has left meanwhile. `looked_at`
    is how the digest of what they looked at begins. Raises ChangedSince, NotYetApprover, ApprovedAlready, ItemNotDone,
    Impossible or NotEntitled.
    """
    publication = await _to_change(work, who, publication_id)
    PUBLICATION.step(publication.state, "approve", actors_of(who))
    since = (await work.session.get_one(Staff, who.id)).approves_from
    if since is not None and work.now < since:
        raise NotYetApprover(since)
    digest = publication.digest or ""
    if len(looked_at) < LOOKED_AT or not hmac.compare_digest(digest[: len(looked_at)], looked_at):
        raise ChangedSince
    for chosen in prepared_of(publication).items:  # an item may have been reopened, or restricted, since it was asked
        await _item_to_publish(work, publication.round_id, chosen)
    if await work.session.get(PublicationApproval, (publication_id, who.id)) is not None:
        raise ApprovedAlready
    approval = PublicationApproval(publication_id=publication_id, staff_id=who.id, digest=digest, at=work.now)
    work.session.add(approval)
    await work.session.flush()
    await _record(work, Audited.PUBLICATION_APPROVED, who, publication, digest=digest)
    if len(await approved_by(work, publication)) >= APPROVALS and await is_approved(work.session, publication):
        await _publish(work, who, publication)
    return publication


async def send_back(work: UnitOfWork, who: Member, publication_id: str) -> Publication:
    """Send a publication back to whoever prepares it: what was approved of it counts no more."""
    publication = await _to_change(work, who, publication_id)
    state = PUBLICATION.step(publication.state, "send_back", actors_of(who))
    publication.content = publication.digest = None
    await work.session.execute(delete(PublicationApproval).where(PublicationApproval.publication_id == publication_id))
    await _decide(work, who, publication, state, Audited.PUBLICATION_SENT_BACK)
    return publication


async def withdraw(work: UnitOfWork, who: Member, publication_id: str) -> Publication:
    """Take a publication from the page at once."""
    publication = await _to_change(work, who, publication_id)
    state = PUBLICATION.step(publication.state, "withdraw", actors_of(who))
    await _decide(work, who, publication, state, Audited.PUBLICATION_WITHDRAWN)
    return publication


async def discard(work: UnitOfWork, who: Member, publication_id: str) -> Publication:
    """Drop a draft. What was chosen is kept for the next one."""
    publication = await _to_change(work, who, publication_id)
    _enter(work, publication, PUBLICATION.step(publication.state, "discard", actors_of(who)))
    await work.session.flush()
    return publication


async def approved_by(work: UnitOfWork, publication: Publication) -> list[str]:
    """Return the ids of those who approved of a publication as it is, and may still approve."""
    query = select(PublicationApproval.staff_id).where(
        PublicationApproval.publication_id == publication.id, PublicationApproval.digest == publication.digest
    )
    may = approvers_of(await work.directory())
    approvals = await work.session.scalars(query.order_by(PublicationApproval.at, PublicationApproval.staff_id))
    return [staff_id for staff_id in approvals if staff_id in may]


async def is_approved(session: AsyncSession, publication: Publication) -> bool:
    """Whether two people approved of exactly what a publication holds, whether they are still there or not."""
    if publication.content is None or digest_of(publication.content) != publication.digest:
        return False
    query = select(func.count()).where(
        PublicationApproval.publication_id == publication.id, PublicationApproval.digest == publication.digest
    )
    return (await session.scalar(query) or 0) >= APPROVALS


async def _publish(work: UnitOfWork, who: Member, publication: Publication) -> None:
    query = select(Publication).where(
        Publication.round_id == publication.round_id, Publication.state == PublicationState.PUBLISHED
    )
    for earlier in list(await work.session.scalars(query)):
        _enter(work, earlier, PUBLICATION.step(earlier.state, "replace", {Actor.SYSTEM}))
    state = PUBLICATION.step(publication.state, "approve", actors_of(who), target=PublicationState.PUBLISHED)
    await _decide(work, who, publication, state, Audited.PUBLISHED, digest=publication.digest)


async def _decide(
    work: UnitOfWork, who: Member, publication: Publication, state: PublicationState, action: Audited, **detail: Any
) -> None:
    """Enter what became of a publication, and tell the office and those who may approve but for whoever did it."""
    _enter(work, publication, state)
    await work.session.flush()
    await _record(work, action, who, publication, **detail)
    told = [one.id for one in (await work.directory()).with_roles(*_ROLES) if one.id != who.id]
    await work.outbox.to_each(told, OutgoingMessage(PublicationDecided(publication.id, publication.state, who.id)))


async def _record(work: UnitOfWork, action: Audited, who: Member, publication: Publication, **detail: Any) -> None:
    await record(work, action, by=who.id, subject=publication.round_id, version=publication.version, **detail)


async def _composed(work: UnitOfWork, publication: Publication) -> PublicRound:
    prepared, round_id = prepared_of(publication), publication.round_id
    inspection_round = await work.session.get_one(Round, round_id)
    county = await work.session.get_one(County, 1)
    before, units = await _public_before(work, publication), await units_of(work, round_id)
    findings = await findings_of(work, round_id, units, before)
    satisfied = await satisfaction_of(work, round_id, units, before)
    grades = {one.unit_id: one.grade for one in prepared.grades}
    return PublicRound(
        county=county.name,
        round_id=round_id,
        round_name=inspection_round.name,
        theme=inspection_round.theme,
        stay_from=inspection_round.stay_from.isoformat(),
        stay_until=inspection_round.stay_until.isoformat(),
        version=publication.version,
        as_of=work.today.isoformat(),
        villages_visited=await _villages_visited(work, round_id, prepared),
        findings=_findings(findings.total),
        findings_as_of=findings.as_of,
        satisfied=_satisfied(satisfied.total),
        satisfied_as_of=satisfied.as_of,
        units=tuple(
            UnitResult(
                name,
                grades.get(unit_id),
                _findings(findings.by_unit.get(name)),
                _satisfied(satisfied.by_unit.get(name)),
            )
            for unit_id, name in units.items()
        ),
        items=tuple([await _public_item(work, units, round_id, one) for one in prepared.items]),
        outcomes=await public_outcomes_of(work, round_id, before),
    )


async def _item_to_publish(work: UnitOfWork, round_id: str, chosen: PreparedItem) -> RectificationItem:
    item = await work.session.get(RectificationItem, chosen.item_id)
    if item is None or not may_be_public(item, round_id):
        raise ItemNotDone(chosen.item_id)
    return item


async def _public_item(work: UnitOfWork, units: dict[str, str], round_id: str, chosen: PreparedItem) -> PublicItem:
    item = await _item_to_publish(work, round_id, chosen)
    return PublicItem(
        number=chosen.number,
        unit=units[item.unit_id],
        category=(await work.directory()).category(item.category).zh_hans,
        problem=chosen.problem,
        result=chosen.result,
        done_on=item.state_since.isoformat(),
        in_time=is_in_time(item),
        before=chosen.before,
        after=chosen.after,
    )


async def _villages_visited(work: UnitOfWork, round_id: str, prepared: Prepared) -> Share | None:
    there_are = await villages_of(work, round_id)
    if prepared.villages_visited is None or not there_are:
        return None
    return Share(min(prepared.villages_visited, there_are), there_are)


def _findings(cell: Cell | None) -> Findings | None:
    return Findings(*cell) if cell else None


def _satisfied(cell: Cell | None) -> Share | None:
    return Share(part=cell[1], whole=cell[0]) if cell else None


async def _public_before(work: UnitOfWork, publication: Publication) -> PublicRound | None:
    """Return what of the round was public last, or is: readers may have kept it."""
    earlier = Publication.version < publication.version
    last = await last_version(work, publication.round_id, Publication.state.in_(_WAS_PUBLIC), earlier)
    return PublicRound.read(last.content) if last is not None and last.content is not None else None


async def _to_change(work: UnitOfWork, who: Member, publication_id: str) -> Publication:
    """Return a publication locked for somebody's action; raise NotEntitled when there is none or it is not theirs."""
    query = select(Publication).where(Publication.id == publication_id)
    found = await work.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None or not actors_of(who):
        raise NotEntitled
    return found


def _enter(work: UnitOfWork, publication: Publication, state: PublicationState) -> None:
    publication.state, publication.since = state, work.now
