"""What is public of a round, in words: the same for the page, for whoever approves it in a chat, in every language."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from handlers.shares import grade_name, share
from models.share import Share
from privacy.characters import in_script_of
from services.publication.content import Findings, PublicItem, PublicRound, UnitResult
from texts.catalogue import Html, Words
from texts.dates import day_with_year

_LONGEST = 3500  # characters of one message


@dataclass(frozen=True)
class UnitLine:
    """What is said of a unit."""

    unit: str
    grade: Html | None
    findings: Html
    in_time: Html | None
    satisfied: Html


@dataclass(frozen=True)
class ResultLines:
    """What is said of one result."""

    number: int
    heading: Html
    problem: str
    result: str
    done: Html
    before: tuple[str, ...]
    after: tuple[str, ...]
    again: Html | None  # that it is being looked at again


@dataclass(frozen=True)
class RoundResults:
    """What is public of a round, in the words and characters of its reader."""

    round_name: str
    theme: str
    stay: Html
    numbers: tuple[Html, ...]
    units: tuple[UnitLine, ...]  # of which something is shown
    others: Html | None  # which units are left
    items: tuple[ResultLines, ...]
    as_of: Html
    satisfied_as_of: Html | None


def results_of(content: PublicRound, words: Words, again: Collection[int] = ()) -> RoundResults:
    """Return what is public of a round as a reader of a language is told it; `again`: numbers of what is marked."""
    is_later = content.satisfied is not None and content.satisfied_as_of != content.as_of
    return RoundResults(
        round_name=_own(words, content.round_name),
        theme=_own(words, content.theme),
        stay=words("results.stay", start=_day(words, content.stay_from), end=_day(words, content.stay_until)),
        numbers=tuple(_numbers(words, content)),
        units=tuple(_unit(words, one) for one in content.units if _is_shown(one)),
        others=_others(words, [one for one in content.units if not _is_shown(one)]),
        items=tuple(_item(words, one, is_marked=one.number in again) for one in content.items),
        as_of=words("results.as_of", day=_day(words, content.as_of), version=content.version),
        satisfied_as_of=(
            words("results.satisfied_as_of", day=_day(words, content.satisfied_as_of)) if is_later else None
        ),
    )


def result_texts(results: RoundResults, words: Words) -> list[Html]:
    """Return all that is public of a round but for its photos, in as many messages as it takes."""
    blocks = [
        Html("\n".join([words("results.title", round=results.round_name), results.stay, *results.numbers])),
        *(_unit_text(one, words) for one in results.units),
        *([results.others] if results.others else []),
        *(_item_text(one, words) for one in results.items),
        Html("\n".join(filter(None, (results.satisfied_as_of, results.as_of, words("results.small_counts"))))),
    ]
    messages = [Html()]
    for block in blocks:
        if messages[-1] and len(messages[-1]) + len(block) > _LONGEST:
            messages.append(Html())
        messages[-1] = Html(f"{messages[-1]}\n\n{block}" if messages[-1] else block)
    return messages


def _numbers(words: Words, content: PublicRound) -> Iterator[Html]:
    if content.villages_visited is not None:
        yield words("results.villages", share=share(words, content.villages_visited))
    if content.findings is not None:
        solved, in_time = _shares(content.findings)
        yield words("results.solved", share=share(words, solved))
        if in_time is not None:
            yield words("results.in_time", share=share(words, in_time))
    if content.satisfied is not None:
        yield words("results.satisfied", share=share(words, content.satisfied))
    yield from _outcomes(words, content)


def _outcomes(words: Words, content: PublicRound) -> Iterator[Html]:
    shown = content.outcomes
    if shown.households is not None:
        yield words("results.households", share=share(words, shown.households))
    if shown.money is not None:
        yield words("results.money", yuan=f"{shown.money.yuan:,}", problems=shown.money.problems)
    if shown.people is not None:
        yield words("results.people", count=shown.people)
    is_any = shown.households or shown.money or shown.people is not None
    if is_any and shown.as_of != content.as_of:
        yield words("results.outcomes_as_of", day=_day(words, shown.as_of))


def _is_shown(one: UnitResult) -> bool:
    return any((one.grade, one.findings, one.satisfied))


def _others(words: Words, units: list[UnitResult]) -> Html | None:
    names = words.plain("staff.list_comma").join(_own(words, one.unit) for one in units)
    return words("results.others", units=names) if units else None


def _unit(words: Words, one: UnitResult) -> UnitLine:
    solved, in_time = _shares(one.findings) if one.findings else (None, None)
    return UnitLine(
        unit=_own(words, one.unit),
        grade=grade_name(words, one.grade) if one.grade else None,
        findings=share(words, solved) if solved else words("results.few"),
        in_time=share(words, in_time) if in_time else None,
        satisfied=share(words, one.satisfied) if one.satisfied else words("results.few"),
    )


def _item(words: Words, one: PublicItem, *, is_marked: bool) -> ResultLines:
    said = "results.done_in_time" if one.in_time else "results.done_late"
    return ResultLines(
        number=one.number,
        heading=words("results.item", number=one.number, unit=_own(words, one.unit), about=_own(words, one.category)),
        problem=_own(words, one.problem),
        result=_own(words, one.result),
        done=words(said, day=_day(words, one.done_on)),
        before=one.before,
        after=one.after,
        again=words("results.looked_at_again") if is_marked else None,
    )


def _unit_text(one: UnitLine, words: Words) -> Html:
    return words(
        "results.unit_text",
        unit=one.unit,
        grade=one.grade or words("results.no_grade"),
        solved=one.findings,
        in_time=one.in_time or words("results.few"),
        satisfied=one.satisfied,
    )


def _item_text(one: ResultLines, words: Words) -> Html:
    photos = words("results.photos", before=len(one.before), after=len(one.after))
    return Html(
        "\n".join(
            [
                Html(f"<b>{one.heading}</b>"),
                *([one.again] if one.again else []),
                words("results.problem_text", text=one.problem),
                words("results.result_text", text=one.result),
                one.done,
                *([photos] if one.before or one.after else []),
            ]
        )
    )


def _shares(findings: Findings) -> tuple[Share, Share | None]:
    """Return how many are solved of those that were found, and how many in time of those that are solved."""
    in_time = Share(findings.in_time, findings.solved) if findings.solved else None
    return Share(findings.solved, findings.found), in_time


def _day(words: Words, written: str) -> str:
    return day_with_year(words, date.fromisoformat(written))


def _own(words: Words, text: str) -> str:
    return in_script_of(words.language, text)
