"""The card of a poll: how it stands, and what came of it once it is over."""

from handlers.actions import Action, action_button
from models.polls import Poll
from services.access.member import Member
from services.polls.counts import Counts
from services.polls.entitled import holds
from services.polls.polls import FEWEST, answered_so_far, result_of
from services.polls.questions import Choice
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Message, in_rows

AREA = "poll"


async def poll_card(work: UnitOfWork, words: Words, who: Member, poll: Poll, actions: tuple[Action, ...]) -> Message:
    """Return the card of a poll."""
    known = await work.directory()
    lines = [words("poll.title", unit=known.units[poll.unit_id].name, round=known.rounds[poll.round_id].name)]
    if poll.closed_at is None:
        lines.append(words("poll.open", printed=poll.printed, answered=await answered_so_far(work, poll)))
        if poll.ends_on is not None:
            lines.append(words("poll.ends_on", day=day(words, poll.ends_on, work.today)))
        lines.append(words("poll.result_later", fewest=FEWEST))
    elif (counts := result_of(work, poll)) is None:
        lines.append(words("poll.too_few", fewest=FEWEST))
    else:
        lines += _result(words, poll, counts)
    offered = [one for one in actions if one.label] if poll.closed_at is None and holds(known, who, poll) else []
    return Message(Html("\n".join(lines)), in_rows([action_button(words, AREA, one, poll.id) for one in offered], 2))


def _result(words: Words, poll: Poll, counts: Counts) -> list[Html]:
    """Return how often each choice was made, a line for each aspect."""
    answered = sum(next(iter(counts.values())).values())
    lines = [words("poll.over", printed=poll.printed, answered=answered)]
    for aspect, of_aspect in counts.items():
        chosen = words("poll.choice_comma").join(
            words("poll.choice_count", choice=words(f"poll.choice_{choice}"), count=of_aspect[choice])
            for choice in Choice
        )
        lines.append(words("poll.aspect_line", aspect=words(f"poll.aspect_{aspect}"), chosen=Html(chosen)))
    return lines
