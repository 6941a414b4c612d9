"""The product in a process of its own, so that it can be killed."""

import asyncio
from datetime import datetime, timedelta
from time import monotonic

from bot.bootstrap import whole_product
from bot.product import Plan


def live(plan: Plan, moment: datetime) -> None:
    """Run the product until killed; its time starts at the moment and goes on."""
    asyncio.run(_live(plan, moment))


async def _live(plan: Plan, moment: datetime) -> None:
    began = monotonic()
    product = whole_product(plan, lambda: moment + timedelta(seconds=monotonic() - began))
    await product.start()
    await product.failed()
