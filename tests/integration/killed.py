"""The product in a process of its own, so that it can be killed."""

import asyncio
import os
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from bot.bootstrap import whole_product
from bot.config import Config
from bot.log_filter import set_up_logging
from models import duty_lock


def live(config: Config, moment: datetime, log: Path | None = None, fresh_seconds: float | None = None) -> None:
    """Run the product until killed; its time starts at the moment and goes on. `log`: what it logs is added there.

    Temporary files lie beside that. `fresh_seconds`: after which it asks whether its duty is still its own.
    """
    if fresh_seconds is not None:
        duty_lock.FRESH_SECONDS = fresh_seconds
    if log is not None:
        os.environ["TMPDIR"] = tempfile.tempdir = str(log.parent)
        set_up_logging("DEBUG", log.open("a", encoding="utf-8"))
    asyncio.run(_live(config, moment))


async def _live(config: Config, moment: datetime) -> None:
    began = monotonic()
    product = whole_product(config, lambda: moment + timedelta(seconds=monotonic() - began))
    await product.start()
    await product.failed()
