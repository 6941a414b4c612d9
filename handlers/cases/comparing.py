"""/compare: how the complaints of the newest rounds compare, in numbers that tell of nobody."""

from collections.abc import Mapping

from handlers.cases.labels import category
from handlers.commands import command
from handlers.context import HandlerContext
from models.states import NotEntitled
from services.access.member import Member
from services.directory import Directory
from services.publication.round_numbers import Numbers, RoundNumbers, numbers_of_rounds
from texts.catalogue import Html, Words
from texts.message import Message


@command("compare")
async def show_comparison(context: HandlerContext, who: Member) -> None:
    """Say how many complaints each of the newest rounds had, by category, and how many have their answer."""
    try:
        found = await numbers_of_rounds(context.work, who)
    except NotEntitled:
        await context.say(Message(context.words("compare.not_for_you")))
        return
    words, known = context.words, await context.work.directory()
    least = known.settings.privacy.public_min_count
    before: dict[str, RoundNumbers | None] = {
        one.round.id: earlier for one, earlier in zip(found, [*found[1:], None], strict=True)
    }
    parts = [_of_round(words, known, one, before[one.round.id]) for one in found]
    heading = words("compare.heading" if found else "compare.none")
    foot = [words("compare.foot", least=least)] if found else []
    await context.say(Message(Html("\n\n".join([heading, *parts, *foot])), protect=True))


def _of_round(words: Words, known: Directory, one: RoundNumbers, before: RoundNumbers | None) -> Html:
    name = words("compare.round", round=one.round.name)
    if one.total is None:
        return Html(f"{name}\n{words('compare.too_few')}")
    lines = [name, _line(words, "compare.total", one, one.total)]
    if before is not None and before.total is not None and before.total.times:
        times = f"{one.total.times / before.total.times:.1f}"
        lines.append(words("compare.beside", times=times, round=before.round.name))
    lines += [
        _line(words, "compare.of_category", one, numbers, category=category(words, known.category(code)))
        for code, numbers in _most_first(one.by_category)
    ]
    if one.by_door:
        lines.append(words("compare.by_door"))
    lines += [
        _line(words, "compare.of_door", one, numbers, door=words(f"round.ledger_door_{door}"))
        for door, numbers in _most_first(one.by_door)
    ]
    return Html("\n".join(lines))


def _most_first(counted: Mapping[str, Numbers]) -> list[tuple[str, Numbers]]:
    return sorted(counted.items(), key=lambda pair: (-pair[1].cases, pair[0]))


def _line(words: Words, key: str, one: RoundNumbers, numbers: Numbers, **more: object) -> Html:
    """Return a line of numbers; how many of them have their answer as n/N and per cent."""
    percent = round(100 * numbers.answered / numbers.cases) if numbers.cases else 0
    return words(
        f"{key}_so_far" if one.goes_on else key,
        cases=numbers.cases,
        times=numbers.times,
        answered=numbers.answered,
        percent=percent,
        **more,
    )
