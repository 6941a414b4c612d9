"""Finds cases among all that somebody may see, the newest first: by what their columns tell and what was said in them.

Texts are sealed, so they are opened to be looked through: in a thread, a portion at a time, and no more of them at once
than MOST_LOOKED_AT cases. Nothing of what is opened is kept. It is looked through as its reader would be shown it: what
leads to a person is masked, and whoever looks for a name or a number does not find the reporter who has it.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Self

from sqlalchemy import ColumnElement, Select, false, select, true, tuple_

from models.audit import Audited
from models.complaints import Author, Case, CaseComplaint, CaseNote, Complaint, ComplaintMessage
from models.desk import Desk
from models.staff import CaseSearch
from models.states import CaseState, NotEntitled
from privacy.keyring import Keyring, KeyringError
from privacy.seal import SealBroken
from services.access.grants import granted_by_desk
from services.access.member import Member
from services.audit.log import record, seal_now
from services.cases.masking import blanked, hidden
from services.cases.notes import note_in
from services.cases.notices import SearchedOften
from services.cases.queues import not_hidden_from, overseen_desks
from services.cases.search_words import SearchQuery, compared, read_search
from services.delivery.directors import tell_directors
from services.outbox import OutgoingMessage
from services.packing import pack, unpack
from services.unit_of_work import UnitOfWork
from texts.catalogue import SOURCE

PAGE_SIZE = 8
MOST_LOOKED_AT = 2000  # cases whose texts are opened for one search
MOST_FOUND = 200  # cases that one search brings
MOST_A_DAY = 40  # searches in texts by one member, before the directors hear of it
LIFETIME = timedelta(hours=12)
_PORTION = 100  # cases whose texts are opened at one go: some tens of milliseconds
_BETWEEN = "\0"  # stands in no word that is looked for


class NoTexts(Exception):
    """Somebody is shown cases by grants alone, and so looks through no texts."""


@dataclass(frozen=True)
class Place:
    """A case's place among the newest: the hour in which it came, and its number."""

    received_at: datetime
    case_id: str

    def pack(self) -> str:
        """Return it in letters and digits."""
        return f"{self.received_at.astimezone(UTC):%Y%m%d%H}-{self.case_id}"

    @classmethod
    def unpack(cls, packed: str) -> Self:
        """Read what `pack` returned."""
        hour, _, case_id = packed.partition("-")
        return cls(datetime.strptime(hour, "%Y%m%d%H").replace(tzinfo=UTC), case_id)


@dataclass(frozen=True)
class Search:
    """What somebody looked for last, and what was found. `typed` is in their words; `after` leads further back."""

    typed: str
    found: tuple[str, ...] = ()  # numbers, the newest first
    in_texts: bool = False  # whether texts were looked through
    looked_at: int = 0  # cases, since the search began
    after: str = ""  # the last case that was looked at, if there are more
    day: str = ""
    searches: int = 0  # in texts, on that day


@dataclass(frozen=True)
class FoundPage:
    """A page of what was found, as its reader may see it now."""

    search: Search
    cases: Sequence[Case]
    count: int  # of all pages
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.count // PAGE_SIZE))


@dataclass(frozen=True)
class _Candidate:
    """A case that may be what is looked for."""

    case_id: str
    round_id: str
    place: Place


@dataclass(frozen=True)
class _Sealed:
    """What was said in a case, as it is stored: of each message its complaint, its author, its id, and what it says."""

    round_id: str
    messages: Sequence[tuple[str, Author, str, bytes]]
    notes: Sequence[tuple[str, bytes]]


async def search(work: UnitOfWork, who: Member, typed: str, state_names: Mapping[CaseState, Sequence[str]]) -> Search:
    """Look for cases and keep what was found, for its pages. Raises TooShort, NoTexts and NotEntitled.

    Raises ResultMissing, to be done anew with what was worked out meanwhile.
    """
    query = await read_search(work, typed, state_names)
    return await _search(work, who, Search(typed), query)


async def search_further(
    work: UnitOfWork, who: Member, state_names: Mapping[CaseState, Sequence[str]]
) -> Search | None:
    """Go on with the last search where it ended; None when there is none, or nothing is left. Raises as `search`."""
    last = await last_search(work, who)
    if last is None or not last.after:
        return None
    return await _search(work, who, last, await read_search(work, last.typed, state_names))


async def last_search(work: UnitOfWork, who: Member) -> Search | None:
    """Return what somebody looked for last; None when that is too long ago."""
    row = await work.session.get(CaseSearch, who.id)
    if row is None or row.expires_at <= work.now:
        return None
    try:
        return unpack(Search, work.keyring.outbox.open_json(_record_of(who.id), row.sealed))
    except (TypeError, ValueError):  # of another version
        return None


async def found_page(work: UnitOfWork, who: Member, number: int) -> FoundPage | None:
    """Return a page of what was found last, without what somebody may not see any more; None when there is none."""
    last = await last_search(work, who)
    if last is None:
        return None
    rows = await work.session.scalars(select(Case).where(Case.id.in_(last.found)))
    seen = {case.id: case for case in rows if _is_theirs(who, last, case)}
    cases = [seen[case_id] for case_id in last.found if case_id in seen]
    number = min(max(number, 1), max(1, -(-len(cases) // PAGE_SIZE)))
    return FoundPage(last, cases[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], len(cases), number)


def _is_theirs(who: Member, last: Search, case: Case) -> bool:
    """Whether a case that was found may still be shown: one that was found by its words, to who reads all of it."""
    return case.desk in who.desks and who.reads(case) if last.in_texts else who.knows_of(case)


def require_searcher(who: Member) -> None:
    """Raise NotEntitled for whoever is shown no cases."""
    if not who.is_shown_cases:
        raise NotEntitled


async def _search(work: UnitOfWork, who: Member, begun: Search, query: SearchQuery) -> Search:
    require_searcher(who)
    if query.texts and not who.desks:
        raise NoTexts
    candidates, is_all = await _candidates(work, who, query, begun.after)
    found, looked_at = list[str](), 0
    for portion in _portions(candidates):
        found += await _fitting(work, who, query, portion) if query.texts else [one.case_id for one in portion]
        looked_at += len(portion)
        if len(found) >= MOST_FOUND:
            break
    is_over = is_all and looked_at == len(candidates)
    done = replace(
        begun,
        found=tuple(found),
        in_texts=bool(query.texts),
        looked_at=begun.looked_at + looked_at,
        after="" if is_over else candidates[looked_at - 1].place.pack(),
    )
    done = await _counted(work, who, done)
    sealed = work.keyring.outbox.seal_json(_record_of(who.id), pack(done))
    await work.session.merge(CaseSearch(staff_id=who.id, sealed=sealed, expires_at=work.now + LIFETIME))
    await work.session.flush()
    return done


async def _counted(work: UnitOfWork, who: Member, done: Search) -> Search:
    """Write down that texts were looked through, not for which words; the directors hear of it when it is often."""
    last, today = await last_search(work, who), work.today.isoformat()
    before = last.searches if last is not None and last.day == today else 0
    if not done.in_texts:
        return replace(done, day=today, searches=before)
    await record(work, Audited.SEARCHED, by=who.id)
    if before == MOST_A_DAY:
        await tell_directors(work, OutgoingMessage(SearchedOften(who.id, str(await seal_now(work.session)))))
    return replace(done, day=today, searches=before + 1)


async def _candidates(work: UnitOfWork, who: Member, query: SearchQuery, after: str) -> tuple[list[_Candidate], bool]:
    """Return the newest cases that fit by their columns, after a place, and whether these are all."""
    name = ("search: candidates", who.id, query, after)
    known: tuple[list[_Candidate], bool] | None = work.results.known(name)
    if known is not None:
        return known
    most = MOST_LOOKED_AT if query.texts else MOST_FOUND
    walked: list[tuple[Desk, ColumnElement[bool]]] = [(desk, true()) for desk in who.desks]
    if not query.texts:  # who only knows that a case exists does not learn which words are in it
        walked += [(desk, true()) for desk in await overseen_desks(work, who) if desk not in who.desks]
        walked += [(desk, granted) for desk, granted in granted_by_desk(who).items() if desk not in who.desks]
    walks = [
        [
            _Candidate(case_id, round_id, Place(received_at, case_id))
            for case_id, round_id, received_at in await work.session.execute(
                _newest(work, who, query, after).where(Case.desk == desk, condition).limit(most + 1)
            )
        ]
        for desk, condition in walked
    ]
    newest = list(heapq.merge(*walks, key=_order, reverse=True))[: most + 1]
    found = newest[:most], len(newest) <= most
    work.results.keep(name, found)
    return found


def _newest(work: UnitOfWork, who: Member, query: SearchQuery, after: str) -> Select[str, str, datetime]:
    conditions = [*query.conditions(work, who.id), *not_hidden_from(who)]
    if query.texts:
        conditions += [Case.is_erased == false(), Case.state != CaseState.MERGED]  # what was said there is the head's
    if after:
        place = Place.unpack(after)
        conditions.append(tuple_(Case.received_at, Case.id) < tuple_(place.received_at, place.case_id))
    return (
        select(Case.id, Case.round_id, Case.received_at)
        .where(*conditions)
        .order_by(Case.received_at.desc(), Case.id.desc())
    )


def _order(one: _Candidate) -> tuple[datetime, str]:
    return one.place.received_at, one.case_id


def _portions(candidates: Sequence[_Candidate]) -> Iterator[Sequence[_Candidate]]:
    for start in range(0, len(candidates), _PORTION):
        yield candidates[start : start + _PORTION]


async def _fitting(work: UnitOfWork, who: Member, query: SearchQuery, portion: Sequence[_Candidate]) -> list[str]:
    """Return those of some cases in which all words are said."""
    name = ("search: portion", who.id, query, portion[0].case_id, portion[-1].case_id)
    known: list[str] | None = work.results.known(name)
    if known is not None:
        return known
    sealed = await _sealed(work, portion)
    return work.results.get(name, partial(_saying, work.keyring, sealed, query.texts), takes_long=True)


async def _sealed(work: UnitOfWork, portion: Sequence[_Candidate]) -> dict[str, _Sealed]:
    """Return what was said in some cases, and noted about them, as it is stored; what was withdrawn is left out."""
    ids = [one.case_id for one in portion]
    messages: dict[str, list[tuple[str, Author, str, bytes]]] = defaultdict(list)
    said = (
        select(
            CaseComplaint.case_id, Complaint.id, ComplaintMessage.author, ComplaintMessage.id, ComplaintMessage.sealed
        )
        .join(Complaint, Complaint.id == CaseComplaint.complaint_id)
        .join(ComplaintMessage, ComplaintMessage.complaint_id == Complaint.id)
        .where(CaseComplaint.case_id.in_(ids), Complaint.withdrawn_at.is_(None), ComplaintMessage.held_until.is_(None))
        .order_by(Complaint.id, ComplaintMessage.position)
    )
    for case_id, complaint_id, author, message_id, content in await work.session.execute(said):
        messages[case_id].append((complaint_id, author, message_id, content))
    notes: dict[str, list[tuple[str, bytes]]] = defaultdict(list)
    noted = select(CaseNote.case_id, CaseNote.id, CaseNote.sealed).where(CaseNote.case_id.in_(ids))
    for case_id, note_id, content in await work.session.execute(noted):
        notes[case_id].append((note_id, content))
    return {one.case_id: _Sealed(one.round_id, messages[one.case_id], notes[one.case_id]) for one in portion}


def _saying(keyring: Keyring, sealed: Mapping[str, _Sealed], words: Sequence[str]) -> list[str]:
    """Return the cases in which all words are said that stand there as a reader is shown it. Run in a thread."""
    return [case_id for case_id, one in sealed.items() if _says(keyring, one, words)]


def _says(keyring: Keyring, one: _Sealed, words: Sequence[str]) -> bool:
    opened = [
        (complaint_id, author, text)
        for complaint_id, author, message_id, content in one.messages
        if (text := _text_of(keyring, one.round_id, complaint_id, message_id, content))
    ]
    noted = [note for note_id, content in one.notes if (note := note_in(keyring, one.round_id, note_id, content))]
    written = [text for _, author, text in opened if author == Author.REPORTER]
    if not _holds([*written, *noted], words):  # masked it does not either, and to mask takes longest
        return False
    shown = hidden([text for _, _, text in opened], SOURCE, [(by, author) for by, author, _ in opened])
    shown = [text for text, (_, author, _) in zip(shown, opened, strict=True) if author == Author.REPORTER]
    shown += [masked for note in noted for masked in hidden([note], SOURCE)]
    return _holds(map(blanked, shown), words)


def _text_of(keyring: Keyring, round_id: str, complaint_id: str, message_id: str, sealed: bytes) -> str:
    """Return what a message says; nothing where it does not open."""
    try:
        content = keyring.complaint_key(round_id, complaint_id).open_json(message_id, sealed)
    except (KeyringError, SealBroken):
        return ""
    return content.get("text") or ""


def _holds(texts: Iterable[str], words: Sequence[str]) -> bool:
    whole = _BETWEEN.join(map(compared, texts))
    return all(word in whole for word in words)


def _record_of(staff_id: str) -> str:
    """Return what the sealed content is bound to."""
    return f"search:{staff_id}"
