"""The grades of a round: computed by its score sheet, confirmed by the office director, shown to leaders, released."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import delete, select

from models.audit import Audited
from models.evaluation import ReportCard, RoundEvaluation
from models.publication import Grade
from models.rounds import Round
from models.settings import EvaluationSettings
from models.share import Share
from models.staff import Role
from models.states import EVALUATION, EvaluationState, Impossible, NotEntitled, RoundState
from services.access.member import Member
from services.audit.log import record
from services.directory import Directory, RoundRecord
from services.evaluation.counts import ItemCounts, counts_of_items, counts_of_units, sum_of, topics_of_units
from services.evaluation.entitled import LEADERS, CardView, actors_of, has_to_do_with_grades, oversees, view_of
from services.evaluation.notices import GradesConfirmed, ReportCardReleased
from services.evaluation.score_sheet import Criterion, Score, UnitCounts, place_beside, places, score
from services.outbox import OutgoingMessage
from services.unit_of_work import UnitOfWork

# In which there are items to be graded.
GRADED_ROUNDS = frozenset(
    {RoundState.FEEDBACK, RoundState.INTENSIVE_RECTIFICATION, RoundState.EVALUATING, RoundState.ARCHIVED}
)


class ChangedSince(Exception):
    """The grades were computed anew since somebody looked at them."""


@dataclass(frozen=True)
class UnitCard:
    """A unit's report card as somebody sees it."""

    id: str
    round_id: str
    unit_id: str
    grade: Grade
    counts: UnitCounts
    score: Score | None  # none: its points are not told
    place: int | None  # none: it is not told
    of_units: int
    topics: Mapping[str, int]


@dataclass(frozen=True)
class GradedRound:
    """A round with its grades as somebody sees them, the best unit first; none are there before they are computed."""

    round: RoundRecord
    evaluation: RoundEvaluation | None
    cards: tuple[UnitCard, ...]


async def rounds_with_grades(work: UnitOfWork, who: Member) -> list[RoundRecord]:
    """Return the rounds of which somebody sees grades, the newest first: for the office also those without any yet."""
    known = await work.directory()
    evaluations = {one.round_id: one for one in await work.session.scalars(select(RoundEvaluation))}
    units = select(ReportCard)
    if not oversees(who) and not who.has(Role.COUNTY_LEADER):
        units = units.where(ReportCard.unit_id.in_(_units_near(known, who)))
    seen = {
        card.round_id
        for card in await work.session.scalars(units)
        if view_of(known, who, evaluations[card.round_id], card) is not None
    }
    graded = [one for one in known.rounds.values() if one.id in seen or (who.is_office and one.state in GRADED_ROUNDS)]
    return sorted(graded, key=lambda one: (one.stay_from, one.id), reverse=True)


async def graded_round(work: UnitOfWork, who: Member, round_id: str) -> GradedRound:
    """Return a round with its grades, as far as somebody sees them. Raises NotEntitled."""
    known = await work.directory()
    found = known.rounds.get(round_id)
    if found is None or not has_to_do_with_grades(who):
        raise NotEntitled
    evaluation = await work.session.get(RoundEvaluation, round_id)
    if evaluation is None:
        if not who.is_office or found.state not in GRADED_ROUNDS:
            raise NotEntitled
        return GradedRound(found, None, ())
    of_round = select(ReportCard).where(ReportCard.round_id == round_id)
    rows = list(await work.session.scalars(of_round.order_by(ReportCard.place, ReportCard.unit_id)))
    of_units = max(1, sum(not row.is_apart for row in rows))
    cards = [one for row in rows if (one := _seen(known, who, evaluation, row, of_units)) is not None]
    if not cards and not who.is_office:
        raise NotEntitled
    return GradedRound(found, evaluation, tuple(cards))


async def report_card(work: UnitOfWork, who: Member, card_id: str) -> UnitCard:
    """Return a unit's report card as somebody sees it. Raises NotEntitled."""
    row = await work.session.get(ReportCard, card_id)
    if row is None:
        raise NotEntitled
    cards = (await graded_round(work, who, row.round_id)).cards
    found = next((one for one in cards if one.id == card_id), None)
    if found is None:
        raise NotEntitled
    return found


async def compute(work: UnitOfWork, who: Member, round_id: str) -> RoundEvaluation:
    """Count and grade the units of a round by its score sheet, in place of what was computed before.

    Raises Impossible or NotEntitled.
    """
    evaluation = await _to_change(work, who, round_id)
    inspection_round = await work.session.get_one(Round, round_id)
    if inspection_round.state not in GRADED_ROUNDS:
        raise Impossible("compute", inspection_round.state)
    sheet = (await work.directory()).evaluation_settings_of(round_id)
    if evaluation is None:
        evaluation = RoundEvaluation(round_id=round_id, state=EvaluationState.COMPUTED, version=0)
        EVALUATION.step(EvaluationState.COMPUTED, "compute", actors_of(who))
        work.session.add(evaluation)
    else:
        evaluation.state = EVALUATION.step(evaluation.state, "compute", actors_of(who))
    evaluation.sheet, evaluation.computed_on = asdict(sheet), work.today
    evaluation.version += 1
    await work.session.flush()
    await _put_cards(work, round_id, await _cards_of(work, round_id, sheet))
    await record(work, Audited.GRADES_COMPUTED, by=who.id, subject=round_id, version=evaluation.version)
    return evaluation


async def confirm(work: UnitOfWork, who: Member, round_id: str, version: int) -> RoundEvaluation:
    """Confirm the grades that somebody looked at; from then on leaders see them.

    Raises Impossible, NotEntitled, ChangedSince.
    """
    evaluation = await _existing(work, who, round_id, "confirm")
    state = EVALUATION.step(evaluation.state, "confirm", actors_of(who))
    inspection_round = await work.session.get_one(Round, round_id)
    if inspection_round.state is not RoundState.EVALUATING:
        raise Impossible("confirm", inspection_round.state)
    if evaluation.version != version:
        raise ChangedSince
    evaluation.state, evaluation.confirmed_at, evaluation.confirmed_by_id = state, work.now, who.id
    await work.session.flush()
    await record(work, Audited.GRADES_CONFIRMED, by=who.id, subject=round_id, version=version)
    leaders = [one.id for one in (await work.directory()).with_roles(*LEADERS) if one.id != who.id]
    await work.outbox.to_each(leaders, OutgoingMessage(GradesConfirmed(round_id)))
    return evaluation


async def reconsider(work: UnitOfWork, who: Member, round_id: str) -> RoundEvaluation:
    """Take a confirmation back, before any unit was told. Raises Impossible or NotEntitled."""
    evaluation = await _existing(work, who, round_id, "reconsider")
    evaluation.state = EVALUATION.step(evaluation.state, "reconsider", actors_of(who))
    evaluation.confirmed_at = evaluation.confirmed_by_id = None
    await work.session.flush()
    await record(work, Audited.GRADES_RECONSIDERED, by=who.id, subject=round_id, version=evaluation.version)
    return evaluation


async def release(work: UnitOfWork, who: Member, round_id: str, *, with_places: bool) -> RoundEvaluation:
    """Tell each unit its own report card, with its place only if that is wanted. Raises Impossible or NotEntitled."""
    evaluation = await _existing(work, who, round_id, "release")
    evaluation.state = EVALUATION.step(evaluation.state, "release", actors_of(who))
    evaluation.released_at, evaluation.with_places = work.now, with_places
    await work.session.flush()
    await record(work, Audited.GRADES_RELEASED, by=who.id, subject=round_id, with_places=with_places)
    known = await work.directory()
    for card in list(await work.session.scalars(select(ReportCard).where(ReportCard.round_id == round_id))):
        people = known.with_roles(Role.UNIT_HEAD, Role.LIAISON, unit_id=card.unit_id)
        notice = ReportCardReleased(card.id)
        await work.outbox.to_each((one.id for one in people), OutgoingMessage(notice), once=f"grade:{card.id}")
    return evaluation


def totals(cards: tuple[UnitCard, ...]) -> dict[Criterion, Share]:
    """Return how far each criterion is met by all units together."""
    shares = {one: [card.counts.share(one) for card in cards] for one in Criterion}
    return {
        one: Share(sum(share.part for share in found), sum(share.whole for share in found))
        for one, found in shares.items()
    }


def _seen(
    known: Directory, who: Member, evaluation: RoundEvaluation, row: ReportCard, of_units: int
) -> UnitCard | None:
    view = view_of(known, who, evaluation, row)
    if view is None:
        return None
    counts = _counts_for(who, view, row)
    shows_place = view is not CardView.OWN or evaluation.with_places
    return UnitCard(
        row.id,
        row.round_id,
        row.unit_id,
        row.grade,
        counts,
        score(counts, EvaluationSettings.from_json(evaluation.sheet)) if view.has_points else None,
        row.place if shows_place else None,
        of_units,
        row.topics if view.has_topics else {},
    )


async def _cards_of(work: UnitOfWork, round_id: str, sheet: EvaluationSettings) -> list[ReportCard]:
    """Return the report cards of the units that have items in a round.

    A unit all of whose items lie on desks for one pair of eyes is graded by these, for itself and who leads one of
    them; in what others are shown it is not counted, and takes no place.
    """
    items, topics = await counts_of_items(work, round_id), await topics_of_units(work, round_id)
    counts = counts_of_units(items)
    scores = {unit_id: score(one, sheet) for unit_id, one in counts.items()}
    apart = {unit_id: score(sum_of(items[unit_id]), sheet) for unit_id in items.keys() - counts.keys()}
    by_place = places(scores) | {unit_id: place_beside(found, scores) for unit_id, found in apart.items()}
    return [
        ReportCard(
            round_id=round_id,
            unit_id=unit_id,
            grade=found.grade,
            place=by_place[unit_id],
            counts=counts.get(unit_id, UnitCounts()).pack(),
            items=[one.pack() for one in items[unit_id]],
            topics=topics.get(unit_id, {}),
        )
        for unit_id, found in sorted((scores | apart).items())
    ]


def _counts_for(who: Member, view: CardView, row: ReportCard) -> UnitCounts:
    """Return what is counted of those items of a unit that somebody reads, as it was on the day.

    Its own people read all, and a leader what they lead, also from a desk for one pair of eyes; nobody else reads an
    item because of a case that names them.
    """
    counts, is_own = UnitCounts.read(row.counts), view is CardView.OWN
    for one in map(ItemCounts.read, row.items):
        is_kept_away = not is_own and one.item_id in who.shut_out_of_items
        if one.is_apart and not is_kept_away and (is_own or who.id in one.leaders):
            counts += one.counts
        elif is_kept_away and not one.is_apart:
            counts -= one.counts
    return counts


def _units_near(known: Directory, who: Member) -> set[str]:
    """Return the units whose cards may be theirs to see: their own, and those at which they are stationed."""
    teams = set(who.teams(Role.TEAM_LEADER, Role.TEAM_MEMBER))
    stationed = {unit for units in known.assignments.values() for unit, team in units.items() if team in teams}
    return {*who.units(Role.UNIT_HEAD, Role.LIAISON), *stationed}


async def _put_cards(work: UnitOfWork, round_id: str, cards: Sequence[ReportCard]) -> None:
    """Put cards in place of those of a round; a unit's keeps its id."""
    query = select(ReportCard.unit_id, ReportCard.id).where(ReportCard.round_id == round_id)
    ids = {row.unit_id: row.id for row in await work.session.execute(query)}
    await work.session.execute(delete(ReportCard).where(ReportCard.round_id == round_id))
    for card in cards:
        if card.unit_id in ids:
            card.id = ids[card.unit_id]
        work.session.add(card)
    await work.session.flush()


async def _to_change(work: UnitOfWork, who: Member, round_id: str) -> RoundEvaluation | None:
    """Return the evaluation of a round to change it, if there is one; the round is locked. Raises NotEntitled."""
    if not actors_of(who) or round_id not in (await work.directory()).rounds:
        raise NotEntitled
    await work.session.get_one(Round, round_id, with_for_update={"key_share": True})
    query = select(RoundEvaluation).where(RoundEvaluation.round_id == round_id)
    return await work.session.scalar(query.with_for_update().execution_options(populate_existing=True))


async def _existing(work: UnitOfWork, who: Member, round_id: str, action: str) -> RoundEvaluation:
    evaluation = await _to_change(work, who, round_id)
    if evaluation is None:
        raise Impossible(action, "not computed")
    return evaluation
