"""Notices to reporters who keep a reply address, opened only when they are sent."""

import asyncio
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

from handlers.notices import Reader, renders
from handlers.resident.messages import Choice
from handlers.resident.rendering import button, line_parts
from privacy.receipt import Receipt, Script
from services.cases import dialogue
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Message, Shown, Upload


@renders("reporter_question")
async def question(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    """Say what the team asks."""
    return await _about_complaint(work, reader, args, "answer", "reply", hint="resident.push_answer")


@renders("reporter_answer")
async def answer(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    """Say what the team answers, and offer to judge it."""
    return await _about_complaint(work, reader, args, "see_answer", "visit")


@renders("reporter_state")
async def state(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    """Say how the complaint stands now."""
    return await _about_complaint(work, reader, args, "see_visit", "visit")


@renders("clear")
async def cleared(_work: UnitOfWork, _reader: Reader, args: Mapping[str, Any]) -> Message | None:
    """Say that a chat was cleared, and what could not be reached."""
    if args["quietly"]:
        return None
    words = Words(args["language"])
    parts = [words("resident.cleared"), *([words("resident.cleared_draft_waits")] if args["draft_waits"] else [])]
    return Message(Html("\n\n".join(parts)), ((button(words, Choice("vanish", "vanish")),),))


@renders("receipt_picture")
async def receipt_picture(_work: UnitOfWork, _reader: Reader, args: Mapping[str, Any]) -> Message | None:
    """Draw a receipt code, to be kept among the pictures of a phone."""
    receipt = Receipt.unpack(args["receipt"])
    if receipt is None:
        return None
    words = Words(args["language"])
    title, hint = (unescape(words(f"resident.picture_{part}")) for part in ("title", "hint"))
    picture = await asyncio.to_thread(_picture, receipt.words(Script(words.language)), title, hint)
    return Message(words("resident.picture_caption"), upload=Upload(Shown.PHOTO, picture, "png"))


def _picture(words: Sequence[str], title: str, hint: str) -> bytes:
    from qr.receipt_picture import receipt_png  # with what draws, which few residents ask for

    return receipt_png(words, title, hint)


async def _about_complaint(
    work: UnitOfWork, reader: Reader, args: Mapping[str, Any], label: str, action: str, *, hint: str | None = None
) -> Message | None:
    complaint_id = str(args["complaint_id"])
    line = await dialogue.line(work, complaint_id, str(args["message_id"]))
    if line is None:
        return None
    first, *more = line_parts(reader.words, line)
    text: str = reader.words("resident.push", told=Html(first))
    if more:
        text += "\n" + reader.words("resident.push_more")
    if hint is not None:
        text += "\n\n" + reader.words(hint)
    choices = [Choice(label, action, complaint_id), Choice("untell", "untell", complaint_id)]
    if trail := args.get("trail"):
        choices.append(Choice("clear", "clear", str(trail)))
    return Message(text, tuple((button(reader.words, choice),) for choice in choices), silent=True)
