"""What is pushed to reporters who asked to be told here, opened only when it is sent."""

from collections.abc import Mapping
from typing import Any

from handlers.notices import Reader, renders
from handlers.resident.exchange import Choice
from handlers.resident.words_of import button, line_parts
from services.complaints import dialogue
from services.work import Work
from texts.catalogue import Html
from texts.message import Message


@renders("reporter_question")
async def question(work: Work, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    """Say what the team asks."""
    return await _told(work, reader, args, "answer", "reply", hint="resident.push_answer")


@renders("reporter_answer")
async def answer(work: Work, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    """Say what the team answers, and offer to judge it."""
    return await _told(work, reader, args, "see_answer", "visit")


@renders("reporter_state")
async def state(work: Work, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    """Say how the complaint stands now."""
    return await _told(work, reader, args, "see_visit", "visit")


async def _told(
    work: Work, reader: Reader, args: Mapping[str, Any], label: str, deed: str, *, hint: str | None = None
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
    choices = (Choice(label, deed, complaint_id), Choice("untell", "untell", complaint_id))
    return Message(text, tuple((button(reader.words, choice),) for choice in choices))
