"""What stands in the drafts that are open now, as the product would open them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.complaints import ComplaintMessage, Conversation
from privacy.keyring import Keyring
from privacy.seal import SealingKey
from services.sealed_messages import opened
from storage.folder import FolderStore
from tests.deployment import Deployment


async def pieces_of_drafts(deployment: Deployment) -> list[dict[str, Any]]:
    """Return the pieces of all drafts: of each its source, kind, text and file."""
    async with deployment.database.reading() as session:
        return await pieces_opened(session, deployment.keyring)


async def pieces_opened(session: AsyncSession, keyring: Keyring) -> list[dict[str, Any]]:
    """Return the pieces of all drafts in a database, opened with a keyring."""
    rows = await session.scalars(select(Conversation))
    states = [keyring.day(row.day).sealing.open_json(row.tag, row.sealed) for row in rows]
    return [piece for kept in states if kept["draft"] for piece in kept["draft"]["pieces"]]


async def file_opened(deployment: Deployment, file_id: str) -> bytes:
    """Return a file that a resident has sent, opened with the key that stands in its draft or its message."""
    store = FolderStore(deployment.config.files.path)
    async with deployment.database.reading() as session:
        drafted = await pieces_opened(session, deployment.keyring)
        said = await session.get(ComplaintMessage, file_id)
        content = opened(deployment.work(session), "R6", said) if said is not None else None
    keys = [piece["file_key"] for piece in drafted if piece["file"] == file_id]
    keys += [content["file_key"]] if content is not None else []
    return SealingKey.from_identity(keys[0]).open(file_id, store.get(file_id))
