"""The simulator as one object: the Bot API, the control API and the phones behind one port."""

import asyncio
import json
from typing import Any

from aiohttp import web

from simulator.control import control_routes
from simulator.errors import ApiError, Json
from simulator.faults import Fault
from simulator.files import UPLOAD_LIMIT
from simulator.methods import METHODS, Described
from simulator.methods.backend import chat_id_of
from simulator.parameters import Parameters, read_parameters
from simulator.polling import RawUpdates
from simulator.telegram import Telegram
from simulator.wall import wall_routes
from simulator.world import ApiCall

_ROOM_FOR_FORM = 1024 * 1024


class Simulator(Telegram):
    """Telegram on localhost, for one bot; it takes what Telegram takes."""

    _runner: web.AppRunner | None = None
    base_url = ""

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
            return _answer(error.as_text(), error.code)
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
                await self._apply_fault(fault, request)
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

    async def _apply_fault(self, fault: Fault, request: web.Request) -> None:
        match fault.kind:
            case "error" | "answer":
                raise fault.error()
            case "drop":
                _cut(request)
                raise ApiError(500, "Internal Server Error")
            case "hold" | "timeout":
                fault.waiting += 1
                fault.reached.set()
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
                await self._apply_fault(fault, request)
            except ApiError as error:
                return _answer(error.as_text(), error.code)
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
