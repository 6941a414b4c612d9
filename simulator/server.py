"""The simulator as one object: the Bot API, the control API and the phones behind one port."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from simulator.acts import Acts
from simulator.changes import Changes
from simulator.clock import OffsetClock
from simulator.control import control_routes
from simulator.errors import ApiError, Json
from simulator.faults import Fault, FaultKind, Faults
from simulator.files import UPLOAD_LIMIT
from simulator.limits import SendLimits
from simulator.methods import METHODS, Backend, Described
from simulator.methods.backend import chat_id_of
from simulator.parameters import Parameters, read_parameters
from simulator.people import Person
from simulator.polling import Polling, RawUpdates
from simulator.sight import Sight
from simulator.updates import Update
from simulator.wall import Phone, Poster, Wall, wall_routes
from simulator.webhook import Webhook
from simulator.world import ApiCall, Settings, World

_ROOM_FOR_FORM = 1024 * 1024


class Simulator(Acts, Sight):
    """Telegram on localhost, for one bot.

    limits switches 429 for hurried senders on; privacy_mode hides ordinary group messages from a bot that
    isn't admin, as Telegram does by default; retry_second is how long a second of webhook back-off lasts.
    """

    def __init__(
        self,
        token: str,
        username: str = "xunsheng_bot",
        clock: Callable[[], datetime] | None = None,
        *,
        name: str = "巡声",
        limits: bool = False,
        privacy_mode: bool = True,
        retry_second: float = 1.0,
    ) -> None:
        self.token = token
        self.settings = Settings(limits, privacy_mode, retry_second)
        self._changes = Changes()
        self._clock = OffsetClock(clock)
        bot_id = int(token.partition(":")[0])
        bot = Person(bot_id, name, username=username, is_bot=True)
        world = World(bot, self._clock, self._changes, self.settings)
        Acts.__init__(self, world)
        self._world = world
        self._faults = Faults()
        self._backend = Backend(world, Polling(world, self._changes), Webhook(world, self._changes), SendLimits())
        self.wall = Wall(world)
        self._runner: web.AppRunner | None = None
        self.base_url = ""

    # Life

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listens; port 0 takes a free one, which base_url then names."""
        app = web.Application(client_max_size=UPLOAD_LIMIT + _ROOM_FOR_FORM)
        app.router.add_route("*", "/bot{token}/{method}", self._serve_method)
        app.router.add_get("/file/bot{token}/{path:.+}", self._serve_file)
        app.add_routes(control_routes(self))
        app.add_routes(wall_routes(self.wall))
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound = self._runner.addresses[0][1]
        self.base_url = f"http://{host}:{bound}"

    async def stop(self) -> None:
        """Ends every wait and closes the port."""
        self._faults.clear()
        await self._backend.webhook.delete()
        self.wall.close()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    def reset(self) -> None:
        """Forgets people, chats, updates, faults and posters; token, time and webhook stay."""
        self._faults.clear()
        self._world.clear()
        self.wall.clear()
        self._changes.notify()

    # Time

    def now(self) -> datetime:
        return self._clock.now()

    def advance(self, seconds: float) -> datetime:
        """Moves the simulator's time forward; returns the new time."""
        now = self._clock.advance(seconds)
        self._changes.notify()
        return now

    def on_clock_change(self, callback: Callable[[datetime], None]) -> None:
        """Calls back with the new time whenever the clock is moved, here or from the page."""
        self._clock.on_change(callback)

    # Bad days

    def fail(
        self,
        method: str | None = None,
        *,
        kind: FaultKind = "error",
        chat_id: int | None = None,
        times: int = 1,
        status: int = 500,
        description: str = "",
        retry_after: int | None = None,
    ) -> Fault:
        """Lets the next calls of a method (of any, without one) fail; see Fault for the kinds."""
        return self._faults.add(
            kind,
            method,
            chat_id=chat_id,
            times=times,
            status=status,
            description=description,
            retry_after=retry_after,
        )

    def hold(self, method: str | None = None, *, chat_id: int | None = None, times: int = 1) -> Fault:
        """Keeps the next calls waiting until release(); Fault.waiting counts them."""
        return self._faults.add("hold", method, chat_id=chat_id, times=times)

    def release(self, fault: Fault | int) -> None:
        self._faults.release(fault if isinstance(fault, int) else fault.id)

    def clear_faults(self) -> None:
        self._faults.clear()

    def redeliver(self, update_id: int) -> None:
        """Delivers an update once more, whether or not it was confirmed."""
        self._world.updates.repeat(update_id)

    def inject(self, update: Json | str) -> int:
        """Queues a raw update, or any text in place of one; returns its update_id."""
        body = update if isinstance(update, str) else json.dumps(update, ensure_ascii=False)
        return self._world.updates.add_raw(body)

    @property
    def updates(self) -> list[Update]:
        """Every update that was ever queued, oldest first."""
        return self._world.updates.history

    @property
    def pending(self) -> list[Update]:
        """The updates that the bot has not confirmed."""
        return self._world.updates.pending()

    def drop_pending(self) -> None:
        """Forgets the updates that the bot has not confirmed."""
        self._world.updates.drop_all()

    # The wall

    def set_phones(self, phones: list[Phone]) -> None:
        """Chooses which phones hang on the wall, in which order."""
        self.wall.phones = list(phones)
        self._changes.notify()

    def set_wall(self, *, title: str | None = None, subtitle: str | None = None, time_zone: str | None = None) -> None:
        """Sets what the page says above the phones, and the time zone of its times."""
        self.wall.title = title if title is not None else self.wall.title
        self.wall.subtitle = subtitle if subtitle is not None else self.wall.subtitle
        self.wall.time_zone = time_zone or self.wall.time_zone
        self._changes.notify()

    def add_poster(self, title: str, image: bytes, link: str, *, subtitle: str = "") -> Poster:
        """Puts a PNG or JPEG poster on the notice board; scanning it opens the link."""
        return self.wall.add_poster(title, image, link, subtitle)

    # The Bot API

    async def _serve_method(self, request: web.Request) -> web.StreamResponse:
        try:
            if request.match_info["token"] != self.token:
                raise ApiError(401, "Unauthorized")
            handler = METHODS.get(request.match_info["method"].lower())
            if handler is None:
                raise ApiError(404, "Not Found")
            parameters = await read_parameters(request)
            result = await self._call(request, parameters)
        except ApiError as error:
            return _answer(json.dumps(error.as_json(), ensure_ascii=False), error.code)
        if isinstance(result, web.StreamResponse):
            return result
        if isinstance(result, RawUpdates):
            return _answer(f'{{"ok":true,"result":{result.as_text()}}}', 200)
        body: Json = {"ok": True, "result": result}
        if isinstance(result, Described):
            body = {"ok": True, "result": result.result, "description": result.description}
        return _answer(json.dumps(body, ensure_ascii=False), 200)

    async def _call(self, request: web.Request, parameters: Parameters) -> Any:
        """Runs a method, with the faults that were asked for, and logs how it went."""
        method = request.match_info["method"]
        chat_id = chat_id_of(parameters)
        call = ApiCall(method, chat_id, parameters.values, self.now())
        self._world.calls.append(call)
        self._changes.notify()
        fault = self._faults.take(method, chat_id)
        try:
            if fault and fault.kind != "drop_after":
                await self._suffer(fault, request)
            result = await METHODS[method.lower()](self._backend, parameters)
        except ApiError as error:
            call.status = error.code
            self._changes.notify()
            raise
        call.status = 200
        self._changes.notify()
        if fault and fault.kind == "drop_after":
            _cut(request)
        return result

    async def _suffer(self, fault: Fault, request: web.Request) -> None:
        match fault.kind:
            case "error":
                raise fault.error()
            case "drop":
                _cut(request)
                raise ApiError(500, "Internal Server Error")
            case "hold" | "timeout":
                fault.waiting += 1
                self._changes.notify()
                try:
                    await fault.released.wait()
                finally:
                    fault.waiting -= 1
                if fault.kind == "timeout":
                    raise ApiError(504, "Gateway Timeout")

    async def _serve_file(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.token:
            raise web.HTTPUnauthorized
        fault = self._faults.take("file", None)
        if fault:
            try:
                await self._suffer(fault, request)
            except ApiError as error:
                return _answer(json.dumps(error.as_json()), error.code)
        data = self._world.files.download(request.match_info["path"], self.now())
        if data is None:
            return _answer('{"ok":false,"error_code":404,"description":"Not Found"}', 404)
        if fault and fault.kind == "half":
            data = data[: len(data) // 2]
        return web.Response(body=data, content_type="application/octet-stream")


def _answer(text: str, status: int) -> web.Response:
    return web.Response(text=text, status=status, content_type="application/json")


def _cut(request: web.Request) -> None:
    """Closes the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()


async def serve_forever(simulator: Simulator, host: str, port: int) -> None:
    """Runs until it is cancelled."""
    await simulator.start(host, port)
    try:
        await asyncio.Event().wait()
    finally:
        await simulator.stop()
