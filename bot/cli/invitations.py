"""`invite`: how staff get in."""

import asyncio
import sys
from pathlib import Path

import click
from sqlalchemy import select

from bot.cli.bot_api import bot_address
from bot.cli.context import ConfigSource, open_unit_of_work
from bot.cli.name_lookup import find_staff
from bot.cli.output import write_file
from bot.config import Config
from models.rounds import County
from models.staff import Staff
from qr.link import Links
from services.directory import Directory
from services.people.enrol import INVITATION_DAYS
from services.people.enrol import invite as make_invitation
from services.people.leaving import lock_out
from texts.catalogue import SOURCE, Words
from texts.terminal import sentence


@click.command()
@click.argument("staff", required=False)
@click.option("--days", type=click.IntRange(1, 90), default=INVITATION_DAYS, show_default=True)
@click.option("--qr", "with_code", is_flag=True)
@click.option(
    "--all",
    "pdf_file",
    type=click.Path(path_type=Path),
    metavar="OUT.pdf",
)
@click.option("--replace", is_flag=True)
@click.pass_obj
def invite(
    source: ConfigSource, staff: str | None, *, days: int, with_code: bool, pdf_file: Path | None, replace: bool
) -> None:
    """Invite STAFF, an id or a name, to their place on the staff."""
    if (staff is None) == (pdf_file is None):
        raise click.UsageError(sentence("cli.invite_whom"))
    if pdf_file is not None:
        invited, pdf = asyncio.run(_invite_all(source.config, days))
        if not invited:
            click.echo(sentence("cli.invite_nobody"))
            return
        write_file(pdf_file, pdf, private=True)
        click.echo(sentence("cli.invitations_written", count=invited, file=pdf_file))
    elif staff is not None:
        link = asyncio.run(_invite(source.config, staff, days, replace=replace))
        click.echo(link)
        if with_code or sys.stdout.isatty():
            _draw(link)


def _draw(link: str) -> None:
    from qr.code import terminal

    sys.stdout.write(terminal(link))


async def _links(config: Config) -> Links:
    """Return where invitations lead: to the pages, else to the bot. Raises NoBot, and ConfigError without a token."""
    if config.web.public_url is not None:
        return Links(config.web.public_url)
    return Links(bot=await bot_address(config))


def _is_in(config: Config, known: Directory, staff_id: str) -> bool:
    """Whether somebody needs no invitation: they have an account, or are reached by mail where there is no bot."""
    return known.has_account(staff_id) or (config.telegram.token is None and known.is_enrolled(staff_id))


async def _invite(config: Config, wanted: str, days: int, *, replace: bool) -> str:
    links = await _links(config)
    async with open_unit_of_work(config) as work:
        staff_id = await find_staff(work, wanted)
        person = await work.session.get_one(Staff, staff_id)
        if replace:
            await lock_out(work, staff_id)
        elif _is_in(config, await work.directory(), staff_id):
            click.echo(sentence("cli.invite_enrolled", name=person.name), err=True)
        return links.of_invitation(await make_invitation(work, staff_id, days))


async def _invite_all(config: Config, days: int) -> tuple[int, bytes]:
    """Invite everybody who has not enrolled; no invitation is valid if the cards cannot be printed."""
    from bot.cli.invitation_cards import InvitationCard, MissingGlyph, TextTooLong, cards_pdf
    from services.rounds.printing import unprintable

    links = await _links(config)
    how = Words(SOURCE).plain("cli.card_page" if links.pages else "cli.card_chat", days=days)
    async with open_unit_of_work(config) as work:
        county = await work.session.get(County, 1)
        known = await work.directory()
        query = select(Staff).where(Staff.left_at.is_(None)).order_by(Staff.id)
        cards = [
            InvitationCard(
                name=person.name,
                title=person.title or _post(known, person.id),
                office=county.office if county else "",
                link=links.of_invitation(await make_invitation(work, person.id, days)),
                how=how,
            )
            for person in list(await work.session.scalars(query))
            if not _is_in(config, known, person.id)
        ]
        try:
            return len(cards), cards_pdf(cards)
        except (MissingGlyph, TextTooLong) as error:
            raise click.ClickException(unprintable(error)) from None


def _post(known: Directory, staff_id: str) -> str:
    """Return the first post that somebody holds, with its team or unit; a card is printed in the county's language."""
    words = Words(SOURCE)
    for held in known.people[staff_id].roles:
        role = words.plain(f"staff.role_{held.role}")
        if held.team_id:
            return f"{known.teams[held.team_id].name} {role}"
        return f"{known.units[held.unit_id].name} {role}" if held.unit_id else role
    return ""
