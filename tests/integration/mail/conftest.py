"""The whole product with a real mail server beside the simulated Telegram."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config import MailSettings, TelegramSettings, WebSettings
from privacy.keyring import Keyring
from simulator.server import Simulator
from tests.deployment import Deployment, open_deployment
from tests.mail import MailServer, mail_server

SENDER = "notice@county.example"
PAGES = "http://xunsheng.example"


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    """A mail server that takes everything."""
    async with mail_server() as running:
        yield running


def mail_settings(mails: MailServer) -> MailSettings:
    """Return the settings of an installation that mails over this server."""
    return MailSettings(host=mails.hostname, port=mails.port, security="none", sender=SENDER, per_minute=60_000_000)


@pytest.fixture
async def deployment(
    simulator: Simulator,
    sample_county: None,
    database_address: str,
    keyring: Keyring,
    tmp_path: Path,
    mails: MailServer,
) -> AsyncIterator[Deployment]:
    """The whole product with Telegram and mail, running, with the sample county; nobody is enrolled yet."""
    opened = open_deployment(simulator, database_address, keyring, tmp_path)
    opened.config = opened.config.model_copy(update={"mail": mail_settings(mails)})
    await opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
async def without_telegram(
    simulator: Simulator,
    sample_county: None,
    database_address: str,
    keyring: Keyring,
    tmp_path: Path,
    mails: MailServer,
) -> AsyncIterator[Deployment]:
    """The whole product with pages and mail, and no Telegram at all."""
    opened = open_deployment(simulator, database_address, keyring, tmp_path)
    pages = WebSettings(public_url=PAGES, port=0)
    none = TelegramSettings()
    opened.config = opened.config.model_copy(update={"telegram": none, "mail": mail_settings(mails), "web": pages})
    await opened.start()
    yield opened
    await opened.stop()
