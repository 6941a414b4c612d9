"""What every attachment store does, in a folder or in a bucket; and the whole product on a bucket."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from click.testing import CliRunner
from moto.server import ThreadedMotoServer
from pydantic import SecretStr

from bot.__main__ import main
from bot.config import FilesSettings, variable_of
from simulator.server import Simulator
from storage.bucket import BucketStore
from storage.bucket_address import BucketAddress
from storage.folder import AttachmentGone, AttachmentStore, FolderStore
from tests.deployment import Deployment
from tests.journey import Journey

ID = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def bucket_server() -> Iterator[BucketAddress]:
    """A bucket on an S3 server of this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    address = BucketAddress("attachments", endpoint, access_key_id="key", secret_access_key="secret")
    client = boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="key", aws_secret_access_key="secret"
    )
    client.create_bucket(Bucket="attachments")
    yield address
    server.stop()


@pytest.fixture
def bucket(bucket_server: BucketAddress) -> Iterator[BucketAddress]:
    """An empty bucket."""
    yield bucket_server
    opened = BucketStore(bucket_server)
    for left in list(opened.ids()):
        opened.delete(left)


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> AttachmentStore:
    if request.param == "folder":
        return FolderStore(tmp_path / "attachments")
    return BucketStore(request.getfixturevalue("bucket"))


def test_what_was_put_can_be_got(store: AttachmentStore) -> None:
    store.put(ID, b"sealed")
    assert store.get(ID) == b"sealed"


def test_putting_again_replaces(store: AttachmentStore) -> None:
    store.put(ID, b"first")
    store.put(ID, b"second")
    assert store.get(ID) == b"second"
    assert list(store.ids()) == [ID]


def test_what_is_not_there_is_gone(store: AttachmentStore) -> None:
    with pytest.raises(AttachmentGone, match=ID):
        store.get(ID)
    assert list(store.ids()) == []


def test_deleting_removes_it_and_may_be_repeated(store: AttachmentStore) -> None:
    store.delete(ID)
    store.put(ID, b"sealed")
    store.delete(ID)
    store.delete(ID)
    assert list(store.ids()) == []
    with pytest.raises(AttachmentGone):
        store.get(ID)


@pytest.mark.parametrize("name", ["../../etc/passwd", "ABCDEF0123", "", "0123"])
def test_what_is_no_id_is_refused(store: AttachmentStore, name: str) -> None:
    with pytest.raises(ValueError, match="attachment id"):
        store.put(name, b"sealed")


def test_what_came_lately_is_told_from_the_rest(store: AttachmentStore) -> None:
    store.put(ID, b"sealed")
    now = datetime.now(UTC)
    assert list(store.ids_since(now - timedelta(minutes=10))) == [ID]
    assert list(store.ids_since(now + timedelta(minutes=10))) == []


def test_what_else_lies_there_is_none_of_ours(store: AttachmentStore) -> None:
    store.put(ID, b"sealed")
    store.put(ID[::-1], b"sealed too")
    assert sorted(store.ids()) == sorted([ID, ID[::-1]])


def test_the_secret_of_a_bucket_shows_nowhere(bucket: BucketAddress) -> None:
    assert "secret" not in repr(bucket)


@pytest.mark.parametrize(("name", "fine"), [("attachments", True), ("nobodys", False)])
async def test_the_doctor_tries_the_bucket(
    bucket: BucketAddress, simulator: Simulator, tmp_path: Path, name: str, fine: bool
) -> None:
    environment = {
        variable_of("telegram.api_base_url"): simulator.base_url,
        variable_of("files.bucket"): name,
        variable_of("files.endpoint"): bucket.endpoint,
        variable_of("files.access_key_id"): "key",
        variable_of("files.secret_access_key"): "a secret of ours",
        variable_of("keyring.path"): str(tmp_path / "keyring"),
        variable_of("database.url"): f"sqlite:///{tmp_path}/none.sqlite3",
    }
    result = await asyncio.to_thread(CliRunner().invoke, main, ["doctor"], env=environment)
    assert ("cannot be written to the bucket" in result.output) is not fine
    assert "a secret of ours" not in result.output


async def test_the_whole_product_runs_on_a_bucket(bucket: BucketAddress, unstarted: Deployment) -> None:
    in_bucket = FilesSettings(
        path=unstarted.config.files.path,
        bucket=bucket.bucket,
        endpoint=bucket.endpoint,
        access_key_id=bucket.access_key_id,
        secret_access_key=SecretStr(bucket.secret_access_key or ""),
    )
    unstarted.config = unstarted.config.model_copy(update={"files": in_bucket})
    await unstarted.start()
    journey = await Journey.begin(unstarted)
    await journey.resident_submits_with_a_photo()
    await journey.member_claims_and_reads()
    await unstarted.stop()
    [stored] = BucketStore(bucket).ids()
    assert BucketStore(bucket).get(stored).startswith(b"age-encryption.org/v1")
    assert list(FolderStore(unstarted.config.files.path).ids()) == []
