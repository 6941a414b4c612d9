"""The whole product with a second channel beside Telegram, on the sample county."""

from collections.abc import Sequence

import pytest

from channels.base import Channel
from tests.channels_plain.plain import PlainChannel
from tests.integration.canary.conftest import logs, temporary_files

__all__ = ["channels", "logs", "plain", "temporary_files"]


@pytest.fixture
def plain() -> PlainChannel:
    """A channel of plain text."""
    return PlainChannel()


@pytest.fixture
def channels(plain: PlainChannel) -> Sequence[Channel]:
    """The channels beside Telegram: the one of plain text."""
    return (plain,)
