"""What something on the way to Telegram answers in its place loses nothing, and nothing is dead because of it."""

import asyncio
import json
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import func, select

from channels import backoff
from channels.base import CannotStart
from channels.telegram import errors
from channels.telegram.address import address_of
from models.delivery import FailedUpdate, OutboxRow
from models.rounds import Department
from services.delivery import sender
from services.delivery.transport import Later, Sent
from tests.conftest import ONLY_SQLITE
from tests.integration.delivery.conftest import Installation
from tests.telegram import telegram_of
from tests.waiting import idle
from texts.message import Message, Upload, UploadKind

UNAUTHORISED = json.dumps({"ok": False, "error_code": 401, "description": "Unauthorized"})
ANSWERS = {
    "words with 502": (502, '"Bad Gateway"'),
    "a page with 502": (502, "<html>Bad Gateway</html>"),
    "a page with 400": (400, "<html>Bad Request</html>"),
    "a page with 403": (403, "<html>Forbidden</html>"),
    "a page with 404": (404, "<html>Not Found</html>"),
    "a page with 413": (413, "<html>Request Entity Too Large</html>"),
    "a list": (200, "[]"),
    "a list with 403": (403, "[]"),
    "a number": (200, "7"),
    "a page": (200, "<html>Please log in</html>"),
    "nothing": (200, ""),
    "no result": (200, '{"ok": true}'),
    "an empty result": (200, '{"ok": true, "result": null}'),
    "a result of another kind": (200, '{"ok": true, "result": 7}'),
    "a refusal with 200": (200, '{"ok": false, "error_code": 400, "description": "Bad Request"}'),
    "a refusal with odd parameters": (429, '{"ok": false, "error_code": 429, "description": "x", "parameters": [1]}'),
    "a wait that is none": (
        429,
        '{"ok": false, "error_code": 429, "description": "x", "parameters": {"retry_after": "soon"}}',
    ),
    "nested deep": (200, "[" * 5000 + "]" * 5000),
    "nested deep with 403": (403, "[" * 5000 + "]" * 5000),
    "an unknown token": (401, UNAUTHORISED),
}
EVERY_ANSWER = pytest.mark.parametrize(("status", "body"), ANSWERS.values(), ids=list(ANSWERS))
TO_ANY_FILE = {what: answer for what, answer in ANSWERS.items() if answer[0] != 413}  # that is said of this file
EVERY_ANSWER_TO_A_FILE = pytest.mark.parametrize(("status", "body"), TO_ANY_FILE.values(), ids=list(TO_ANY_FILE))


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be waited for longer than it takes."""
    monkeypatch.setattr(backoff, "LONGEST_SECONDS", 0.01)
    monkeypatch.setattr(errors, "TOKEN_WAIT", 0.01)
    monkeypatch.setattr(sender, "IDLE_SECONDS", 0.02)


@ONLY_SQLITE  # the database has no part in it
@EVERY_ANSWER
async def test_whatever_is_answered_in_place_of_telegram_nothing_ends_and_nothing_is_lost(
    installation: Installation, status: int, body: str
) -> None:
    simulator = installation.simulator
    for method in ("getUpdates", "getUpdates", "sendMessage", "editMessageText", "getFile", "file"):
        simulator.fail(method, kind="answer", status=status, body=body)
    product = await installation.start()
    failed = asyncio.create_task(product.failed())
    person = simulator.add_person("Lin")
    simulator.send_text(person, "hello")
    message = await simulator.wait_for_text(person, "heard hello")
    simulator.press(person, "again", message_id=message.message_id)
    await simulator.wait_for_text(person, "pressed")
    simulator.send_photo(person, "1-bridge")
    await simulator.wait_for_text(person, "heard ?")
    await idle(product)
    assert [one.text for one in simulator.messages(person) if one.from_bot] == ["pressed", "heard ?"]
    async with product.database.reading() as session:
        assert list(await session.scalars(select(OutboxRow.reason))) == []
        assert list(await session.scalars(select(FailedUpdate.reason))) == []
        assert await session.scalar(select(func.count()).select_from(Department)) == 2
    assert not failed.done()
    failed.cancel()


@ONLY_SQLITE
@EVERY_ANSWER_TO_A_FILE
async def test_whatever_is_answered_to_an_upload_it_is_sent_in_the_end(
    installation: Installation, status: int, body: str
) -> None:
    simulator = installation.simulator
    product = await installation.start()
    person = simulator.add_person("Lin", started=True)
    picture = BytesIO()
    Image.new("RGB", (9, 9)).save(picture, "PNG")
    message = Message(
        "a picture", upload=Upload(UploadKind.PHOTO, picture.getvalue(), "png", otherwise="there is a picture")
    )
    transport = telegram_of(product).transport
    simulator.fail("sendPhoto", kind="answer", status=status, body=body)
    assert isinstance(await transport.send(address_of(person), message), Later)
    assert isinstance(await transport.send(address_of(person), message), Sent)


@ONLY_SQLITE
@EVERY_ANSWER
async def test_whatever_is_answered_at_the_start_is_told_in_one_sentence(
    installation: Installation, status: int, body: str
) -> None:
    installation.simulator.fail("getMe", kind="answer", status=status, body=body)
    with pytest.raises(CannotStart):
        await installation.start()
