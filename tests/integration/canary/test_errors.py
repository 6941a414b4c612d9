"""Whatever goes wrong, no log, no reply and no remark about it repeats what a resident said."""

import io
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from telegram import Bot

from models.delivery import FailedUpdate, OutboxRow, OutboxState
from privacy.seal import SealingKey
from simulator.chat_reader import SeenMessage
from tests.deployment import TOKEN, Deployment
from tests.integration.canary.left import left_behind
from tests.integration.canary.needles import found_in, words
from tests.integration.canary.phones import wrongly_received
from tests.integration.canary.planted import ANYTHING, CHAT, PHONE, TEXT
from tests.integration.canary.story import VILLAGE, Canary
from tests.integration.test_backup import CommandLine, stamped
from tests.journey import SAID
from tests.story import data_of


async def nothing_shows(canary: Canary, folder: Path, logs: io.StringIO) -> None:
    """See that neither files nor logs, phones or the doctor tell anything."""
    deployment = canary.journey.deployment
    await stamped(deployment)
    said = {
        "doctor": (await CommandLine(deployment, folder).run("doctor")).output.encode(),
        "log": logs.getvalue().encode(),
    }
    assert said["doctor"]
    secrets = [*ANYTHING, *canary.needles, *words(TOKEN.partition(":")[2])]
    assert found_in(said | await left_behind(deployment, folder), secrets) == []
    assert wrongly_received(canary.journey, canary.needles) == []


async def apologised_to(canary: Canary, after: int) -> SeenMessage:
    return await canary.journey.resident.reads("对不住", after=after)


async def set_aside(deployment: Deployment) -> list[str]:
    async with deployment.database.reading() as session:
        return list(await session.scalars(select(FailedUpdate.reason).where(FailedUpdate.set_aside_at.is_not(None))))


async def dead(deployment: Deployment) -> list[str | None]:
    async with deployment.database.reading() as session:
        return list(await session.scalars(select(OutboxRow.reason).where(OutboxRow.state == OutboxState.DEAD)))


async def test_an_update_that_cannot_be_read_is_sealed_and_not_repeated(
    deployment: Deployment, tmp_path: Path, logs: io.StringIO
) -> None:
    canary = await Canary.begin(deployment)
    await canary.scans(VILLAGE)
    next_id = deployment.simulator.updates[-1].update_id + 1
    poisoned = {"chat": {"id": CHAT}, "from": {"id": CHAT, "first_name": [TEXT]}, "text": TEXT, "date": TEXT}
    deployment.simulator.inject({"update_id": next_id, "message": poisoned})
    await apologised_to(canary, 0)
    deployment.simulator.inject(f'{{"update_id": {next_id + 1}, "message": "{TEXT}"}}')
    await deployment.simulator.wait_taken()
    assert len(await set_aside(deployment)) == 2
    await nothing_shows(canary, tmp_path, logs)


@pytest.mark.parametrize("how", ["words", "database"])
async def test_an_error_that_quotes_a_resident_is_known_by_its_kind_alone(
    deployment: Deployment,
    tmp_path: Path,
    logs: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    def stumbles(_key: object, _record_id: str, state: dict[str, Any]) -> None:
        if how == "words":
            text = state["draft"]["pieces"][0]["text"]
            try:
                raise KeyError(f"{CHAT} says {text}")
            except KeyError as error:
                raise ValueError(text, PHONE) from error
        # Otherwise nothing is sealed, and the database refuses the row.

    canary = await Canary.begin(deployment)
    await canary.scans(VILLAGE)
    monkeypatch.setattr(SealingKey, "seal_json", stumbles)
    told = await apologised_to(canary, canary.journey.resident.say(TEXT))
    assert SAID not in told.text
    assert await set_aside(deployment) == ["ValueError" if how == "words" else "IntegrityError"]
    await nothing_shows(canary, tmp_path, logs)


@pytest.mark.parametrize("status", [400, 403])
async def test_a_refusal_by_telegram_that_repeats_the_message_is_not_kept(
    deployment: Deployment, tmp_path: Path, logs: io.StringIO, status: int
) -> None:
    canary = await Canary.begin(deployment)
    journey = canary.journey
    await journey.resident_submits_with_a_photo()
    await journey.board.press("1.case.claim")
    kind = {400: "Bad Request: can't parse entities: unsupported start tag", 403: "Forbidden: bot was blocked by"}
    quoted = f'{kind[status]} "{SAID}" from {CHAT}'
    for chat in (CHAT, journey.member.person):
        deployment.simulator.fail("sendMessage", chat_id=chat, status=status, description=quoted)
    journey.resident.say("/help")
    await journey.resident.reads("账号", after=journey.resident.say("/privacy"))
    await journey.board.press("1.case.open")
    await journey.member.sees(lambda one: one.kind == "photo")
    assert len(await dead(deployment)) == 2
    await nothing_shows(canary, tmp_path, logs)


async def test_a_press_that_cannot_be_answered_for_whatever_reason_is_logged_without_it(
    deployment: Deployment, tmp_path: Path, logs: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stumbles(*_args: object, **_more: object) -> bool:
        raise RuntimeError(f"{CHAT} pressed after saying {TEXT}")

    canary = await Canary.begin(deployment)
    await canary.scans(VILLAGE)
    card = await canary.journey.resident.can_press("1.r.traces_stay", after=canary.journey.resident.say(TEXT))
    monkeypatch.setattr(Bot, "answer_callback_query", stumbles)
    deployment.simulator.press(CHAT, data_of(card, "1.r.traces_stay") or "", message_id=card.message_id)
    await canary.journey.resident.can_press("1.r.send")
    assert "RuntimeError" in logs.getvalue()
    await nothing_shows(canary, tmp_path, logs)
