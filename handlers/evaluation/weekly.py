"""The digest of the week: how rectification stands that is somebody's, in numbers and as a picture."""

from collections.abc import Callable

from handlers.commands import command
from handlers.context import HandlerContext
from handlers.evaluation.pictures import picture_of
from handlers.notices import StaffReader, renders_for_staff
from handlers.shares import done_share, in_time_share
from services.access.member import Member
from services.directory import Directory
from services.evaluation.notices import WeeklyDigest
from services.evaluation.rates import Situation
from services.evaluation.weekly import Level, level_of, week_of
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Message, Upload, UploadKind

NAMED = 5  # units that are told by name: what goes with a picture must be short


@command("weekly")
async def show_week(context: HandlerContext, who: Member) -> None:
    """Bring the digest of the week as it would be now."""
    if level_of(who) is None or not (await week_of(context.work, who)).situation.items:
        await context.say(Message(context.words("grade.week_nothing")))
        return
    await context.work.outbox.to_staff(who.id, OutgoingMessage(WeeklyDigest()), priority=Priority.ANSWER)


@renders_for_staff(WeeklyDigest)
async def weekly_digest(work: UnitOfWork, reader: StaffReader, _notice: WeeklyDigest) -> Message | None:
    """Tell somebody how rectification stands at their level, when it is sent; nothing where there are no items."""
    week = await week_of(work, reader.who)
    if not week.situation.items:
        return None
    words, known = reader.words, await work.directory()
    heading = words(f"grade.week_{week.level}", day=day(words, work.today, work.today))
    lines = [heading, *numbers_of(words, week.situation, week.good_rate)]
    if week.behind and week.level is not Level.UNIT:  # to a unit its own bar says it
        names = words.plain("staff.list_comma").join(known.units[one.key].name for one in week.behind[:NAMED])
        key = "grade.week_behind" if len(week.behind) <= NAMED else "grade.week_behind_more"
        lines.append(words(key, count=len(week.behind), units=names))
    lines_of = line_of_round(known) if week.by == "round" else lambda _: week.good_rate
    title, names_of = words.plain("grade.week_title"), name_of(known, week.by)
    picture = await picture_of(work, words, title, week.rates, names_of, lines_of)
    text = Html("\n".join(lines))
    return Message(text, upload=Upload(UploadKind.PHOTO, picture, "png", otherwise=text))


def numbers_of(words: Words, situation: Situation, good_rate: float) -> list[Html]:
    """Return how items stand, a line each: what is done, what is on time, and what there is to do."""
    lines = [
        words("grade.line_done", share=done_share(words, situation, good_rate)),
        words("grade.line_in_time", share=in_time_share(words, situation, good_rate)),
        words("grade.line_last_week", done=situation.done_this_week),
        words("grade.line_to_do", due=situation.due_this_week, overdue=situation.overdue),
    ]
    if situation.with_reviewers:
        lines.append(words("grade.line_with_reviewers", count=situation.with_reviewers))
    return [*lines, words("grade.line_cards", count=situation.cards)] if situation.cards else lines


def line_of_round(known: Directory) -> Callable[[str], float]:
    """Return what tells the line that a round's rates are held against."""
    return lambda round_id: known.good_rate_of([round_id])


def name_of(known: Directory, by: str) -> Callable[[str], str]:
    """Return what tells the name of what rates are divided by."""
    if by == "round":
        return lambda key: known.rounds[key].name
    return lambda key: known.units[key].name
