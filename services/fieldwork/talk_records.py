"""Talk records: a member talked with one person. Sealed to the round, read by the team, and each look logged."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select

from models.audit import Audited
from models.base import random_id
from models.complaints import Case
from models.fieldwork import TalkCase, TalkItem, TalkRecord
from models.rectification import RectificationItem
from models.states import NotEntitled
from services.access.member import Member
from services.audit.log import record
from services.fieldwork.places import FieldPlace, place_of, places_of
from services.fieldwork.sealed import opened, seal
from services.unit_of_work import UnitOfWork

LONGEST_POST, LONGEST_TOPICS, LONGEST_POINTS = 60, 300, 1500  # characters
MOST_LISTED = 10


@dataclass(frozen=True)
class Talk:
    """One talk, opened: the post of whom they talked with, about what, and what was found."""

    id: str
    held_on: date
    by: str
    post: str
    topics: str
    points: str
    case_ids: tuple[str, ...]  # those that its reader sees
    item_ids: tuple[str, ...]


class NothingThere(Exception):
    """What a talk is to be linked to is no case and no item of theirs."""


async def keep_talk(
    work: UnitOfWork, who: Member, key: str, post: str, topics: str, points: str, links: Sequence[str] = ()
) -> TalkRecord:
    """Keep a talk at a place, linked to cases and items by their numbers. Raises NotEntitled and NothingThere."""
    place = place_of(await work.directory(), who, key)
    cases, items = await linked(work, who, links)
    talk = TalkRecord(
        id=random_id(),
        round_id=place.round_id,
        unit_id=place.unit_id,
        team_id=place.team_id,
        by_id=who.id,
        held_on=work.today,
    )
    said = json.dumps({"post": post, "topics": topics, "points": points}, ensure_ascii=False)
    talk.sealed = seal(work, place.round_id, _record_of(talk.id), said)
    work.session.add(talk)
    await work.session.flush()
    work.session.add_all(TalkCase(talk_id=talk.id, case_id=case.id) for case in cases)
    work.session.add_all(TalkItem(talk_id=talk.id, item_id=item.id) for item in items)
    await work.session.flush()
    await record(work, Audited.TALK_KEPT, by=who.id, subject=talk.id)
    return talk


async def linked(
    work: UnitOfWork, who: Member, numbers: Sequence[str]
) -> tuple[Sequence[Case], Sequence[RectificationItem]]:
    """Return the cases and items of some numbers that somebody sees. Raises NothingThere for any other."""
    cases, items = dict[str, Case](), dict[str, RectificationItem]()
    for number in numbers:
        case = await work.session.get(Case, number)
        item = await work.session.get(RectificationItem, number)
        if case is not None and who.sees(case):
            cases[case.id] = case
        elif item is not None and who.actors_at_item(item):
            items[item.id] = item
        else:
            raise NothingThere(number)
    return list(cases.values()), list(items.values())


async def talks_at(work: UnitOfWork, place: FieldPlace) -> Sequence[TalkRecord]:
    """Return the latest talks that the team of a place held at its unit; none of them is opened."""
    query = select(TalkRecord).where(*_held_by_team_of(place))
    return list(await work.session.scalars(query.order_by(TalkRecord.held_on.desc(), TalkRecord.id).limit(MOST_LISTED)))


async def count_at(work: UnitOfWork, place: FieldPlace) -> int:
    """Return how many talks the team of a place held at its unit."""
    query = select(func.count()).select_from(TalkRecord).where(*_held_by_team_of(place))
    return await work.session.scalar(query) or 0


async def read_talk(work: UnitOfWork, who: Member, talk_id: str) -> Talk:
    """Open a talk for a member of the team at its unit, and log it. Raises NotEntitled."""
    talk = await talk_seen_by(work, who, talk_id)
    text = opened(work, talk.round_id, _record_of(talk.id), talk.sealed)
    if text is None:
        raise NotEntitled
    said, names = json.loads(text), (await work.directory()).names
    cases = select(Case).join(TalkCase, TalkCase.case_id == Case.id).where(TalkCase.talk_id == talk.id)
    items = (
        select(RectificationItem)
        .join(TalkItem, TalkItem.item_id == RectificationItem.id)
        .where(TalkItem.talk_id == talk.id)
    )
    await record(work, Audited.TALK_READ, by=who.id, subject=talk.id)
    return Talk(
        talk.id,
        talk.held_on,
        names.get(talk.by_id, talk.by_id),
        said["post"],
        said["topics"],
        said["points"],
        tuple(sorted(case.id for case in await work.session.scalars(cases) if who.sees(case))),
        tuple(sorted(item.id for item in await work.session.scalars(items) if who.actors_at_item(item))),
    )


async def talk_seen_by(work: UnitOfWork, who: Member, talk_id: str) -> TalkRecord:
    """Return a talk of somebody's own team, at a unit that they are not shut out of. Raises NotEntitled."""
    talk = await work.session.get(TalkRecord, talk_id)
    places = {(one.round_id, one.unit_id, one.team_id) for one in places_of(await work.directory(), who)}
    if talk is None or (talk.round_id, talk.unit_id, talk.team_id) not in places:
        raise NotEntitled
    return talk


def _held_by_team_of(place: FieldPlace) -> tuple[ColumnElement[bool], ...]:
    # The unit may be another team's than one of its villages.
    return (
        TalkRecord.round_id == place.round_id,
        TalkRecord.unit_id == place.unit_id,
        TalkRecord.team_id == place.team_id,
    )


def _record_of(talk_id: str) -> str:
    return f"talk:{talk_id}"
