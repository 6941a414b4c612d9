"""A group becomes a team's board: its leader adds the bot, or writes /board in it."""

from telegram import CallbackQuery, ChatMember, Update
from telegram.constants import ChatType
from telegram.ext import CallbackQueryHandler, ChatMemberHandler, CommandHandler, MessageHandler, filters

from handlers.cases.labels import plain
from handlers.context import App, HandlerContext
from handlers.press import Press, pattern
from models.states import NotEntitled
from services.access.member import Member
from services.people.boards import (
    BoardChanged,
    BoardTaken,
    Bound,
    bind_board,
    lose_board,
    move_board,
    teams_led_by,
    use_group_again,
)
from texts.message import Button, Message

GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
_THERE = (ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.RESTRICTED)
_GONE = (ChatMember.LEFT, ChatMember.BANNED)


async def take_membership(update: Update, turn: HandlerContext) -> None:
    """The bot was added to a group, or removed from it."""
    change = update.my_chat_member
    if change is None or change.chat.type not in GROUPS:
        return
    was, now = change.old_chat_member.status, change.new_chat_member.status
    if now in _GONE:
        await lose_board(turn.work, change.chat.id, by=turn.member.id if turn.member else None)
    elif was in _GONE and now in _THERE:
        await _offer(turn, change.chat.id)


async def command_board(update: Update, turn: HandlerContext) -> None:
    chat = update.effective_chat
    if chat is None:
        return
    if chat.type in GROUPS:
        await _offer(turn, chat.id)
    elif turn.member is not None:
        await turn.say(Message(turn.words("team.board_in_group")))


async def take_press(update: Update, turn: HandlerContext) -> None:
    """A leader of several teams chose one, or says that the group is in order again."""
    query = update.callback_query
    press = turn.press(query) if query else None
    if query is None or press is None or query.message is None:
        return
    if turn.member is None:
        turn.toast(query, plain(turn.words("team.stranger_pressed")), alert=True)
        return
    if press.action == "again":
        if not turn.refused_in_group(query):
            await _use_again(turn, turn.member, query, press)
        return
    if query.message.chat.type not in GROUPS or press.action != "bind":
        turn.toast(query, plain(turn.words("team.press_unknown")), alert=True)
        return
    try:
        bound = await bind_board(turn.work, turn.member, press.subject, query.message.chat.id)
    except NotEntitled:
        turn.toast(query, plain(turn.words("team.board_leaders_only")), alert=True)
    except BoardTaken:
        turn.toast(query, plain(turn.words("team.board_taken")), alert=True)
    else:
        await _welcome(turn, bound, query)


async def take_migration(update: Update, turn: HandlerContext) -> None:
    """A group became a supergroup; Telegram says so in the old one and in the new one."""
    message = update.message
    if message is None:
        return
    old = message.migrate_from_chat_id or message.chat.id
    new = message.migrate_to_chat_id or message.chat.id
    await move_board(turn.work, old, new)


async def _offer(turn: HandlerContext, chat_id: int) -> None:
    teams = await teams_led_by(turn.work, turn.member) if turn.member else []
    if not teams:
        await turn.say(Message(turn.words("team.board_leaders_only")))
    elif len(teams) == 1 and turn.member is not None:
        await _bind(turn, turn.member, teams[0].id, chat_id)
    else:
        rows = tuple((Button(team.name, Press("board", "bind", team.id).pack()),) for team in teams)
        await turn.say(Message(turn.words("team.board_which"), rows))


async def _bind(turn: HandlerContext, leader: Member, team_id: str, chat_id: int) -> None:
    try:
        bound = await bind_board(turn.work, leader, team_id, chat_id)
    except BoardTaken:
        await turn.say(Message(turn.words("team.board_taken")))
        return
    await _welcome(turn, bound)


async def _use_again(turn: HandlerContext, leader: Member, query: CallbackQuery, press: Press) -> None:
    """The leader says, in private, that whoever left is out of the group."""
    try:
        bound = await use_group_again(turn.work, leader, press.subject, press.arg)
    except NotEntitled:
        turn.toast(query, plain(turn.words("team.board_leaders_only")), alert=True)
    except BoardTaken:
        turn.toast(query, plain(turn.words("team.board_taken")), alert=True)
    except BoardChanged:
        turn.toast(query, plain(turn.words("team.board_changed")), alert=True)
    else:
        turn.toast(query)
        await turn.edit(query, Message(turn.words("team.board_again", team=bound.team.name)))
        await turn.say_to(bound.chat_id, _greeting(turn, bound))


async def _welcome(turn: HandlerContext, bound: Bound, query: CallbackQuery | None = None) -> None:
    if query is None:
        await turn.say(_greeting(turn, bound))
    else:
        turn.toast(query)
        await turn.edit(query, _greeting(turn, bound))
    if bound.left_chat_id is not None:
        await turn.say_to(bound.left_chat_id, Message(turn.words("team.board_moved", team=bound.team.name)))


def _greeting(turn: HandlerContext, bound: Bound) -> Message:
    key = "team.board_bound" if bound.open_cases else "team.board_bound_empty"
    return Message(turn.words(key, team=bound.team.name, open=bound.open_cases))


def register(application: App) -> None:
    """Hear what makes and unmakes a board."""
    application.add_handler(ChatMemberHandler(take_membership, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(MessageHandler(filters.UpdateType.MESSAGE & filters.StatusUpdate.MIGRATE, take_migration))
    application.add_handler(
        CommandHandler("board", command_board, filters=filters.UpdateType.MESSAGE & filters.ChatType.GROUPS)
    )
    application.add_handler(CallbackQueryHandler(take_press, pattern=pattern("board")))
