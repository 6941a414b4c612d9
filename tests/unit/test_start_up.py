"""What the running bot imports, in an interpreter of its own; and that each command is found when it is called."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from bot.__main__ import main

ROOT = Path(__file__).parents[2]
# What only the confined process that re-makes files needs, or a command, or drawing a code or a receipt.
NOT_AT_START = {
    *("PIL", "alembic", "av", "defusedxml", "fontTools", "fpdf", "lxml", "mako", "numpy", "obstore", "openpyxl"),
    *("pi_heif", "pikepdf", "pypdfium2", "qrcode", "uharfbuzz", "xlsxwriter"),
}
# What only the pages need, or mail: an installation without them does not load it.
NOT_WITHOUT_SETTINGS = {"aiohttp_jinja2", "aiosmtplib", "altcha", "channels.mail", "jinja2", "web"}
COMMANDS = {"bot.cli.backup", "bot.cli.county", "bot.cli.doctor", "bot.demo", "services.rounds.county_file"}


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """Return the modules that `xunsheng run` has imported when it begins to work."""
    code = "import sys, bot.__main__, bot.cli.run, bot.bootstrap; print(*sys.modules)"
    process = subprocess.run((sys.executable, "-c", code), cwd=ROOT, capture_output=True, text=True, check=True)
    return set(process.stdout.split())


def test_the_bot_starts_without_the_libraries_that_draw_migrate_or_remake_files(imported: set[str]) -> None:
    assert "bot.bootstrap" in imported
    assert not NOT_AT_START & {name.partition(".")[0] for name in imported}


def test_the_bot_starts_without_what_other_commands_need(imported: set[str]) -> None:
    assert not COMMANDS & imported


def test_a_bot_without_pages_and_mail_starts_without_what_they_need(imported: set[str]) -> None:
    assert not NOT_WITHOUT_SETTINGS & imported


def test_a_bot_on_sqlite_starts_without_the_driver_of_postgresql(imported: set[str]) -> None:
    assert "asyncpg" not in imported


def test_each_command_is_found_under_its_own_name() -> None:
    context = click.Context(main)
    commands = {name: main.get_command(context, name) for name in main.list_commands(context)}
    assert {name: command and command.name for name, command in commands.items()} == {name: name for name in commands}
    assert main.get_command(context, "no-such-command") is None
