"""What a command works with: the settings, and what they name, opened."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.cli.database import require_ready
from bot.config import Config, read_config
from bot.resources import make_resources, utc_now
from services.resources import Resources
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class ConfigSource:
    """Reads the settings when a command first asks for them: --help needs none."""

    named_file: Path | None

    @cached_property
    def config(self) -> Config:
        """The settings. Raises ConfigError."""
        return read_config(self.named_file)


@asynccontextmanager
async def open_resources(config: Config) -> AsyncIterator[Resources]:
    """Open what the bot works with. Raises KeyringError, NoDatabase or UnfitDatabase when it could not work."""
    resources = make_resources(config, utc_now)
    try:
        await require_ready(resources.database, config)
        yield resources
    finally:
        await resources.database.close()


@asynccontextmanager
async def open_unit_of_work(config: Config) -> AsyncIterator[UnitOfWork]:
    """Open a transaction at this moment. Raises as `open_resources` does."""
    async with open_resources(config) as resources, resources.database.transaction() as session:
        yield resources.work(session)
