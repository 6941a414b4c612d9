"""The whole product with a real mail server beside the simulated Telegram."""

import pytest

from bot.config import TelegramSettings, WebSettings
from tests.deployment import Deployment
from tests.mail import MailServer, mail_settings

PAGES = "http://xunsheng.example"


@pytest.fixture
async def deployment(mails: MailServer, unstarted: Deployment) -> Deployment:
    """The whole product with Telegram and mail, running, with the sample county; nobody is enrolled yet."""
    unstarted.config = unstarted.config.model_copy(update={"mail": mail_settings(mails)})
    await unstarted.start()
    return unstarted


@pytest.fixture
async def without_telegram(mails: MailServer, unstarted: Deployment) -> Deployment:
    """The whole product with pages and mail, and no Telegram at all."""
    pages = WebSettings(public_url=PAGES, port=0)
    settings = {"telegram": TelegramSettings(), "mail": mail_settings(mails), "web": pages}
    unstarted.config = unstarted.config.model_copy(update=settings)
    await unstarted.start()
    return unstarted
