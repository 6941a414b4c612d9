"""The command line: `xunsheng COMMAND`, or `python -m bot COMMAND`."""

from importlib import import_module
from pathlib import Path
from typing import Any

import click

from bot.cli.context import ConfigSource
from bot.cli.help import explain
from bot.cli.system_errors import refusal_of_system
from bot.hardening import harden
from texts import click_messages

# In the order in which an office needs them. A command is imported when it is called: what one alone needs takes no
# memory from the bot that runs for months.
COMMANDS = {
    "init": "bot.cli.setup:init",
    "import": "bot.cli.county:import_file",
    "invite": "bot.cli.invitations:invite",
    "staff": "bot.cli.staff:staff",
    "qr": "bot.cli.codes:qr",
    "posters": "bot.cli.codes:posters",
    "round": "bot.cli.rounds:round_command",
    "draw": "bot.cli.samples:draw_command",
    "run": "bot.cli.run:run",
    "doctor": "bot.cli.doctor:doctor",
    "migrate": "bot.cli.setup:migrate",
    "recovery-key": "bot.cli.backup:recovery_key",
    "backup": "bot.cli.backup:backup",
    "backup-keyring": "bot.cli.backup:backup_keyring",
    "restore": "bot.cli.backup:restore",
    "restore-keyring": "bot.cli.backup:restore_keyring",
    "audit": "bot.cli.audit:audit",
    "states": "bot.cli.states:states",
    "privacy": "bot.cli.privacy:privacy",
    "demo": "bot.cli.demo:demo",
}


class LazyGroup(click.Group):
    """The commands, each imported when it is called or when all of them are listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return explain(command, cmd_name)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        click_messages.install()
        explain(self)
        return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except _errors_for_users() as error:
            raise click.ClickException(str(error)) from None
        except Exception as error:
            refusal = refusal_of_system(error)
            if refusal is None:
                raise
            raise click.ClickException(refusal) from None


def _errors_for_users() -> tuple[type[Exception], ...]:
    """Return the errors whose raisers have written a sentence for the person at the keyboard, who sees no traceback."""
    from bot.cli.bot_api import NoBot
    from bot.cli.database import NoDatabase
    from bot.cli.name_lookup import AmbiguousName
    from bot.config import ConfigError
    from migrations.schema import UnfitDatabase
    from privacy.keyring import KeyringError
    from services.retention.backup import BackupBroken

    return ConfigError, KeyringError, NoDatabase, UnfitDatabase, NoBot, AmbiguousName, BackupBroken


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
)
@click.version_option(package_name="xunsheng")
@click.pass_context
def main(context: click.Context, config_file: Path | None) -> None:
    """Let the commands read the settings of this file."""
    context.obj = ConfigSource(config_file)


def start() -> None:
    """Run the command that this process was started with."""
    harden()
    main(prog_name="xunsheng")


if __name__ == "__main__":
    start()
