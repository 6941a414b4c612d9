"""The control API: everything that people, groups, the network and the clock do, over HTTP as JSON."""

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any, get_args
from urllib.parse import urlsplit

from aiohttp import web

from simulator.chat_reader import SeenMessage
from simulator.errors import ApiError, ControlError, Json
from simulator.faults import FaultKind
from simulator.telegram import Telegram
from simulator.wall import Browser, Phone

Action = Callable[[Telegram, Json], Any]


def control_routes(telegram: Telegram) -> list[web.RouteDef]:
    """The routes under /control/, bound to one Telegram."""
    routes = [web.post(f"/control/{path}", _bound(telegram, action)) for path, action in _POSTS.items()]
    routes += [web.get(f"/control/{path}", _bound(telegram, action)) for path, action in _GETS.items()]
    routes.append(web.delete("/control/faults", _bound(telegram, lambda sim, _: sim.clear_faults())))
    routes.append(web.post("/control/updates", _inject(telegram)))
    routes.append(web.post("/control/wait", _wait(telegram)))
    return routes


def _bound(telegram: Telegram, action: Action) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A handler that runs the act with the body's fields and those of path and query."""

    async def handle(request: web.Request) -> web.Response:
        refuse_other_sites(request)
        try:
            body = await request.json() if request.can_read_body else {}
            arguments = {**request.query, **body, **request.match_info}
            result = action(telegram, arguments)
        except KeyError as error:
            return _refused(f"Missing or unknown: {error.args[0]}.")
        except (ControlError, ApiError, LookupError, FileNotFoundError, TypeError, ValueError) as error:
            return _refused(str(error))
        return _json(result)

    return handle


def refuse_other_sites(request: web.Request) -> None:
    """Keeps pages of other sites, open in the same browser, away from the controls."""
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="The controls are for this page only.")


def _refused(reason: str) -> web.Response:
    return web.json_response({"error": reason}, status=422, dumps=_dumps)


def _json(value: Any) -> web.Response:
    return web.json_response({"ok": True} if value is None else value, dumps=_dumps)


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode()
        case SeenMessage() | Phone():
            return asdict(value)
    return str(value)


def _chat(given: Json) -> int | None:
    return int(given["chat"]) if given.get("chat") is not None else None


def _picture(given: Any) -> bytes | str:
    """A picture as {"base64": …} or {"sample": …}."""
    return str(given["sample"]) if "sample" in given else base64.b64decode(given["base64"])


def _data(given: Json) -> bytes:
    return base64.b64decode(given["base64"])


def _move_clock(sim: Telegram, given: Json) -> Json:
    return {"now": sim.advance(float(given["advance"]))}


def _add_person(sim: Telegram, given: Json) -> Json:
    names = ("last_name", "username", "language_code")
    known = {name: str(given[name]) for name in names if name in given}
    person_id = sim.add_person(str(given["first_name"]), person_id=None, started=bool(given.get("started")), **known)
    return {"id": person_id}


def _add_group(sim: Telegram, given: Json) -> Json:
    group_id = sim.add_group(
        str(given["title"]), [int(one) for one in given["members"]], supergroup=bool(given.get("supergroup"))
    )
    if given.get("with_bot", True):
        sim.add_bot(group_id, admin=bool(given.get("admin")))
    return {"id": group_id}


def _bot_in_group(sim: Telegram, given: Json) -> None:
    by = int(given["by"]) if "by" in given else None
    status = str(given.get("status", "member"))
    match status:
        case "member" | "administrator" if sim.bot_is_away(int(given["id"])):
            sim.add_bot(int(given["id"]), by=by, admin=status == "administrator", start=given.get("start"))
        case "member" | "administrator" | "restricted" | "kicked" | "left":
            sim.set_bot_status(int(given["id"]), status, by=by)
        case _:
            raise ControlError("status is one of member, administrator, restricted, kicked, left.")


def _send_photo(sim: Telegram, given: Json) -> Json:
    pictures = [_picture(one) for one in given["pictures"]]
    caption = str(given.get("caption", ""))
    ids = sim.send_album(int(given["person"]), pictures, caption=caption, chat_id=_chat(given))
    return {"message_ids": ids}


def _send_document(sim: Telegram, given: Json) -> Json:
    message_id = sim.send_document(
        int(given["person"]),
        _data(given),
        str(given["name"]),
        mime_type=str(given.get("mime_type", "application/octet-stream")),
        caption=str(given.get("caption", "")),
        chat_id=_chat(given),
    )
    return {"message_id": message_id}


def _send_voice(sim: Telegram, given: Json) -> Json:
    message_id = sim.send_voice(
        int(given["person"]),
        _data(given),
        duration=int(given.get("duration", 1)),
        kind="video" if given.get("kind") == "video" else "voice",
        chat_id=_chat(given),
    )
    return {"message_id": message_id}


def _send_poll(sim: Telegram, given: Json) -> Json:
    options = [str(one) for one in given["options"]]
    return {"message_id": sim.send_poll(int(given["person"]), str(given["question"]), options, chat_id=_chat(given))}


def _send_text(sim: Telegram, given: Json) -> Json:
    reply_to = int(given["reply_to"]) if given.get("reply_to") else None
    message_id = sim.send_text(int(given["person"]), str(given["text"]), chat_id=_chat(given), reply_to=reply_to)
    return {"message_id": message_id}


def _press(sim: Telegram, given: Json) -> Json:
    person, chat = int(given["person"]), _chat(given)
    if "data" in given:
        return {"query_id": sim.press_data(person, int(given["message"]), str(given["data"]), chat_id=chat)}
    message_id = int(given["message"]) if given.get("message") else None
    query_id = sim.press(person, str(given["button"]), message_id=message_id, chat_id=chat, old=bool(given.get("old")))
    return {"query_id": query_id}


def _fail(sim: Telegram, given: Json) -> Json:
    chosen = {
        name: given[name]
        for name in ("kind", "times", "status", "description", "retry_after", "body")
        if given.get(name) is not None
    }
    kinds = get_args(FaultKind)
    if chosen.get("kind") not in {None, *kinds}:
        raise ControlError(f"kind is one of {', '.join(kinds)}.")
    return {"id": sim.fail(given.get("method"), chat_id=_chat(given), **chosen).id}


def _settings(sim: Telegram, given: Json) -> Json:
    for name, kind in (("limits", bool), ("privacy_mode", bool), ("retry_second", float)):
        if name in given:
            setattr(sim.settings, name, kind(given[name]))
    return asdict(sim.settings)


def _set_phones(sim: Telegram, given: Json) -> None:
    browsers = [Browser(**one) for one in given.get("browsers", [])]
    sim.set_phones([Phone(**one) for one in given["phones"]], browsers)


def _set_wall(sim: Telegram, given: Json) -> None:
    sim.set_wall(**{name: str(given[name]) for name in ("title", "subtitle", "time_zone") if name in given})


def _add_poster(sim: Telegram, given: Json) -> Json:
    poster = sim.add_poster(
        str(given["title"]),
        base64.b64decode(given["image"]),
        str(given["link"]),
        subtitle=str(given.get("subtitle", "")),
        bot_link=str(given.get("bot_link", "")),
    )
    return {"number": poster.number}


def _received(sim: Telegram, given: Json) -> list[Json]:
    return [asdict(one) for one in sim.received(int(given["id"]))]


_POSTS: dict[str, Action] = {
    "clock": _move_clock,
    "people": _add_person,
    "people/{id}/block": lambda sim, given: sim.block(int(given["id"])),
    "people/{id}/unblock": lambda sim, given: sim.unblock(int(given["id"])),
    "people/{id}/deactivate": lambda sim, given: sim.deactivate(int(given["id"])),
    "groups": _add_group,
    "groups/{id}/bot": _bot_in_group,
    "groups/{id}/migrate": lambda sim, given: {"id": sim.migrate(int(given["id"]))},
    "groups/{id}/members": lambda sim, given: sim.add_member(int(given["id"]), int(given["person"])),
    "scan": lambda sim, given: {"message_id": sim.scan(int(given["person"]), str(given.get("link", "")))},
    "text": _send_text,
    "photo": _send_photo,
    "document": _send_document,
    "voice": _send_voice,
    "poll": _send_poll,
    "sticker": lambda sim, given: {"message_id": sim.send_sticker(int(given["person"]), chat_id=_chat(given))},
    "location": lambda sim, given: {
        "message_id": sim.send_location(
            int(given["person"]), float(given["latitude"]), float(given["longitude"]), chat_id=_chat(given)
        )
    },
    "contact": lambda sim, given: {
        "message_id": sim.send_contact(
            int(given["person"]), str(given["phone_number"]), str(given["first_name"]), chat_id=_chat(given)
        )
    },
    "edit": lambda sim, given: sim.edit_text(
        int(given["person"]), int(given["message"]), str(given["text"]), chat_id=_chat(given)
    ),
    "delete": lambda sim, given: sim.delete(int(given["person"]), int(given["message"]), chat_id=_chat(given)),
    "press": _press,
    "faults": _fail,
    "faults/{id}/release": lambda sim, given: sim.release(int(given["id"])),
    "redeliver": lambda sim, given: sim.redeliver(int(given["update_id"])),
    "settings": _settings,
    "phones": _set_phones,
    "posters": _add_poster,
    "wall": _set_wall,
    "reset": lambda sim, _: sim.reset(),
}
_GETS: dict[str, Action] = {
    "clock": lambda sim, _: {"now": sim.now()},
    "people": lambda sim, _: [{"id": one.id, "name": one.name} for one in sim.people()],
    "chats/{id}/messages": lambda sim, given: sim.messages(int(given["id"]), deleted=given.get("deleted") == "true"),
    "people/{id}/answers": lambda sim, given: [asdict(one) for one in sim.answers(int(given["id"]))],
    "received/{id}": _received,
    "calls": lambda sim, given: [asdict(one) for one in sim.calls(given.get("method"), _chat(given))],
    "updates": lambda sim, _: {
        "pending": [one.update_id for one in sim.pending],
        "all": [one.update_id for one in sim.updates],
    },
}


def _inject(telegram: Telegram) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        """Queues the body as it is, in place of an update."""
        refuse_other_sites(request)
        return _json({"update_id": telegram.inject(await request.text())})

    return handle


def _wait(telegram: Telegram) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        """Waits until a message of the bot in a chat contains a text."""
        refuse_other_sites(request)
        given = await request.json()
        try:
            seen = await telegram.wait_for_text(int(given["chat"]), str(given["contains"]))
        except TimeoutError as error:
            return _refused(str(error))
        return _json(seen)

    return handle
