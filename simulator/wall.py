"""The wall of phones in the browser: what each of them shows, and the page that draws it."""

import asyncio
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from simulator.chat_reader import kind_of
from simulator.errors import ControlError, Json
from simulator.files import image_type
from simulator.media import sample_names
from simulator.methods.callbacks import ANSWER_TIME
from simulator.people import Chat, Message, Person
from simulator.world import World, unix

STATIC = Path(__file__).parent / "static"
SHOWN_MESSAGES = 80
SHOWN_ANSWERS = 5
GATHER_SECONDS = 0.03  # changes that follow one another are drawn together
ALIVE_SECONDS = 15.0
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True)
class Phone:
    """One phone on the wall: a person looking at their private chat with the bot, or at a group.

    chat 0 means the private chat; scans tells whether the phone is offered when a poster is clicked.
    """

    key: str
    person: int
    chat: int = 0
    label: str = ""
    subtitle: str = ""
    accent: str = "#3390ec"
    scans: bool = True


@dataclass(frozen=True)
class Browser:
    """A phone on the wall with a browser and without Telegram; what it shows comes from another program.

    home is the address that its home button opens.
    """

    key: str
    home: str
    label: str = ""
    subtitle: str = ""
    accent: str = "#3390ec"

    @property
    def site(self) -> str:
        """Where its pages come from."""
        parts = urlsplit(self.home)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True)
class Poster:
    """A poster on the notice board; link is what its code says, bot_link what a phone with Telegram opens."""

    number: int
    title: str
    subtitle: str
    image: bytes
    link: str
    bot_link: str


@dataclass(frozen=True)
class Step:
    """Something for a visitor to try, in two languages. It is done once one of some phones shows one of some texts.

    What a browser shows is not seen from here, but for the title of the poster that it scanned.
    """

    text: str
    translation: str
    phones: tuple[str, ...]  # their keys
    shows: tuple[str, ...]


class Wall:
    """What hangs on the wall, and how it looks right now."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._streams: set[asyncio.Task[Any]] = set()
        self.clear()

    def clear(self) -> None:
        self.phones: list[Phone] = []
        self.browsers: list[Browser] = []
        self.posters: list[Poster] = []
        self.steps: list[Step] = []
        self.title = "巡声 · 演示"
        self.subtitle = "一码一会话，件件有回音"
        self.time_zone = "Asia/Shanghai"

    def close(self) -> None:
        """Ends the streams of all open pages."""
        for stream in self._streams:
            stream.cancel()

    def add_poster(self, title: str, image: bytes, link: str, subtitle: str, bot_link: str) -> Poster:
        if not image_type(image):
            raise ControlError("A poster is a PNG or JPEG picture.")
        poster = Poster(len(self.posters) + 1, title, subtitle, image, link, bot_link)
        self.posters.append(poster)
        self._world.changes.notify()
        return poster

    def shown_phones(self) -> list[Phone]:
        """The chosen phones, or one for everybody and every group."""
        if self.phones:
            return self.phones
        colours = ("#3390ec", "#31a24c", "#c9783e", "#8a63d2", "#d1495b", "#1f8a8a")
        found = []
        for number, chat in enumerate(self._world.chats.values()):
            if chat.migrated_to:
                continue
            person = chat.person or chat.members[0]
            label = person.name if chat.person else chat.title
            subtitle = "手机" if chat.person else "群"
            colour = colours[number % len(colours)]
            found.append(Phone(f"{number + 1}", person.id, chat.id, label, subtitle, colour))
        return found

    def state(self) -> Json:
        """Everything but the phones' insides."""
        return {
            "type": "wall",
            "now": self._world.clock.now().isoformat(),
            "title": self.title,
            "subtitle": self.subtitle,
            "time_zone": self.time_zone,
            "bot": {"name": self._world.bot.name, "username": self._world.bot.username},
            "samples": sample_names(),
            "phones": [phone.key for phone in self.shown_phones()],
            "browsers": [asdict(browser) for browser in self.browsers],
            "steps": [asdict(step) for step in self.steps],
            "posters": [
                {
                    "number": one.number,
                    "title": one.title,
                    "subtitle": one.subtitle,
                    "link": one.link,
                    "bot_link": one.bot_link,
                    "image": f"/control/posters/{one.number}",
                }
                for one in self.posters
            ],
        }

    def phone_state(self, phone: Phone) -> Json:
        """What one phone shows."""
        world = self._world
        person = world.person(phone.person)
        chat = world.chat(phone.chat or phone.person)
        while chat.migrated_to:
            chat = world.chat(chat.migrated_to)
        earlier = world.chats[chat.migrated_from].visible() if chat.migrated_from else []
        messages = [one for one in earlier + chat.visible() if not one.content.keys() & _HIDDEN]
        presses = [one for one in world.presses.values() if one.person_id == person.id and one.chat_id == chat.id]
        now = world.clock.now()
        return {
            "type": "phone",
            **asdict(phone),
            "chat": chat.id,
            "kind": chat.kind,
            "title": chat.title or world.bot.name,
            "name": person.name,
            "members": [one.name for one in chat.members],
            "started": chat.started or not chat.person,
            "blocked": chat.blocked,
            "action": chat.action,
            "messages": [self._message(one, person) for one in messages[-SHOWN_MESSAGES:]],
            "pressing": [
                {"message": one.message_id, "data": one.data}
                for one in presses
                if not one.answered and now - one.at <= ANSWER_TIME
            ],
            "answers": [
                {"id": one.query_id, "text": one.text, "alert": one.show_alert}
                for one in presses
                if one.answered and one.text
            ][-SHOWN_ANSWERS:],
        }

    def _message(self, message: Message, viewer: Person) -> Json:
        content = message.content
        chat: Chat = self._world.chats[message.chat_id]
        return {
            "id": message.message_id,
            "chat": message.chat_id,
            "kind": kind_of(message),
            "mine": message.sender is viewer,
            "bot": message.sender is self._world.bot,
            "sender": message.sender.name,
            "sender_id": message.sender.id,
            "date": unix(message.date),
            "text": message.text or _words(content),
            "entities": message.entities,
            "photo": _photo(content),
            "document": _document(content),
            "sound": _played(content, "voice", "audio"),
            "film": _played(content, "video", "video_note", "animation"),
            "duration": (content.get("voice") or content.get("video") or {}).get("duration"),
            "album": message.media_group_id,
            "buttons": message.buttons,
            "reply": self._replied(chat, message),
            "edited": message.edit_date is not None and (message.sender is not self._world.bot),
            "protected": message.protected,
            "taken": not self._world.updates.is_pending(message.update_id),
        }

    def file_response(self, file_id: str) -> web.Response:
        stored = self._world.files.get(file_id)
        if stored is None:
            raise web.HTTPNotFound
        kind = image_type(stored.data)
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "max-age=3600"}
        if not kind:
            headers["Content-Disposition"] = "attachment"
        return web.Response(body=stored.data, content_type=kind or "application/octet-stream", headers=headers)

    def poster_response(self, number: int) -> web.Response:
        found = next((one for one in self.posters if one.number == number), None)
        if found is None:
            raise web.HTTPNotFound
        return web.Response(body=found.image, content_type=image_type(found.image))

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: the wall and each phone, whenever they look different than before."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        task = asyncio.current_task()
        if task:
            self._streams.add(task)
        changed = asyncio.Event()
        stop = self._world.changes.listen(lambda _: changed.set())
        sent: dict[str, str] = {}
        try:
            while True:
                changed.clear()
                for state in [self.state(), *map(self.phone_state, self.shown_phones())]:
                    await self._send(response, sent, state)
                await self._something(changed, response)
        except (ConnectionError, asyncio.CancelledError):
            return response
        finally:
            stop()
            if task:
                self._streams.discard(task)

    async def _something(self, changed: asyncio.Event, response: web.StreamResponse) -> None:
        """Waits for a change; writes a sign of life now and then."""
        while not changed.is_set():
            try:
                async with asyncio.timeout(ALIVE_SECONDS):
                    await changed.wait()
            except TimeoutError:
                await response.write(b": alive\n\n")
        await asyncio.sleep(GATHER_SECONDS)

    async def _send(self, response: web.StreamResponse, sent: dict[str, str], state: Json) -> None:
        key = str(state.get("key", ""))
        text = json.dumps(state, ensure_ascii=False)
        compared = json.dumps({**state, "now": None}) if not key else text
        if state["type"] == "wall":
            compared += str(self._world.clock.moves)
        if sent.get(key) != compared:
            sent[key] = compared
            await response.write(f"data: {text}\n\n".encode())

    def _replied(self, chat: Chat, message: Message) -> Json | None:
        replied = chat.message(message.reply_to)
        return {"sender": replied.sender.name, "text": replied.text[:80]} if replied else None


_HIDDEN = frozenset({"migrate_to_chat_id"})


def _photo(content: Json) -> Json | None:
    if not content.get("photo"):
        return None
    largest = content["photo"][-1]
    return {
        "url": f"/control/files/{largest['file_id']}",
        "width": largest["width"],
        "height": largest["height"],
    }


def _played(content: Json, *kinds: str) -> str | None:
    return next((f"/control/files/{content[kind]['file_id']}" for kind in kinds if kind in content), None)


def _document(content: Json) -> Json | None:
    if "document" not in content:
        return None
    document = content["document"]
    return {
        "url": f"/control/files/{document['file_id']}",
        "name": document.get("file_name", "文件"),
        "size": document["file_size"],
    }


def _words(content: Json) -> str:
    """How the phone words what is neither text nor a file."""
    match content:
        case {"sticker": sticker}:
            return str(sticker["emoji"])
        case {"poll": poll}:
            return f"📊 {poll['question']}" + "".join(f"\n○ {one['text']}" for one in poll["options"])
        case {"location": place}:
            return f"📍 {place['latitude']:.5f}, {place['longitude']:.5f}"
        case {"contact": contact}:
            return f"👤 {contact['first_name']} {contact['phone_number']}"
        case {"new_chat_members": members}:
            return "、".join(one["first_name"] for one in members) + " 加入了群组"
        case {"left_chat_member": member}:
            return f"{member['first_name']} 离开了群组"
        case {"migrate_from_chat_id": _}:
            return "群组已升级为超级群组"
    return ""


def _page(name: str, policy: str) -> web.Response:
    return web.Response(
        text=(STATIC / name).read_text(encoding="utf-8"),
        content_type="text/html",
        headers={
            "Content-Security-Policy": policy,
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def wall_routes(wall: Wall) -> list[web.RouteDef | web.StaticDef]:
    """The page, its parts, and the stream of what changes on it."""

    async def page(request: web.Request) -> web.Response:
        hosts = {urlsplit(browser.home).hostname for browser in wall.browsers}
        if request.url.host == "localhost" and hosts == {"127.0.0.1"}:
            # To a browser these are two sites, and a page that the one shows of the other gets no cookie.
            raise web.HTTPFound(request.url.with_host("127.0.0.1"))
        sites = " ".join(sorted({browser.site for browser in wall.browsers}))
        return _page("wall.html", f"{_POLICY}; frame-src 'self' {sites}; frame-ancestors 'none'")

    async def elsewhere(_: web.Request) -> web.Response:
        return _page("elsewhere.html", f"{_POLICY}; frame-ancestors 'self'")

    async def state(_: web.Request) -> web.Response:
        phones = [wall.phone_state(phone) for phone in wall.shown_phones()]
        return web.json_response({**wall.state(), "phone_states": phones})

    async def file(request: web.Request) -> web.Response:
        return wall.file_response(request.match_info["file_id"])

    async def poster(request: web.Request) -> web.Response:
        return wall.poster_response(int(request.match_info["number"]))

    async def events(request: web.Request) -> web.StreamResponse:
        return await wall.stream(request)

    return [
        web.get("/", page),
        web.get("/elsewhere{any:(/.*)?}", elsewhere),
        web.get("/control/wall", state),
        web.get("/control/events", events),
        web.get("/control/files/{file_id}", file),
        web.get(r"/control/posters/{number:\d+}", poster),
        web.static("/static", STATIC),
    ]
