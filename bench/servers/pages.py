"""The pages of the whole product with the sample county, or of a bare aiohttp handler that does nothing with a form.

Says where they are, where a printed code leads and a link to the desk, and ends when standard input does.
"""

import argparse
import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from bench.servers.pipe import free_port

PAGE = (
    '<!doctype html><form method="post" action="/page" enctype="multipart/form-data">'
    '<input type="hidden" name="form" value="x"><textarea name="text"></textarea><input type="file" name="file">'
    '<button name="add" value="1">add</button><button name="press" value="1.r.send.x">send</button></form>'
    "<code>a receipt code</code>"
).ljust(6000)  # as long as the product's
MOST_BYTES = 64 * 2**20


LEADER = "P05"


async def serve_product(address: str, base_url: str, folder: Path, *, cases: int, items: int) -> None:
    """Serve the product's pages, of so many cases and items more than the sample's.

    What a browser has to work out first is as good as nothing.
    """
    from bench.servers.product import AS_OF, ZONE, behind_webhook, enter_county
    from bench.size import Contents, do_what_is_due, fill
    from bot.bootstrap import duties, whole_product
    from bot.config import WebSettings
    from models.database import Database
    from privacy.keyring import Keyring
    from services.people.sessions import make_link
    from services.unit_of_work import UnitOfWork
    from storage.folder import FolderStore
    from web import admission

    admission.FEWEST_TRIES = 1
    admission._MOST_DOUBLINGS = 0
    keyring, opened = Keyring.create(folder / "keyring"), datetime.now(UTC)
    tokens = await enter_county(address, keyring, FolderStore(folder / "files"))
    if cases:
        database = Database(address)
        await fill(database, Contents(cases, items))
        for duty in duties():  # else the clock does it while views are measured
            await do_what_is_due(
                database, lambda session: UnitOfWork(session, AS_OF, keyring, FolderStore(folder / "files"), ZONE), duty
            )
        await database.close()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    config = behind_webhook(address, base_url, keyring, folder)
    config = config.model_copy(update={"web": WebSettings(public_url=url, port=port)})
    product = whole_product(config, lambda: AS_OF + (datetime.now(UTC) - opened))
    await product.start()
    try:
        async with product.database.transaction() as session:
            link = await make_link(product.resources.work(session), LEADER, asked_on="bench")
        await _say_and_wait(url, f"/r/{tokens[0]}", f"/desk/open/{link}")
    finally:
        await product.stop()


async def serve_bare() -> None:
    """Serve a page of the same length, read forms, and lead back."""

    async def show(_request: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    async def take(request: web.Request) -> web.Response:
        await request.post()
        return web.Response(status=303, headers={"Location": "/page"})

    app = web.Application(client_max_size=MOST_BYTES)
    app.add_routes([web.get("/{any:.*}", show), web.post("/page", take)])
    runner, port = web.AppRunner(app, access_log=None), free_port()
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await _say_and_wait(f"http://127.0.0.1:{port}", "/r/x")
    await runner.cleanup()


async def _say_and_wait(url: str, path: str, desk: str = "") -> None:
    sys.stdout.write(json.dumps({"url": url, "path": path, "desk": desk}) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", nargs="?")
    parser.add_argument("base_url", nargs="?")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--cases", type=int, default=0, help="more than the sample's")
    parser.add_argument("--items", type=int, default=0)
    given = parser.parse_args()
    if given.folder:
        asyncio.run(serve_product(given.address, given.base_url, given.folder, cases=given.cases, items=given.items))
    else:
        asyncio.run(serve_bare())
