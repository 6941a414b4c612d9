"""Notices to reporters who keep a reply address, opened only when they are sent."""

import asyncio
from collections.abc import Sequence

from handlers.notices import renders
from handlers.resident.messages import Choice
from handlers.resident.rendering import button, team_message_parts
from privacy.receipt import Receipt, Script
from services.cases import dialogue
from services.cases.notices import ReporterAnswer, ReporterNotice, ReporterQuestion, ReporterState
from services.delivery.notices import ChatCleared, ReceiptPicture
from services.delivery.reader import Reader
from services.intake import visit
from services.intake.notices import ComplaintRecalled
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Message, Upload, UploadKind


@renders(ReporterQuestion)
async def question(work: UnitOfWork, reader: Reader, notice: ReporterQuestion) -> Message | None:
    """Say what the team asks."""
    return await _about_complaint(work, reader, notice, "answer", "reply", hint="resident.push_answer")


@renders(ReporterAnswer)
async def answer(work: UnitOfWork, reader: Reader, notice: ReporterAnswer) -> Message | None:
    """Say what the team answers, and offer to judge it."""
    return await _about_complaint(work, reader, notice, "see_answer", "visit")


@renders(ReporterState)
async def state(work: UnitOfWork, reader: Reader, notice: ReporterState) -> Message | None:
    """Say how the complaint stands now."""
    return await _about_complaint(work, reader, notice, "see_visit", "visit")


@renders(ChatCleared)
async def cleared(_work: UnitOfWork, _reader: Reader, notice: ChatCleared) -> Message | None:
    """Say that a chat was cleared, and what could not be reached."""
    if notice.quietly:
        return None
    words = Words(notice.language)
    parts = [words("resident.cleared"), *([words("resident.cleared_draft_waits")] if notice.draft_waits else [])]
    return Message(Html("\n\n".join(parts)), ((button(words, Choice("vanish", "vanish")),),))


@renders(ComplaintRecalled)
async def recalled(work: UnitOfWork, _reader: Reader, notice: ComplaintRecalled) -> Message | None:
    """Say whether a complaint that was taken back is deleted on the phones of the staff, too."""
    words = Words(notice.language)
    on_phones = await visit.recalled(work, notice.complaint_id)
    if on_phones.pending:
        return Message(words("resident.recalled_not_yet", count=on_phones.pending))
    if on_phones.left:
        return Message(words("resident.recalled_left", count=on_phones.left))
    return Message(words("resident.recalled_all"))


@renders(ReceiptPicture)
async def receipt_picture(_work: UnitOfWork, reader: Reader, notice: ReceiptPicture) -> Message | None:
    """Draw a receipt code, to be kept among the pictures of a phone."""
    receipt = Receipt.unpack(notice.receipt)
    if receipt is None:
        return None
    words = Words(notice.language, reader.capabilities.lacking)
    picture = await draw_receipt(receipt, words)
    upload = Upload(UploadKind.PHOTO, picture, "png", otherwise=words("resident.picture_not_shown"))
    return Message(words("resident.picture_caption"), upload=upload)


async def draw_receipt(receipt: Receipt, words: Words) -> bytes:
    """Return a receipt code as a PNG, in the script of a language."""
    title, hint = words.plain("resident.picture_title"), words.plain("resident.picture_hint")
    return await asyncio.to_thread(_picture, receipt.words(Script(words.language)), title, hint)


def _picture(words: Sequence[str], title: str, hint: str) -> bytes:
    from qr.receipt_picture import receipt_png  # with what draws, which few residents ask for

    return receipt_png(words, title, hint)


async def _about_complaint(
    work: UnitOfWork, reader: Reader, notice: ReporterNotice, label: str, action: str, *, hint: str | None = None
) -> Message | None:
    complaint_id = notice.complaint_id
    said = await dialogue.team_message(work, complaint_id, notice.message_id)
    if said is None:
        return None
    first, *more = team_message_parts(reader.words, said)
    text: str = reader.words("resident.push", told=Html(first))
    if more:
        text += "\n" + reader.words("resident.push_more")
    if hint is not None:
        text += "\n\n" + reader.words(hint)
    choices = [Choice(label, action, complaint_id), Choice("untell", "untell", complaint_id)]
    if reader.trail is not None and reader.capabilities.deletion:
        choices.append(Choice("clear", "clear", str(reader.trail)))
    return Message(text, tuple((button(reader.words, choice),) for choice in choices), silent=True)
