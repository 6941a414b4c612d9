"""`audit`: who on the staff saw and did what, and whether the log is as it was written."""

import asyncio

import click

from bot.cli.context import ConfigSource, open_unit_of_work
from bot.config import Config
from models.audit import CLOCK, AuditEntry
from services.audit.log import Seal, done_by, entries, position_of, seal_now
from services.audit.verify import faults, of_one_moment
from texts.terminal import sentence


class _SealType(click.ParamType[Seal]):
    name = "seal"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Seal:
        seal = Seal.read(value)
        if seal is None:
            self.fail(sentence("cli.seal_unfit"), param, ctx)
        return seal


@click.group()
def audit() -> None:
    """Who on the staff saw and did what. The log can only grow, and `verify` finds whatever was changed in it."""


@audit.command()
@click.option("--noted", type=_SealType())
@click.pass_obj
def verify(source: ConfigSource, noted: Seal | None) -> None:
    """Find every entry that was altered, put in, taken or left out; exit with 1 if there is any."""
    found, now, place = asyncio.run(_verified(source.config, noted))
    for line in found:
        click.echo(line)
    if found:
        raise click.ClickException(sentence("cli.audit_changed"))
    if noted is not None:
        click.echo(sentence("cli.audit_noted", place=place))
    click.echo(sentence("cli.audit_intact", seal=now))


@audit.command("list")
@click.option("--case", "case_id")
@click.option("--staff", "staff_id")
@click.option("--most", default=100, show_default=True)
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
                    _doer(entry),
                    entry.case_id or "-",
                    entry.subject or "-",
                ]
            )
            for entry in await work.session.scalars(entries(case_id=case_id, by=staff_id).limit(most))
        ]


def _doer(entry: AuditEntry) -> str:
    by = done_by(entry)
    if by is None:
        return sentence("cli.audit_by_command")
    return sentence("cli.audit_by_clock") if by == CLOCK else by
