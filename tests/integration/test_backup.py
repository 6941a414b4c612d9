"""What burns down comes back from two files."""

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, make_url, select, text

from bot.__main__ import main
from bot.cli import context
from bot.config import variable_of
from migrations.schema import head
from models.complaints import Case, Conversation
from models.delivery import OutboxRow, OutboxState
from models.desk import Desk
from models.recipient import Recipient
from privacy.keyring import Keyring
from tests.deployment import Deployment, open_deployment
from tests.integration.canary.planted import CHAT
from tests.integration.canary.story import Canary
from tests.journey import SAID, Journey
from tests.story import PhoneUser


class CommandLine:
    """The command line of a deployment, run within this process."""

    def __init__(self, deployment: Deployment, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            variable_of("telegram.token"): deployment.config.telegram.require_token(),
            variable_of("telegram.api_base_url"): deployment.config.telegram.api_base_url,
            variable_of("database.url"): deployment.config.database.url,
            variable_of("keyring.path"): str(deployment.config.keyring.path),
            variable_of("files.path"): str(deployment.config.files.path),
        }

    async def run(self, *words: str) -> Result:
        def call() -> Result:
            return CliRunner().invoke(main, list(words), env=self.environment)

        return await asyncio.to_thread(call)

    async def does(self, *words: str) -> str:
        result = await self.run(*words)
        assert result.exit_code == 0, result.output
        return result.output

    async def has_recovery_key(self) -> Path:
        key = self.folder / "recovery.key"
        said = await self.does("recovery-key", str(key))
        assert key.stat().st_mode & 0o777 == 0o600
        self.environment[variable_of("backup.recipient")] = said.split('"')[1]
        return key


async def begun(deployment: Deployment) -> Journey:
    journey = (await Canary.begin(deployment)).journey
    await journey.resident_submits_with_a_photo()
    await journey.member_claims_and_reads()
    await journey.member_asks_and_resident_answers()
    deployment.simulator.scan(CHAT, await deployment.link("V06"))
    journey.resident.say("还没说完:" + SAID)
    await journey.resident.can_press("1.r.send")
    return journey


async def stamped(deployment: Deployment) -> None:
    """Let the tables say which version they are, as those of a real deployment do."""
    async with deployment.database.transaction() as session:
        await session.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        await session.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head()})


async def test_a_county_that_burned_down_comes_back_from_its_backups(
    deployment: Deployment, tmp_path: Path, empty_address: str
) -> None:
    journey = await begun(deployment)
    await stamped(deployment)
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        told = {
            "state": OutboxState.SENT,
            "lane": "closed",
            "kind": "item_digest",
            "priority": 40,
            "not_before": work.now,
        }
        session.add(OutboxRow(record_id="1", recipient=Recipient.staff("P14"), dedupe_key="digest:P14", **told))
    command_line = CommandLine(deployment, tmp_path)
    key = await command_line.has_recovery_key()
    assert "1 attachments" in await command_line.does("backup", str(tmp_path / "county.age"))
    await command_line.does("backup-keyring", str(tmp_path / "keys.age"))
    await deployment.stop()

    new = tmp_path / "new"
    new.mkdir()
    if empty_address.startswith("sqlite"):
        Path(str(make_url(empty_address).database)).parent.mkdir()
    command_line.environment |= {
        variable_of("database.url"): empty_address,
        variable_of("keyring.path"): str(new / "keyring"),
        variable_of("files.path"): str(new / "files"),
    }
    await command_line.does("restore-keyring", str(tmp_path / "keys.age"), "--identity", str(key))
    await command_line.does("init")
    await command_line.does("restore", str(tmp_path / "county.age"), "--identity", str(key))
    assert "as it was written" in await command_line.does("audit", "verify")

    again = open_deployment(deployment.simulator, empty_address, Keyring.open(new / "keyring"), new)
    async with again.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Conversation)) == 0
        assert (await session.get_one(Case, journey.case_id)).desk == Desk.team("T1")
        remembered = await session.scalar(select(OutboxRow.recipient).where(OutboxRow.dedupe_key == "digest:P14"))
        assert remembered == Recipient.staff("P14")
    await again.start()
    try:
        other = PhoneUser(deployment.simulator, deployment.simulator.add_person("另一部手机"))
        deployment.simulator.open_bot(other.person)
        await other.sees(lambda one: bool(one.buttons))
        other.say(journey.code)
        await other.can_press("1.r.add")
        seen = journey.member.last_id
        await journey.member.press(f"1.case.open.{journey.case_id}")
        await journey.member.reads(SAID, after=seen)
        await journey.member.sees(lambda one: one.kind == "photo" and one.protected, after=seen)
        deployment.simulator.scan(CHAT, await again.link("V06"))  # new rows are numbered after the old ones
        journey.resident.say("又裂了")
        await journey.resident.can_press("1.r.send")
    finally:
        await again.stop()


async def test_a_backup_that_fails_leaves_no_file_and_tells_the_office(
    deployment: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "utc_now", deployment.simulator.now)
    journey = await begun(deployment)
    await stamped(deployment)
    command_line = CommandLine(deployment, tmp_path)
    await command_line.has_recovery_key()
    [attachment] = deployment.config.files.path.rglob("*.age")
    attachment.unlink()
    attachment.mkdir()  # a disk that answers nonsense
    file = tmp_path / "county.age"
    result = await command_line.run("backup", str(file))
    assert result.exit_code == 1
    assert "was not written" in result.output
    assert [one.name for one in tmp_path.iterdir() if "county.age" in one.name] == []
    await journey.office.reads("备份没有做成")


async def test_nothing_is_restored_over_what_is_there(deployment: Deployment, tmp_path: Path) -> None:
    await begun(deployment)
    await stamped(deployment)
    command_line = CommandLine(deployment, tmp_path)
    key = await command_line.has_recovery_key()
    await command_line.does("backup", str(tmp_path / "county.age"))
    refused = await command_line.run("restore", str(tmp_path / "county.age"), "--identity", str(key))
    assert refused.exit_code == 1
    assert "something in this database" in refused.output
    again = await command_line.run("backup", str(tmp_path / "county.age"))
    assert "never takes the place of another" in again.output
    keyring = await command_line.run("restore-keyring", str(tmp_path / "county.age"), "--identity", str(key))
    assert "There is something at" in keyring.output


async def test_without_a_recovery_key_the_office_is_told_how_to_make_one(
    deployment: Deployment, tmp_path: Path
) -> None:
    await stamped(deployment)
    result = await CommandLine(deployment, tmp_path).run("backup", str(tmp_path / "county.age"))
    assert result.exit_code == 1
    assert "xunsheng recovery-key" in result.output
