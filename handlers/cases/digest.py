"""The digest of the day: how somebody's cases stand, in four numbers, and which of them are late."""

from datetime import date, timedelta

from handlers.cases.late import late_list
from handlers.cases.on_call import on_call_lines
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.notices import StaffReader, renders_for_staff
from services.access.member import Member
from services.cases.digest import Standing, digest_since, is_digest_worth, queue_digest, standing_of
from services.cases.notices import CaseDigest
from services.outbox import Priority
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Message


@command("digest")
async def show_digest(context: HandlerContext, who: Member) -> None:
    """Bring the digest as it would be now."""
    since = await digest_since(context.work)
    if await is_digest_worth(context.work, who, since):
        await queue_digest(context.work, who, since, priority=Priority.ANSWER)
    else:
        await context.say(Message(context.words("digest.nothing")))


@renders_for_staff(CaseDigest)
async def case_digest(work: UnitOfWork, reader: StaffReader, notice: CaseDigest) -> Message | None:
    """Tell how somebody's cases stand, as they do when it is sent; nothing when there is nothing to tell."""
    since = date.fromisoformat(notice.since)
    standing, late = await standing_of(work, reader.who, since), await late_list(work, reader.words, reader.who)
    if standing.is_empty and not late.parts:
        return None
    numbers = numbers_of(reader.words, standing, since, work.today)
    heading = reader.words("digest.heading", day=day(reader.words, work.today, work.today))
    lines = [heading, *numbers, *await on_call_lines(work, reader.words, reader.who)]
    text = Html("\n\n".join([Html("\n".join(lines)), *late.parts]))
    return Message(text, late.buttons, protect=True)


def numbers_of(words: Words, standing: Standing, since: date, today: date) -> list[Html]:
    """Return the numbers of a digest, a line each."""
    is_yesterday = since == today - timedelta(days=1)
    new = "digest.new_yesterday" if is_yesterday else "digest.new_since"
    return [
        words(new, count=standing.new, since=day(words, since, today)),
        words("digest.due_today", count=standing.due_today),
        words("digest.late", count=standing.late),
        words("digest.unanswered", count=standing.unanswered),
    ]
