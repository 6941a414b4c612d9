"""Notices of polls: one is over; slips to be printed."""

import asyncio

from handlers.documents import why_unprintable
from handlers.notices import StaffReader, renders_for_staff
from handlers.polls.card import poll_card
from handlers.polls.slips import drawn_slips, sheet_of
from handlers.polls.subject import ACTIONS
from qr.typesetting import MissingGlyph, TextTooLong
from services.polls.entitled import holds
from services.polls.notices import PollClosed, PollSlips
from services.polls.polls import poll_seen
from services.unit_of_work import UnitOfWork
from texts.message import Message, Upload, UploadKind


@renders_for_staff(PollClosed)
async def poll_closed(work: UnitOfWork, reader: StaffReader, notice: PollClosed) -> Message | None:
    """Show what came of a poll."""
    poll = await poll_seen(work, reader.who, notice.poll_id)
    return await poll_card(work, reader.words, reader.who, poll, ACTIONS)


@renders_for_staff(PollSlips)
async def poll_slips(work: UnitOfWork, reader: StaffReader, notice: PollSlips) -> Message | None:
    """Return the slips to be printed; nothing once the poll is over."""
    poll = await poll_seen(work, reader.who, notice.poll_id)
    if poll.closed_at is not None or not holds(await work.directory(), reader.who, poll):
        return None
    text, otherwise = reader.words("poll.slips", count=len(notice.codes)), reader.words("poll.slips_not_shown")
    try:
        drawn = await asyncio.to_thread(drawn_slips, await sheet_of(work, poll, notice.codes, notice.address))
    except (MissingGlyph, TextTooLong) as error:
        return Message(why_unprintable(reader.words, error))
    return Message(text, upload=Upload(UploadKind.DOCUMENT, drawn, "pdf", otherwise))
