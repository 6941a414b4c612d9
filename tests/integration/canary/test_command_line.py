"""No command prints or writes anything that a resident is or said; a backup holds nothing even for its owner."""

import io
from pathlib import Path

import click
import pypdfium2
import pyrage
from sqlalchemy import make_url, update

from bot.__main__ import main
from bot.config import variable_of
from models.complaints import Case
from models.rounds import Round
from models.states import CaseState, RoundState
from services.retention.backup import FLEETING
from tests.deployment import Deployment
from tests.integration.canary.left import contents, left_behind
from tests.integration.canary.needles import found_in
from tests.integration.canary.planted import ANYTHING, CHAT, TEXT
from tests.integration.canary.story import Canary
from tests.integration.test_backup import CommandLine, stamped

# They serve until they are stopped: what they leave is searched in the other tests, and the demo has its own people.
SERVING = {"run", "demo"}
FINDING = {"doctor", "draw"}  # what they look for may be amiss, or not there
SAFE = "safe"  # the folder of what lies in the safe, or was carried away: recovery key, backups, what was printed


class Clerk(CommandLine):
    """Somebody who types every command there is. `said` is all that was printed, by command."""

    def __init__(self, deployment: Deployment, folder: Path) -> None:
        super().__init__(deployment, folder)
        self.said: dict[str, bytes] = {}

    async def types(self, *words: str) -> str:
        result = await self.run(*words)
        assert result.exit_code == 0 or words[0] in FINDING, result.output
        self.said[" ".join(words)] = result.output.encode()
        return result.output

    @property
    def typed(self) -> set[str]:
        """The commands that were typed, without their arguments."""
        return {name for name in commands() for words in self.said if f"{words} ".startswith(f"{name} ")}


def commands() -> set[str]:
    """Return every command there is, those of groups with their group."""
    names = set()
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        names |= {f"{name} {part}" for part in command.commands} if isinstance(command, click.Group) else {name}
    return names - SERVING


async def lived(deployment: Deployment) -> Canary:
    """Let a canary live up to the middle of everything: a case is read, a draft is open, an update is set aside."""
    canary = await Canary.begin(deployment)
    await canary.takes_a_complaint_back()
    await canary.drafts()
    await canary.submits()
    await canary.journey.member_claims_and_reads()
    await canary.journey.member_asks_and_resident_answers()
    await canary.drafts_something_else()
    broken = {"chat": {"id": CHAT}, "from": {"id": CHAT}, "text": TEXT}
    deployment.simulator.inject({"update_id": deployment.simulator.updates[-1].update_id + 1, "message": broken})
    await canary.journey.resident.reads("对不住")
    await stamped(deployment)
    return canary


async def test_no_command_prints_or_writes_anything_of_a_resident(
    deployment: Deployment, tmp_path: Path, logs: io.StringIO, empty_address: str
) -> None:
    canary = await lived(deployment)
    safe = tmp_path / SAFE
    safe.mkdir()
    clerk = Clerk(deployment, safe)
    await clerk.has_recovery_key()
    clerk.said["recovery-key"] = b"as it was asked for above"
    await maintains(clerk, safe)
    await prints(clerk, safe)
    await manages_people(clerk)
    await deployment.stop()
    await ends_the_round(clerk, deployment)

    await restores(clerk, deployment, tmp_path, empty_address)
    assert clerk.typed == commands()
    needles = [*ANYTHING, *canary.needles]
    assert found_in(clerk.said, needles) == []
    assert found_in({"the log": logs.getvalue().encode()}, needles) == []
    printed = {name: text_of(content) for name, content in contents([safe]).items() if name.endswith(".pdf")}
    assert len(printed) == 3
    assert found_in(printed, needles) == []
    assert found_in(await left_behind(deployment, tmp_path), needles) == []
    await deployment.database.close()


async def maintains(clerk: Clerk, safe: Path) -> None:
    await clerk.types("migrate")
    await clerk.types("import", "sample")
    await clerk.types("doctor")
    await clerk.types("privacy")
    await clerk.types("states")
    await clerk.types("backup", str(safe / "county.age"))
    await clerk.types("backup-keyring", str(safe / "keys.age"))
    await clerk.types("audit", "verify")
    await clerk.types("audit", "list", "--most", "500")
    await clerk.types("draw", "00000001")


async def prints(clerk: Clerk, safe: Path) -> None:
    await clerk.types("posters", "R6", str(safe / "posters.pdf"))
    await clerk.types("qr", "R6", "V02", "--png", str(safe / "code.png"), "--svg", str(safe / "code.svg"))
    await clerk.types("qr", "R6", "V02")
    await clerk.types("qr", "R6", "V02", "--revoke")
    await clerk.types("invite", "P08", "--qr")
    await clerk.types("invite", "--all", str(safe / "invitations.pdf"))
    await clerk.types("printout", "U2")
    await clerk.types("printout", "U2", "--pdf", str(safe))


async def manages_people(clerk: Clerk) -> None:
    await clerk.types("staff", "list")
    await clerk.types("staff", "mail", "P06", "p06@example.org")
    clerk.environment[variable_of("web.public_url")] = "https://pages.example.org"
    await clerk.types("staff", "sign-in", "P06")
    await clerk.types("staff", "recuse", "P07", "U1")
    await clerk.types("staff", "recuse", "P07", "U1", "--lift")
    await clerk.types("staff", "move", "P07", "T2")
    await clerk.types("staff", "leave", "P07", "--yes")
    await clerk.types("invite", "P06", "--replace")


async def ends_the_round(clerk: Clerk, deployment: Deployment) -> None:
    await clerk.types("round", "R6")
    async with deployment.database.transaction() as session:
        await session.execute(update(Round).where(Round.id == "R6").values(state=RoundState.ARCHIVED))
        await session.execute(update(Case).values(is_open=False, state=CaseState.CLOSED))
    await clerk.types("round", "R6", "destroy-key", "--yes")


async def restores(clerk: Clerk, deployment: Deployment, folder: Path, address: str) -> None:
    """Put the backups into a fresh place, which is searched like the old one."""
    new = folder / "new"
    new.mkdir()
    if address.startswith("sqlite"):
        Path(str(make_url(address).database)).parent.mkdir()
    fresh = {"database.url": address, "keyring.path": str(new / "keyring"), "files.path": str(new / "files")}
    clerk.environment |= {variable_of(name): value for name, value in fresh.items()}
    key = str(folder / SAFE / "recovery.key")
    await clerk.types("restore-keyring", str(folder / SAFE / "keys.age"), "--identity", key)
    await clerk.types("init")
    await clerk.types("restore", str(folder / SAFE / "county.age"), "--identity", key)
    await clerk.types("doctor")


def text_of(pdf: bytes) -> bytes:
    """Return what can be read in a PDF."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document).encode()
    finally:
        document.close()


async def test_a_backup_in_anothers_hands_shows_no_text_and_no_reporter(deployment: Deployment, tmp_path: Path) -> None:
    canary = await lived(deployment)
    command_line = CommandLine(deployment, tmp_path)
    key = await command_line.has_recovery_key()
    identity = pyrage.x25519.Identity.from_str(key.read_text().splitlines()[1])
    files: dict[str, bytes] = {}
    for command in ("backup", "backup-keyring"):
        file = tmp_path / f"{command}.age"
        await command_line.does(command, str(file))
        assert file.stat().st_mode & 0o777 == 0o600
        opened = io.BytesIO()
        pyrage.decrypt_io(io.BytesIO(file.read_bytes()), opened, [identity])
        files |= {command: file.read_bytes(), f"{command}, opened": opened.getvalue()}
    assert b"complaint_messages" in files["backup, opened"]
    assert b"AGE-SECRET-KEY" in files["backup-keyring, opened"]
    assert b"AGE-SECRET-KEY" not in files["backup, opened"]
    for fleeting in FLEETING:
        assert f"tables/{fleeting}.jsonl".encode() not in files["backup, opened"]
    assert found_in(files, [*ANYTHING, *canary.needles]) == []
