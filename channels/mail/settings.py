"""The settings that mail needs; `bot.config` reads them, and is not known on this floor."""

from typing import Literal, Protocol

from pydantic import SecretStr

Security = Literal["starttls", "tls", "none"]


class MailSettings(Protocol):
    """The server that takes our mails, how we log in there, and from whom they come."""

    @property
    def port(self) -> int: ...

    @property
    def username(self) -> str | None: ...

    @property
    def password(self) -> SecretStr | None: ...

    @property
    def security(self) -> Security: ...

    @property
    def per_minute(self) -> float: ...

    def require_host(self) -> str: ...

    def require_sender(self) -> str: ...


class Config(Protocol):
    """All of them."""

    @property
    def mail(self) -> MailSettings: ...
