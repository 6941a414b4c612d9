"""The settings of an installation: config.toml, and over it the environment as XUNSHENG_SECTION__KEY."""

import os
import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from sqlalchemy.exc import ArgumentError

from models.database import DRIVERS, database_url
from models.mail_address import UnfitMailAddress, read_mail_address
from storage.bucket_address import BucketAddress
from texts.terminal import misfit, os_reason, sentence

PREFIX = "XUNSHENG_"
FILE_VARIABLE = "XUNSHENG_CONFIG"
DEFAULT_FILE = Path("config.toml")


class ConfigError(Exception):
    """A setting that cannot be used; each line of the message says which, why, and what to do."""


def _web_address(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError(sentence("cli.reason_web_address"))
    return value


def _site_address(value: str) -> str:
    parts = urlsplit(_web_address(value))
    if not parts.hostname or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(sentence("cli.reason_site_address"))  # pages link to one another from the root
    return value.rstrip("/")


def _database_address(value: str) -> str:
    try:
        url = database_url(value)
    except ArgumentError:
        raise ValueError(sentence("cli.reason_database_address")) from None
    if url.drivername not in DRIVERS.values():
        raise ValueError(sentence("cli.reason_database_address"))
    if url.get_backend_name() == "sqlite" and (url.database or ":").startswith((":", "file:")):
        raise ValueError(sentence("cli.reason_database_file"))  # in memory all would be lost at the end
    return value


def _webhook_secret(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
        raise ValueError(sentence("cli.reason_webhook_secret"))
    return value


def _mail_address(value: str) -> str:
    try:
        return read_mail_address(value).id
    except UnfitMailAddress:
        raise ValueError(sentence("cli.reason_mail_address")) from None


def _public_key(value: str) -> str:
    if not re.fullmatch(r"age1[a-z0-9]{58}", value):
        raise ValueError(sentence("cli.reason_public_key"))
    return value


WebAddress = Annotated[str, AfterValidator(_web_address)]
SiteAddress = Annotated[str, AfterValidator(_site_address)]
Directory = Annotated[Path, AfterValidator(Path.expanduser)]


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, validate_default=True)


class TelegramSettings(_Settings):
    """The bot's account, and how updates reach us: by polling, or at `webhook_url` when it is set."""

    token: Annotated[SecretStr, Field(min_length=1)] | None = None
    api_base_url: WebAddress = "https://api.telegram.org"
    link_base_url: WebAddress = "https://t.me"
    webhook_url: WebAddress | None = None
    webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] | None = None
    webhook_host: str = "127.0.0.1"
    webhook_port: Annotated[int, Field(ge=1, le=65535)] = 8080
    max_connections: Annotated[int, Field(ge=1, le=100)] = 40

    def require_token(self) -> str:
        """Return the token. Raises ConfigError when there is none."""
        if self.token is None:
            raise ConfigError(sentence("cli.no_token", variable=variable_of("telegram.token")))
        return self.token.get_secret_value()


class DatabaseSettings(_Settings):
    """Where the records are kept."""

    url: Annotated[str, AfterValidator(_database_address), Field(repr=False)] = "sqlite:///data/xunsheng.sqlite3"


class KeyringSettings(_Settings):
    """Where the secrets are kept, apart from the records."""

    path: Directory = Path("keyring")


class FilesSettings(_Settings):
    """Where sealed attachments are kept: in a folder, or in a bucket when one is named."""

    path: Directory = Path("data/files")
    bucket: str | None = None
    endpoint: WebAddress | None = None
    region: str = "us-east-1"
    access_key_id: str | None = None
    secret_access_key: SecretStr | None = None

    @property
    def address(self) -> BucketAddress | None:
        """The bucket, where there is one."""
        if self.bucket is None:
            return None
        secret = self.secret_access_key.get_secret_value() if self.secret_access_key else None
        return BucketAddress(self.bucket, self.endpoint, self.region, self.access_key_id, secret)


class BackupSettings(_Settings):
    """For whom backups are sealed."""

    recipient: Annotated[str, AfterValidator(_public_key)] | None = None


class LocationSettings(_Settings):
    """Where the county is; its periods are part of the county file."""

    time_zone: ZoneInfo = ZoneInfo("Asia/Shanghai")


class SendingSettings(_Settings):
    """How many messages may go out, in any second or minute of Telegram's clock; the defaults are its limits.

    A message that could not be sent is tried again after `first_retry_seconds`, then after twice as long each time.
    """

    per_second: Annotated[int, Field(gt=0)] = 30
    per_chat_per_second: Annotated[float, Field(gt=0)] = 1
    per_group_per_minute: Annotated[int, Field(gt=0)] = 20
    first_retry_seconds: Annotated[float, Field(gt=0)] = 1


class WebSettings(_Settings):
    """The pages, served on host and port once `public_url` says at which address people reach them.

    Somebody on the staff who has signed in is asked to do so again after `desk_hours`.
    """

    public_url: SiteAddress | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8081
    leave_url: WebAddress = "https://www.weather.com.cn"
    desk_hours: Annotated[int, Field(ge=1, le=24)] = 4


class MailSettings(_Settings):
    """Mail to the staff, once `host` names the server that takes it; at most so many a minute."""

    host: Annotated[str, Field(min_length=1)] | None = None
    security: Literal["starttls", "tls", "none"] = "starttls"
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    username: str | None = None
    password: SecretStr | None = None
    sender: Annotated[str, AfterValidator(_mail_address)] | None = None
    per_minute: Annotated[float, Field(gt=0)] = 30

    def require_host(self) -> str:
        """Return the server's name. Raises ConfigError when there is none."""
        if self.host is None:
            raise ConfigError(sentence("cli.no_mail_host", variable=variable_of("mail.host")))
        return self.host

    def require_sender(self) -> str:
        """Return from whom mails come. Raises ConfigError when nobody is named."""
        if self.sender is None:
            raise ConfigError(sentence("cli.no_mail_sender", variable=variable_of("mail.sender")))
        return self.sender


class LoggingSettings(_Settings):
    """What is logged; never a token, never a resident's words."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class Config(_Settings):
    """All settings. `read_config` reads an installation's; made directly, it takes nothing from file or environment."""

    telegram: TelegramSettings = TelegramSettings()
    database: DatabaseSettings = DatabaseSettings()
    keyring: KeyringSettings = KeyringSettings()
    files: FilesSettings = FilesSettings()
    backup: BackupSettings = BackupSettings()
    county: LocationSettings = LocationSettings()
    sending: SendingSettings = SendingSettings()
    web: WebSettings = WebSettings()
    mail: MailSettings = MailSettings()
    logging: LoggingSettings = LoggingSettings()


def read_config(named_file: Path | None = None) -> Config:
    """Read the settings: from the named file, or XUNSHENG_CONFIG's, or config.toml if there is one.

    What is set in the environment outranks the file; an empty variable counts as not set. Raises ConfigError for a
    named file that is missing, and for any setting or variable that is not known or does not fit; the message never
    holds a value that is secret.
    """
    _refuse_unknown_variables(os.environ)
    path = file_in_use(named_file)
    try:
        return Config.model_validate(_with_environment(_read_file(path) if path else {}, os.environ))
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        lines = (_sentence(entry["loc"], entry["type"], entry["msg"], entry.get("ctx", {})) for entry in found)
        raise ConfigError("\n".join(lines)) from None


def file_in_use(named_file: Path | None) -> Path | None:
    """Return the file settings come from: the one that is named, be it there or not, or config.toml if there is one."""
    variable = os.environ.get(FILE_VARIABLE)
    if named_file or variable:
        return named_file or Path(variable or "")
    return DEFAULT_FILE if DEFAULT_FILE.exists() else None


def setting_names() -> list[str]:
    """Return the names of all settings, as `telegram.token`."""
    return [
        f"{section}.{key}"
        for section, field in Config.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, _Settings)
        for key in field.annotation.model_fields
    ]


def variable_of(setting: str) -> str:
    """Return the environment variable of a setting."""
    return PREFIX + setting.replace(".", "__").upper()


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(sentence("cli.no_config", path=path)) from None
    except OSError as error:
        raise ConfigError(sentence("cli.config_unreadable", path=path, reason=os_reason(error))) from None
    except UnicodeDecodeError:
        raise ConfigError(sentence("cli.not_utf8", file=path)) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(sentence("cli.not_toml", path=path, reason=error)) from None


def _with_environment(settings: dict[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """Return a file's settings with those of the environment in their place."""
    given = {name.upper(): value for name, value in environment.items() if value}
    for setting in setting_names():
        if (value := given.get(variable_of(setting))) is not None:
            section, key = setting.split(".")
            keys = settings.setdefault(section, {})
            if isinstance(keys, dict):  # anything else is refused with the rest of the file
                keys[key] = value
    return settings


def _refuse_unknown_variables(environment: Mapping[str, str]) -> None:
    known = [FILE_VARIABLE, *map(variable_of, setting_names())]
    for name in sorted(environment):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            raise ConfigError(_unknown("cli.no_such_variable", name, known))


def _sentence(location: tuple[int | str, ...], kind: str, reason: str, context: Mapping[str, Any]) -> str:
    setting = ".".join(map(str, location))
    if kind == "extra_forbidden":
        return _unknown("cli.no_such_setting", setting, setting_names())
    return sentence(
        "cli.setting_unfit", setting=setting, reason=misfit(kind, reason, context), variable=variable_of(setting)
    )


def _unknown(key: str, name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return sentence(f"{key}_meant", name=name, perhaps=near[0]) if near else sentence(key, name=name)
