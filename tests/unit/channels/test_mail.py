"""Mail: what a server's answers mean, what a mail says, and over which connection it goes."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.config import Config, ConfigError, MailSettings
from channels.mail.channel import MailChannel, mail_channel
from channels.mail.turns import Turns
from models.address import Address
from models.mail_address import CHANNEL, LONGEST, UnfitMailAddress, read_mail_address
from services.delivery.transport import ChannelAnswer, Deleted, Later, Refused, Sent, Unreachable
from tests.mail import MailServer, certificate, mail_server
from texts.message import Button, Message

HEAD = Address(CHANNEL, "head@zhuwu.example")
SENDER = "notice@county.example"
WAITS = Message("您好！有整改问题的消息等您看。")
PAGES = "https://xunsheng.example/desk"


def channel_to(server: MailServer, **settings: object) -> MailChannel:
    given = {"security": "none", "sender": SENDER, "per_minute": 60_000_000} | settings
    mail = MailSettings.model_validate({"host": server.hostname, "port": server.port, **given})
    return mail_channel(Config(mail=mail))


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    """A mail server that takes everything."""
    async with mail_server() as running:
        yield running


@pytest.fixture
async def mail(server: MailServer) -> AsyncIterator[MailChannel]:
    """Mail over that server."""
    channel = channel_to(server)
    yield channel
    await channel.close()


async def test_a_mail_says_what_waits_and_leads_to_the_pages(server: MailServer, mail: MailChannel) -> None:
    buttons = ((Button("在这里打开：", url=PAGES), Button("签收", data="1.item.acknowledge.RI01")),)
    answer = await mail.transport.send(HEAD, Message("Tom &amp; <b>Li</b>: 您好！", buttons))
    assert isinstance(answer, Sent)
    [taken] = server.taken
    assert taken.text == f"Tom & Li: 您好！\n\n在这里打开：\n{PAGES}"
    assert taken.to == HEAD.id
    assert taken.read["From"] == SENDER
    assert taken.read["Subject"] == "您有一条新消息"
    assert taken.read["Auto-Submitted"] == "auto-generated"
    assert taken.read.get_content_type() == "text/plain"
    assert all(byte < 128 for byte in taken.raw)  # any server takes it


async def test_a_mail_tells_neither_this_machine_nor_what_wrote_it(server: MailServer, mail: MailChannel) -> None:
    await mail.transport.send(HEAD, WAITS)
    names = set(server.taken[0].read.keys())
    assert names - {"X-Peer", "X-MailFrom", "X-RcptTo"} == {  # the last three are the test server's
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted",
        "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    assert server.taken[0].read["Message-ID"].endswith("@county.example>")
    assert server.names_given == ["county.example"]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("421 4.3.2 shutting down", Later()),
        ("450 4.2.1 greylisted, try again", Later()),
        ("452 4.2.2 mailbox full", Later()),
        ("552 5.2.2 mailbox full", Later()),
        ("550 5.1.1 no such user head@zhuwu.example", Unreachable("SMTP 550 5.1.1")),
        ("550 no such user", Unreachable("SMTP 550")),
        ("553 5.1.3 bad address", Unreachable("SMTP 553 5.1.3")),
        ("554 5.7.1 relay access denied", Later(300.0)),
        ("530 5.7.0 log in first", Later(300.0)),
    ],
)
async def test_what_is_said_of_a_recipient(
    server: MailServer, mail: MailChannel, said: str, answer: ChannelAnswer
) -> None:
    server.of_recipient[HEAD.id] = said
    assert await mail.transport.send(HEAD, WAITS) == answer
    assert server.taken == []


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("451 4.3.0 try again", Later()),
        ("554 5.6.0 not taken", Refused("SMTP 554 5.6.0")),
        ("552 too large", Refused("SMTP 552")),
    ],
)
async def test_what_is_said_of_the_content(
    server: MailServer, mail: MailChannel, said: str, answer: ChannelAnswer
) -> None:
    server.of_content = said
    assert await mail.transport.send(HEAD, WAITS) == answer


@pytest.mark.parametrize(("said", "answer"), [("450 later", Later()), ("553 5.1.8 who are you", Later(300.0))])
async def test_a_sender_that_is_refused_is_for_the_settings_to_mend(
    server: MailServer, mail: MailChannel, said: str, answer: ChannelAnswer
) -> None:
    server.of_sender = said
    assert await mail.transport.send(HEAD, WAITS) == answer


async def test_after_one_refusal_the_next_mail_is_taken(server: MailServer, mail: MailChannel) -> None:
    other = Address(CHANNEL, "liaison@zhuwu.example")
    server.of_recipient[HEAD.id] = "550 gone"
    answers = await asyncio.gather(mail.transport.send(HEAD, WAITS), mail.transport.send(other, WAITS))
    assert [type(one) for one in answers] == [Unreachable, Sent]
    assert server.greetings == 1


async def test_a_server_that_is_away_makes_mails_wait(server: MailServer) -> None:
    async with mail_server() as gone:
        mail = channel_to(gone)
    assert await mail.transport.send(HEAD, WAITS) == Later()
    await mail.close()


async def test_a_login_is_used_and_a_wrong_one_is_tried_once(caplog: pytest.LogCaptureFixture) -> None:
    async with mail_server("notice", "right") as server:
        right = channel_to(server, username="notice", password=SecretStr("right"))
        assert isinstance(await right.transport.send(HEAD, WAITS), Sent)
        wrong = channel_to(server, username="notice", password=SecretStr("wrong-canary"))
        assert await wrong.transport.send(HEAD, WAITS) == Later(300.0)
        tried = server.refused_logins
        again = await wrong.transport.send(HEAD, WAITS)
        assert isinstance(again, Later)
        assert again.seconds is not None
        assert 0 < again.seconds <= 300
        assert server.refused_logins == tried
        for channel in (right, wrong):
            await channel.close()
    assert "check the settings of mail" in caplog.text
    assert "wrong-canary" not in caplog.text


async def test_no_log_names_whom_a_mail_is_for_or_what_it_says(
    server: MailServer, mail: MailChannel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for said in ("550 no such user head@zhuwu.example", "450 head@zhuwu.example waits", "554 5.7.1 head@zhuwu.example"):
        server.of_recipient[HEAD.id] = said
        await mail.transport.send(HEAD, Message("canary-of-what-is-said"))
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name != "mail.log")  # the server's
    assert "a mail is not taken: SMTP 550" in ours
    assert "zhuwu" not in ours
    assert "canary" not in ours


async def test_mails_that_wait_share_a_connection_which_is_ended_after_the_last(
    server: MailServer, mail: MailChannel
) -> None:
    await asyncio.gather(*(mail.transport.send(HEAD, WAITS) for _ in range(5)))
    assert len(server.taken) == 5
    assert server.greetings == 1
    await mail.transport.send(HEAD, WAITS)
    assert server.greetings == 2
    assert server.goodbyes == 2


async def test_what_replaces_an_earlier_mail_is_not_mailed(server: MailServer, mail: MailChannel) -> None:
    assert await mail.transport.send(HEAD, WAITS, replaces=7) == Sent(7)
    assert server.taken == []


async def test_nothing_goes_out_once_another_process_sends(server: MailServer, mail: MailChannel) -> None:
    async def no() -> bool:
        return False

    assert await mail.transport.send(HEAD, WAITS, may_send=no) == Later(0)
    assert server.taken == []


async def test_a_mail_cannot_be_taken_back(mail: MailChannel) -> None:
    assert await mail.transport.delete(HEAD, [1, 2]) == Deleted(left=2)


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_server_is_believed_only_with_a_certificate_that_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    context, trusted = certificate(tmp_path)
    async with mail_server("notice", "right", **{security: context}) as server:
        settings = {"security": security, "username": "notice", "password": SecretStr("right")}
        stranger = channel_to(server, **settings)
        assert await stranger.transport.send(HEAD, WAITS) == Later(300.0)
        assert server.taken == []
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        known = channel_to(server, **settings)
        assert isinstance(await known.transport.send(HEAD, WAITS), Sent)
        for channel in (stranger, known):
            await channel.close()


async def test_a_certificate_for_another_name_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, trusted = certificate(tmp_path, "mail.elsewhere.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    async with mail_server(tls=context) as server:
        mail = channel_to(server, security="tls")
        assert await mail.transport.send(HEAD, WAITS) == Later(300.0)
        await mail.close()


async def test_nothing_is_said_to_a_server_without_tls_where_it_is_asked_for(server: MailServer) -> None:
    mail = channel_to(server, security="starttls", username="notice", password=SecretStr("secret"))
    assert await mail.transport.send(HEAD, WAITS) == Later(300.0)
    assert server.taken == []
    await mail.close()


async def test_of_those_who_wait_the_most_urgent_goes_first() -> None:
    turns, went = Turns(per_minute=60_000_000), []

    async def go(name: str, priority: int) -> None:
        async with turns.turn(priority):
            went.append(name)

    async with turns.turn(0):
        waiting = [asyncio.create_task(go(name, priority)) for name, priority in (("a", 40), ("b", 5), ("c", 40))]
        gone = asyncio.create_task(go("gone", 0))
        await asyncio.sleep(0)
        assert turns.anybody_waits
        gone.cancel()
    await asyncio.gather(*waiting)
    assert went == ["b", "a", "c"]
    assert not turns.anybody_waits


async def test_turns_are_so_far_apart_that_a_minute_holds_no_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    loop = asyncio.get_running_loop()

    def call_at_once(seconds: float, *call: Any) -> asyncio.Handle:
        waits.append(seconds)
        return loop.call_soon(*call)

    monkeypatch.setattr(loop, "call_later", call_at_once)
    turns = Turns(per_minute=20)
    for _ in range(2):
        async with turns.turn(0):
            pass
    assert waits == [3.0, 3.0]


@pytest.mark.parametrize(
    ("written", "read"),
    [(" Head@Zhuwu.Example ", "Head@zhuwu.example"), ("a.b+c@mail.county.gov.cn", "a.b+c@mail.county.gov.cn")],
)
def test_a_mail_address_is_read(written: str, read: str) -> None:
    assert read_mail_address(written) == Address(CHANNEL, read)


@pytest.mark.parametrize(
    "written",
    [
        "", "head", "@zhuwu.example", "head@", "head@zhuwu", "head@-zhuwu.example", ".head@zhuwu.example",
        "a..b@c.example", "a@b.example, c@d.example", "Head <a@b.example>", "头@竹坞.example",
        "head@zhuwu.example\r\nRCPT TO:<x@y.example>", f"{'a' * LONGEST}@zhuwu.example",
        "=?utf-8?q?x=40y=2Eexample=2C?=@zhuwu.example", "=?utf-8?q??=@zhuwu.example",
    ],
)  # fmt: skip
def test_what_is_no_mail_address_is_refused(written: str) -> None:
    with pytest.raises(UnfitMailAddress):
        read_mail_address(written)


def test_without_a_sender_there_is_no_mail() -> None:
    with pytest.raises(ConfigError, match=r"mail\.sender"):
        mail_channel(Config(mail=MailSettings(host="mail.example")))
