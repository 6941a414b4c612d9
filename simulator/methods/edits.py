"""Changing and deleting what was sent."""

from datetime import timedelta

from simulator.errors import Json, bad_request
from simulator.markup import checked_markup
from simulator.methods.backend import (
    Backend,
    Handler,
    check_may_send,
    formatted_caption,
    formatted_text,
    not_modified,
    own_message,
    writable_chat,
)
from simulator.parameters import Parameters
from simulator.people import Chat, Message
from simulator.world import World

DELETE_TIME = timedelta(hours=48)
DELETE_LIMIT = 100

_CAPTIONED = frozenset({"photo", "document", "voice", "video"})


async def edit_message_text(backend: Backend, parameters: Parameters) -> Json:
    formatted = formatted_text(parameters)
    message = _message_to_edit(backend, parameters)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    content = formatted.as_json("text")
    preview = parameters.decoded("link_preview_options", "can't parse link preview options JSON object")
    if isinstance(preview, dict):
        content["link_preview_options"] = preview
    return _apply(backend, parameters, message, content)


async def edit_message_caption(backend: Backend, parameters: Parameters) -> Json:
    formatted = formatted_caption(parameters)
    message = _message_to_edit(backend, parameters)
    if not message.content.keys() & _CAPTIONED:
        raise bad_request("there is no caption in the message to edit")
    media = {name: value for name, value in message.content.items() if not name.startswith("caption")}
    return _apply(backend, parameters, message, media | formatted.as_json("caption"))


async def edit_message_reply_markup(backend: Backend, parameters: Parameters) -> Json:
    message = _message_to_edit(backend, parameters)
    return _apply(backend, parameters, message, message.content)


def _message_to_edit(backend: Backend, parameters: Parameters) -> Message:
    chat = writable_chat(backend.world, parameters)
    check_may_send(chat)
    return own_message(chat, parameters, backend.world)


def _apply(backend: Backend, parameters: Parameters, message: Message, content: Json) -> Json:
    markup = checked_markup(
        parameters.decoded("reply_markup", "can't parse reply keyboard markup JSON object"), inline_only=True
    )
    if content == message.content and markup == message.reply_markup:
        raise not_modified()
    message.content = content
    message.reply_markup = markup
    backend.world.edited(message)
    return backend.world.message_json(message)


async def delete_message(backend: Backend, parameters: Parameters) -> bool:
    chat = writable_chat(backend.world, parameters)
    message = chat.message(parameters.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    _check_deletable(backend.world, chat, message)
    backend.world.delete(message)
    return True


async def delete_messages(backend: Backend, parameters: Parameters) -> bool:
    chat = writable_chat(backend.world, parameters)
    message_ids = parameters.decoded("message_ids", "can't parse message identifiers JSON object")
    if not isinstance(message_ids, list) or not message_ids:
        raise bad_request("message identifiers are not specified")
    if len(message_ids) > DELETE_LIMIT:
        raise bad_request("too many message identifiers specified")
    found = [message for one in message_ids if (message := chat.message(int(one)))]
    for message in found:
        _check_deletable(backend.world, chat, message)
    for message in found:
        backend.world.delete(message)
    return True


def _check_deletable(world: World, chat: Chat, message: Message) -> None:
    if world.clock.now() - message.date > DELETE_TIME:
        raise bad_request("message can't be deleted for everyone")
    own = message.sender is world.bot
    if not own and not chat.person and chat.bot_status != "administrator":
        raise bad_request("message can't be deleted")


METHODS: dict[str, Handler] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
