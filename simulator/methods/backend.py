"""What every Bot API method works on, and the checks that many of them share."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from simulator.entities import (
    CAPTION_LIMIT,
    TEXT_LIMIT,
    FormattedText,
    given_entities,
    parse_html,
    trimmed,
    utf16_length,
    with_found,
)
from simulator.errors import ApiError, bad_request, forbidden
from simulator.limits import SendLimits
from simulator.parameters import Parameters
from simulator.people import Chat, Message
from simulator.polling import Polling
from simulator.webhook import Webhook
from simulator.world import World


@dataclass
class Backend:
    """The parts of the server that a method may need."""

    world: World
    polling: Polling
    webhook: Webhook
    limits: SendLimits


@dataclass(frozen=True)
class Described:
    """A result with a word about it, as setWebhook gives."""

    result: Any
    description: str


Handler = Callable[[Backend, Parameters], Awaitable[Any]]


def chat_id_of(parameters: Parameters) -> int | None:
    """The chat_id argument as a number; None when there is none."""
    try:
        return int(parameters.text("chat_id"))
    except ValueError:
        return None


def found_chat(world: World, parameters: Parameters) -> Chat:
    """The chat that the call is about; raises ApiError when the bot can't know it."""
    if not parameters.text("chat_id"):
        raise bad_request("chat_id is empty")
    chat = world.chats.get(chat_id_of(parameters) or 0)
    if chat is None or (chat.person and not chat.started and not world.shares_group(chat.person)):
        raise bad_request("chat not found")
    if chat.kind == "supergroup":
        _check_membership(chat)
    return chat


def writable_chat(world: World, parameters: Parameters) -> Chat:
    """The chat that the bot wants to write to; raises ApiError when it may not."""
    chat = found_chat(world, parameters)
    if chat.person:
        if chat.person.deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
    if chat.migrated_to:
        raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
    _check_membership(chat)
    return chat


def check_may_send(chat: Chat) -> None:
    """Refuses a bot that is restricted in a group; it may still delete what it said. Raises ApiError."""
    if chat.bot_status == "restricted":
        raise bad_request("not enough rights to send text messages to the chat")


def _check_membership(chat: Chat) -> None:
    if chat.bot_status == "kicked" and not chat.person:
        raise forbidden(f"bot was kicked from the {chat.kind} chat")
    if chat.bot_status == "left":
        raise forbidden(f"bot is not a member of the {chat.kind} chat")


def formatted_text(parameters: Parameters) -> FormattedText:
    """The `text` of a call, 1 to 4,096 UTF-16 units after parsing."""
    formatted = _formatted(parameters, "text")
    if not formatted.text:
        raise bad_request("message text is empty")
    if utf16_length(formatted.text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return formatted


def formatted_caption(parameters: Parameters) -> FormattedText:
    """The `caption` of a call, at most 1,024 UTF-16 units after parsing."""
    formatted = _formatted(parameters, "caption")
    if utf16_length(formatted.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return formatted


def _formatted(parameters: Parameters, name: str) -> FormattedText:
    text = parameters.text(name)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    mode = parameters.text("parse_mode").lower()
    if mode == "html":
        formatted = parse_html(text)
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        entities_name = "entities" if name == "text" else "caption_entities"
        given = parameters.decoded(entities_name, "can't parse entities JSON object")
        formatted = given_entities(text, given) if isinstance(given, list) else FormattedText(text)
    return with_found(trimmed(formatted))


def own_message(chat: Chat, parameters: Parameters, world: World) -> Message:
    """The bot's own message that is to be edited; raises ApiError when it isn't there or not the bot's."""
    message = chat.message(parameters.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender is not world.bot:
        raise bad_request("message can't be edited")
    return message


def not_modified() -> ApiError:
    return bad_request(
        "message is not modified: specified new message content and reply markup are exactly the same as a "
        "current content and reply markup of the message"
    )
