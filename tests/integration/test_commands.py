"""The command line as a person or a program at the office uses it, against the simulator."""

import json
import re
import signal
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from click.testing import CliRunner
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.__main__ import main
from bot.cli.health_checks import findings
from bot.config import variable_of
from channels.telegram.address import address_of
from models.audit import Audited, AuditEntry
from models.database import Database
from models.delivery import FailedUpdate, OutboxRow, OutboxState
from models.rectification import RectificationItem
from models.revisits import Evaluator, Revisit, RevisitItem, RevisitKind
from models.rounds import QrCode, Round, Team
from models.staff import Staff, StaffAddress
from models.states import RevisitState, RoundState
from privacy.keyring import Keyring
from services.revisits.sampling import LEAST_SHARE, Frame, UnitToDraw, draw
from services.rounds.county_file import read_county
from services.rounds.import_county import import_county
from services.unit_of_work import UnitOfWork
from simulator.server import Simulator
from tests.accounts import give_account, take_account
from tests.conftest import OpenWork
from tests.office import Office
from tests.sample import SAMPLE

LINK = re.compile(r"https://t\.me/xunsheng_bot\?start=[pi][A-Za-z0-9]{8}[A-Za-z0-9_-]{12}")


@asynccontextmanager
async def records(office: Office) -> AsyncIterator[Database]:
    database = Database(office.environment[variable_of("database.url")])
    yield database
    await database.close()


def codes_in(pdf: Path) -> list[list[str]]:
    """Return what the codes on each page say, as a phone reads them."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pictures = [page.render(scale=150 / 72).to_pil() for page in document]
    finally:
        document.close()
    return [[found.text for found in zxingcpp.read_barcodes(picture)] for picture in pictures]


def words_in(pdf: Path) -> str:
    """Return what is printed on all pages, without blanks."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    finally:
        document.close()


async def test_with_four_variables_and_no_file_the_whole_way_works(office: Office, simulator: Simulator) -> None:
    commands = (("init",), ("import", str(SAMPLE)), ("invite", "P05"), ("qr", "R6", "V02", "--link"))
    begun, entered, invitation, poster = [await office.run_process(*words) for words in commands]
    assert "Made a keyring" in begun.out
    assert "staff 39" in entered.out
    assert LINK.fullmatch(invitation.out.rstrip("\n"))
    assert LINK.fullmatch(poster.out.rstrip("\n"))

    leader = simulator.add_person("古石生")
    resident = simulator.add_person("somebody")
    process = await office.start("run")
    try:
        simulator.scan(leader, invitation.out.strip())
        simulator.scan(resident, poster.out.strip())
        for account in (leader, resident):
            await simulator.wait_for(account, lambda seen: [one for one in seen if one.from_bot] or None)
    finally:
        process.send_signal(signal.SIGTERM)
        _, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    async with records(office) as database, database.reading() as session:
        assert await session.scalar(select(StaffAddress.address).where(StaffAddress.staff_id == "P05")) == address_of(
            leader
        )


async def test_beginning_twice_keeps_what_is_there(office: Office) -> None:
    await office.must("init")
    main_key = Path(office.environment[variable_of("keyring.path")]) / "keyring.json"
    before = main_key.read_bytes()
    again = await office.must("init")
    assert "is there already" in again
    assert "up to date already" in again
    assert main_key.read_bytes() == before
    assert "up to date already" in await office.must("migrate")


async def test_importing_again_says_that_nothing_differs(office: Office) -> None:
    await office.must("init")
    await office.must("import", "sample")
    assert await office.must("import", "sample") == "Nothing differs from what is entered already.\n"
    corrected = office.folder / "county.json"
    corrected.write_text(SAMPLE.read_text().replace('"households": 412', '"households": 413'))
    assert await office.must("import", "county.json") == "changed village V01: households 412 → 413\n"


async def test_an_import_warns_of_a_new_place_in_a_round_that_takes_complaints(begun: Office) -> None:
    county = json.loads(SAMPLE.read_text())
    county["villages"].append({**county["villages"][0], "id": "V99", "name": "王大山家", "qr_token": None})
    (begun.folder / "county.json").write_text(json.dumps(county, ensure_ascii=False))
    said = await begun.run("import", "county.json")
    assert "New places in a round that takes complaints, which is written down: V99;" in said.err
    assert "New places" not in (await begun.run("import", "county.json")).err


async def test_a_county_file_with_mistakes_is_refused_line_by_line(on_sqlite: Office) -> None:
    await on_sqlite.must("init")
    wrong = SAMPLE.read_text().replace('"role": "liaison"', '"role": "liason"').replace('"U3",\n   "mode"', '"U3"')
    (on_sqlite.folder / "county.json").write_text(wrong)
    said = await on_sqlite.run("import", "county.json")
    assert said.code == 1
    first, *problems = said.err.splitlines()
    assert first == "Error: county.json was not imported (3 problems):"
    assert all(re.match(r"line \d+, people\[\d+\]\.role: Input should be ", problem) for problem in problems)
    async with records(on_sqlite) as database, database.reading() as session:
        assert await session.scalar(select(Staff)) is None


async def test_a_sample_is_drawn_again_and_what_was_changed_since_is_noticed(begun: Office) -> None:
    async with records(begun) as database, database.transaction() as session:
        items = list(await session.scalars(select(RectificationItem).where(RectificationItem.round_id == "R5")))
        units = {one.unit_id for one in items}
        frame = Frame({unit: UnitToDraw(1, {one.id: 1 for one in items if one.unit_id == unit}) for unit in units})
        drawn = draw("s", frame, LEAST_SHARE, LEAST_SHARE)
        sample = Revisit(id="00000001", seed="s", round_id="R5", by_id="P03")
        sample.kind, sample.evaluator, sample.state = RevisitKind.SAMPLE, Evaluator.OFFICE, RevisitState.RUNNING
        sample.unit_share = sample.item_share = str(LEAST_SHARE)
        sample.frame = frame.record()
        sample.begun_on = sample.ends_on = date(2026, 11, 20)
        session.add(sample)
        await session.flush()
        unit_of = {one.id: one.unit_id for one in items}
        session.add_all(RevisitItem(revisit_id=sample.id, item_id=one, unit_id=unit_of[one]) for one in drawn.items)
    assert f"draw the same as then: {len(drawn.units)} units" in await begun.must("draw", "00000001")
    assert f"[x] {drawn.items[0]} 1" in await begun.must("draw", "00000001", "--list")
    async with records(begun) as database, database.transaction() as session:
        await session.execute(delete(RevisitItem).where(RevisitItem.item_id == drawn.items[0]))
    assert "do not draw what was recorded" in await begun.refused("draw", "00000001")
    assert "no sample" in await begun.refused("draw", "00000002")


async def test_a_revoked_code_gives_way_to_another(office: Office) -> None:
    await office.must("init")
    await office.must("import", "sample")
    first = await office.must("qr", "R6", "桥头岭村", "--link")
    second = await office.must("qr", "R6", "V02", "--revoke", "--link")
    assert first != second
    assert await office.must("qr", "R6", "V02", "--link") == second
    async with records(office) as database, database.reading() as session:
        revoked = await session.scalar(select(QrCode.revoked_at).where(QrCode.serial == "b4Rt8nLc"))
        entries = await session.scalars(select(AuditEntry).where(AuditEntry.action == Audited.CODE_REPLACED))
        assert [entry.detail for entry in entries] == [{"revoked": ["b4Rt8nLc"]}]
    assert revoked is not None


async def test_a_seal_that_was_noted_is_found_in_the_log(office: Office) -> None:
    await office.must("init")
    await office.must("import", "sample")
    seal = (await office.must("audit", "verify")).split()[-1]
    await office.must("qr", "R6", "V02", "--revoke", "--link")
    assert "is that of entry 2." in await office.must("audit", "verify", "--noted", seal)
    assert "is that of entry 2." in await office.must("audit", "verify", "--noted", f"1-{seal[:12]}")
    unknown = await office.run("audit", "verify", "--noted", "0123456789abcdef")
    assert unknown.code == 1
    assert "The seal that was noted is nowhere in the log." in unknown.out


async def test_codes_can_be_drawn(begun: Office) -> None:
    link, *drawn = (await begun.must("qr", "R6", "U4")).splitlines()
    assert LINK.fullmatch(link)
    assert any("█" in line for line in drawn)
    await begun.must("qr", "R6", "-", "--png", "code.png", "--svg", "code.svg")
    assert (begun.folder / "code.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (begun.folder / "code.svg").read_bytes()


async def test_what_a_command_gives_out_stands_in_the_audit_log(begun: Office, tmp_path: Path) -> None:
    [recipient] = re.findall("age1[a-z0-9]+", await begun.must("recovery-key", str(tmp_path / "recovery.key")))
    begun.set("backup.recipient", recipient)
    commands: dict[Audited, list[tuple[str, ...]]] = {
        Audited.PRINTED: [("qr", "R6", "V02", "--link"), ("posters", "R6", "posters.pdf")],
        Audited.INVITED: [("invite", "P05")],
        Audited.BACKED_UP: [("backup", str(tmp_path / "backup.age"))],
        Audited.KEYRING_BACKED_UP: [("backup-keyring", str(tmp_path / "keyring.age"))],
    }
    for given_out in commands.values():
        for command in given_out:
            await begun.must(*command)
    entries = [line.split("\t")[2] for line in (await begun.must("audit", "list")).splitlines()]
    assert {action: entries.count(action) for action in commands} == {
        action: len(given_out) for action, given_out in commands.items()
    }


async def test_each_village_has_a_poster_that_a_phone_can_read(begun: Office) -> None:
    assert await begun.must("posters", "R6", "posters.pdf") == "12 posters are in posters.pdf.\n"
    pages = codes_in(begun.folder / "posters.pdf")
    assert pages[1] == [(await begun.must("qr", "R6", "V02", "--link")).strip()]
    assert len({code for [code] in pages}) == 12
    assert "R5 has no notice yet" in await begun.refused("posters", "R5", "posters.pdf")


async def test_without_a_bot_codes_lead_to_the_pages_and_nobody_is_asked(begun: Office) -> None:
    token = (await begun.must("qr", "R6", "V02", "--link")).strip().rpartition("=")[2]
    begun.set("web.public_url", "https://xuncha.example.org")
    begun.unset("telegram.token")
    begun.set("telegram.api_base_url", "http://127.0.0.1:9")  # where nobody answers
    link = (await begun.must("qr", "R6", "V02", "--link")).strip()
    assert link == f"https://xuncha.example.org/r/{token}"
    assert "12 posters" in await begun.must("posters", "R6", "posters.pdf")
    assert codes_in(begun.folder / "posters.pdf")[1] == [link]
    assert "telegram" not in words_in(begun.folder / "posters.pdf").lower()


async def test_with_pages_and_a_bot_the_poster_leads_to_the_page_and_names_the_bot(begun: Office) -> None:
    begun.set("web.public_url", "https://xuncha.example.org/")
    await begun.must("posters", "R6", "posters.pdf")
    [link] = codes_in(begun.folder / "posters.pdf")[1]
    assert link.startswith("https://xuncha.example.org/r/p")
    assert words_in(begun.folder / "posters.pdf").count("@xunsheng_bot") == 12
    invitation = (await begun.must("invite", "P05")).strip()
    assert invitation.startswith("https://xuncha.example.org/desk/join/i")


async def test_everybody_gets_a_card_and_those_who_enrolled_do_not(begun: Office) -> None:
    async with records(begun) as database, database.transaction() as session:
        await give_account(session, "P05", 7)
    assert "38 invitations" in await begun.must("invite", "--all", "staff.pdf")
    assert stat.S_IMODE((begun.folder / "staff.pdf").stat().st_mode) == 0o600
    pages = codes_in(begun.folder / "staff.pdf")
    assert [len(page) for page in pages] == [8, 8, 8, 8, 6]
    printed = words_in(begun.folder / "staff.pdf")
    assert "县委第一巡察组组员" in printed  # who has no title there has a post here
    assert "竹坞镇党委一把手" in printed
    assert "县委巡察办主任" in printed
    assert not re.search(r"P\d\d", printed)
    assert len({link for page in pages for link in page if LINK.fullmatch(link)}) == 38


async def test_an_invitation_is_drawn_where_it_is_asked_for(begun: Office) -> None:
    link, *drawn = (await begun.must("invite", "古石生", "--days", "3", "--qr")).splitlines()
    assert LINK.fullmatch(link)
    assert len(drawn) > 10


async def test_a_name_that_is_nobodys_is_told_with_those_that_are_near(begun: Office) -> None:
    assert "did you mean P05 (古石生)?" in await begun.refused("invite", "古石")
    assert "did you mean R5 (" in await begun.refused("qr", "R9", "V02")
    assert "did you mean V02 (桥头岭村)?" in await begun.refused("qr", "R6", "桥头村", "--link")


async def test_what_is_missing_is_told_in_one_sentence(on_sqlite: Office, tmp_path: Path) -> None:
    on_sqlite.set("keyring.path", str(tmp_path / "new"))
    assert "There is no keyring at" in await on_sqlite.refused("import", "sample")
    Keyring.create(tmp_path / "new")
    assert "run `xunsheng init`" in await on_sqlite.refused("import", "sample")
    (tmp_path / "one.sqlite3").touch()
    assert "The database is empty; run `xunsheng init`" in await on_sqlite.refused("run")
    (tmp_path / "one.sqlite3").write_bytes(b"this is a letter, not a database" * 99)
    assert "cannot be opened (file is not a database)" in await on_sqlite.refused("run")
    assert "There is no nowhere.toml" in await on_sqlite.refused("--config", "nowhere.toml", "run")


async def test_a_database_server_that_is_away_is_told_without_its_password(on_sqlite: Office) -> None:
    on_sqlite.set("database.url", "postgresql://office:verysecret@127.0.0.1:1/county")
    sentence = await on_sqlite.refused("migrate")
    assert "postgresql://office:***@127.0.0.1:1/county cannot be opened" in sentence
    assert "verysecret" not in sentence


async def test_a_database_that_the_server_does_not_have_is_told(on_sqlite: Office, postgresql: str) -> None:
    on_sqlite.set("database.url", re.sub(r"/postgres(?=\?|$)", "/nowhere", postgresql))
    assert 'database "nowhere" does not exist' in await on_sqlite.refused("migrate")


@pytest.mark.parametrize("command", [["run"], ["invite", "P05"]])
async def test_a_token_that_is_missing_or_wrong_is_told(
    begun: Office, simulator: Simulator, command: list[str]
) -> None:
    begun.set("telegram.token", "1:another")
    assert re.search("does not know th(is|e bot) token", await begun.refused(*command))
    begun.unset("telegram.token")
    assert "There is no bot token" in await begun.refused(*command)
    begun.set("telegram.token", simulator.token)
    begun.set("telegram.api_base_url", "http://127.0.0.1:1")
    assert "The Bot API at http://127.0.0.1:1 cannot be reached" in await begun.refused(*command)


async def test_a_round_is_led_on_by_hand(on_sqlite: Office) -> None:
    await on_sqlite.must("init")
    text = SAMPLE.read_text().replace('"state": "stationed"', '"state": "preparing"')
    (on_sqlite.folder / "county.json").write_text(text)
    await on_sqlite.must("import", "county.json")
    assert "preparing; possible now: open, cancel" in await on_sqlite.must("round", "R6")
    assert "R6 十四届清禾县委第六轮巡察: stationed" in await on_sqlite.must("round", "R6", "open")
    assert "open is not possible while the round is stationed" in await on_sqlite.refused("round", "R6", "open")


async def test_the_doctor_finds_what_is_missing_before_the_beginning(on_sqlite: Office) -> None:
    on_sqlite.unset("telegram.token")
    said = await on_sqlite.run("doctor")
    assert said.code == 1
    for wrong in ("Attachments cannot be written", "no bot token", "There is no keyring", "There is no database"):
        assert wrong in said.out


async def test_the_doctor_warns_of_a_token_that_everybody_can_read(on_sqlite: Office, simulator: Simulator) -> None:
    settings = on_sqlite.folder / "config.toml"
    settings.write_text(f'[telegram]\ntoken = "{simulator.token}"\n')
    settings.chmod(0o644)
    assert "run `chmod 600 config.toml`" in (await on_sqlite.run("doctor")).out
    settings.chmod(stat.S_IRUSR)
    assert "chmod" not in (await on_sqlite.run("doctor")).out


async def test_the_doctor_is_content_when_nothing_is_wrong(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.doctor.is_encrypted", lambda _path: True)
    await office.must("init")
    text = SAMPLE.read_text()
    days = date.today(), date.today() + timedelta(days=30)  # noqa: DTZ011 (the command's own clock is the real one)
    text = text.replace('"2026-10-12"', f'"{days[0]}"').replace('"2026-12-11"', f'"{days[1]}"')
    (office.folder / "county.json").write_text(text.replace('"2026-12-04"', f'"{days[1]}"'))
    await office.must("import", "county.json")
    async with records(office) as database, database.transaction() as session:
        await make_whole(session)
    said = await office.run("doctor")
    assert (said.code, said.out) == (0, "Nothing is wrong.\n"), said
    monkeypatch.setattr("bot.cli.doctor.is_encrypted", lambda path: path.name != "secrets")
    noted = await office.run("doctor")
    assert noted.code == 0
    assert re.fullmatch(r"Nothing is wrong\.\nNote: the disk under \S*secrets does not show that .*\n", noted.out), (
        noted
    )


async def make_whole(session: AsyncSession) -> None:
    """Enrol everybody, give every team its board, and close the items of units without a head."""
    for number, person in enumerate(await session.scalars(select(Staff)), start=1):
        await give_account(session, person.id, number)
    for number, team in enumerate(await session.scalars(select(Team)), start=1):
        team.board_address = address_of(-number)
    await session.execute(update(RectificationItem).where(RectificationItem.round_id == "R5").values(is_open=False))


async def found(work: UnitOfWork) -> list[str]:
    return [finding async for finding in findings(work)]


async def whole_county(work: UnitOfWork) -> None:
    await import_county(work, read_county(SAMPLE.read_text()))
    await make_whole(work.session)


async def test_a_whole_county_has_nothing_wrong(open_work: OpenWork) -> None:
    async with open_work() as work:
        await whole_county(work)
        assert await found(work) == []


async def test_an_installation_without_a_county_is_told(open_work: OpenWork) -> None:
    async with open_work() as work:
        [finding] = await found(work)
    assert finding.startswith("No county is entered")


async def test_a_round_whose_key_is_missing_or_another_is_told(open_work: OpenWork, tmp_path: Path) -> None:
    async with open_work() as work:
        await whole_county(work)
        work.keyring = Keyring.create(tmp_path / "another")
        work.keyring.add_round("R6")
        lost, other = await found(work)
    assert "The keyring has no key for round R5" in lost
    assert "key of round R6 is not the one its complaints are sealed to" in other


@pytest.mark.parametrize(
    ("state", "days_later", "said"),
    [
        (RoundState.STATIONED, 13, "has taken no complaints since 2026-12-04 but is stationed still"),
        (RoundState.PREPARING, 0, "run `xunsheng round R6 open`"),
        (RoundState.PREPARING, 13, "was to end its intake on 2026-12-04 but never opened"),
    ],
)
async def test_a_round_past_its_dates_is_told(
    open_work: OpenWork, state: RoundState, days_later: int, said: str
) -> None:
    async with open_work() as work:
        await whole_county(work)
        await work.session.execute(update(Round).where(Round.id == "R6").values(state=state))
        work.now += timedelta(days=days_later)
        assert said in " ".join(await found(work))


async def test_a_year_without_known_holidays_is_told(open_work: OpenWork) -> None:
    async with open_work() as work:
        await whole_county(work)
        work.now += timedelta(days=365 * 60)
        assert "The holidays of 2086 are not known" in " ".join(await found(work))


async def test_people_and_boards_that_are_not_there_are_told(open_work: OpenWork) -> None:
    async with open_work() as work:
        await whole_county(work)
        await take_account(work.session, "P06")
        lost_account = update(StaffAddress).where(StaffAddress.staff_id == "P07")
        await work.session.execute(lost_account.values(unreachable_since=work.now))
        await work.session.execute(update(Staff).where(Staff.id == "P14").values(left_at=work.now))
        await work.session.execute(update(Team).where(Team.id == "T2").values(board_address=None))
        absent, lost, boards, heads = await found(work)
    assert absent.startswith("Not enrolled yet: P06 阮知秋;")
    assert lost.startswith("No longer reached: P07 陶千里;")
    assert boards.startswith("Without a board, so that cards go to private chats: T2;")
    assert heads.startswith("Without a head, so that nobody is reminded: 竹坞镇党委;")


async def test_dead_and_late_messages_and_updates_set_aside_are_told_without_naming_residents(
    open_work: OpenWork,
) -> None:
    def row(recipient: str, state: OutboxState, reason: str | None) -> OutboxRow:
        return OutboxRow(
            record_id="r", recipient=recipient, lane="l", kind="say", priority=0, not_before=work.now, state=state,
            reason=reason,
        )  # fmt: skip

    async with open_work() as work:
        await whole_county(work)
        work.session.add_all(
            [
                row("reporter:0badc0de", OutboxState.DEAD, "chat not found"),
                row("staff:P05", OutboxState.DEAD, "message is too long"),
                row("staff:P05", OutboxState.DEAD, "message is too long"),
                row("board:T1", OutboxState.QUEUED, None),
                FailedUpdate(
                    channel="telegram", update_id="1", attempts=3, reason="KeyError", sealed=b"", set_aside_at=work.now
                ),
                FailedUpdate(channel="telegram", update_id="2", attempts=1, reason="KeyError", sealed=b""),
            ]
        )
        await work.session.flush()
        work.now += timedelta(hours=2)
        residents, staff, late, aside = await found(work)
    assert residents.startswith("1 messages to residents will never be sent (chat not found)")
    assert staff.startswith("2 messages to staff P05 will never be sent (message is too long)")
    assert late.startswith("1 messages have been waiting for more than an hour")
    assert aside.startswith("1 updates were set aside because they failed three times (KeyError)")


@pytest.mark.parametrize(
    "command", ["init", "import", "invite", "qr", "posters", "round", "run", "doctor", "migrate", "states", "demo"]
)
def test_every_command_explains_itself(command: str) -> None:
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert len(result.output.split("Options:")[0].split()) > 15
