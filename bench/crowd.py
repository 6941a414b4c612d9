"""The world outside: a fast stand-in of the Bot API, and the residents who write.

It imports nothing of the product and knows only what Telegram would know.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import ClientSession, TCPConnector, web

SUBMISSION_LIMIT_SECONDS = 120.0  # seconds until a submission that does not end is a failure
COMPLAINTS = (
    "村里的低保评了三年，家里真困难的评不上，村干部的亲戚倒在吃。",
    "去年征地的青苗费到现在没有发下来，问了几次都说再等等。",
    "组上的垃圾两个月没有人来清运，夏天臭得不敢开窗。",
    "鱼塘包给了谁、包了多少钱，账目从来没有贴出来过。",
)


@dataclass(frozen=True)
class Webhook:
    """Where updates are delivered. `tokens` are what the printed codes of the villages hold."""

    url: str
    secret: str
    tokens: Sequence[str]


@dataclass
class Observed:
    """What the residents saw, times in seconds. `began` is of the system's monotonic clock."""

    began: float = field(default_factory=monotonic)
    waits: list[float] = field(default_factory=list)  # from the scan to the receipt, of each submission
    presses: list[float] = field(default_factory=list)  # from the press on Send until it is answered and receipted
    receipts: list[str] = field(default_factory=list)  # the whole messages


@dataclass
class _Chat:
    """What the Bot API said to one resident: messages, and when the press was answered."""

    messages: asyncio.Queue[dict[str, str]] = field(default_factory=asyncio.Queue)
    answered: asyncio.Future[float] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Crowd:
    """Residents who scan, write one message and press Send; and the Bot API, by which they are answered."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._chats: dict[int, _Chat] = {}
        self.webhook_set = asyncio.Event()
        self.base_url = ""

    async def serve(self, request: web.BaseRequest) -> web.Response:
        """Answer one call of the Bot API."""
        method = request.path.rpartition("/")[2].lower()
        result: Any = True
        if method == "getme":
            result = {"id": 4242, "is_bot": True, "first_name": "巡声", "username": "xunsheng_bot"}
        elif method in {"sendmessage", "editmessagetext"}:
            sent = {"message_id": str(next(self._numbers)), **await _parameters(request)}
            chat = int(sent["chat_id"])
            result = {"message_id": int(sent["message_id"]), "date": 1, "chat": _chat(chat), "text": sent["text"]}
            if (known := self._chats.get(chat)) is not None:
                known.messages.put_nowait(sent | {"at": repr(monotonic())})
        elif method == "answercallbackquery":
            known = self._chats.get(int((await _parameters(request))["callback_query_id"]))
            if known is not None and not known.answered.done():
                known.answered.set_result(monotonic())
        elif method == "setwebhook":
            self.webhook_set.set()
        return web.Response(body=json.dumps({"ok": True, "result": result}), content_type="application/json")

    async def submit(self, webhook: Webhook, submissions: int, at_once: int) -> Observed:
        """Send in complaints; return when the last resident holds a receipt and every update was acknowledged."""
        observed = Observed()
        numbers = iter(range(submissions))

        async def one_after_another(session: ClientSession) -> None:
            for number in numbers:  # all at once draw from the same
                await asyncio.wait_for(self._submit(number, webhook, session, observed), SUBMISSION_LIMIT_SECONDS)

        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret}
        async with ClientSession(connector=TCPConnector(limit=0), headers=headers) as session:
            await asyncio.gather(*(one_after_another(session) for _ in range(at_once)))
        return observed

    async def _submit(self, number: int, webhook: Webhook, session: ClientSession, observed: Observed) -> None:
        me = 700_000_000 + next(self._numbers)  # somebody who was never here
        chat = self._chats[me] = _Chat()

        async def post(**content: Any) -> dict[str, str]:
            """Deliver an update; return what is said to it."""
            update = {"update_id": next(self._numbers), **content}
            async with session.post(webhook.url, json=update) as response:
                if response.status != 200:
                    raise RuntimeError(f"the webhook answered {response.status}")
            return await chat.messages.get()

        scanned = monotonic()
        command = [{"type": "bot_command", "offset": 0, "length": 6}]
        start = self._message(me, f"/start {webhook.tokens[number % len(webhook.tokens)]}")
        await post(message=start | {"entities": command})
        card = await post(message=self._message(me, COMPLAINTS[number % len(COMPLAINTS)]))
        shown = self._message(me, card["text"]) | {"message_id": int(card["message_id"])}
        sender = shown["from"]
        press = {"id": str(me), "from": sender, "chat_instance": "1", "message": shown, "data": _send_button(card)}
        pressed = monotonic()
        receipt = await post(callback_query=press)
        observed.presses.append(max(await chat.answered, float(receipt["at"])) - pressed)
        observed.waits.append(float(receipt["at"]) - scanned)
        observed.receipts.append(receipt["text"])
        del self._chats[me]

    def _message(self, me: int, text: str) -> dict[str, Any]:
        person = {"id": me, "is_bot": False, "first_name": "村民", "language_code": "zh-hans"}
        return {"message_id": next(self._numbers), "date": 1, "chat": _chat(me), "from": person, "text": text}


@asynccontextmanager
async def open_crowd() -> AsyncIterator[Crowd]:
    """Serve the Bot API on a free port of this machine."""
    crowd = Crowd()
    runner = web.ServerRunner(web.Server(crowd.serve, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    crowd.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield crowd
    finally:
        await runner.cleanup()


async def _parameters(request: web.BaseRequest) -> dict[str, str]:
    body = (await request.read()).decode()
    if request.content_type == "application/json":
        return {
            name: value if isinstance(value, str) else json.dumps(value) for name, value in json.loads(body).items()
        }
    return dict(parse_qsl(body))


def _chat(number: int) -> dict[str, Any]:
    return {"id": number, "type": "private" if number > 0 else "supergroup"}


def _send_button(card: dict[str, str]) -> str:
    rows = json.loads(card["reply_markup"])["inline_keyboard"]
    return next(str(button["callback_data"]) for row in rows for button in row if ".send." in button["callback_data"])
