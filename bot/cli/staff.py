"""`staff`: who works here, and what the office director can also do in chat."""

import asyncio
from collections.abc import Awaitable, Callable

import click
from sqlalchemy import select

from bot.cli.context import ConfigSource, open_unit_of_work
from bot.cli.name_lookup import find_staff, find_team, find_unit
from bot.config import Config, variable_of
from models.mail_address import UnfitMailAddress, read_mail_address
from models.staff import Staff
from models.states import NotEntitled
from services.access.member import member
from services.directory import RoleAt
from services.people.addresses import AddressTaken, drop_address, give_address
from services.people.leaving import leave, move_to_team
from services.people.recusal import readmit, recuse
from services.people.sessions import make_link
from services.unit_of_work import UnitOfWork
from texts.terminal import sentence


@click.group()
def staff() -> None:
    """Who works here. A lost phone is locked out by `invite STAFF --replace`."""


@staff.command("list")
@click.pass_obj
def list_staff(source: ConfigSource) -> None:
    """Print everybody: id, name, roles, whether enrolled, and the units they are shut out of."""
    for line in asyncio.run(_listed(source.config)):
        click.echo(line)


@staff.command("leave")
@click.argument("person")
@click.confirmation_option()
@click.pass_obj
def record_leaving(source: ConfigSource, person: str) -> None:
    """Let PERSON go: their account opens nothing any more, and their open cases are handed over."""
    asyncio.run(_do_for_person(source.config, person, leave))


@staff.command()
@click.argument("person")
@click.argument("team")
@click.pass_obj
def move(source: ConfigSource, person: str, team: str) -> None:
    """Put PERSON into TEAM; their open cases stay with the team they leave."""

    async def action(work: UnitOfWork, staff_id: str) -> None:
        await move_to_team(work, staff_id, await find_team(work, team))

    asyncio.run(_do_for_person(source.config, person, action))


@staff.command("recuse")
@click.argument("person")
@click.argument("unit")
@click.option("--lift", is_flag=True)
@click.pass_obj
def order_recusal(source: ConfigSource, person: str, unit: str, *, lift: bool) -> None:
    """Shut PERSON out of everything about UNIT."""

    async def action(work: UnitOfWork, staff_id: str) -> None:
        await (readmit if lift else recuse)(work, staff_id, await find_unit(work, unit))

    asyncio.run(_do_for_person(source.config, person, action))


@staff.command()
@click.argument("person")
@click.argument("address")
@click.option("--remove", is_flag=True)
@click.pass_obj
def mail(source: ConfigSource, person: str, address: str, *, remove: bool) -> None:
    """Have PERSON told by mail to ADDRESS as well, or not any more."""
    try:
        read = read_mail_address(address)
    except UnfitMailAddress:
        raise click.ClickException(sentence("cli.mail_unfit")) from None

    async def action(work: UnitOfWork, staff_id: str) -> None:
        if not remove:
            await give_address(work, staff_id, read)
        elif not await drop_address(work, staff_id, read):
            raise click.ClickException(sentence("cli.mail_not_theirs"))

    try:
        asyncio.run(_do_for_person(source.config, person, action))
    except AddressTaken:
        raise click.ClickException(sentence("cli.mail_taken")) from None
    if source.config.mail.host is None and not remove:
        click.echo(sentence("cli.mail_off", variable=variable_of("mail.host")), err=True)


@staff.command("sign-in")
@click.argument("person")
@click.pass_obj
def sign_in(source: ConfigSource, person: str) -> None:
    """Print a link that opens the pages of PERSON once, within ten minutes."""
    from handlers.people.sign_in import address_of_link

    if source.config.web.public_url is None:
        raise click.ClickException(sentence("cli.no_pages", variable=variable_of("web.public_url")))
    token = asyncio.run(_sign_in(source.config, person))
    click.echo(address_of_link(source.config.web.public_url, token))


async def _sign_in(config: Config, wanted: str) -> str:
    async with open_unit_of_work(config) as work:
        return await make_link(work, await find_staff(work, wanted), asked_on="cli")


async def _do_for_person(config: Config, wanted: str, action: Callable[[UnitOfWork, str], Awaitable[object]]) -> None:
    async with open_unit_of_work(config) as work:
        staff_id = await find_staff(work, wanted)
        try:
            await action(work, staff_id)
        except NotEntitled:
            raise click.ClickException(sentence("cli.staff_unfit")) from None
    click.echo(sentence("cli.staff_done"))


async def _listed(config: Config) -> list[str]:
    async with open_unit_of_work(config) as work:
        lines, known = [], await work.directory()
        for person in await work.session.scalars(select(Staff).where(Staff.left_at.is_(None)).order_by(Staff.id)):
            who = await member(work.session, person.id)
            roles = ", ".join(_role(held) for held in who.roles)
            enrolled = known.has_account(person.id)
            account = sentence("cli.staff_enrolled" if enrolled else "cli.staff_not_enrolled")
            lines.append("\t".join([person.id, person.name, roles, account, " ".join(sorted(who.shut_out_of)) or "-"]))
        return lines


def _role(held: RoleAt) -> str:
    place = held.team_id or held.unit_id
    role = sentence(f"staff.role_{held.role}")
    return sentence("cli.staff_role_at", role=role, place=place) if place else role
