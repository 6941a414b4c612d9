"""How the grades of a round read, and the report card of one unit."""

from handlers.actions import Action, action_button, button
from handlers.press import Press
from handlers.shares import grade_name, share
from models.publication import Grade
from models.states import EVALUATION
from services.access.member import Member
from services.evaluation.entitled import actors_of
from services.evaluation.evaluate import GradedRound, UnitCard, totals
from services.evaluation.score_sheet import Criterion, Score, UnitCounts, shown_points
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Button, Message, in_rows

AREA = "grade"
CARD = "reportcard"
LISTED = 10  # units on one page


async def round_card(
    work: UnitOfWork, words: Words, who: Member, found: GradedRound, actions: tuple[Action, ...], start: int = 0
) -> Message:
    """Return the grades of a round: where they stand, how many there are of each, and the units in their order."""
    known, evaluation = await work.directory(), found.evaluation
    lines = [words("grade.title", round=found.round.name)]
    if evaluation is None:
        lines.append(words("grade.not_computed"))
        return Message(Html("\n".join(lines)), _rows(words, who, found, actions, []))
    lines.append(words("grade.computed_on", day=day(words, evaluation.computed_on, work.today)))
    if evaluation.confirmed_at is not None and evaluation.confirmed_by_id is not None:
        lines.append(
            words(
                "grade.confirmed",
                name=known.names[evaluation.confirmed_by_id],
                day=day(words, evaluation.confirmed_at.astimezone(work.zone).date(), work.today),
            )
        )
    lines.append(words(f"grade.state_{evaluation.state}"))
    if len(found.cards) > 1:
        lines.append(_counts(words, found))
        lines += [
            words(f"grade.criterion_{criterion}", share=share(words, shown))
            for criterion, shown in totals(found.cards).items()
            if shown.whole
        ]
    page = found.cards[start : start + LISTED]
    lines += [_unit_line(words, known.units[one.unit_id].name, one) for one in page]
    buttons = [Button(known.units[one.unit_id].name, Press(CARD, "open", one.id).pack()) for one in page]
    rows: list[tuple[Button, ...]] = [(one,) for one in buttons]
    if len(found.cards) > start + LISTED:
        more = Press(AREA, "page", found.round.id, str(start + LISTED)).pack()
        rows.append((button(words, "grade.button_more", more),))
    return Message(Html("\n".join(lines)), _rows(words, who, found, actions, rows))


async def unit_card(work: UnitOfWork, words: Words, one: UnitCard) -> Message:
    """Return the report card of a unit: its grade with its sums, its items and cards, what its complaints are about."""
    known, counts = await work.directory(), one.counts
    lines = [
        words("grade.card_title", unit=known.units[one.unit_id].name, round=known.rounds[one.round_id].name),
        words("grade.card_grade", grade=grade_name(words, one.grade)),
    ]
    if one.place is not None:
        lines.append(words("grade.card_place", place=one.place, units=one.of_units))
    lines.append(words("grade.card_items", items=counts.items, overdue=counts.overdue, long_term=counts.long_term))
    lines.append(words("grade.card_cards", yellow=counts.yellow, red=counts.red))
    lines += [Html(), *(shares_of(words, counts) if one.score is None else sums_of(words, one.score))]
    if one.topics:
        lines += [Html(), words("grade.card_topics")]
        lines += [
            words("grade.card_topic", name=known.category(category).name_in(words.language), count=count)
            for category, count in sorted(one.topics.items(), key=lambda topic: (-topic[1], topic[0]))
        ]
    back_to_round = button(words, "grade.button_round", Press(AREA, "open", one.round_id).pack())
    return Message(Html("\n".join(lines)), ((back_to_round,),))


def sums_of(words: Words, found: Score) -> list[Html]:
    """Return the score sheet, a line for each criterion, and the sum."""
    lines = [words("grade.sheet_title")]
    for line in found.lines:
        name = words(f"grade.criterion_name_{line.criterion}")
        if line.is_counted:
            points = shown_points(line.points)
            lines.append(
                words("grade.sheet_line", name=name, share=share(words, line.share), points=points, most=line.most)
            )
        else:
            lines.append(words("grade.sheet_left_out", name=name))
    return [
        *lines,
        words(
            "grade.sheet_sum",
            points=shown_points(found.points),
            most=found.most,
            percent=shown_points(100 * found.rate),
        ),
    ]


def shares_of(words: Words, counts: UnitCounts) -> list[Html]:
    """Return how far each criterion is met, of which there is anything to count."""
    shares = [(criterion, counts.share(criterion)) for criterion in Criterion]
    return [
        words(f"grade.criterion_{criterion}", share=share(words, shown)) for criterion, shown in shares if shown.whole
    ]


def _rows(
    words: Words, who: Member, found: GradedRound, actions: tuple[Action, ...], rows: list[tuple[Button, ...]]
) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons of a round's grades: what may be done with them, and the units."""
    offered = [one for one in actions if one.label and is_offered(one, who, found)]
    return (*in_rows([_button(words, one, found) for one in offered], 2), *rows)


def is_offered(action: Action, who: Member, found: GradedRound) -> bool:
    """Whether an action has a button on somebody's card of a round's grades."""
    if found.evaluation is None:
        return action.transition == "compute" and bool(actors_of(who))
    return action.transition in EVALUATION.actions(found.evaluation.state, actors_of(who))


def _button(words: Words, action: Action, found: GradedRound) -> Button:
    if action.name != "confirm" or found.evaluation is None:
        return action_button(words, AREA, action, found.round.id)
    # So that nobody confirms by an old card what was computed since.
    looked_at = Press(AREA, "confirm", found.round.id, str(found.evaluation.version)).pack()
    return button(words, action.label or "", looked_at)


def _counts(words: Words, found: GradedRound) -> Html:
    counted = {grade: sum(one.grade is grade for one in found.cards) for grade in Grade}
    return words(
        "grade.counted",
        units=len(found.cards),
        good=counted[Grade.GOOD],
        medium=counted[Grade.MEDIUM],
        poor=counted[Grade.POOR],
    )


def _unit_line(words: Words, name: str, one: UnitCard) -> Html:
    shown = {"place": one.place or 0, "unit": name, "grade": grade_name(words, one.grade)}
    if one.score is not None:
        return words("grade.unit_line", **shown, points=shown_points(100 * one.score.rate))
    return words("grade.unit_line_no_points" if one.place is not None else "grade.unit_line_no_place", **shown)
