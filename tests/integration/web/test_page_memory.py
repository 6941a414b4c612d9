"""What the process remembers of a resident who wrote in a browser: nothing, in no byte of its memory."""

import asyncio
import sys
from collections.abc import Mapping
from contextlib import suppress

import pytest

from bench.servers.pipe import free_port
from bot.config import variable_of
from privacy.receipt import Receipt, Script, read_receipt
from tests.browsing import Browser
from tests.conftest import NOW, ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.canary.planted import CARD, DISCARDED, PHONE_AS_WRITTEN
from tests.integration.canary.test_pages import FILE_NAME, HEADERS, OWN_ADDRESS, SAID_HERE, drafts_twice, opened
from tests.integration.remembering import forms, still_found
from tests.integration.test_memory import environment, stopped  # noqa: F401 (a fixture)
from tests.integration.web.conftest import begin
from tests.waiting import eventually


@ONLY_SQLITE
@pytest.mark.skipif(sys.platform != "linux", reason="no other system shows a process its memory as a file")
async def test_nothing_of_a_browser_is_in_memory_once_all_is_done(stopped: Deployment) -> None:  # noqa: F811
    port = free_port()
    settings = {variable_of("web.public_url"): f"http://127.0.0.1:{port}", variable_of("web.port"): str(port)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.remembering", NOW.isoformat(), env=environment(stopped) | settings
    )
    try:
        planted = await played(stopped, f"http://127.0.0.1:{port}")
        assert await still_found(process.pid, planted) == {}
    finally:
        process.terminate()
        await process.wait()


async def played(deployment: Deployment, base_url: str) -> Mapping[str, frozenset[bytes]]:
    """Play somebody who drafts, thinks better of it, sends, comes back from another browser, and leaves.

    Return what was planted meanwhile, in all the forms in which it may lie in memory.
    """
    here, there = await opened(base_url), await opened(base_url)
    await eventually(lambda: listens(base_url))
    await begin(deployment, here)
    await drafts_twice(deployment, here)
    code = (await here.send("1.r.send")).code
    await there.open("/")
    await there.send(text=code)
    await there.send("forget" if there.page.has_button("forget") else "1.r.leave")
    cookies = [cookie.value[:22] for browser in (here, there) for cookie in browser.session.cookie_jar]
    for browser in (here, there):
        with suppress(OSError):  # it leads elsewhere
            await browser.open("/leave")
        await browser.session.close()
    receipt = read_receipt(code)
    assert isinstance(receipt, Receipt)
    planted = (OWN_ADDRESS, *HEADERS.values(), FILE_NAME, PHONE_AS_WRITTEN, CARD, SAID_HERE[10:22], DISCARDED, *cookies)
    return {one: forms(one) for one in (*planted, *(receipt.text(script) for script in Script))} | {
        "the code": frozenset({receipt._code[:-1]})
    }


async def listens(base_url: str) -> bool:
    """Whether the pages are there by now."""
    with suppress(OSError):
        async with Browser(base_url) as browser:
            return (await browser.open("/")).status == 200
    return False
