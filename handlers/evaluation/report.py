"""/report: how a round is rectified, as it is now, for a meeting, or to the leader alone."""

from collections.abc import Iterable, Sequence

from handlers.actions import (
    Action,
    Done,
    Result,
    Run,
    Subject,
    button,
    open_card,
    register,
    too_late_or_not_entitled,
)
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.evaluation.rates import rate_line
from handlers.evaluation.weekly import numbers_of
from handlers.items.labels import listed_numbers, one_line
from handlers.press import Press
from handlers.shares import done_share, grade_name, in_time_share, share
from models.deadlines import days_overdue
from models.publication import Grade
from models.staff import Role
from services.access.member import Member
from services.evaluation.entitled import oversees
from services.evaluation.notices import RoundFile, RoundFileKind
from services.evaluation.rates import furthest_behind
from services.evaluation.report import (
    Behind,
    ReportView,
    RoundReport,
    may_read,
    report_of,
    rounds_with_items,
    take_file,
)
from services.outbox import OutgoingMessage, Priority
from services.rectification.unit_actions import Numbers
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Button, Message, in_rows

AREA = "report"
ROUNDS = 6
_KEPT_HOURS = 24
_BY_UNIT = 10  # units in a document, those furthest behind first; aspects and categories
_TOPICS = 5  # of one unit
_LONGEST = 3500  # signs of one message

Part = tuple[Html, Sequence[Html]]


@command("report")
async def show_rounds(context: HandlerContext, who: Member) -> None:
    """Offer the rounds of which somebody is told how they are rectified, each with what can be had of it."""
    words, known = context.words, await context.work.directory()
    found = (await rounds_with_items(context.work, who))[:ROUNDS]
    if not found:
        await context.say(Message(words("grade.week_nothing")))
        return
    rows = tuple((Button(known.rounds[one].name, Press(AREA, "open", one).pack()),) for one in found)
    await context.say(Message(words("grade.report_which"), rows))


async def card(context: HandlerContext, who: Member, round_id: str) -> Message | None:
    """Return what can be had of a round, by who asks; None when nothing."""
    if round_id not in await rounds_with_items(context.work, who):
        return None
    words, known = context.words, await context.work.directory()
    views = [one for one in (ReportView.LIVE, ReportView.ALONE) if may_read(who, one)]
    files = [one for one in RoundFileKind if one is RoundFileKind.ITEMS or oversees(who)]
    names = [*map(str, views), *map(str, files)]
    buttons = [button(words, f"grade.button_{name}", Press(AREA, name, round_id).pack()) for name in names]
    return Message(words("grade.report_of", round=known.rounds[round_id].name), in_rows(buttons, 2))


def _show(view: ReportView) -> Run:
    """Return what shows a report: one to the leader alone can neither be passed on nor kept."""

    async def run(context: HandlerContext, who: Member, press: Press) -> Result:
        report = await report_of(context.work, who, press.subject, view)
        parts = await lines_of(context.work, context.words, report, view)
        is_alone = view is ReportView.ALONE
        hours = {"delete_after_hours": _KEPT_HOURS} if is_alone else {}
        for text in in_messages("\n".join([heading, *lines]) for heading, lines in parts):
            await context.say(Message(text, protect=is_alone), **hours)
        return Done(renew=False)

    return run


def _send(kind: RoundFileKind) -> Run:
    """Return what sends a file; that it was taken along is written down."""

    async def run(context: HandlerContext, who: Member, press: Press) -> Result:
        await take_file(context.work, who, press.subject, kind)
        outgoing = OutgoingMessage(RoundFile(press.subject, kind), delete_after_hours=_KEPT_HOURS)
        await context.work.outbox.to_staff(who.id, outgoing, priority=Priority.ANSWER)
        return Done(renew=False)

    return run


def in_messages(blocks: Iterable[str]) -> list[Html]:
    """Return blocks of text in as many messages as it takes; none is torn."""
    messages: list[str] = []
    for block in blocks:
        if messages and len(messages[-1]) + len(block) <= _LONGEST:
            messages[-1] += f"\n\n{block}"
        else:
            messages.append(block)
    return [Html(one) for one in messages]


async def lines_of(work: UnitOfWork, words: Words, report: RoundReport, view: ReportView) -> list[Part]:
    """Return a report in parts, each a heading with its lines."""
    known = await work.directory()
    good_rate = known.good_rate_of([report.round.id])
    parts: list[Part] = [
        (
            words(f"grade.report_{view}", round=report.round.name, day=day(words, work.today, work.today)),
            _totals(words, report, good_rate),
        )
    ]
    aspects = [one for one in report.by_aspect if one.key][:_BY_UNIT]
    if aspects:
        lines = [rate_line(words, one.key, one, good_rate) for one in aspects]
        parts.append((words("grade.part_aspects", count=len(aspects)), lines))
    categories = sorted(report.by_category, key=lambda one: (-one.items, one.key))[:_BY_UNIT]
    lines = [rate_line(words, known.category(one.key).name_in(words.language), one, good_rate) for one in categories]
    parts.append((words("grade.part_categories"), lines))
    if view is ReportView.MEETING:
        by_unit = sorted(report.by_unit, key=furthest_behind)[:_BY_UNIT]
        lines = [rate_line(words, known.units[one.key].name, one, good_rate) for one in by_unit]
        parts.append((words("grade.part_units", units=len(report.by_unit)), lines))
    if report.behind:
        lines = [
            line
            for one in report.behind
            for line in await _behind(work, words, one, good_rate, is_alone=view is ReportView.ALONE)
        ]
        parts.append((words("grade.part_behind"), lines))
    if report.overdue:
        lines = [
            words(
                "grade.overdue_line",
                number=item.id,
                unit=known.units[item.unit_id].name,
                problem=one_line(item.problem, 36),
                days=days_overdue(item, work.today),
            )
            for item in report.overdue
        ]
        parts.append((words("grade.part_overdue"), lines))
    return parts


def _totals(words: Words, report: RoundReport, good_rate: float) -> list[Html]:
    lines = numbers_of(words, report.situation, good_rate)
    if report.direct.whole:
        lines.append(words("grade.line_direct_share", share=share(words, report.direct)))
    systems = sum(one.systems for one in report.by_category)
    lines.append(words("grade.line_systems", count=systems))
    if report.outcomes != Numbers():
        lines.append(words("grade.line_outcomes", numbers=listed_numbers(words, report.outcomes)))
    if report.grades:
        lines.append(
            words(
                "grade.counted",
                units=sum(report.grades.values()),
                good=report.grades.get(Grade.GOOD, 0),
                medium=report.grades.get(Grade.MEDIUM, 0),
                poor=report.grades.get(Grade.POOR, 0),
            )
        )
    if report.answered is not None:
        lines.append(words("grade.line_answered", share=share(words, report.answered)))
    return lines


async def _behind(work: UnitOfWork, words: Words, one: Behind, good_rate: float, *, is_alone: bool) -> list[Html]:
    """Return what is said of a unit below the line; to the leader alone also its head and its topics."""
    known = await work.directory()
    unit = known.units[one.rate.key].name
    lines = [
        words(
            "grade.behind_line",
            unit=unit,
            done=done_share(words, one.rate, good_rate),
            in_time=in_time_share(words, one.rate, good_rate),
            overdue=one.rate.overdue,
        )
    ]
    if not is_alone:
        return lines
    heads = known.with_roles(Role.UNIT_HEAD, unit_id=one.rate.key)
    if heads:
        names = words.plain("staff.list_comma").join(head.name for head in heads)
        lines.append(words("grade.behind_head", names=names))
    if one.grade is not None:
        lines.append(words("grade.card_grade", grade=grade_name(words, one.grade)))
    topics = sorted(one.topics.items(), key=lambda topic: (-topic[1], topic[0]))
    lines += [
        words("grade.card_topic", name=known.category(category).name_in(words.language), count=count)
        for category, count in topics[:_TOPICS]
    ]
    return lines


SUBJECT = register(
    Subject(
        AREA,
        (
            Action("open", open_card),
            Action("live", _show(ReportView.LIVE)),
            Action("alone", _show(ReportView.ALONE)),
            *(Action(str(kind), _send(kind)) for kind in RoundFileKind),
        ),
        too_late_or_not_entitled("grade.too_late", "grade.not_yours"),
        card,
        stranger_key="item.press_stranger",
        unknown_key="item.press_unknown",
    )
)
