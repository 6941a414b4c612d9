"""Sending a draft: it becomes a complaint, the complaint a case, and the resident holds the only way back."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, select

from models.address import Address
from models.base import coarse, random_id, table_of
from models.complaints import Author, Case, Complaint, ComplaintMessage, Door, MessageKind, Particular, ReplyAddress
from models.database import execute, insert_later
from models.reference import VERSION, know_version
from models.rounds import Round
from models.states import ENDED_ROUNDS
from models.urgency import Urgency
from privacy.receipt import Receipt, digest, new_receipt
from services.access.member import Member
from services.cases.case_log import open_case
from services.cases.conflicts_of_interest import readers_among
from services.cases.crisis_calls import directors_beside
from services.cases.disclosure_times import is_from_village, next_batch
from services.cases.particulars import missing_after
from services.directory import expire_directory
from services.intake.drafts import Draft
from services.intake.place import place_of
from services.intake.route import ReadBy, route, scene_of
from services.intake.understanding import Crisis, TextKind
from services.intake.understood import with_understanding
from services.sealed_address import ReplyTo
from services.sealed_messages import seal_text
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Submission:
    """What the resident is told after sending."""

    complaint_id: str
    receipt: Receipt
    texts: int
    files: int
    read_by: ReadBy
    team_name: str | None
    first_look_hours: int
    accept_days: int
    tell_me: bool
    urgency: Urgency = Urgency.NORMAL
    crises: tuple[Crisis, ...] = ()
    director_called_after: int | None = None  # minutes in which nobody has taken a crisis on; None: never


@dataclass(frozen=True)
class EnteredBy:
    """That somebody on the staff enters a matter for a person who came by another door."""

    who: Member
    door: Door


class RoundOver(Exception):
    """The round was archived, and with its archive ends the key that all of it is sealed with."""


_ROUND = select(table_of(Round).c.state).where(table_of(Round).c.id == bindparam("id")).with_for_update(read=True)
# After the lock: with the version that others have moved on while this waited for it.
_COMPLAINT = insert(table_of(Complaint)).returning(VERSION.scalar_subquery())


async def submit(work: UnitOfWork, address: Address, language: str, draft: Draft) -> Submission:
    """Turn a draft into a complaint with its case. Afterwards nothing on disk joins it to the chat, nor to the draft.

    Only a reply address does, if the resident asked to be told there: sealed, under a key of its own. Raises RoundOver.
    """
    submission, _ = await _submit(work, draft, reply_to=ReplyTo(address, language) if draft.tell_me else None)
    return submission


async def submit_for_another(work: UnitOfWork, entered: EnteredBy, draft: Draft) -> tuple[Submission, Case]:
    """Turn what somebody on the staff entered into a complaint with its case, and return both.

    The team learns of it at once: whoever entered it knows the minute, and no reporter was typing. Raises RoundOver.
    """
    return await _submit(work, draft, entered=entered)


async def _submit(
    work: UnitOfWork, draft: Draft, *, reply_to: ReplyTo | None = None, entered: EnteredBy | None = None
) -> tuple[Submission, Case]:
    # Shared by all who submit, and held until the end: its archive must not end in the middle of this.
    if (await execute(work.session, _ROUND, {"id": draft.place.round_id})).scalar_one() in ENDED_ROUNDS:
        raise RoundOver
    place = draft.place
    receipt = new_receipt()
    complaint_id = work.keyring.new_complaint_id(place.round_id)
    complaint = {
        "id": complaint_id,
        "round_id": place.round_id,
        "village_id": place.village_id,
        "receipt_digest": digest(receipt, work.keyring.receipt_secret),
        "received_at": coarse(work.now),
    }
    expire_directory(work.session)  # whose the village is may have changed while this waited
    know_version(work.session, (await execute(work.session, _COMPLAINT, complaint)).scalar_one() or 0)
    draft = replace(draft, place=await place_of(work, place.round_id, place.kind, place.place_id))
    _store_messages(work, draft, complaint_id)
    if reply_to is not None:
        await keep_reply_address(work, complaint_id, reply_to.address, reply_to.language)
    known = await work.directory()
    draft = await with_understanding(work, draft)
    scene = scene_of(known, draft)
    destination = route(scene)
    case = Case(
        round_id=draft.place.round_id,
        desk=destination.desk,
        team_id=destination.team_id,
        unit_id=draft.place.unit_id,
        village_id=draft.place.village_id,
        door=entered.door if entered else None,
        category=draft.matters[0],
        further_categories=list(draft.matters[1:]) or None,
        urgency=draft.meaning.urgency,
        missing_particulars=_missing_particulars(draft),
        concerns_head=scene.concerns_head,
        concerns_team=scene.concerns_team or scene.names_leader,
        suspected_spam=scene.advertisement,
        held_until=None if entered else await _next_batch(work, draft, hazard=scene.hazard),
    )
    named = readers_among(known, draft.meaning.staff_named)
    by = entered.who if entered else None
    await open_case(work, case, complaint_id, destination.first_action, shut_out=named, by=by)
    clocks = known.complaint_settings_of(draft.place.round_id)
    is_crisis = draft.meaning.urgency == Urgency.CRISIS
    directors = await directors_beside(work, case, named) if is_crisis else []
    submission = Submission(
        complaint_id=complaint_id,
        receipt=receipt,
        texts=sum(piece.kind == MessageKind.TEXT for piece in draft.pieces),
        files=draft.files,
        read_by=destination.read_by,
        team_name=draft.place.team_name,
        first_look_hours=clocks.first_look_emergency_hours if scene.hazard else clocks.first_look_hours,
        accept_days=clocks.accept_days,
        tell_me=draft.tell_me,
        urgency=draft.meaning.urgency,
        crises=draft.meaning.crises,
        director_called_after=known.settings.crisis.first_wait_minutes if directors else None,
    )
    return submission, case


async def keep_reply_address(work: UnitOfWork, complaint_id: str, address: Address, language: str) -> None:
    """Keep where the reporter wants to be told: sealed, and only for as long as the county keeps it."""
    settings = await work.settings()
    await work.session.merge(
        ReplyAddress(
            complaint_id=complaint_id,
            sealed=work.keyring.reply.seal(complaint_id, ReplyTo(address, language).pack()),
            expires_at=coarse(work.now) + timedelta(days=settings.privacy.reply_address_days),
        )
    )
    await work.session.flush()


async def _next_batch(work: UnitOfWork, draft: Draft, *, hazard: bool) -> datetime | None:
    """Return when the team may learn of what a resident sends now; None when at once."""
    from_village = await is_from_village(work, draft.place.village_id, [draft.place.unit_id])
    return await next_batch(work, village=from_village, hazard=hazard)


def _missing_particulars(draft: Draft) -> list[str] | None:
    """Return what a draft leaves untold of its matter; None of what asks for no check."""
    if draft.meaning.kind not in (TextKind.COMPLAINT, TextKind.ADD_TO_EARLIER, TextKind.LITIGATION):
        return None
    kinds = {piece.kind for piece in draft.pieces}
    known = draft.place.village_id is not None or draft.place.unit_id is not None
    return missing_after(list(Particular), draft.texts, kinds, place_known=known)


def _store_messages(work: UnitOfWork, draft: Draft, complaint_id: str) -> None:
    """Store what a draft says as the messages of a complaint, sealed anew; until now no row named a file of theirs."""
    key = work.keyring.complaint_key(draft.place.round_id, complaint_id)
    for position, piece in enumerate(draft.pieces):
        message_id = piece.file_id or random_id()
        insert_later(
            work.session,
            ComplaintMessage,
            id=message_id,
            complaint_id=complaint_id,
            position=position,
            author=Author.REPORTER,
            kind=piece.kind,
            sent_at=coarse(work.now),
            sealed=seal_text(key, message_id, piece.text, piece.file_key),
        )
