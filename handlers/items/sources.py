"""/sources: where items come from, how many are for the heads themselves, and how far hand-downs and campaigns are."""

from collections.abc import Sequence

from handlers.commands import command
from handlers.context import HandlerContext
from models.rectification import ItemSource
from models.staff import TEAM_ROLES, Role
from services.access.member import Member
from services.rectification.sources import (
    Count,
    by_source,
    campaign_counts,
    hand_down_counts,
    share_for_heads,
)
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Message

_UNITS_SHOWN = 20


def may_see_sources(who: Member) -> bool:
    """Whether somebody is shown where items come from: the office, teams, and county leaders, each of their own."""
    return who.is_office or who.has(*TEAM_ROLES, Role.COUNTY_LEADER)


@command("sources")
async def show_sources(context: HandlerContext, who: Member) -> None:
    """Show the counts, as far as the items are theirs to see."""
    work, words = context.work, context.words
    if not may_see_sources(who):
        await context.say(Message(words("office.not_entitled")))
        return
    lines = [words("item.sources_title")]
    found = await by_source(work, who)
    for source in dict.fromkeys([*ItemSource, *found]):
        if source in found:
            key = f"item.count_{source}"
            lines.append(_line(words, words.plain(key) if words.has(key) else source, found[source]))
    share, wanted = await share_for_heads(work, who), (await work.settings()).rectification.heads_per_cent
    if share.total:
        key = "item.share_reached" if share.per_cent >= wanted else "item.share_below"
        lines.append(words(key, heads=share.for_heads, total=share.total, percent=share.per_cent, wanted=wanted))
    for campaign in await campaign_counts(work, who):
        if campaign.units:
            lines.append(words("item.campaign_title", name=campaign.campaign.name, units=len(campaign.units)))
            lines += _lines(words, campaign.units[:_UNITS_SHOWN])
    if who.is_office:  # of all the county must do, nobody else sees the whole
        lines += await _hand_downs(context, who)
    await context.say(Message(Html("\n".join(lines))))


async def _hand_downs(context: HandlerContext, who: Member) -> list[Html]:
    words, lines = context.words, list[Html]()
    for found in await hand_down_counts(context.work, who):
        one = found.hand_down
        due = day(words, one.due_on, context.work.today)
        lines.append(
            words("item.hand_down_title", name=one.name, origin=one.origin, receiving_body=one.receiving_body, day=due)
        )
        lines += _lines(words, found.kinds)
        for name, count, parts in found.aspects:
            lines.append(_line(words, name, count))
            lines += [words("item.count_part", name=part, done=of.done, total=of.total) for part, of in parts]
    return lines


def _lines(words: Words, counts: Sequence[tuple[str, Count]]) -> list[Html]:
    return [_line(words, name, count) for name, count in counts]


def _line(words: Words, name: str, count: Count) -> Html:
    return words("item.count_line", name=name, done=count.done, total=count.total)
