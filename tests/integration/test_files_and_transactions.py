"""No transaction waits for a file: it is fetched and stored before, and deleted after."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from channels.telegram.errors import is_transient
from media.kinds import Cleaned, FileKind
from models.complaints import FILES, ComplaintMessage
from models.database import Database
from models.delivery import FailedUpdate
from models.rectification import Evidence
from services.attachments import StoredAttachment, ensure_stored, id_for
from storage.bucket import BucketStore
from storage.bucket_address import BucketAddress
from storage.folder import FolderStore, StoreUnavailable
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.drafts import pieces_of_drafts
from tests.journey import Journey
from tests.story import PhoneUser, data_of

FILE = "ab" * 16


class Slow:
    """Makes one thing take until it is let go."""

    def __init__(self) -> None:
        self._begun, self._go_on = threading.Event(), threading.Event()

    def made(self, action: Callable[..., None]) -> Callable[..., None]:
        def slowly(*args: object) -> None:
            self._begun.set()
            assert self._go_on.wait(20)
            action(*args)

        return slowly

    async def has_begun(self) -> None:
        assert await asyncio.to_thread(self._begun.wait, 20)

    def goes_on(self) -> None:
        self._go_on.set()


@pytest.fixture
def slow() -> Iterator[Slow]:
    slow = Slow()
    yield slow
    slow.goes_on()


async def drafting(deployment: Deployment, name: str = "小满") -> PhoneUser:
    resident = PhoneUser(deployment.simulator, deployment.simulator.add_person(name))
    deployment.simulator.scan(resident.person, await deployment.link("V02"))
    await resident.sees(lambda one: bool(one.buttons))
    resident.say("路灯坏了")
    await resident.can_press("1.r.send")
    return resident


async def shows(resident: PhoneUser) -> None:
    """Send a photo into the draft."""
    await resident.can_press("1.r.send")
    resident.simulator.send_photo(resident.person, "1-bridge")


async def files_known(deployment: Deployment) -> list[str]:
    async with deployment.database.reading() as session:
        said = await session.scalars(select(ComplaintMessage.id).where(ComplaintMessage.kind.in_(FILES)))
        drafted = [piece["file"] for piece in await pieces_of_drafts(deployment) if piece["file"]]
        return [*drafted, *said, *await session.scalars(select(Evidence.id))]


def stored(deployment: Deployment) -> list[str]:
    return list(FolderStore(deployment.config.files.path).ids())


async def test_while_a_photo_is_being_stored_everybody_else_is_answered(
    deployment: Deployment, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FolderStore, "put", slow.made(FolderStore.put))
    resident = await drafting(deployment)
    await shows(resident)
    await slow.has_begun()
    await drafting(deployment, "邻居")
    slow.goes_on()
    await resident.previews("录音等 1 份")
    assert stored(deployment) == await files_known(deployment)


async def test_while_a_photo_is_being_added_to_a_complaint_everybody_else_is_answered(
    deployment: Deployment, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = await Journey.begin(deployment)
    await journey.resident_submits_with_a_photo()
    journey.resident.say(journey.code)
    await journey.resident.press("1.r.add")
    monkeypatch.setattr(FolderStore, "put", slow.made(FolderStore.put))
    before = journey.resident.last_id
    deployment.simulator.send_photo(journey.resident.person, "1-bridge")
    await slow.has_begun()
    await drafting(deployment, "邻居")
    slow.goes_on()
    await journey.resident.sees(lambda one: one.from_bot, after=before + 1)
    assert sorted(stored(deployment)) == sorted(await files_known(deployment))


async def test_while_the_files_of_a_draft_are_deleted_everybody_else_is_answered(
    deployment: Deployment, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident = await drafting(deployment)
    await shows(resident)
    await resident.previews("录音等 1 份")
    monkeypatch.setattr(FolderStore, "delete", slow.made(FolderStore.delete))
    await resident.press("1.r.discard")
    sure = await resident.can_press("1.r.discard_yes")
    # Nothing waits for the answer to the press: it comes after all of it.
    resident.simulator.press(resident.person, data_of(sure, "1.r.discard_yes") or "", message_id=sure.message_id)
    await slow.has_begun()
    await drafting(deployment, "邻居")
    assert await files_known(deployment) == []
    slow.goes_on()


async def test_proof_of_a_unit_is_stored_before_its_transaction(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    await journey.resident_submits_with_a_photo()
    await journey.member_claims_and_reads()
    await journey.member_accepts_and_verifies()
    await journey.leader_orders_a_fix()
    await journey.head_acknowledges_and_hands_in()
    await journey.leader.sees(lambda one: one.kind == "photo" and one.protected)
    assert sorted(stored(deployment)) == sorted(await files_known(deployment))


async def test_a_photo_outlives_a_bad_minute_of_the_network_and_of_the_store(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident = await drafting(deployment)
    put, refused = FolderStore.put, iter([True, True, False])

    def away_at_first(*args: object) -> None:
        if next(refused):
            raise StoreUnavailable
        put(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(FolderStore, "put", away_at_first)
    deployment.simulator.fail("getFile", status=502)
    deployment.simulator.fail("file", kind="drop")
    deployment.simulator.fail("file", status=503)
    await shows(resident)
    await resident.previews("录音等 1 份")
    assert stored(deployment) == await files_known(deployment)
    async with deployment.database.reading() as session:
        assert (await session.scalars(select(FailedUpdate))).all() == []


async def test_what_is_rolled_back_keeps_its_files(open_work: OpenWork, attachment_store: FolderStore) -> None:
    attachment_store.put(FILE, b"sealed")
    with pytest.raises(RuntimeError):
        async with open_work() as work:
            work.delete_files([FILE])
            raise RuntimeError
    assert list(attachment_store.ids()) == [FILE]
    async with open_work() as work:
        work.delete_files([FILE])
        assert list(attachment_store.ids()) == [FILE]
    assert list(attachment_store.ids()) == []


async def test_a_store_that_deletes_nothing_undoes_nothing(
    database: Database, open_work: OpenWork, attachment_store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    attachment_store.put(FILE, b"sealed")

    def away(*_: object) -> None:
        raise StoreUnavailable

    monkeypatch.setattr(FolderStore, "delete", away)
    async with open_work() as work:
        work.session.add(FailedUpdate(channel="telegram", update_id="1", attempts=1, reason="x", sealed=b""))
        work.delete_files([FILE])
    async with database.reading() as session:
        assert await session.get(FailedUpdate, ("telegram", "1")) is not None


async def test_a_file_that_was_taken_for_another_rounds_is_sealed_anew(open_work: OpenWork) -> None:
    elsewhere = StoredAttachment(FileKind.PHOTO, b"a bridge", FILE, "R1")
    assert id_for(elsewhere, "R1") == FILE
    other = id_for(elsewhere, "R2")
    assert other != FILE
    async with open_work() as work:
        keys = work.keyring.add_round("R2")
        await ensure_stored(work, other, elsewhere, keys.sealing.public)
        assert keys.sealing.open(other, work.attachment_store.get(other)) == b"a bridge"
        await ensure_stored(work, "cd" * 16, Cleaned(FileKind.PHOTO, b"a road"), keys.sealing.public)
        assert sorted(work.attachment_store.ids()) == sorted([other, "cd" * 16])


def test_a_bucket_that_does_not_answer_is_a_transient_error() -> None:
    with socket.socket() as nobody:  # has a port, and hears nothing on it
        nobody.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        bucket = BucketStore(BucketAddress("attachments", endpoint, access_key_id="key", secret_access_key="secret"))
        for action in (
            lambda: bucket.put(FILE, b"sealed"),
            lambda: bucket.get(FILE),
            lambda: bucket.delete(FILE),
            lambda: list(bucket.ids()),
        ):
            with pytest.raises(StoreUnavailable) as trouble:
                action()
            assert is_transient(trouble.value)
            assert endpoint not in str(trouble.value)
