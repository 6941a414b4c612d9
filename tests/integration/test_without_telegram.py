"""An installation without Telegram at the command line, and mail addresses as the office enters them."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator
from socket import socket

import pytest
from sqlalchemy import select

from bot.config import variable_of
from models.database import Database
from models.staff import StaffAddress
from tests.integration.test_commands import codes_in, words_in
from tests.mail import MailServer, mail_server
from tests.office import Office
from tests.waiting import eventually

PAGES = "https://xunsheng.example"


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    """A mail server that takes everything from whoever logs in."""
    async with mail_server("notice", "right") as running:
        yield running


@pytest.fixture
def without(begun: Office, mails: MailServer) -> Office:
    """An office with pages and mail and without a bot, and the sample county entered."""
    begun.unset("telegram.token")
    settings = {"host": mails.hostname, "port": str(mails.port), "security": "none", "sender": "notice@county.example"}
    for name, value in (settings | {"username": "notice", "password": "right"}).items():
        begun.set(f"mail.{name}", value)
    begun.set("web.public_url", PAGES)
    begun.set("web.port", "0")
    return begun


async def addresses(office: Office) -> list[tuple[str, str]]:
    database = Database(office.environment[variable_of("database.url")])
    async with database.reading() as session:
        found = await session.execute(select(StaffAddress.staff_id, StaffAddress.address))
        listed = sorted((staff_id, str(address)) for staff_id, address in found)
    await database.close()
    return listed


async def doctor(office: Office) -> str:
    return (await office.run("doctor")).out


async def test_the_product_runs_without_a_token_where_there_are_pages(without: Office) -> None:
    with socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    without.set("web.port", str(port))

    async def is_there() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        await writer.wait_closed()
        return True

    process = await without.start("run")
    try:
        await eventually(is_there)
    finally:
        process.send_signal(signal.SIGTERM)
        _, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    assert PAGES in err.decode()
    assert "Telegram" not in err.decode()


async def test_without_pages_a_missing_token_is_told_with_both_remedies(without: Office) -> None:
    without.unset("web.public_url")
    said = await without.refused("run")
    assert "There is no bot token" in said
    assert "web.public_url" in said


async def test_mail_without_a_sender_is_told(without: Office) -> None:
    without.unset("mail.sender")
    assert "mail.sender" in await without.refused("run")
    assert "mail.sender" in await doctor(without)


async def test_the_doctor_asks_for_mail_addresses_and_says_nothing_of_telegram(without: Office) -> None:
    before = await doctor(without)
    assert "Without a mail address: P01 沈望舒" in before
    await without.must("staff", "mail", "沈望舒", "shen@county.example")
    after = await doctor(without)
    assert "P01" not in after
    assert "P02" in after
    for said in (before, after):
        assert not [word for word in ("Telegram", "bot", "token", "board") if word in said]


async def test_the_doctor_tries_the_mail_server(without: Office, mails: MailServer) -> None:
    assert "mail server" not in await doctor(without)
    without.set("mail.password", "wrong-canary")
    said = await doctor(without)
    assert "The mail server 127.0.0.1 does not take our mails (SMTP 535" in said
    assert "canary" not in said
    without.set("mail.port", "1")
    assert "The mail server 127.0.0.1 is not reached" in await doctor(without)
    assert mails.taken == []


async def test_an_invitation_leads_to_the_pages(without: Office) -> None:
    link = (await without.must("invite", "P05")).strip()
    assert re.fullmatch(rf"{PAGES}/desk/join/i[\w-]{{20}}", link)


async def test_whoever_is_reached_by_mail_gets_no_card_where_there_is_no_bot(without: Office) -> None:
    await without.must("staff", "mail", "P05", "gu@county.example")
    assert "38 invitations" in await without.must("invite", "--all", "staff.pdf")
    pages = codes_in(without.folder / "staff.pdf")
    assert all(link.startswith(f"{PAGES}/desk/join/i") for page in pages for link in page)
    assert "是我本人" in words_in(without.folder / "staff.pdf")


async def test_a_mail_address_is_entered_and_removed_at_the_command_line(without: Office) -> None:
    await without.must("staff", "mail", "P05", "gu@County.example")
    assert await addresses(without) == [("P05", "mail:gu@county.example")]
    assert "somebody else" in await without.refused("staff", "mail", "P06", "gu@county.example")
    assert "not theirs" in await without.refused("staff", "mail", "P06", "gu@county.example", "--remove")
    assert "no mail address" in await without.refused("staff", "mail", "P05", "古石生")
    await without.must("staff", "mail", "P05", "gu@county.example", "--remove")
    assert await addresses(without) == []


async def test_an_address_can_be_entered_before_there_is_a_mail_server(without: Office) -> None:
    without.unset("mail.host")
    said = await without.run("staff", "mail", "P05", "gu@county.example")
    assert said.code == 0
    assert "no server for mail is named yet" in said.err


async def test_whoever_has_only_mail_is_invited_to_telegram_with_all_others(begun: Office) -> None:
    await begun.must("staff", "mail", "P05", "gu@county.example")
    assert "39 invitations" in await begun.must("invite", "--all", "staff.pdf")


async def test_the_command_line_prints_a_link_to_somebodys_pages(without: Office) -> None:
    link = (await without.must("staff", "sign-in", "古石生")).strip()
    assert re.fullmatch(rf"{PAGES}/desk/open/[\w-]{{22}}", link)
    without.unset("web.public_url")
    assert "WEB__PUBLIC_URL" in await without.refused("staff", "sign-in", "古石生")
