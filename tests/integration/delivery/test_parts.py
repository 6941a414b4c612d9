"""A part that ends by itself ends the product, loudly; what is only nice to have does not."""

import asyncio
from typing import Any

import pytest

from bot.product import Product
from channels.telegram import channel
from simulator.changes import WAIT_LIMIT_SECONDS
from tests.integration.delivery.conftest import Installation


async def broken(product: Product, monkeypatch: pytest.MonkeyPatch, claim: Any) -> None:
    """Wait for the product to fail after its sender met this."""
    monkeypatch.setattr(product.sender, "_rest", claim)
    product.sender.wake()
    async with asyncio.timeout(WAIT_LIMIT_SECONDS):
        await product.failed()


async def test_a_part_that_crashes_is_told(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    async def crash(_stop: object) -> None:
        raise KeyError("a mistake")

    product = await installation.start()
    with pytest.raises(KeyError):
        await broken(product, monkeypatch, crash)


async def test_a_part_that_merely_ends_is_told_too(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    async def end(_stop: object) -> None:
        asyncio.current_task().cancel()  # type: ignore[union-attr]
        await asyncio.sleep(0)

    product = await installation.start()
    with pytest.raises(RuntimeError, match="ended by itself"):
        await broken(product, monkeypatch, end)


async def test_the_menu_may_fail_or_hang_and_the_product_works_and_stops(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_bot: object) -> None:
        raise KeyError("a mistake")

    for menu in (fail, lambda _bot: asyncio.Event().wait()):
        monkeypatch.setattr(channel, "offer_menu", menu)
        product = await installation.start()
        failed = asyncio.create_task(product.failed())
        person = installation.simulator.add_person("Lin")
        installation.simulator.send_text(person, "hello")
        await installation.simulator.wait_for_text(person, "heard hello")
        assert not failed.done()
        failed.cancel()
        async with asyncio.timeout(WAIT_LIMIT_SECONDS):
            await product.stop()
