"""Clusters: so many complaints about one matter within so many days that the leader should look at them together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import Select, and_, func, literal, or_, select

from models.base import UtcDateTime, coarse
from models.clusters import Cluster
from models.complaints import Case, CaseComplaint, Complaint
from models.desk import DeskKind
from models.staff import TEAM_ROLES, Role
from models.states import CaseState, NotEntitled
from services.access.member import Member
from services.cases.notices import ClusterGrows
from services.cursors import Hours
from services.outbox import OutgoingMessage
from services.unit_of_work import UnitOfWork

LISTED = 10  # clusters on a page
_READ_AT_ONCE = 30  # clusters, of which somebody may be shown fewer


@dataclass(frozen=True)
class ClusterSeen:
    """A cluster as somebody may see it: its cases that they may know of, and how often these were reported."""

    cluster: Cluster
    cases: Sequence[Case]  # those that were joined with another are left out
    times: int  # complaints, 次; of cases there are as many as are listed, 件


@dataclass(frozen=True)
class ClusterCursor:
    """The last cluster of a page."""

    raised_in: Hours
    cluster_id: str

    @classmethod
    def at(cls, cluster: Cluster) -> Self:
        return cls(Hours.of(cluster.raised_at), cluster.id)

    def pack(self) -> str:
        """Return the cursor in a few letters and digits."""
        return f"{self.raised_in}-{self.cluster_id}"

    @classmethod
    def unpack(cls, packed: str) -> Self | None:
        """Read a cursor; None when it is not one."""
        try:
            raised, cluster_id = packed.split("-")
            return cls(Hours.read(raised), cluster_id)
        except ValueError:
            return None


@dataclass(frozen=True)
class ClusterPage:
    """A page of the clusters that somebody may see, and what leads to the next one, if there is one."""

    clusters: list[ClusterSeen]
    after: ClusterCursor | None


async def join_cluster(work: UnitOfWork, case: Case, alike: Sequence[Case]) -> None:
    """Put a case to the cluster of those like it, or make one where there are enough complaints within the days.

    What is not on a team's own desk is in no cluster: a number would tell of it. Nor is what concerns another unit: who
    is shut out of that one reads the cluster. The leader is told of a new cluster,
    and again each time when it has doubled.
    """
    if case.cluster_id is not None or not _may_be_in_one(case):
        return
    near = [other for other in alike if _may_be_in_one(other) and _is_beside(other, case)]
    cluster = await _cluster_of(work, near)
    if cluster is None:
        cluster = await _new_cluster(work, case, near)
    if cluster is None:
        return
    case.cluster_id = cluster.id
    await work.session.flush()
    times = await _times(work, await cases_in(work, cluster.id))
    if times >= 2 * cluster.told_of:
        cluster.told_of = times
        await _tell(work, cluster)


async def clusters_of(work: UnitOfWork, who: Member, after: ClusterCursor | None = None) -> ClusterPage:
    """Return a page of the clusters of the teams that somebody is on, or of all for the office director; the latest
    first.
    """
    found: list[ClusterSeen] = []
    while True:
        read = list(await work.session.scalars(_clusters_after(who, after)))
        for cluster in read:
            seen = await _seen(work, who, cluster)
            if seen is not None and len(found) == LISTED:
                return ClusterPage(found, ClusterCursor.at(found[-1].cluster))
            found += [seen] if seen is not None else []
        if len(read) < _READ_AT_ONCE:
            return ClusterPage(found, None)
        after = ClusterCursor.at(read[-1])


def _clusters_after(who: Member, after: ClusterCursor | None) -> Select[Cluster]:
    query = select(Cluster).order_by(Cluster.raised_at.desc(), Cluster.id).limit(_READ_AT_ONCE)
    if not who.has(Role.OFFICE_DIRECTOR):
        query = query.where(Cluster.team_id.in_(who.teams(*TEAM_ROLES)))
    if after is not None:
        raised = literal(after.raised_in.moment, UtcDateTime)
        is_beside = and_(Cluster.raised_at == raised, Cluster.id > after.cluster_id)
        query = query.where(or_(Cluster.raised_at < raised, is_beside))
    return query


async def cluster_seen(work: UnitOfWork, who: Member, cluster_id: str) -> ClusterSeen:
    """Return a cluster as somebody may see it; raise NotEntitled when they may not."""
    cluster = await work.session.get(Cluster, cluster_id)
    is_theirs = cluster is not None and (who.has(Role.OFFICE_DIRECTOR) or cluster.team_id in who.teams(*TEAM_ROLES))
    seen = await _seen(work, who, cluster) if cluster is not None and is_theirs else None
    if seen is None:
        raise NotEntitled
    return seen


async def cases_in(work: UnitOfWork, cluster_id: str) -> list[Case]:
    """Return the cases of a cluster on its team's own desk, but for those that were joined with another."""
    return [case for case in await work.session.scalars(_cases_of(cluster_id)) if _may_be_in_one(case)]


async def _seen(work: UnitOfWork, who: Member, cluster: Cluster) -> ClusterSeen | None:
    """Return a cluster as somebody may see it; None where too little of it is left for them to be one."""
    cases = [case for case in await cases_in(work, cluster.id) if who.knows_of(case)]
    times = await _times(work, cases)
    settings = (await work.directory()).complaint_settings_of(cluster.round_id)
    return ClusterSeen(cluster, cases, times) if times >= settings.cluster_complaints else None


def _is_beside(case: Case, other: Case) -> bool:
    return (case.team_id, case.unit_id) == (other.team_id, other.unit_id)


def _may_be_in_one(case: Case) -> bool:
    return case.desk.kind is DeskKind.TEAM and case.held_until is None and case.unit_id is not None


def _cases_of(cluster_id: str) -> Select[Case]:
    standing = (Case.cluster_id == cluster_id, Case.state.not_in((CaseState.MERGED, *_NONE_AT_ALL)))
    return select(Case).where(*standing).order_by(Case.received_at, Case.id)


_NONE_AT_ALL = (CaseState.INVALID, CaseState.WITHDRAWN)


async def _cluster_of(work: UnitOfWork, cases: Collection[Case]) -> Cluster | None:
    """Return the cluster in which one of some cases is; the earliest of several."""
    ids = {case.cluster_id for case in cases} - {None}
    query = select(Cluster).where(Cluster.id.in_(ids)).order_by(Cluster.raised_at, Cluster.id).limit(1)
    return await work.session.scalar(query) if ids else None


async def _new_cluster(work: UnitOfWork, case: Case, near: Collection[Case]) -> Cluster | None:
    settings = (await work.directory()).complaint_settings_of(case.round_id)
    days = timedelta(days=settings.cluster_days)
    together = [case, *(other for other in near if abs(other.received_at - case.received_at) <= days)]
    if await _times(work, together, since=case.received_at - days) < settings.cluster_complaints:
        return None
    cluster = Cluster(
        round_id=case.round_id,
        team_id=case.team_id,
        unit_id=case.unit_id,
        category=case.category,
        raised_at=coarse(work.now),
        told_of=0,
    )
    work.session.add(cluster)
    await work.session.flush()
    for one in together:
        one.cluster_id = cluster.id
    return cluster


async def _times(work: UnitOfWork, cases: Collection[Case], *, since: datetime | None = None) -> int:
    """Return how many complaints some cases answer that were not taken back, each once."""
    query = (
        select(func.count(CaseComplaint.complaint_id.distinct()))
        .join(Complaint, Complaint.id == CaseComplaint.complaint_id)
        .where(
            CaseComplaint.case_id.in_([case.id for case in cases]),
            Complaint.withdrawn_at.is_(None),
        )
    )
    if since is not None:
        query = query.where(Complaint.received_at >= since)
    return await work.session.scalar(query) or 0


async def _tell(work: UnitOfWork, cluster: Cluster) -> None:
    known = await work.directory()
    for leader in known.with_roles(Role.TEAM_LEADER, team_id=cluster.team_id):
        if cluster.unit_id not in leader.shut_out_of:
            await work.outbox.to_staff(leader.id, OutgoingMessage(ClusterGrows(cluster.id)))
