"""Each thing that a form sends is taken in a transaction of its own, and once, however often it is sent."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import cache
from typing import TypeVar

from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncSession

from models.address import Address
from models.base import coarse
from models.database import execute, insert_into
from models.delivery import ProcessedUpdate
from models.reference import VERSION, know_version
from privacy.tags import lane, lock_key
from services.ahead import Results, with_results
from services.resources import Resources
from services.unit_of_work import UnitOfWork
from web.visitor import CHANNEL

_Taken = TypeVar("_Taken")


def sent_id(secret: bytes, form: str, *content: bytes) -> str:
    """Return the id of something that a form sent, 128 bits in hex: the same when the same is sent again.

    Somebody who goes back in their browser and writes something else sends something else.
    """
    digest = hmac.new(secret, b"xunsheng/sent/1\0" + form.encode(), hashlib.sha256)
    for part in content:
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()[:32]


async def is_first(session: AsyncSession, update_id: str, now: datetime) -> bool:
    """Note that something is taken; return whether it is for the first time.

    The version of the reference tables is read along.
    """
    values = {"channel": CHANNEL, "update_id": update_id, "done_on": coarse(now)}
    found = (await execute(session, _taking(session.get_bind().dialect.name), values)).first()
    if found is None:
        return False
    know_version(session, found.version or 0)
    return True


@cache
def _taking(dialect: str) -> Executable:
    version = VERSION.scalar_subquery().label("version")
    return insert_into(dialect, ProcessedUpdate).on_conflict_do_nothing().returning(version)


async def take_once(
    resources: Resources, sender: Address, update_id: str, take: Callable[[UnitOfWork], Awaitable[_Taken]]
) -> _Taken | None:
    """Take something in one transaction, after whatever else its sender sent; return what comes of it.

    None when it was taken before.
    """
    key = lock_key(lane(resources.keyring.lane_secret, sender))

    async def attempt(results: Results) -> _Taken | None:
        async with resources.database.transaction(key=key) as session:
            work = resources.work(session, results)
            return await take(work) if await is_first(session, update_id, work.now) else None

    return await with_results(attempt)
