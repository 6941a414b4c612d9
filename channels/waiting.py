"""Updates that cannot be done yet are stored, sealed, until their files are here; each chat's are done in their order.

An update whose file is to be fetched is acknowledged at once, so it holds up nobody else. What comes after it from its
chat waits behind it. The transaction that does an update deletes its row, so it is done once, by whichever process.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any, TypeAlias

from sqlalchemy import Integer, and_, bindparam, cast, delete, exists, false, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from channels.backoff import Backoff, pause
from channels.base import Channel, NotDone, ReceivedUpdate
from models.base import coarse, table_of
from models.database import execute, insert_later
from models.delivery import FailedUpdate, WaitingUpdate, is_free
from models.reference import VERSION, know_version
from privacy.seal import SealBroken
from services.resources import Resources
from services.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

LEASE_DURATION = timedelta(minutes=6)  # longer than one try: to ask for a file, to fetch it, to re-make it
LOOK_SECONDS = 60.0  # between two looks for what a process that is gone has left
LATE_SECONDS = 3.0  # after which whoever sent a file is told that it is still on its way
SHUTDOWN_GRACE_SECONDS = 5.0


@dataclass(frozen=True)
class Begun:
    """What is known of an update once its transaction has begun."""

    has_failed: bool
    is_behind: bool = False  # an earlier one of its chat waits
    only_late_files: bool = False  # nothing else of its chat waits


@dataclass(frozen=True)
class Waiting:
    """The row of an update that waits."""

    id: int
    update_id: str
    day: date
    sealed: bytes

    @property
    def record_id(self) -> str:
        """What it is sealed to."""
        return record_of(self.update_id)


@dataclass
class Patience:
    """How long there has been trouble with the updates of a chat, none of which was done since."""

    began: float = field(default_factory=lambda: asyncio.get_running_loop().time())  # seconds of the loop's clock
    transient_failures: int = 0
    uncounted_failures: int = 0  # that could not be noted
    is_told: bool = False  # whoever sent them, that a file takes long

    @property
    def seconds_left(self) -> float:
        """How long until a file is late."""
        return max(0, self.began + LATE_SECONDS - asyncio.get_running_loop().time())


# Does an update that waits. Raises NotDone when it must be tried again.
Do: TypeAlias = Callable[[ReceivedUpdate, Waiting, Patience], Awaitable[None]]
# Notes that the file of an update is late; `True`: and tells whoever sent it.
NoteLate: TypeAlias = Callable[[ReceivedUpdate, Waiting, bool], Awaitable[None]]
# Whether an update need not wait for a file that is late.
GoesAhead: TypeAlias = Callable[[ReceivedUpdate], bool]

_TABLE = table_of(WaitingUpdate)
_FAILED = table_of(FailedUpdate)
_WAITING = tuple(_TABLE.c[one.name] for one in fields(Waiting))
_OF_LANE = (_TABLE.c.channel == bindparam("own_channel"), _TABLE.c.lane == bindparam("own_lane"))
_IS_FREE = is_free(_TABLE.c.leased_until, bindparam("now"), bindparam("until"))
_FIRST = select(func.min(_TABLE.c.id)).where(*_OF_LANE).scalar_subquery()
_CLAIM = (
    update(_TABLE)
    .where(_TABLE.c.id == _FIRST, or_(_TABLE.c.id == bindparam("held"), _IS_FREE))
    .values(leased_until=bindparam("until"))
    .returning(*_WAITING)
)
_END = (
    delete(_TABLE)
    .where(_TABLE.c.id == bindparam("row"), _TABLE.c.update_id == bindparam("given_id"))
    .returning(
        VERSION.scalar_subquery().label("version"),
        exists()
        .where(_FAILED.c.channel == _TABLE.c.channel, _FAILED.c.update_id == _TABLE.c.update_id)
        .label("has_failed"),
    )
)
_BEHIND = select(*_WAITING).where(*_OF_LANE, _TABLE.c.is_file == false()).order_by(_TABLE.c.id)
_NOTE_LATE = update(_TABLE).where(_TABLE.c.id == bindparam("row")).values(is_late=True)
_LANES = select(_TABLE.c.lane).where(_TABLE.c.channel == bindparam("own_channel"), _IS_FREE).distinct()
_GIVEN_LANE = _TABLE.c.channel == bindparam("given_channel"), _TABLE.c.lane == bindparam("given_lane")
# Whether anything waits in a lane.
IS_BEHIND = exists().where(*_GIVEN_LANE)
# Whether nothing waits there but files, one of which is late; NULL when nothing does.
ONLY_LATE_FILES = (
    select(and_(func.min(cast(_TABLE.c.is_file, Integer)) == 1, func.max(cast(_TABLE.c.is_late, Integer)) == 1))
    .where(*_GIVEN_LANE)
    .scalar_subquery()
)


def record_of(update_id: str) -> str:
    """Return what the row of an update is sealed to."""
    return f"waiting:{update_id}"


def store_waiting(work: UnitOfWork, channel: Channel, received: ReceivedUpdate, lane: str) -> None:
    """Store an update that cannot be done yet, sealed with the key of the day; its chat's later ones wait behind it."""
    keys = work.keyring.day(work.today)
    row = {
        "channel": channel.name,
        "update_id": received.id,
        "lane": lane,
        "day": keys.day,
        "sealed": keys.sealing.seal(record_of(received.id), received.pack()),
        "is_file": received.file is not None,
        "came_on": coarse(work.now),
    }
    insert_later(work.session, WaitingUpdate, **row)


async def note_late(session: AsyncSession, waiting: Waiting) -> None:
    """Note that the file of an update takes long: texts need not wait for it."""
    await execute(session, _NOTE_LATE, {"row": waiting.id})


async def end_waiting(session: AsyncSession, waiting: Waiting) -> Begun | None:
    """Delete the row of an update that is done now; None when it was done before.

    The version of the reference tables is read along.
    """
    found = (await execute(session, _END, {"row": waiting.id, "given_id": waiting.update_id})).first()
    if found is None:
        return None
    know_version(session, found.version or 0)
    return Begun(found.has_failed)


async def drop_waiting(session: AsyncSession, channel: str, update_id: str) -> None:
    """Delete the row of an update that will not be done, if there is one."""
    await session.execute(delete(WaitingUpdate).where(_TABLE.c.channel == channel, _TABLE.c.update_id == update_id))


@dataclass
class _Lane:
    """A lane in which something is done."""

    task: asyncio.Task[None]
    news: asyncio.Event  # something was stored in it


class WaitingUpdates:
    """Does what waits on one channel: lanes side by side, the updates of one in their order.

    Once a file is late, what `goes_ahead` of it is done without waiting for it.
    """

    def __init__(
        self, channel: Channel, resources: Resources, do: Do, note_late: NoteLate, goes_ahead: GoesAhead
    ) -> None:
        self._channel = channel
        self._resources = resources
        self._do = do
        self._note_late = note_late
        self._goes_ahead = goes_ahead
        self._lanes: dict[str, _Lane] = {}
        self._ending = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Do what processes that are gone have left, at first all that waits, until told to stop."""
        has_begun = False
        while not stop.is_set():
            try:
                await self._resume(all_lanes=not has_begun)
                has_begun = True
            except Exception as error:  # the database may be away for a while; the rows are safe there
                log.warning("what waits cannot be read: %s", type(error).__name__)
            await pause(LOOK_SECONDS if has_begun else 1.0, stop)

    def go_on(self, lane: str) -> None:
        """Do what waits in a lane, where something was stored."""
        if lane in self._lanes:
            self._lanes[lane].news.set()
        elif not self._ending.is_set():
            news = asyncio.Event()
            task = asyncio.create_task(self._do_lane(lane, news))
            self._lanes[lane] = _Lane(task, news)
            self._resources.activity.begin(task)
            task.add_done_callback(lambda ended: self._ended(lane, ended))

    async def end(self) -> None:
        """Finish what is done within the last seconds; the rest waits on, and is done after the next start."""
        self._ending.set()
        under_way = {lane.task for lane in self._lanes.values()}
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=SHUTDOWN_GRACE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _ended(self, lane: str, task: asyncio.Task[None]) -> None:
        if self._lanes.pop(lane).news.is_set():  # stored after the last look at the lane
            self.go_on(lane)
        self._resources.activity.end(task)

    async def _do_lane(self, lane: str, news: asyncio.Event) -> None:
        """Do what waits in a lane, one after another, until nothing does or another process has it in hand."""
        patience, wait, held = Patience(), Backoff(self._ending), 0
        while not self._ending.is_set():
            try:
                news.clear()
                waiting = await self._claim(lane, held)
                if waiting is None:
                    return
                held = waiting.id
                received = await self._opened(waiting)
                if received is None or await self._is_done(lane, news, received, waiting, patience):
                    wait.reset()
                    patience = patience if patience.transient_failures else Patience()
                    continue
            except Exception as error:  # the database may be away for a while; the rows are safe there
                log.warning("what waits must be tried again: %s", type(error).__name__)
            await wait.next()

    async def _is_done(
        self, lane: str, news: asyncio.Event, received: ReceivedUpdate, waiting: Waiting, patience: Patience
    ) -> bool:
        """Try to do an update; return whether it is done."""
        doing = asyncio.ensure_future(self._do(received, waiting, patience))
        try:
            await asyncio.wait({doing}, timeout=patience.seconds_left)
            if not doing.done() and received.file is not None:
                await self._note_late(received, waiting, not patience.is_told)
                patience.is_told = True
                await self._do_ahead(lane, news, doing)
            await doing
        except NotDone:
            return False
        finally:
            doing.cancel()
        return True

    async def _do_ahead(self, lane: str, news: asyncio.Event, doing: asyncio.Future[None]) -> None:
        """While a file is late, do what came after it and need not wait, in order, up to the first that must."""
        while not doing.done():
            news.clear()
            async with self._resources.database.reading() as session:
                values = {"own_channel": self._channel.name, "own_lane": lane}
                behind = [Waiting(*tuple(row)) for row in await execute(session, _BEHIND, values)]
            for waiting in behind:
                received = await self._opened(waiting)
                if received is not None and not self._goes_ahead(received):
                    break
                if received is not None:
                    await self._do(received, waiting, Patience())
            stored = asyncio.ensure_future(news.wait())
            either: set[asyncio.Future[Any]] = {doing, stored}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            stored.cancel()

    async def _claim(self, lane: str, held: int) -> Waiting | None:
        """Lease the first row of a lane, or the one that is held anew; None when there is none, or another has it."""
        now = self._resources.now()
        values = {"own_channel": self._channel.name, "own_lane": lane, "held": held}
        values |= {"now": now, "until": now + LEASE_DURATION}
        async with self._resources.database.transaction() as session:
            found = (await execute(session, _CLAIM, values)).first()
        return None if found is None else Waiting(*tuple(found))

    async def _opened(self, waiting: Waiting) -> ReceivedUpdate | None:
        """Open what waits. One that opens no more, as the keyring is another, is dropped: None."""
        try:
            key = self._resources.keyring.day(waiting.day).sealing
            return self._channel.restored(waiting.update_id, key.open(waiting.record_id, waiting.sealed))
        except (SealBroken, ValueError) as error:
            log.error("an update that waited cannot be opened, and is dropped: %s", type(error).__name__)
        async with self._resources.database.transaction() as session:
            await drop_waiting(session, self._channel.name, waiting.update_id)
        return None

    async def _resume(self, *, all_lanes: bool) -> None:
        now = self._resources.now()
        values = {"own_channel": self._channel.name, "now": now, "until": now + LEASE_DURATION}
        async with self._resources.database.transaction() as session:
            if all_lanes:  # this process may be the only one, and was killed just before
                await session.execute(
                    update(_TABLE).where(_TABLE.c.channel == self._channel.name).values(leased_until=None)
                )
            lanes = list(await session.scalars(_LANES, values))
        for lane in lanes:
            if lane not in self._lanes:
                self.go_on(lane)
