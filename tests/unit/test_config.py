"""Settings: where they come from, what outranks what, and how a mistake is told."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from bot.config import Config, ConfigError, TelegramSettings, read_config, setting_names, variable_of

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
TOKEN = "123456789:AAthisMustNotBeSeen"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each test begins in an empty folder, without any of our variables."""
    import os

    for name in list(os.environ):
        if name.startswith("XUNSHENG_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def refused(path: Path | None = None) -> str:
    with pytest.raises(ConfigError) as error:
        read_config(path)
    return str(error.value)


def plain(value: Any) -> Any:
    return value if isinstance(value, int | float | str | None) else str(value)


def test_without_a_file_or_variables_every_setting_has_its_default() -> None:
    config = read_config()
    assert config == Config()
    assert config.database.url == "sqlite:///data/xunsheng.sqlite3"
    assert config.telegram.token is None


def test_config_toml_is_read_where_the_program_starts(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[telegram]\nwebhook_port = 9000\n")
    assert read_config().telegram.webhook_port == 9000


def test_a_variable_outranks_the_file_and_leaves_its_neighbours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.toml").write_text('[telegram]\nwebhook_port = 9000\ntoken = "1:file"\n')
    monkeypatch.setenv("XUNSHENG_TELEGRAM__TOKEN", TOKEN)
    config = read_config()
    assert config.telegram.token == SecretStr(TOKEN)
    assert config.telegram.webhook_port == 9000


def test_a_variable_that_is_empty_counts_as_not_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.toml").write_text("[telegram]\nwebhook_port = 9000\n")
    monkeypatch.setenv("XUNSHENG_TELEGRAM__WEBHOOK_PORT", "")
    assert read_config().telegram.webhook_port == 9000


def test_a_variable_is_checked_as_the_file_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNSHENG_TELEGRAM__WEBHOOK_PORT", "many")
    assert refused().startswith("telegram.webhook_port cannot be used (")


def test_a_section_that_is_none_is_an_error_whatever_the_variables_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.toml").write_text("telegram = 7\n")
    monkeypatch.setenv("XUNSHENG_TELEGRAM__WEBHOOK_PORT", "9000")
    assert refused().startswith("telegram cannot be used (")


def test_settings_that_are_made_directly_take_nothing_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNSHENG_TELEGRAM__TOKEN", TOKEN)
    monkeypatch.setenv("XUNSHENG_DATABASE__URL", "sqlite:///county.sqlite3")
    config = Config(telegram=TelegramSettings(webhook_port=9000))
    assert config.telegram.token is None
    assert config.database == Config().database != read_config().database


def test_a_file_is_named_by_variable_and_more_strongly_by_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, name in enumerate(("config.toml", "variable.toml", "option.toml"), start=1):
        (tmp_path / name).write_text(f"[telegram]\nmax_connections = {number}\n")
    monkeypatch.setenv("XUNSHENG_CONFIG", "variable.toml")
    assert read_config().telegram.max_connections == 2
    assert read_config(Path("option.toml")).telegram.max_connections == 3


@pytest.mark.parametrize("name", ["config.toml", "elsewhere.toml"])
def test_a_named_file_that_is_missing_is_an_error(name: str) -> None:
    assert refused(Path(name)) == f"There is no {name}; copy config.example.toml there and fill it in."


def test_a_file_named_by_variable_that_is_missing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNSHENG_CONFIG", "elsewhere.toml")
    assert "There is no elsewhere.toml" in refused()


def test_a_misspelt_variable_is_an_error_that_names_the_right_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNSHENG_TELEGRAM_TOKEN", TOKEN)
    assert refused() == (
        "The environment variable XUNSHENG_TELEGRAM_TOKEN is not a setting; did you mean XUNSHENG_TELEGRAM__TOKEN?"
    )


def test_a_misspelt_setting_is_an_error_that_names_the_right_one(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[telegram]\ntokn = "x"\n')
    assert refused() == "There is no setting telegram.tokn; did you mean telegram.token?"
    (tmp_path / "config.toml").write_text('[weather]\nsun = "x"\n')
    assert refused() == "There is no setting weather."


@pytest.mark.parametrize(
    ("written", "setting"),
    [
        (f'[telegram]\nwebhook_port = "{TOKEN}"', "telegram.webhook_port"),
        (f'[telegram]\napi_base_url = "{TOKEN}"', "telegram.api_base_url"),
        (f'[telegram]\nwebhook_secret = "{TOKEN}"', "telegram.webhook_secret"),
        ("[telegram]\ntoken = 7", "telegram.token"),
        (f'[telegram]\ntoken = ["{TOKEN}"]', "telegram.token"),
        (f'[database]\nurl = "mysql://root:{TOKEN}@host/x"', "database.url"),
        (f'[logging]\nlevel = "{TOKEN}"', "logging.level"),
        ("[sending]\nper_second = 0", "sending.per_second"),
        ('[county]\ntime_zone = "Nowhere/At_all"', "county.time_zone"),
    ],
)
def test_a_value_that_does_not_fit_is_told_without_being_shown(tmp_path: Path, written: str, setting: str) -> None:
    (tmp_path / "config.toml").write_text(written)
    said = refused()
    assert said.startswith(f"{setting} cannot be used (")
    assert variable_of(setting) in said
    assert TOKEN not in said


@pytest.mark.parametrize("content", [b"[telegram", b"token = \xff", f"[telegram]\ntoken = {TOKEN}".encode()])
def test_a_file_that_is_not_toml_is_told_without_being_shown(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "config.toml").write_bytes(content)
    said = refused()
    assert said.startswith("config.toml is not ")
    assert TOKEN not in said


def test_the_token_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNSHENG_TELEGRAM__TOKEN", TOKEN)
    monkeypatch.setenv("XUNSHENG_DATABASE__URL", f"postgresql://office:{TOKEN}@host/county")
    assert TOKEN not in repr(read_config())
    assert TOKEN not in str(read_config())


def test_an_error_of_the_settings_themselves_shows_no_value_either() -> None:
    with pytest.raises(ValidationError) as error:
        Config.model_validate({"telegram": {"webhook_port": TOKEN}, "logging": {"level": TOKEN}})
    assert TOKEN not in str(error.value)


def test_the_example_shows_every_setting_with_its_default() -> None:
    shown = tomllib.loads(re.sub(r"(?m)^# (?=[a-z_]+ = )", "", EXAMPLE.read_text(encoding="utf-8")))
    named = {f"{section}.{key}": value for section, values in shown.items() for key, value in values.items()}
    assert list(named) == setting_names()
    for setting, value in named.items():
        section, key = setting.split(".")
        default = getattr(getattr(Config(), section), key)
        if default is not None:
            assert value == plain(default), setting


def test_the_example_can_be_used_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    assert read_config() == Config()


def test_the_example_without_its_comment_signs_can_be_used(tmp_path: Path) -> None:
    text = re.sub(r"(?m)^# (?=[a-z_]+ = )", "", EXAMPLE.read_text(encoding="utf-8"))
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    assert read_config().telegram.webhook_url == "https://xunsheng.example.org/telegram"


@pytest.mark.parametrize(
    "address",
    [
        "xuncha.example.org",
        "https://",
        "https://a.example.org/bao",
        "https://a.example.org?x",
        "https://a.example.org/#x",
    ],
)
def test_the_pages_have_a_host_of_their_own_and_no_path(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNSHENG_WEB__PUBLIC_URL", address)
    assert "web.public_url" in refused()


def test_a_slash_at_the_end_of_the_pages_address_is_of_no_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNSHENG_WEB__PUBLIC_URL", "https://xuncha.example.org/")
    assert read_config().web.public_url == "https://xuncha.example.org"
