"""Notices with what a unit submitted, for its reviewers in private: the text, then each file."""

from collections.abc import Sequence
from html import escape

from handlers.actions import action_button
from handlers.items.actions import BY_NAME
from handlers.items.labels import event_text, item_numbers, number, one_line, open_button, unit_name
from handlers.items.working_papers import working_papers_row
from handlers.notices import StaffReader, renders_for_staff
from media.kinds import SUFFIXES, FileKind
from models.rectification import Evidence, RectificationItem
from models.states import ItemState
from services.access.member import Member
from services.rectification.item_file import item_file
from services.rectification.item_log import events_of
from services.rectification.notices import ItemEvidence, ItemReview
from services.rectification.unit_actions import read_evidence
from services.rectification.used_before import where_used
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Message, Upload, UploadKind


@renders_for_staff(ItemReview)
async def item_review(work: UnitOfWork, reader: StaffReader, notice: ItemReview) -> Message | None:
    """Show a reviewer what was handed in; once one of them has decided, the others see how."""
    item = await work.session.get(RectificationItem, notice.item_id)
    if item is None or not reader.who.actors_at_item(item):
        return None
    events = await events_of(work, item)
    submitted = next((event for event in reversed(events) if event.event == "submit"), None)
    if submitted is None:
        return None
    words = reader.words
    lines = [
        words("item.review_title", number=number(item), unit=await unit_name(work, item)),
        words("item.line_problem", text=one_line(item.problem, 300)),
        Html(f"<blockquote expandable>{escape(submitted.note, quote=False)}</blockquote>")
        if submitted.note
        else Html(),
        *item_numbers(words, item),
        *await used_before_lines(work, words, reader.who, (await item_file(work, item, events)).evidence),
    ]
    if item.state == ItemState.SUBMITTED:
        buttons = [action_button(words, "item", BY_NAME[name], item.id) for name in ("pass", "return")]
    else:
        later = [event for event in events if event.version > submitted.version and event.event in ("pass", "return")]
        lines += [event_text(words, event) for event in later[:1]]
        buttons = [open_button(words, item.id)]
    found = await working_papers_row(work, words, reader.who, item)  # what was found, beside what is said to be fixed
    return Message(Html("\n".join(lines)), (*found, tuple(buttons)), protect=True)


@renders_for_staff(ItemEvidence)
async def item_evidence(work: UnitOfWork, reader: StaffReader, notice: ItemEvidence) -> Message | None:
    """Show a reviewer, or whoever signs for it, one file of a submission; it cannot be passed on."""
    item, evidence, data = await read_evidence(work, reader.who, notice.evidence_id)
    words, kind = reader.words, FileKind(evidence.file_kind)
    otherwise = words("item.evidence_not_shown", number=number(item))
    shown_as = UploadKind.PHOTO if kind is FileKind.PHOTO else UploadKind.DOCUMENT
    lines = [words("item.evidence", number=number(item), kind=words.plain(f"item.evidence_{evidence.kind}"))]
    lines += await used_before_lines(work, words, reader.who, [evidence])
    return Message(Html("\n".join(lines)), protect=True, upload=Upload(shown_as, data, SUFFIXES[kind], otherwise))


async def used_before_lines(work: UnitOfWork, words: Words, who: Member, evidence: Sequence[Evidence]) -> list[Html]:
    """Return of each file that was handed in before where that was, as far as a reader may know."""
    found = []
    for one in evidence:
        used = await where_used(work, who, one)
        if used is not None and used.item_id is not None and used.day is not None:
            on = day(words, used.day, work.today)
            found.append(words("item.used_before_at", number=used.item_id, day=on))
        elif used is not None:
            found.append(words("item.used_before"))
    return list(dict.fromkeys(found))
