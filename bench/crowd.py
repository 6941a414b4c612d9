"""The world outside, in a process of its own: a fast stand-in of the Bot API, and the residents who write.

It imports nothing of the product and knows only what Telegram would know.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import ClientSession, TCPConnector, web

PATIENCE = 120.0  # seconds until a submission that does not end is a failure
COMPLAINTS = (
    "村里的低保评了三年，家里真困难的评不上，村干部的亲戚倒在吃。",
    "去年征地的青苗费到现在没有发下来，问了几次都说再等等。",
    "组上的垃圾两个月没有人来清运，夏天臭得不敢开窗。",
    "鱼塘包给了谁、包了多少钱，账目从来没有贴出来过。",
)


@dataclass(frozen=True)
class Errand:
    """What the crowd is sent to do. Where nobody answers in the chat, the webhook's 200 is all it waits for."""

    url: str
    secret: str
    tokens: Sequence[str]
    submissions: int
    at_once: int
    answered: bool


@dataclass(frozen=True)
class Told:
    """What the crowd saw. `began` is of the system's monotonic clock, the same in every process."""

    began: float
    waits: list[float]  # seconds from the scan to the receipt, of each submission
    receipts: list[str]  # the whole messages


class Crowd:
    """Residents who scan, write one message and press Send; and the Bot API, by which they are answered."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._chats: dict[int, asyncio.Queue[dict[str, str]]] = {}

    async def serve(self, request: web.BaseRequest) -> web.Response:
        """Answer one call of the Bot API."""
        method = request.path.rpartition("/")[2].lower()
        result: Any = True
        if method == "getme":
            result = {"id": 4242, "is_bot": True, "first_name": "巡声", "username": "xunsheng_bot"}
        elif method in {"sendmessage", "editmessagetext"}:
            said = {"message_id": str(next(self._numbers)), **dict(parse_qsl((await request.read()).decode()))}
            chat = int(said["chat_id"])
            result = {"message_id": int(said["message_id"]), "date": 1, "chat": _chat(chat), "text": said["text"]}
            if (heard := self._chats.get(chat)) is not None:
                heard.put_nowait(said)
        return web.Response(body=json.dumps({"ok": True, "result": result}), content_type="application/json")

    async def go(self, errand: Errand) -> Told:
        """Return when the last resident holds a receipt and every update was acknowledged."""
        told = Told(monotonic(), [], [])
        numbers = iter(range(errand.submissions))

        async def one_after_another(session: ClientSession) -> None:
            for number in numbers:  # all at once draw from the same
                await asyncio.wait_for(self._submit(number, errand, session, told), PATIENCE)

        headers = {"X-Telegram-Bot-Api-Secret-Token": errand.secret}
        async with ClientSession(connector=TCPConnector(limit=0), headers=headers) as session:
            await asyncio.gather(*(one_after_another(session) for _ in range(errand.at_once)))
        return told

    async def _submit(self, number: int, errand: Errand, session: ClientSession, told: Told) -> None:
        me = 700_000_000 + next(self._numbers)  # somebody who was never here
        heard = self._chats[me] = asyncio.Queue()

        async def post(**content: Any) -> dict[str, str]:
            """Deliver an update; return what is said to it."""
            update = {"update_id": next(self._numbers), **content}
            async with session.post(errand.url, json=update) as response:
                if response.status != 200:
                    raise RuntimeError(f"the webhook answered {response.status}")
            return await heard.get() if errand.answered else {"text": "", "message_id": "1"}

        scanned = monotonic()
        command = [{"type": "bot_command", "offset": 0, "length": 6}]
        start = self._message(me, f"/start {errand.tokens[number % len(errand.tokens)]}")
        await post(message=start | {"entities": command})
        card = await post(message=self._message(me, COMPLAINTS[number % len(COMPLAINTS)]))
        shown = self._message(me, card["text"]) | {"message_id": int(card["message_id"])}
        data = _send_button(card) if errand.answered else "1.r.send.01234567"
        press = {"id": str(me), "from": shown["from"], "chat_instance": "1", "message": shown, "data": data}
        receipt = await post(callback_query=press)
        told.waits.append(monotonic() - scanned)
        told.receipts.append(receipt["text"])
        del self._chats[me]

    def _message(self, me: int, text: str) -> dict[str, Any]:
        person = {"id": me, "is_bot": False, "first_name": "村民", "language_code": "zh-hans"}
        return {"message_id": next(self._numbers), "date": 1, "chat": _chat(me), "from": person, "text": text}


def _chat(number: int) -> dict[str, Any]:
    return {"id": number, "type": "private" if number > 0 else "supergroup"}


def _send_button(card: dict[str, str]) -> str:
    rows = json.loads(card["reply_markup"])["inline_keyboard"]
    return next(str(button["callback_data"]) for row in rows for button in row if ".send." in button["callback_data"])


async def _live(parent: Connection) -> None:
    crowd = Crowd()
    runner = web.ServerRunner(web.Server(crowd.serve, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    parent.send(f"http://127.0.0.1:{runner.addresses[0][1]}")
    while (errand := await asyncio.to_thread(parent.recv)) is not None:
        parent.send(await crowd.go(errand))
    await runner.cleanup()


def _process(parent: Connection) -> None:
    asyncio.run(_live(parent))


@dataclass(frozen=True)
class Outside:
    """The other process, as seen from here."""

    base_url: str  # of the Bot API
    connection: Connection

    async def send(self, errand: Errand) -> Told:
        """Send the crowd and wait for what it tells. Raises EOFError when a submission failed over there."""
        self.connection.send(errand)
        told: Told = await asyncio.to_thread(self.connection.recv)
        return told


@asynccontextmanager
async def outside() -> AsyncIterator[Outside]:
    """Start the other process, and end it."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_process, args=(there,), daemon=True)
    process.start()
    there.close()
    try:
        yield Outside(await asyncio.to_thread(here.recv), here)
    finally:
        with suppress(OSError):  # it has failed and is gone
            here.send(None)
        await asyncio.to_thread(process.join)
