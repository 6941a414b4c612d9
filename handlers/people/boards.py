"""A group becomes a team's board: its leader adds the bot, or writes /board in it."""

from handlers.actions import Action, NothingDone, Replaced, Result, Subject, register
from handlers.context import HandlerContext
from handlers.incoming import GroupMoved
from handlers.press import Press
from models.states import NotEntitled
from services.access.member import Member
from services.people.boards import (
    BoardChanged,
    BoardTaken,
    Bound,
    bind_board,
    lose_board,
    move_board,
    restore_board,
    silence_board,
    teams_led_by,
    use_group_again,
)
from texts.message import Button, Message


async def bot_added(context: HandlerContext) -> None:
    """Offer to make the group a board."""
    await offer(context)


async def bot_removed(context: HandlerContext) -> None:
    """Forget the group as a board."""
    await lose_board(context.work, context.update.address, by=context.member.id if context.member else None)


async def bot_silenced(context: HandlerContext) -> None:
    """Close the group as a board until the bot may write there again."""
    await silence_board(context.work, context.update.address, by=context.member.id if context.member else None)


async def bot_heard(context: HandlerContext) -> None:
    """Use the group again that was closed only because the bot could not write there."""
    by = context.member.id if context.member else None
    bound = await restore_board(context.work, context.update.address, by=by)
    if bound is not None:
        await context.say(_greeting(context, bound))


async def group_moved(context: HandlerContext, moved: GroupMoved) -> None:
    """Follow a group to its new address; Telegram says so in the old one and in the new one."""
    await move_board(context.work, moved.old, moved.new)


async def offer(context: HandlerContext) -> None:
    """Make the group the board of the team that whoever asks leads; of several, ask which."""
    teams = await teams_led_by(context.work, context.member) if context.member else []
    if not teams:
        await context.say(Message(context.words("team.board_leaders_only")))
    elif len(teams) == 1 and context.member is not None:
        await _bind(context, context.member, teams[0].id)
    else:
        rows = tuple((Button(team.name, Press("board", "bind", team.id).pack()),) for team in teams)
        await context.say(Message(context.words("team.board_which"), rows))


async def _bind(context: HandlerContext, leader: Member, team_id: str) -> None:
    try:
        bound = await bind_board(context.work, leader, team_id, context.update.address)
    except BoardTaken:
        await context.say(Message(context.words("team.board_taken")))
        return
    await context.say(_greeting(context, bound))
    await _say_in_left_group(context, bound)


async def _choose(context: HandlerContext, leader: Member, press: Press) -> Result:
    """A leader of several teams chose one."""
    if context.update.is_private:
        return NothingDone(context.words("team.press_unknown"))
    try:
        bound = await bind_board(context.work, leader, press.subject, context.update.address)
    except NotEntitled:
        return NothingDone(context.words("team.board_leaders_only"))
    except BoardTaken:
        return NothingDone(context.words("team.board_taken"))
    await _say_in_left_group(context, bound)
    return Replaced(_greeting(context, bound))


async def _use_again(context: HandlerContext, leader: Member, press: Press) -> Result:
    """The leader says, in private, that whoever left is out of the group."""
    try:
        bound = await use_group_again(context.work, leader, press.subject, press.arg)
    except NotEntitled:
        return NothingDone(context.words("team.board_leaders_only"))
    except BoardTaken:
        return NothingDone(context.words("team.board_taken"))
    except BoardChanged:
        return NothingDone(context.words("team.board_changed"))
    await context.say_to(bound.address, _greeting(context, bound))
    return Replaced(Message(context.words("team.board_again", team=bound.team.name)))


async def _say_in_left_group(context: HandlerContext, bound: Bound) -> None:
    if bound.left is not None:
        await context.say_to(bound.left, Message(context.words("team.board_moved", team=bound.team.name)))


def _greeting(context: HandlerContext, bound: Bound) -> Message:
    key = "team.board_bound" if bound.open_cases else "team.board_bound_empty"
    return Message(context.words(key, team=bound.team.name, open=bound.open_cases))


async def _refused(context: HandlerContext, _who: Member, _press: Press, _refusal: Exception) -> None:
    context.alert("team.board_leaders_only")


SUBJECT = register(Subject("board", (Action("bind", _choose, on_board=True), Action("again", _use_again)), _refused))
