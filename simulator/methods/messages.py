"""Sending: text, photos, documents, albums, voice, video, and the typing sign."""

import asyncio
from typing import Any

from simulator.entities import FormattedText
from simulator.errors import Json, bad_request
from simulator.files import StoredFile
from simulator.markup import checked_markup
from simulator.media import InputKind, document_content, photo_content, stored_input, voice_content
from simulator.methods.backend import (
    Backend,
    Handler,
    check_may_send,
    formatted_caption,
    formatted_text,
    writable_chat,
)
from simulator.parameters import Parameters
from simulator.people import Chat

ALBUM_LIMIT = 10
ACTION_SECONDS = 5
_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


async def send_message(backend: Backend, parameters: Parameters) -> Json:
    content = formatted_text(parameters).as_json("text")
    preview = parameters.decoded("link_preview_options", "can't parse link preview options JSON object")
    if isinstance(preview, dict):
        content["link_preview_options"] = preview
    return _send(backend, parameters, content)


async def send_photo(backend: Backend, parameters: Parameters) -> Json:
    return _send_file(backend, parameters, "photo")


async def send_document(backend: Backend, parameters: Parameters) -> Json:
    return _send_file(backend, parameters, "document")


async def send_voice(backend: Backend, parameters: Parameters) -> Json:
    return _send_file(backend, parameters, "voice")


async def send_video(backend: Backend, parameters: Parameters) -> Json:
    return _send_file(backend, parameters, "video")


def _send_file(backend: Backend, parameters: Parameters, kind: InputKind) -> Json:
    caption = formatted_caption(parameters)
    writable_chat(backend.world, parameters)
    stored = stored_input(backend.world.files, parameters, kind, parameters.text(kind), kind)
    return _send(backend, parameters, _file_content(backend, stored, kind, parameters, caption))


def _file_content(
    backend: Backend, stored: StoredFile, kind: InputKind, parameters: Parameters, caption: FormattedText
) -> Json:
    match kind:
        case "photo":
            content = photo_content(backend.world.files, stored)
        case "document":
            content = document_content(stored)
        case _:
            content = voice_content(stored, kind, parameters.integer("duration"))
    return content | caption.as_json("caption")


def _send(backend: Backend, parameters: Parameters, content: Json) -> Json:
    chat = writable_chat(backend.world, parameters)
    check_may_send(chat)
    markup = checked_markup(parameters.decoded("reply_markup", "can't parse reply keyboard markup JSON object"))
    reply_to = _reply_to(chat, parameters)
    _check_limits(backend, chat)
    message = backend.world.post(
        chat,
        backend.world.bot,
        content,
        reply_markup=markup,
        reply_to=reply_to,
        protected=parameters.flag("protect_content"),
        silent=parameters.flag("disable_notification"),
    )
    return backend.world.message_json(message)


def _check_limits(backend: Backend, chat: Chat, messages: int = 1) -> None:
    if backend.world.settings.limits:
        backend.limits.check(chat.id, backend.world.clock.now(), messages)


def _reply_to(chat: Chat, parameters: Parameters) -> int | None:
    given = parameters.decoded("reply_parameters", "can't parse reply parameters JSON object")
    if isinstance(given, dict):
        try:
            message_id = int(given.get("message_id", 0))
        except (TypeError, ValueError):
            raise bad_request("can't parse reply parameters JSON object") from None
        optional = bool(given.get("allow_sending_without_reply"))
    else:
        message_id = parameters.integer("reply_to_message_id")
        optional = parameters.flag("allow_sending_without_reply")
    if not message_id:
        return None
    if chat.message(message_id) is None:
        if optional:
            return None
        raise bad_request("message to be replied not found")
    return message_id


async def send_media_group(backend: Backend, parameters: Parameters) -> list[Json]:
    world = backend.world
    chat = writable_chat(world, parameters)
    check_may_send(chat)
    media = _album(parameters)
    contents = []
    for item in media:
        kind = item["type"]
        one = Parameters(item, parameters.uploads)
        stored = stored_input(world.files, one, kind, str(item.get("media", "")), "media")
        contents.append(_file_content(backend, stored, kind, one, formatted_caption(one)))
    reply_to = _reply_to(chat, parameters)
    _check_limits(backend, chat, len(contents))
    group_id = str(13_900_000_000_000_000 + len(world.deliveries)) if len(contents) > 1 else None
    sent = [
        world.post(
            chat,
            world.bot,
            content,
            reply_to=reply_to,
            media_group_id=group_id,
            protected=parameters.flag("protect_content"),
            silent=parameters.flag("disable_notification"),
        )
        for content in contents
    ]
    return [world.message_json(message) for message in sent]


def _album(parameters: Parameters) -> list[Json]:
    media: Any = parameters.decoded("media", "can't parse media JSON object")
    if not isinstance(media, list):
        raise bad_request("expected an Array of InputMedia")
    if not media:
        raise bad_request("there are no messages to send")
    if len(media) > ALBUM_LIMIT:
        raise bad_request("too many messages to send as an album")
    for item in media:
        if not isinstance(item, dict):
            raise bad_request("can't parse InputMedia: expected an Object")
        if item.get("type") not in {"photo", "document", "video"}:
            raise bad_request("can't parse InputMedia: unsupported type of media")
    kinds = {item["type"] for item in media}
    if "document" in kinds and len(kinds) > 1:
        raise bad_request("document can't be mixed with other media types")
    return media


async def send_chat_action(backend: Backend, parameters: Parameters) -> bool:
    chat = writable_chat(backend.world, parameters)
    action = parameters.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.action = action
    backend.world.changes.notify(chat.id)

    def fade() -> None:
        chat.action = ""
        backend.world.changes.notify(chat.id)

    asyncio.get_running_loop().call_later(ACTION_SECONDS, fade)
    return True


METHODS: dict[str, Handler] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendVoice": send_voice,
    "sendVideo": send_video,
    "sendMediaGroup": send_media_group,
    "sendChatAction": send_chat_action,
}
