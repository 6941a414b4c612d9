"""The command line: `xunsheng COMMAND`, or `python -m bot COMMAND`."""

from pathlib import Path

import click

from bot.cli.audit import audit
from bot.cli.backup import backup, backup_keyring, recovery_key, restore, restore_keyring
from bot.cli.bot_api import NoBot
from bot.cli.codes import posters, qr
from bot.cli.context import ConfigSource, NoDatabase
from bot.cli.county import import_file
from bot.cli.doctor import doctor
from bot.cli.invitations import invite
from bot.cli.name_lookup import AmbiguousName
from bot.cli.privacy import privacy
from bot.cli.rounds import turn
from bot.cli.run import demo, run
from bot.cli.setup import init, migrate
from bot.cli.staff import staff
from bot.cli.states import states
from bot.config import ConfigError
from migrations.schema import UnfitDatabase
from privacy.keyring import KeyringError
from services.retention.backup import BackupBroken

# Whoever raises these has written a sentence for the person at the keyboard: it is shown, and no traceback.
TOLD = (ConfigError, KeyringError, NoDatabase, UnfitDatabase, NoBot, AmbiguousName, BackupBroken)


class Commands(click.Group):
    """The commands in the order in which an office needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except TOLD as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The settings; config.toml where the program is started, if not said otherwise.",
)
@click.version_option(package_name="xunsheng")
@click.pass_context
def main(context: click.Context, config_file: Path | None) -> None:
    """Xunsheng: residents of an inspected village scan a code and say what is wrong, without giving a name.

    A first day at the office: `init`, then `import` your county, `invite` your staff, print the `posters`, and
    `run`. Whenever something seems wrong, ask the `doctor`. Each command explains itself with --help.
    """
    context.obj = ConfigSource(config_file)


for command in (
    *(init, import_file, invite, staff, qr, posters, turn, run, doctor, migrate),
    *(recovery_key, backup, backup_keyring, restore, restore_keyring),
    *(audit, states, privacy, demo),
):
    main.add_command(command)

if __name__ == "__main__":
    main(prog_name="xunsheng")
