"""The settings that Telegram needs; `bot.config` reads them, and is not known on this floor."""

from typing import Protocol

from pydantic import SecretStr


class TelegramSettings(Protocol):
    """The bot's account, and how updates reach us: by polling, or at `webhook_url` when it is set."""

    @property
    def api_base_url(self) -> str: ...

    @property
    def link_base_url(self) -> str: ...

    @property
    def webhook_url(self) -> str | None: ...

    @property
    def webhook_secret(self) -> SecretStr | None: ...

    @property
    def webhook_host(self) -> str: ...

    @property
    def webhook_port(self) -> int: ...

    @property
    def max_connections(self) -> int: ...

    def require_token(self) -> str: ...


class SendingSettings(Protocol):
    """How many messages may go out."""

    @property
    def per_second(self) -> int: ...

    @property
    def per_chat_per_second(self) -> float: ...

    @property
    def per_group_per_minute(self) -> int: ...


class Config(Protocol):
    """All of them."""

    @property
    def telegram(self) -> TelegramSettings: ...

    @property
    def sending(self) -> SendingSettings: ...
