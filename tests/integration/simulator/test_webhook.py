"""How updates are pushed to the bot, and pushed again."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from simulator.server import Simulator

from .conftest import Client


@dataclass
class Listener:
    """The bot's web server: keeps what it got and answers as told."""

    simulator: Simulator
    url: str = ""
    got: list[Any] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)
    doors: dict[str, asyncio.Event] = field(default_factory=dict)

    async def handle(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.got.append(update)
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.simulator._changes.notify()
        text = update.get("message", {}).get("text", "")
        if text in self.doors:
            await self.doors[text].wait()
        return self.answers.pop(0) if self.answers else web.Response()

    def texts(self) -> list[str]:
        return [one["message"]["text"] for one in self.got if "message" in one]


@pytest.fixture
async def listener(simulator: Simulator) -> AsyncIterator[Listener]:
    it = Listener(simulator)
    app = web.Application()
    app.router.add_post("/hook", it.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    it.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield it
    for door in it.doors.values():
        door.set()
    await simulator._backend.webhook.delete()
    await runner.cleanup()


async def test_updates_are_posted_with_the_secret(
    bot: Client, simulator: Simulator, resident: int, listener: Listener
) -> None:
    await bot("setWebhook", url=listener.url, secret_token="s3cret_-")
    simulator.send_text(resident, "你好")
    await simulator.wait_taken()
    assert listener.texts() == ["你好"]
    assert listener.secrets == ["s3cret_-"]
    info = await bot("getWebhookInfo")
    assert (info["url"], info["pending_update_count"]) == (listener.url, 0)


async def test_get_updates_and_a_webhook_exclude_each_other(bot: Client, listener: Listener) -> None:
    await bot("setWebhook", url=listener.url)
    assert await bot.refusal("getUpdates") == (
        "409 Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    await bot("deleteWebhook")
    assert await bot("getUpdates") == []


async def test_a_refused_update_comes_again_and_later_ones_of_the_chat_wait(
    bot: Client, simulator: Simulator, resident: int, listener: Listener
) -> None:
    listener.answers = [web.Response(status=500), web.Response(status=503)]
    await bot("setWebhook", url=listener.url)
    simulator.send_text(resident, "一")
    simulator.send_text(resident, "二")
    await simulator.wait_taken()
    assert listener.texts() == ["一", "一", "一", "二"]
    assert "503" in (await bot("getWebhookInfo"))["last_error_message"]


async def test_retry_after_is_honoured(bot: Client, simulator: Simulator, resident: int, listener: Listener) -> None:
    simulator.settings.retry_second = 3600  # the ordinary back-off would outlast the test
    listener.answers = [web.Response(status=503, headers={"Retry-After": "0.00001"})]
    await bot("setWebhook", url=listener.url)
    simulator.send_text(resident, "一")
    await simulator.wait_taken()
    assert listener.texts() == ["一", "一"]


async def test_moving_the_clock_ends_a_wait(
    bot: Client, simulator: Simulator, resident: int, listener: Listener
) -> None:
    simulator.settings.retry_second = 3600
    listener.answers = [web.Response(status=503)]
    await bot("setWebhook", url=listener.url)
    simulator.send_text(resident, "一")
    await simulator.wait_until(lambda: simulator._backend.webhook.last_error)
    assert len(simulator.pending) == 1
    simulator.advance(60)
    await simulator.wait_taken()
    assert listener.texts() == ["一", "一"]


async def test_chats_and_presses_do_not_wait_for_one_another(
    bot: Client, simulator: Simulator, resident: int, listener: Listener
) -> None:
    other = simulator.add_person("李四")
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "x"}]]}
    await bot("sendMessage", chat_id=resident, text="?", reply_markup=keyboard)
    listener.doors["慢"] = asyncio.Event()
    await bot("setWebhook", url=listener.url)
    simulator.send_text(resident, "慢")
    simulator.send_text(resident, "之后")
    simulator.press(resident, "a")
    simulator.send_text(other, "别人")
    await simulator.wait_until(lambda: len(listener.got) == 3)
    assert sorted(listener.texts()) == ["别人", "慢"]
    assert any("callback_query" in one for one in listener.got)
    listener.doors["慢"].set()
    await simulator.wait_taken()
    assert listener.texts()[-1] == "之后"


async def test_an_update_that_nobody_takes_is_dropped_after_24_hours(
    bot: Client, simulator: Simulator, resident: int, listener: Listener
) -> None:
    listener.answers = [web.Response(status=500, headers={"Retry-After": "3600"})]
    await bot("setWebhook", url=listener.url)
    simulator.send_text(resident, "一")
    await simulator.wait_until(lambda: simulator._backend.webhook.last_error)
    simulator.advance(86401)
    await simulator.wait_taken()
    assert listener.texts() == ["一"]


async def test_an_update_can_be_delivered_twice(
    bot: Client, simulator: Simulator, resident: int, listener: Listener
) -> None:
    await bot("setWebhook", url=listener.url)
    simulator.send_text(resident, "一")
    await simulator.wait_taken()
    simulator.redeliver(simulator.updates[-1].update_id)
    await simulator.wait_until(lambda: len(listener.got) == 2)
    assert listener.got[0] == listener.got[1]


async def test_pending_updates_can_be_dropped(
    bot: Client, simulator: Simulator, resident: int, listener: Listener
) -> None:
    simulator.send_text(resident, "旧")
    await bot("setWebhook", url=listener.url, drop_pending_updates=True)
    simulator.send_text(resident, "新")
    await simulator.wait_taken()
    assert listener.texts() == ["新"]


async def test_a_webhook_needs_https_unless_it_is_on_this_machine(bot: Client) -> None:
    refusal = await bot.refusal("setWebhook", url="http://example.org/hook")
    assert refusal == "400 Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    refusal = await bot.refusal("setWebhook", url="https://example.org/hook", secret_token="中")
    assert refusal == "400 Bad Request: secret token contains unallowed characters"
