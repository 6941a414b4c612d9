"""/grades: the rounds whose grades somebody sees; what the office does with them, and the report cards of units."""

from handlers.actions import (
    Action,
    Done,
    NothingDone,
    Replaced,
    Result,
    Subject,
    back,
    back_to_card,
    button,
    immediately,
    open_card,
    register,
    too_late_or_not_entitled,
)
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.evaluation.card import AREA, CARD, round_card, unit_card
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from models.states import EVALUATION, Impossible, NotEntitled
from services.access.member import Member
from services.evaluation.entitled import actors_of, has_to_do_with_grades
from services.evaluation.evaluate import (
    ChangedSince,
    compute,
    confirm,
    graded_round,
    reconsider,
    release,
    report_card,
    rounds_with_grades,
)
from services.evaluation.notices import GradesConfirmed, ReportCardReleased
from services.unit_of_work import UnitOfWork
from texts.message import Button, Message


@command("grades")
async def show_grades(context: HandlerContext, who: Member) -> None:
    """List the rounds whose grades somebody sees, each with a button that opens them."""
    words = context.words
    found = await rounds_with_grades(context.work, who)
    if not found:
        await context.say(Message(words("grade.none")))
        return
    rows = tuple((Button(one.name, Press(AREA, "open", one.id).pack()),) for one in found)
    await context.say(Message(words("grade.which"), rows))


async def card(context: HandlerContext, who: Member, round_id: str) -> Message | None:
    """Return the grades of a round as they stand; None when they are none of somebody's business."""
    try:
        found = await graded_round(context.work, who, round_id)
    except NotEntitled:
        return None
    return await round_card(context.work, context.words, who, found, ACTIONS)


async def card_of_unit(context: HandlerContext, who: Member, card_id: str) -> Message | None:
    """Return a unit's report card; None when it is none of somebody's business."""
    try:
        return await unit_card(context.work, context.words, await report_card(context.work, who, card_id))
    except NotEntitled:
        return None


async def _page(context: HandlerContext, who: Member, press: Press) -> Result:
    found = await graded_round(context.work, who, press.subject)
    start = int(press.arg) if press.arg.isdecimal() else 0
    return Replaced(await round_card(context.work, context.words, who, found, ACTIONS, start))


async def _confirm(context: HandlerContext, who: Member, press: Press) -> Result:
    try:
        await confirm(context.work, who, press.subject, int(press.arg) if press.arg.isdecimal() else 0)
    except ChangedSince:
        return NothingDone(context.words("grade.changed_since"))
    return Done(context.words("grade.done_confirm"))


async def _ask_how_to_release(context: HandlerContext, who: Member, press: Press) -> Result:
    """Ask whether each unit is told its place, too: what was told is not taken back."""
    found = await graded_round(context.work, who, press.subject)
    if found.evaluation is None:
        raise Impossible("release", "not computed")
    EVALUATION.step(found.evaluation.state, "release", actors_of(who))
    words = context.words
    rows = (
        (button(words, "grade.button_release_places", Press(AREA, "places", press.subject).pack()),),
        (button(words, "grade.button_release_alone", Press(AREA, "alone", press.subject).pack()),),
        (back(words, AREA, "card", press.subject),),
    )
    return Replaced(Message(words("grade.sure_release", round=found.round.name), rows))


async def _release_with_places(context: HandlerContext, who: Member, press: Press) -> Result:
    await release(context.work, who, press.subject, with_places=True)
    return Done(context.words("grade.done_release"))


async def _release_alone(context: HandlerContext, who: Member, press: Press) -> Result:
    await release(context.work, who, press.subject, with_places=False)
    return Done(context.words("grade.done_release"))


@renders_for_staff(GradesConfirmed)
async def grades_confirmed(work: UnitOfWork, reader: StaffReader, notice: GradesConfirmed) -> Message | None:
    """Show a leader the ranking of a round's units; nothing once it is being reconsidered."""
    found = await graded_round(work, reader.who, notice.round_id)
    return await round_card(work, reader.words, reader.who, found, ACTIONS) if found.cards else None


@renders_for_staff(ReportCardReleased)
async def report_card_released(work: UnitOfWork, reader: StaffReader, notice: ReportCardReleased) -> Message | None:
    """Show a unit its report card."""
    shown = await unit_card(work, reader.words, await report_card(work, reader.who, notice.card_id))
    return shown.below(reader.words("grade.released_to_you"))


# In the order of a card's buttons.
ACTIONS = (
    Action("confirm", _confirm, label="grade.button_confirm", transition="confirm"),
    Action("compute", immediately(compute, "grade.done_compute"), label="grade.button_compute", transition="compute"),
    Action("release", _ask_how_to_release, label="grade.button_release", transition="release"),
    Action(
        "again",
        immediately(reconsider, "grade.done_reconsider"),
        label="grade.button_reconsider",
        transition="reconsider",
    ),
)

SUBJECT = register(
    Subject(
        AREA,
        (
            *ACTIONS,
            Action("open", open_card),
            Action("card", back_to_card),
            Action("page", _page),
            Action("places", _release_with_places),
            Action("alone", _release_alone),
        ),
        too_late_or_not_entitled("grade.too_late", "grade.not_yours"),
        card,
        stranger_key="item.press_stranger",
        unknown_key="item.press_unknown",
        entitled=has_to_do_with_grades,
        not_entitled_key="grade.not_yours",
    )
)
REPORT_CARDS = register(
    Subject(
        CARD,
        (Action("open", open_card),),
        too_late_or_not_entitled("grade.too_late", "grade.not_yours"),
        card_of_unit,
        stranger_key="item.press_stranger",
        unknown_key="item.press_unknown",
        entitled=has_to_do_with_grades,
        not_entitled_key="grade.not_yours",
    )
)
