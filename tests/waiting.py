"""Waiting for the product, and for what nobody tells of; both end at the one limit there is."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.product import Product
from simulator.changes import WAIT_LIMIT_SECONDS

LOOK_SECONDS = 0.01  # between two looks, so that what is waited for gets the processor


async def idle(product: Product) -> None:
    """Wait until the product has nothing in hand."""
    async with asyncio.timeout(WAIT_LIMIT_SECONDS):
        await product.idle()


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again until something holds: a row that another process writes, or a process that ends."""
    async with asyncio.timeout(WAIT_LIMIT_SECONDS):
        while not await holds():
            await asyncio.sleep(LOOK_SECONDS)
