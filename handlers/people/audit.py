"""The office director reads who saw what: /audit, and of one case /audit NUMBER."""

import re

from handlers.commands import command
from handlers.context import HandlerContext
from handlers.notices import renders
from models.audit import CLOCK, AuditEntry
from models.complaints import Case
from models.desk import Desk
from models.rectification import RectificationItem
from models.staff import Role
from services.access.member import Member
from services.audit.log import done_by, entries, name_of
from services.audit.notices import AuditSeal
from services.delivery.reader import Reader
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Message

ENTRIES_SHOWN = 30
_NUMBER = re.compile(r"\d{8}")


@command("audit")
async def show_audit(context: HandlerContext, who: Member) -> None:
    """Answer /audit, or /audit NUMBER."""
    if not who.has(Role.OFFICE_DIRECTOR):
        await context.say(Message(context.words("office.audit_directors_only")))
        return
    asked = "".join(context.args)
    if asked and not _NUMBER.fullmatch(asked):
        await context.say(Message(context.words("office.audit_which")))
        return
    await context.say(Message(await audit_page(context.work, context.words, who, asked or None), protect=True))


async def audit_page(work: UnitOfWork, words: Words, who: Member, case_id: str | None) -> Html:
    """Return the newest entries, or those of a case, as far as a director may know of them."""
    shown: list[Html] = []
    async for entry in await work.session.stream_scalars(entries(case_id=case_id)):
        if len(shown) == ENTRIES_SHOWN:
            shown.append(words("office.audit_more", most=ENTRIES_SHOWN))
            break
        if not await _is_kept_from(work, who, entry):
            shown.append(await _line(work, words, entry))
    if not shown:
        return words("office.audit_none")
    title = words("office.audit_of_case", number=case_id) if case_id else words("office.audit_latest")
    # No seal here: it changes with every entry, also with those that are kept from this director.
    return Html("\n".join([title, *shown]))


async def _is_kept_from(work: UnitOfWork, who: Member, entry: AuditEntry) -> bool:
    """Whether an entry is about a unit or a case that a director is shut out of, or about two of which one is.

    Or about an item that is not theirs to see: it would tell that there is one.
    """
    if entry.detail.get("unit") in who.shut_out_of:
        return True
    about = [await work.session.get(RectificationItem, one) for one in (entry.subject, entry.detail.get("item")) if one]
    if any(item is not None and not who.actors_at_item(item) for item in about):
        return True
    numbers = [one for one in (entry.case_id, entry.subject) if one and _NUMBER.fullmatch(one)]
    cases = [await work.session.get(Case, one) for one in numbers]
    return any(case is not None and who.is_shut_out(case) for case in cases)


async def _line(work: UnitOfWork, words: Words, entry: AuditEntry) -> Html:
    is_about_another = entry.subject and entry.subject != entry.by_id
    about = await _subject(work, words, entry, entry.subject or "") if is_about_another else ""
    return words(
        "office.audit_line",
        at=entry.at.astimezone(work.zone).strftime("%m-%d %H"),
        name=await _doer(work, words, entry),
        action=words(f"office.audited_{entry.action}"),
        about=" ".join(part for part in (entry.case_id, about) if part),
    )


async def _subject(work: UnitOfWork, words: Words, entry: AuditEntry, subject: str) -> str:
    """Return what an entry is about: a person, a team, or the desk to which a case went."""
    try:
        desk = Desk.parse(subject)
    except ValueError:
        return await _name_then(work, entry, subject)
    team = await name_of(work.session, desk.team_id) if desk.team_id else None
    return words(f"office.audit_desk_{desk.kind}", team=team or "")


async def _doer(work: UnitOfWork, words: Words, entry: AuditEntry) -> str:
    by = done_by(entry)
    if by is None:
        return words("office.audit_by_command")
    return words("office.audit_by_clock") if by == CLOCK else await _name_then(work, entry, by)


async def _name_then(work: UnitOfWork, entry: AuditEntry, subject_id: str) -> str:
    """Return what somebody was called when the entry was written."""
    written: str | None = entry.detail.get("names", {}).get(subject_id)
    if written is not None:
        return written
    return await name_of(work.session, subject_id) or subject_id


@renders(AuditSeal)
async def audit_seal(_work: UnitOfWork, reader: Reader, notice: AuditSeal) -> Message | None:
    return Message(reader.words("office.audit_seal_note", seal=notice.seal))
