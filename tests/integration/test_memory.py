"""What the process remembers of a resident when all is done: nothing, in no byte of its memory."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.config import variable_of
from migrations.schema import head
from privacy.receipt import Script, read_receipt
from tests.conftest import NOW, run_statement
from tests.deployment import Deployment
from tests.integration.canary.planted import (
    ACCOUNT,
    CARD,
    CHAT,
    CONTACT_NAME,
    CONTACT_PHONE,
    DISCARDED,
    FIRST,
    LAST,
    PHONE,
    PHONE_AS_WRITTEN,
    TEXT,
    UNSENT,
)
from tests.integration.canary.story import Canary
from tests.integration.remembering import forms, still_found
from tests.story import PhoneUser

ROOT = Path(__file__).parents[2]
OTHER_CHAT = CHAT + 7_777_777  # where the resident comes back by the receipt code


@pytest.fixture
async def stopped(database_address: str, unstarted: Deployment) -> Deployment:
    """A deployment in which nothing runs yet, on tables that are as migrated."""
    await run_statement(database_address, "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    await run_statement(database_address, f"INSERT INTO alembic_version VALUES ('{head()}')")
    return unstarted


def environment(deployment: Deployment) -> dict[str, str]:
    """Return the variables with which a process of its own has the settings of a deployment."""
    config, own = deployment.config, {name: value for name, value in os.environ.items() if "XUNSHENG" not in name}
    settings = {
        "telegram.token": deployment.simulator.token,
        "telegram.api_base_url": config.telegram.api_base_url,
        "database.url": config.database.url,
        "keyring.path": str(config.keyring.path),
        "files.path": str(config.files.path),
        **{f"sending.{name}": str(value) for name, value in config.sending},
    }
    return own | {variable_of(name): value for name, value in settings.items()} | {"PYTHONPATH": str(ROOT)}


@pytest.mark.skipif(sys.platform != "linux", reason="no other system shows a process its memory as a file")
async def test_nothing_of_a_resident_is_in_memory_once_all_is_done(stopped: Deployment) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.remembering", NOW.isoformat(), env=environment(stopped)
    )
    try:
        planted = await played(stopped)
        assert await still_found(process.pid, planted) == {}
    finally:
        process.terminate()
        await process.wait()


async def played(deployment: Deployment) -> Mapping[str, frozenset[bytes]]:
    """Play somebody who drafts, discards, sends, comes back from another phone and clears the chat.

    Return what was planted meanwhile, in all the forms in which it may lie in memory.
    """
    canary = await Canary.begin(deployment)
    simulator, resident = deployment.simulator, canary.journey.resident
    await canary.scans("V02")
    said = resident.say(DISCARDED)
    await resident.press("1.r.discard", after=said)
    await resident.press("1.r.discard_yes", after=said)
    await canary.scans("V02")
    await resident.press("1.r.traces_stay", after=resident.say(TEXT))
    contact = simulator.send_contact(CHAT, CONTACT_PHONE, CONTACT_NAME)
    await resident.press("1.r.take", after=contact)
    await resident.press("1.r.traces_stay", after=contact)
    await canary.submits()
    other = PhoneUser(simulator, simulator.add_person("另一部", username="another_canary", person_id=OTHER_CHAT))
    simulator.open_bot(other.person)
    await other.sees(lambda one: True)
    asked = other.say(canary.journey.code)
    await other.press("1.r.clear_now", after=other.say("/clear"))
    await other.reads("清空了", after=asked)
    await canary.drafts_something_else()
    await resident.press("1.r.clear_now", after=resident.say("/clear"))
    await resident.reads("清空了")
    receipt = canary.receipts[-1]
    texts = (FIRST, LAST, ACCOUNT, "another_canary", PHONE, PHONE_AS_WRITTEN, CARD, CONTACT_PHONE[1:], CONTACT_NAME)
    said_by_them = (TEXT[10:22], DISCARDED, UNSENT, receipt.text(Script.SIMPLIFIED), receipt.text(Script.ENGLISH))
    assert read_receipt(canary.journey.code) == receipt
    return {str(value): forms(value) for value in (CHAT, OTHER_CHAT, *texts, *said_by_them)} | {
        "the code": frozenset({receipt._code[:-1]})
    }
