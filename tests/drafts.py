"""What stands in the drafts that are open now, as the product would open them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.complaints import Conversation
from privacy.keyring import Keyring
from tests.deployment import Deployment


async def pieces_of_drafts(deployment: Deployment) -> list[dict[str, Any]]:
    """Return the pieces of all drafts: of each its source, kind, text and file."""
    async with deployment.database.reading() as session:
        return await pieces_opened(session, deployment.keyring)


async def pieces_opened(session: AsyncSession, keyring: Keyring) -> list[dict[str, Any]]:
    """Return the pieces of all drafts in a database, opened with a keyring."""
    rows = await session.scalars(select(Conversation))
    opened = [keyring.day(row.day).sealing.open_json(row.tag, row.sealed) for row in rows]
    return [piece for kept in opened if kept["draft"] for piece in kept["draft"]["pieces"]]
