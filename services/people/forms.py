"""The form a staff member is filling in: one a person, kept as a row until it is sent, cancelled or too old."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from models.staff import OpenFormRow
from services.access.addresses import addresses_of
from services.intake.conversation_store import load_conversation
from services.unit_of_work import UnitOfWork

FORM_LIFETIME = timedelta(hours=12)


class SpeaksAsResident(Exception):
    """They have a complaint open in their chat: what they write there belongs to it, and must answer nothing else."""


@dataclass
class OpenForm:
    """A form as far as it is filled in. `answers` is JSON that is sealed on disk, by the names of the steps."""

    name: str
    subject_id: str | None  # a case, an item or nothing in particular
    step: str
    answers: dict[str, Any] = field(default_factory=dict)


async def save_form(work: UnitOfWork, staff_id: str, form: OpenForm) -> None:
    """Keep a form; the person's next message goes into it. One that was open before is dropped.

    Raises SpeaksAsResident: a chat has an open form or an open complaint, never both.
    """
    for address in await addresses_of(work.session, staff_id):
        if not (await load_conversation(work, address)).is_over:
            raise SpeaksAsResident
    await work.session.merge(
        OpenFormRow(
            staff_id=staff_id,
            form=form.name,
            subject_id=form.subject_id,
            sealed=work.keyring.outbox.seal_json(_record(staff_id), {"step": form.step, "answers": form.answers}),
            expires_at=work.now + FORM_LIFETIME,
        )
    )
    await work.session.flush()


async def open_form_of(work: UnitOfWork, staff_id: str) -> OpenForm | None:
    """Return the form somebody is filling in; None when there is none, or it is too old."""
    row = await work.session.get(OpenFormRow, staff_id)
    if row is None or row.expires_at <= work.now:
        return None
    content = work.keyring.outbox.open_json(_record(staff_id), row.sealed)
    if not isinstance(content.get("answers"), dict):  # written by an earlier version
        return None
    return OpenForm(row.form, row.subject_id, content["step"], content["answers"])


async def close_form(work: UnitOfWork, staff_id: str) -> None:
    """Forget the form somebody is filling in."""
    row = await work.session.get(OpenFormRow, staff_id)
    if row is not None:
        await work.session.delete(row)
        await work.session.flush()


def _record(staff_id: str) -> str:
    """Return what the sealed content is bound to."""
    return f"prompt:{staff_id}"
