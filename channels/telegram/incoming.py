"""Translates an update of Telegram's into the form all channels share."""

import telegram
from telegram import ChatMember, MessageEntity
from telegram.constants import ChatType

from channels.base import Origin
from channels.telegram.address import address_of, number_in
from channels.telegram.words import points_elsewhere, text_of
from handlers.incoming import (
    BotAdded,
    BotHeard,
    BotRemoved,
    BotSilenced,
    ButtonPress,
    Command,
    Contact,
    Edit,
    File,
    GroupMoved,
    Location,
    Text,
    UnfitFile,
    Unsupported,
    Update,
    UpdateContent,
)
from media.kinds import Cleaned

_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
_MEMBER_STATUSES = (ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.RESTRICTED)
_UNSUPPORTED = ("sticker", "poll")
# What Telegram itself says in a chat, which nobody answers (telegram.ext.filters.StatusUpdate.ALL).
_SERVICE_MESSAGES = (
    "chat_background_set", "group_chat_created", "supergroup_chat_created", "channel_chat_created",
    "chat_owner_changed", "chat_owner_left", "chat_shared", "checklist_tasks_added", "checklist_tasks_done",
    "connected_website",
    "direct_message_price_changed", "delete_chat_photo", "forum_topic_closed", "forum_topic_created",
    "forum_topic_edited", "forum_topic_reopened", "general_forum_topic_hidden", "general_forum_topic_unhidden", "gift",
    "gift_upgrade_sent", "giveaway_completed", "giveaway_created", "left_chat_member", "managed_bot_created",
    "message_auto_delete_timer_changed", "new_chat_members", "new_chat_photo", "new_chat_title",
    "paid_message_price_changed", "pinned_message", "poll_option_added", "poll_option_deleted",
    "proximity_alert_triggered", "refunded_payment", "suggested_post_approval_failed", "suggested_post_approved",
    "suggested_post_declined", "suggested_post_paid", "suggested_post_refunded", "unique_gift", "users_shared",
    "video_chat_ended", "video_chat_participants_invited", "video_chat_scheduled", "video_chat_started",
    "web_app_data", "write_access_allowed",
)  # fmt: skip


def read_update(
    update: telegram.Update, origin: Origin, bot_username: str, file: Cleaned | UnfitFile | None
) -> Update | None:
    """Return an update in the shared form; None when nothing answers it. `file`: its message's file, re-made.

    Where it came from is taken from `origin`: the library parses any value for a number of a chat.
    """
    content = _content(update, bot_username, file)
    chat = update.effective_chat
    if content is None or chat is None or origin.chat is None:
        return None
    message = update.effective_message
    is_private = chat.type == ChatType.PRIVATE
    return Update(
        address=origin.chat,
        is_private=is_private,
        content=content,
        sender=origin.sender,
        language_code=origin.language_code,
        message_id=number_in(message.message_id) if message else None,
        is_to_bot=is_private or (update.message is not None and _is_to_bot(update.message, bot_username)),
    )


def _content(update: telegram.Update, bot_username: str, file: Cleaned | UnfitFile | None) -> UpdateContent | None:
    if update.callback_query is not None:
        return ButtonPress(update.callback_query.data or "")
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    if update.edited_message is not None:
        return _edit(update.edited_message, file)
    return None if update.message is None else _message(update.message, bot_username, file)


def _move(message: telegram.Message) -> GroupMoved | None:
    old = number_in(message.migrate_from_chat_id or message.chat.id)
    new = number_in(message.migrate_to_chat_id or message.chat.id)
    return None if old is None or new is None else GroupMoved(address_of(old), address_of(new))


def _edit(message: telegram.Message, file: Cleaned | UnfitFile | None) -> Edit | None:
    """Return what a message is now. A live location moves without a word, and a poll is counted without one."""
    said = text_of(message)
    return Edit(said, file) if said or file is not None else None


def _membership(change: telegram.ChatMemberUpdated) -> UpdateContent | None:
    if change.chat.type not in _GROUPS:
        return None
    was, now = change.old_chat_member, change.new_chat_member
    if not _is_in(now):
        return BotRemoved()
    if not _is_in(was):
        return BotAdded()
    if _may_write(was) == _may_write(now):
        return None
    return BotHeard() if _may_write(now) else BotSilenced()


def _is_in(member: ChatMember) -> bool:
    return member.status in _MEMBER_STATUSES and getattr(member, "is_member", True)


def _may_write(member: ChatMember) -> bool:
    return bool(getattr(member, "can_send_messages", True))


def _message(message: telegram.Message, bot_username: str, file: Cleaned | UnfitFile | None) -> UpdateContent | None:
    if message.migrate_to_chat_id or message.migrate_from_chat_id:
        return _move(message)
    if (command := _command(message, bot_username)) is not None:
        return command
    if file is not None:
        return File(file, text_of(message), message.media_group_id)
    if message.text:
        return Text(text_of(message), points_elsewhere=points_elsewhere(message))
    if message.contact:
        name = " ".join(part for part in (message.contact.last_name, message.contact.first_name) if part)
        return Contact(name, message.contact.phone_number)
    if message.location:
        return _location(message.location, message.venue)
    if any(getattr(message, name, None) for name in _SERVICE_MESSAGES):
        return None
    kind = next((kind for kind in _UNSUPPORTED if getattr(message, kind)), "unknown")
    return Unsupported(kind, text_of(message))


def _command(message: telegram.Message, bot_username: str) -> Command | None:
    """Return the command a message begins with; without a name when it is meant for another bot."""
    first = message.entities[0] if message.entities else None
    if not message.text or first is None or first.type != MessageEntity.BOT_COMMAND or first.offset != 0:
        return None
    name, _, named_bot = message.parse_entity(first).removeprefix("/").partition("@")
    ours = not named_bot or named_bot.lower() == bot_username.lower()
    return Command(name.lower() if ours else "", tuple(message.text.split()[1:]))


def _location(location: telegram.Location, venue: telegram.Venue | None) -> Location:
    name = ", ".join(part for part in (venue.title, venue.address) if part) if venue else ""
    return Location(location.latitude, location.longitude, name, moves=location.live_period is not None)


def _is_to_bot(message: telegram.Message, bot_username: str) -> bool:
    replied_to = message.reply_to_message
    if replied_to is not None and replied_to.from_user is not None and replied_to.from_user.username == bot_username:
        return True
    named = message.parse_entities([MessageEntity.MENTION, MessageEntity.BOT_COMMAND]).values()
    mention = f"@{bot_username}".lower()
    return any(name.lower().endswith(mention) or ("@" not in name) for name in named)
