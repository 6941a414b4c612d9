"""A real mail server on this machine: it takes mail, or says what a test tells it to say."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from warnings import catch_warnings

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.config import MailSettings

OK = "250 OK"


@dataclass
class Mail:
    """One that was taken: as it came, and as its reader sees it."""

    raw: bytes
    to: str
    read: EmailMessage

    @property
    def text(self) -> str:
        """What it says."""
        body = self.read.get_body()
        assert body is not None
        content: str = body.get_content()
        return content.replace("\r\n", "\n").strip()

    @property
    def all(self) -> str:
        """Its headers and what it says, decoded."""
        return "\n".join([*(f"{name}: {value}" for name, value in self.read.items()), self.text])


@dataclass
class MailServer:
    """What came in, and what is said to whom. `username` and `password`: who alone may log in."""

    taken: list[Mail] = field(default_factory=list)
    of_sender: str = OK
    of_recipient: dict[str, str] = field(default_factory=dict)
    of_content: str = OK
    greetings: int = 0  # connections so far
    goodbyes: int = 0
    names_given: list[str] = field(default_factory=list)  # by those who connected
    refused_logins: int = 0
    username: str = ""
    password: str = ""
    hostname: str = "127.0.0.1"
    port: int = 0
    on_mail: Callable[[], None] = field(default=lambda: None)

    def to(self, address: str) -> list[Mail]:
        """Return what was taken for an address."""
        return [mail for mail in self.taken if mail.to == address]

    async def handle_EHLO(
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.names_given.append(hostname)
        return responses

    async def handle_QUIT(self, server: SMTP, _session: Session, _envelope: Envelope) -> str:
        self.goodbyes += 1
        return "221 Bye"

    async def handle_MAIL(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.of_sender

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.of_recipient.get(address, OK)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.of_content == OK:
            raw = envelope.content
            assert isinstance(raw, bytes)
            read = message_from_bytes(raw, policy=default)
            assert isinstance(read, EmailMessage)
            self.taken.append(Mail(raw, envelope.rcpt_tos[0], read))
            self.on_mail()
        return self.of_content

    def authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, data: Any) -> AuthResult:
        """Answer a login."""
        known = LoginPassword(self.username.encode(), self.password.encode())
        if data == known:
            return AuthResult(success=True)
        self.refused_logins += 1
        return AuthResult(success=False, handled=False)


@asynccontextmanager
async def mail_server(
    username: str = "", password: str = "", *, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[MailServer]:
    """Run a server on a port of its own; with a username, only whoever logs in may send."""
    kept = MailServer(username=username, password=password)

    def connection() -> SMTP:
        kept.greetings += 1
        with catch_warnings(action="ignore"):  # that a login without TLS is unsafe
            return SMTP(
                kept,
                loop=asyncio.get_running_loop(),
                hostname="mail.example",
                tls_context=starttls,
                require_starttls=starttls is not None,
                authenticator=kept.authenticate,
                auth_required=bool(username),
                auth_require_tls=starttls is not None,
            )

    server = await asyncio.get_running_loop().create_server(connection, kept.hostname, 0, ssl=tls)
    kept.port = server.sockets[0].getsockname()[1]
    try:
        yield kept
    finally:
        server.close()
        await server.wait_closed()


def mail_settings(server: MailServer) -> MailSettings:
    """Return the settings of an installation that mails over a server without a login, as fast as it can."""
    return MailSettings(
        host=server.hostname, port=server.port, security="none", sender="notice@county.example", per_minute=60_000_000
    )


def certificate(folder: Path, name: str = "127.0.0.1") -> tuple[ssl.SSLContext, Path]:
    """Return what a server shows for a name or number, and the file that whoever trusts it is given."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    try:
        alternative: x509.GeneralName = x509.IPAddress(ip_address(name))
    except ValueError:
        alternative = x509.DNSName(name)
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    shown, secret = folder / "shown.pem", folder / "secret.pem"
    shown.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(shown, secret)
    return context, shown
