"""/polls: the polls that somebody holds or reads, the card of one, and how one is opened, printed for and closed."""

from handlers import forms
from handlers.actions import (
    Action,
    Done,
    Replaced,
    Result,
    Subject,
    back,
    back_to_card,
    button,
    open_card,
    register,
    too_late_or_not_entitled,
)
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import with_form
from handlers.polls.card import AREA, poll_card
from handlers.polls.forms import OPEN_POLL, PRINT_SLIPS
from handlers.press import Press
from models.states import NotEntitled
from services.access.member import Member
from services.polls.entitled import has_to_do_with_polls, units_to_poll
from services.polls.polls import close_poll, poll_seen, poll_to_hold, polls_seen_by
from texts.catalogue import Html
from texts.message import Button, Message

LISTED = 20  # polls, the open ones first


@command("polls")
async def show_polls(context: HandlerContext, who: Member) -> None:
    """List the polls that somebody may look at, each with a button that opens its card."""
    words, known = context.words, await context.work.directory()
    try:
        polls = (await polls_seen_by(context.work, who))[:LISTED]
    except NotEntitled:
        await context.say(Message(words("poll.not_yours")))
        return
    lines, rows = [words("poll.list_title" if polls else "poll.list_empty")], []
    for poll in polls:
        unit = known.units[poll.unit_id].name
        key = "poll.list_open" if poll.closed_at is None else "poll.list_closed"
        lines.append(words(key, unit=unit, round=known.rounds[poll.round_id].name))
        rows.append((Button(unit, Press(AREA, "open", poll.id).pack()),))
    if units_to_poll(known, who):
        rows.append((button(words, "poll.button_begin", Press(AREA, "begin").pack()),))
    await context.say(Message(Html("\n".join(lines)), tuple(rows)))


async def card(context: HandlerContext, who: Member, poll_id: str) -> Message | None:
    """Return the present card, if the poll is theirs to look at."""
    try:
        poll = await poll_seen(context.work, who, poll_id)
    except NotEntitled:
        return None
    return await poll_card(context.work, context.words, who, poll, ACTIONS)


async def _begin(context: HandlerContext, who: Member, _press: Press) -> Result:
    return await forms.begin(context, who, OPEN_POLL)


async def _ask_to_close(context: HandlerContext, who: Member, press: Press) -> Result:
    """Ask once more: it is not opened again."""
    await poll_to_hold(context.work, who, press.subject)
    yes = button(context.words, "poll.button_close_yes", Press(AREA, "close_yes", press.subject).pack())
    return Replaced(
        Message(context.words("poll.sure_close"), ((yes, back(context.words, AREA, "card", press.subject)),))
    )


async def _close(context: HandlerContext, who: Member, press: Press) -> Result:
    await close_poll(context.work, who, press.subject)
    return Done(context.words("poll.closed"))


# In the order of a card's buttons.
ACTIONS = (
    Action("print", with_form(PRINT_SLIPS), label="poll.button_print"),
    Action("close", _ask_to_close, label="poll.button_close"),
)

SUBJECT = register(
    Subject(
        AREA,
        (
            *ACTIONS,
            Action("open", open_card),
            Action("card", back_to_card),
            Action("begin", _begin),
            Action("close_yes", _close),
        ),
        too_late_or_not_entitled("poll.too_late", "poll.not_yours"),
        card,
        stranger_key="item.press_stranger",
        unknown_key="item.press_unknown",
        entitled=has_to_do_with_polls,
        not_entitled_key="poll.not_yours",
    )
)
