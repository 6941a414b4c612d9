"""`audit`: who on the staff saw and did what, and whether the log is as it was written."""

import asyncio

import click

from bot.cli.context import ConfigSource, open_unit_of_work
from bot.config import Config
from services.audit.log import Seal, entries, position_of, seal_now
from services.audit.verify import faults, of_one_moment


class _SealType(click.ParamType[Seal]):
    name = "seal"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Seal:
        seal = Seal.read(value)
        if seal is None:
            self.fail("a seal looks like 0123456789abcdef, as the bot sends it to the office director.", param, ctx)
        return seal


@click.group()
def audit() -> None:
    """Who on the staff saw and did what. The log can only grow, and `verify` finds whatever was changed in it."""


@audit.command()
@click.option("--noted", type=_SealType(), help="A seal that the office director was sent: 0123456789abcdef.")
@click.pass_obj
def verify(source: ConfigSource, noted: Seal | None) -> None:
    """Find every entry that was altered, put in, taken or left out, and what could do so; exit with 1 if there is any.

    An old database that was put back as a whole is in order in itself; it shows only against a seal --noted outside.
    """
    found, now, place = asyncio.run(_verified(source.config, noted))
    for line in found:
        click.echo(line)
    if found:
        raise click.ClickException("The audit log was changed. Keep this database as it is, and look into the backups.")
    if noted is not None:
        click.echo(f"The seal that was noted is that of entry {place}.")
    click.echo(f"The audit log is as it was written. Its seal: {now}")


@audit.command("list")
@click.option("--case", "case_id", help="Only what was done with the case of this number.")
@click.option("--staff", "staff_id", help="Only what the person with this id did.")
@click.option("--most", default=100, show_default=True, help="How many entries, the newest first.")
@click.pass_obj
def list_entries(source: ConfigSource, case_id: str | None, staff_id: str | None, most: int) -> None:
    """Print what was done, the newest first: number, hour (UTC), action, who, case, whom it concerns."""
    for line in asyncio.run(_listed(source.config, case_id, staff_id, most)):
        click.echo(line)


async def _verified(config: Config, noted: Seal | None) -> tuple[list[str], Seal, int | None]:
    async with open_unit_of_work(config) as work:
        await of_one_moment(work.session)
        found = [str(fault) async for fault in faults(work.session, work.keyring, noted)]
        place = await position_of(work.session, noted) if noted else None
        return found, await seal_now(work.session), place


async def _listed(config: Config, case_id: str | None, staff_id: str | None, most: int) -> list[str]:
    async with open_unit_of_work(config) as work:
        return [
            "\t".join(
                [
                    str(entry.number),
                    entry.at.strftime("%Y-%m-%d %H"),
                    entry.action,
                    entry.by_id or "-",
                    entry.case_id or "-",
                    entry.subject or "-",
                ]
            )
            for entry in await work.session.scalars(entries(case_id=case_id, by=staff_id).limit(most))
        ]
