"""`invite`: how staff get in."""

import asyncio
import sys
from pathlib import Path

import click
from sqlalchemy import select

from bot.cli.bot_api import bot_username
from bot.cli.context import ConfigSource, open_unit_of_work
from bot.cli.name_lookup import find_staff
from bot.cli.output import write_file
from bot.config import Config
from models.rounds import County
from models.staff import Staff
from qr.link import deep_link
from services.access.addresses import ENROLLED, addresses_of
from services.people.enrol import INVITATION_DAYS
from services.people.enrol import invite as make_invitation
from services.people.leaving import lock_out


@click.command()
@click.argument("staff", required=False)
@click.option(
    "--days", type=click.IntRange(1, 90), default=INVITATION_DAYS, show_default=True, help="How long it is valid."
)
@click.option("--qr", "with_code", is_flag=True, help="Draw the code even where the output is no terminal.")
@click.option(
    "--all",
    "pdf_file",
    type=click.Path(path_type=Path),
    metavar="OUT.pdf",
    help="Invite everybody who has not enrolled yet: cards to cut out, with name and code.",
)
@click.option("--replace", is_flag=True, help="Lock out the account they have now: their phone is lost or changed.")
@click.pass_obj
def invite(
    source: ConfigSource, staff: str | None, *, days: int, with_code: bool, pdf_file: Path | None, replace: bool
) -> None:
    """Invite STAFF, an id or a name, to tie their Telegram account to their place on the staff.

    The link works once, for whoever opens it first: hand it over in person. A new invitation makes the one before
    it worthless.
    """
    if (staff is None) == (pdf_file is None):
        raise click.UsageError("Say whom to invite, or `--all OUT.pdf`.")
    if pdf_file is not None:
        invited, pdf = asyncio.run(_invite_all(source.config, days))
        if not invited:
            click.echo("Everybody has enrolled already.")
            return
        write_file(pdf_file, pdf, private=True)
        click.echo(f"{invited} invitations are in {pdf_file}; delete it once they are handed out.")
    elif staff is not None:
        link = asyncio.run(_invite(source.config, staff, days, replace=replace))
        click.echo(link)
        if with_code or sys.stdout.isatty():
            _draw(link)


def _draw(link: str) -> None:
    from qr.code import terminal

    sys.stdout.write(terminal(link))


async def _invite(config: Config, wanted: str, days: int, *, replace: bool) -> str:
    username = await bot_username(config)
    async with open_unit_of_work(config) as work:
        staff_id = await find_staff(work, wanted)
        person = await work.session.get_one(Staff, staff_id)
        if replace:
            await lock_out(work, staff_id)
        elif await addresses_of(work.session, staff_id):
            click.echo(
                f"{person.name} has enrolled already; only that same account can open this link. "
                "If the phone is lost, use `--replace`.",
                err=True,
            )
        return deep_link(config.telegram.link_base_url, username, await make_invitation(work, staff_id, days))


async def _invite_all(config: Config, days: int) -> tuple[int, bytes]:
    """Invite everybody who has not enrolled; no invitation is valid if the cards cannot be printed."""
    from bot.cli.invitation_cards import InvitationCard, MissingGlyph, TextTooLong, cards_pdf

    username = await bot_username(config)
    async with open_unit_of_work(config) as work:
        county = await work.session.get(County, 1)
        query = select(Staff).where(Staff.left_at.is_(None), ~ENROLLED).order_by(Staff.id)
        cards = [
            InvitationCard(
                name=person.name,
                title=person.title or person.id,
                office=county.office if county else "",
                link=deep_link(config.telegram.link_base_url, username, await make_invitation(work, person.id, days)),
                days=days,
            )
            for person in await work.session.scalars(query)
        ]
        try:
            return len(cards), cards_pdf(cards)
        except (MissingGlyph, TextTooLong) as error:
            raise click.ClickException(str(error)) from None
