"""Fixtures of the pages' tests: a running product with pages, and browsers that open them."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from privacy.keyring import Keyring
from simulator.server import Simulator
from tests.deployment import Deployment, open_deployment
from tests.visitor import Browser, pages_of, with_pages


@pytest.fixture
async def with_web(
    simulator: Simulator, sample_county: None, database_address: str, keyring: Keyring, tmp_path: Path
) -> AsyncIterator[Deployment]:
    """The whole product, running, with its pages and the sample county."""
    deployment = open_deployment(simulator, database_address, keyring, tmp_path)
    with_pages(deployment)
    await deployment.start()
    yield deployment
    await deployment.stop()


@pytest.fixture
async def browser(with_web: Deployment) -> AsyncIterator[Callable[[], Browser]]:
    """Makes a new browser."""
    opened: list[Browser] = []

    def make() -> Browser:
        opened.append(Browser(pages_of(with_web)))
        return opened[-1]

    yield make
    for one in opened:
        await one.session.close()
