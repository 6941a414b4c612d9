"""/rates: how much is rectified, the rounds side by side, and within the newest by what it is about."""

from handlers.commands import command
from handlers.context import HandlerContext
from handlers.evaluation.pictures import picture_of
from handlers.evaluation.weekly import line_of_round, name_of
from handlers.notices import StaffReader, renders_for_staff
from handlers.shares import done_share, in_time_share, share
from models.rectification import RectificationItem
from services.access.member import Member
from services.evaluation.alarms import direct_shares
from services.evaluation.entitled import counted_for, oversees
from services.evaluation.notices import RatesPicture
from services.evaluation.rates import BY_CATEGORY, BY_ROUND, Rate, rates_by
from services.evaluation.report import rounds_with_items
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Message, Upload, UploadKind

LISTED = 8  # rounds, and categories


@command("rates")
async def show_rates(context: HandlerContext, who: Member) -> None:
    """Show the rates of the rounds side by side."""
    if not await rounds_with_items(context.work, who):
        await context.say(Message(context.words("grade.week_nothing")))
        return
    await context.work.outbox.to_staff(who.id, OutgoingMessage(RatesPicture()), priority=Priority.ANSWER)
    await context.say(Message(await _systems(context.work, context.words, who)))


@renders_for_staff(RatesPicture)
async def rates_picture(work: UnitOfWork, reader: StaffReader, _notice: RatesPicture) -> Message | None:
    """Return the rates of the rounds side by side: each as n/N and in per cent, and those below the line marked."""
    known, words = await work.directory(), reader.words
    rates = {one.key: one for one in await rates_by(work, reader.who, BY_ROUND)}
    in_order = [rates[one] for one in await rounds_with_items(work, reader.who)][:LISTED]
    if not in_order:
        return None
    line_of = line_of_round(known)
    if len({line_of(one.key) for one in in_order}) == 1:
        lines = [words("grade.rates_title", percent=round(line_of(in_order[0].key) * 100))]
    else:
        lines = [words("grade.rates_title_lines")]
    lines += [rate_line(words, known.rounds[one.key].name, one, line_of(one.key)) for one in in_order]
    if oversees(reader.who):
        direct = await direct_shares(work, counted_for(reader.who), RectificationItem.round_id == in_order[0].key)
        alarms = (await work.settings()).process_alarms
        lines += [
            words("grade.line_direct", share=share(words, found), percent=round(alarms.direct_share * 100))
            for found in direct.values()
        ]
    title = words.plain("grade.rates_heading")
    picture = await picture_of(work, words, title, in_order, name_of(known, "round"), line_of)
    text = Html("\n".join(lines))
    return Message(text, upload=Upload(UploadKind.PHOTO, picture, "png", otherwise=text))


def rate_line(words: Words, name: str, rate: Rate, good_rate: float) -> Html:
    """Return a rate in a line: done, and on time apart from it."""
    return words(
        "grade.rate_line",
        name=name,
        done=done_share(words, rate, good_rate),
        in_time=in_time_share(words, rate, good_rate),
    )


async def _systems(work: UnitOfWork, words: Words, who: Member) -> Html:
    """Return how many items led to something that was set up so that it stays so, by what they are about."""
    known = await work.directory()
    found = [one for one in await rates_by(work, who, BY_CATEGORY) if one.systems]
    if not found:
        return words("grade.systems_none")
    found.sort(key=lambda one: -one.systems)
    lines = [words("grade.systems_title", count=sum(one.systems for one in found))]
    lines += [
        words("grade.systems_line", name=known.category(one.key).name_in(words.language), count=one.systems)
        for one in found[:LISTED]
    ]
    return Html("\n".join(lines))
