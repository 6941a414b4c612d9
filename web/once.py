"""Each thing that a form sends is taken once, however often it is sent."""

import hashlib
import hmac
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models.base import coarse
from models.database import insert_or_ignore
from models.delivery import ProcessedUpdate
from web.visitor import CHANNEL


def sent_id(secret: bytes, form: str, *content: bytes) -> str:
    """Return the id of something that a form sent, 128 bits in hex: the same when the same is sent again.

    Somebody who goes back in their browser and writes something else sends something else.
    """
    digest = hmac.new(secret, b"xunsheng/sent/1\0" + form.encode(), hashlib.sha256)
    for part in content:
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()[:32]


async def is_first(session: AsyncSession, update_id: str, now: datetime) -> bool:
    """Note that something is taken; return whether it is for the first time."""
    return await insert_or_ignore(session, ProcessedUpdate, channel=CHANNEL, update_id=update_id, done_on=coarse(now))
