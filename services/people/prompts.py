"""What a staff member is being asked for: one open question a person, kept as a row until it is answered."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from models.staff import Staff, StaffPrompt
from services.intake.drafts import load_conversation
from services.unit_of_work import UnitOfWork

PATIENCE = timedelta(hours=12)


class SpeaksAsResident(Exception):
    """They have a complaint open in their chat: what they write there belongs to it, and must answer nothing else."""


@dataclass
class Prompt:
    """An open question. `kept` is what was said so far, JSON that is sealed on disk."""

    form: str
    subject_id: str | None
    kept: dict[str, Any]


async def open_prompt(work: UnitOfWork, staff_id: str, prompt: Prompt) -> None:
    """Ask somebody something; their next message answers it. A question that was open before is dropped.

    Raises SpeaksAsResident: a chat has an open question or an open complaint, never both.
    """
    chat_id = await work.session.scalar(select(Staff.telegram_id).where(Staff.id == staff_id))
    if chat_id is not None and not (await load_conversation(work, chat_id)).is_over:
        raise SpeaksAsResident
    await work.session.merge(
        StaffPrompt(
            staff_id=staff_id,
            form=prompt.form,
            subject_id=prompt.subject_id,
            sealed=work.keyring.outbox.seal(_record(staff_id), json.dumps(prompt.kept, ensure_ascii=False).encode()),
            expires_at=work.now + PATIENCE,
        )
    )
    await work.session.flush()


async def open_prompt_of(work: UnitOfWork, staff_id: str) -> Prompt | None:
    """Return what somebody is being asked for; None when nothing is, or it was too long ago."""
    row = await work.session.get(StaffPrompt, staff_id)
    if row is None or row.expires_at <= work.now:
        return None
    return Prompt(row.form, row.subject_id, json.loads(work.keyring.outbox.open(_record(staff_id), row.sealed)))


async def close_prompt(work: UnitOfWork, staff_id: str) -> None:
    """Forget the question."""
    row = await work.session.get(StaffPrompt, staff_id)
    if row is not None:
        await work.session.delete(row)
        await work.session.flush()


def _record(staff_id: str) -> str:
    return f"prompt:{staff_id}"
