"""The form a staff member is filling in: one a person, kept as a row until it is sent, cancelled or too old.

What somebody writes while no form is open is kept as such a row, too, for a few minutes: it may be the reason for what
they are about to press.
"""

import hmac
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from models.address import Address
from models.database import take_turn
from models.delivery import SentMessage
from models.message_key import MessageKey, Shows
from models.recipient import Recipient
from models.staff import OpenFormRow
from privacy.tags import lock_key
from services.access.addresses import addresses_of
from services.intake.conversation_store import load_conversation
from services.outbox import say
from services.unit_of_work import UnitOfWork
from texts.message import Message

FORM_LIFETIME = timedelta(hours=12)
WORDS_LIFETIME = timedelta(minutes=10)
_WORDS = "words"  # of a row that is no form
_UNREADABLE = ""


class SpeaksAsResident(Exception):
    """They have a complaint open in their chat: what they write there belongs to it, and must answer nothing else."""


@dataclass(frozen=True)
class Question:
    """What was asked last, as HTML: where, and the name by which its message is found."""

    id: str
    text: str
    address: str

    def key(self, staff_id: str) -> MessageKey:
        """Return the key of its message."""
        return MessageKey(Shows.QUESTION, self.id, Recipient.staff(staff_id))


@dataclass
class OpenForm:
    """A form as far as it is filled in. `answers` is JSON that is sealed on disk, by the names of the steps."""

    name: str
    subject_id: str | None  # a case, an item or nothing in particular
    step: str
    answers: dict[str, Any] = field(default_factory=dict)
    question: Question | None = None


async def save_form(work: UnitOfWork, staff_id: str, form: OpenForm) -> None:
    """Keep a form; the person's next message goes into it. One that was open before is dropped.

    Raises SpeaksAsResident: a chat has an open form or an open complaint, never both.
    """
    for address in await addresses_of(work.session, staff_id):
        if (await load_conversation(work, address)).takes_all:
            raise SpeaksAsResident
    question = asdict(form.question) if form.question else None
    content = {"step": form.step, "answers": form.answers, "question": question}
    await _keep(work, staff_id, form.name, form.subject_id, content, FORM_LIFETIME)


async def keep_words(work: UnitOfWork, staff_id: str, text: str) -> None:
    """Keep for ten minutes what somebody wrote while no form is open."""
    await _keep(work, staff_id, _WORDS, None, {_WORDS: text}, WORDS_LIFETIME)


async def kept_words(work: UnitOfWork, staff_id: str) -> str | None:
    """Return what somebody wrote within the last minutes while no form was open."""
    row = await work.session.get(OpenFormRow, staff_id)
    if row is None or row.form != _WORDS or row.expires_at <= work.now:
        return None
    words: str = work.keyring.outbox.open_json(_record(staff_id), row.sealed)[_WORDS]
    return words


async def open_form_to_change(work: UnitOfWork, staff_id: str) -> OpenForm | None:
    """Return the form somebody is filling in, for an update that may change it.

    What the same person sends from a chat and from a page at once is done one after the other.
    """
    key = hmac.digest(work.keyring.lane_secret, f"xunsheng/form/1\0{staff_id}".encode(), "sha256")
    await take_turn(work.session, lock_key(key.hex()))
    return await open_form_of(work, staff_id)


async def open_form_of(work: UnitOfWork, staff_id: str) -> OpenForm | None:
    """Return the form somebody is filling in; None when there is none, or it is too old.

    One that an earlier version kept otherwise has a name that no form has: who fills it in is told that it is closed.
    """
    row = await work.session.get(OpenFormRow, staff_id)
    if row is None or row.form == _WORDS or row.expires_at <= work.now:
        return None
    content = work.keyring.outbox.open_json(_record(staff_id), row.sealed)
    try:
        asked = content["question"]
        question = Question(**asked) if asked else None
        return OpenForm(row.form, row.subject_id, content["step"], dict(content["answers"]), question)
    except (KeyError, TypeError, ValueError):
        return OpenForm(_UNREADABLE, None, "")


async def close_form(work: UnitOfWork, staff_id: str) -> None:
    """Forget the form somebody is filling in."""
    row = await work.session.get(OpenFormRow, staff_id)
    if row is not None:
        await work.session.delete(row)
        await work.session.flush()


async def close_question(
    work: UnitOfWork, staff_id: str, question: Question | None, *, replaced: int | None = None
) -> None:
    """Take the buttons from under a question: nothing is pressed there any more.

    `replaced` is the number of a message that says something else from now on.
    """
    if question is None:
        return
    address, key = Address.parse(question.address), question.key(staff_id)
    if all(one.address != address for one in (await work.directory()).addresses.get(staff_id, ())):
        return  # they gave that chat up, and what stood there was taken back
    standing = await work.session.get(SentMessage, key)
    if standing is None or standing.message_id != replaced:
        # Found when it is sent: that the question has arrived may not have been noted yet.
        await work.outbox.to_chat(address, say(Message(question.text), key=key))


async def _keep(
    work: UnitOfWork, staff_id: str, form: str, subject_id: str | None, content: dict[str, Any], lifetime: timedelta
) -> None:
    await work.session.merge(
        OpenFormRow(
            staff_id=staff_id,
            form=form,
            subject_id=subject_id,
            sealed=work.keyring.outbox.seal_json(_record(staff_id), content),
            expires_at=work.now + lifetime,
        )
    )
    await work.session.flush()


def _record(staff_id: str) -> str:
    """Return what the sealed content is bound to."""
    return f"prompt:{staff_id}"
