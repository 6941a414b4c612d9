"""The whole product with a second channel beside Telegram, on the sample county."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from privacy.keyring import Keyring
from simulator.server import Simulator
from tests.channels_plain.plain import PlainChannel
from tests.deployment import Deployment, open_deployment
from tests.integration.canary.conftest import logs, temporary_files

__all__ = ["deployment", "logs", "plain", "temporary_files"]


@pytest.fixture
def plain() -> PlainChannel:
    """A channel of plain text."""
    return PlainChannel()


@pytest.fixture
async def deployment(
    simulator: Simulator,
    sample_county: None,
    database_address: str,
    keyring: Keyring,
    tmp_path: Path,
    plain: PlainChannel,
) -> AsyncIterator[Deployment]:
    """The product with both channels, running; nobody is enrolled yet."""
    opened = open_deployment(simulator, database_address, keyring, tmp_path)
    opened.channels = (plain,)
    await opened.start()
    yield opened
    await opened.stop()
