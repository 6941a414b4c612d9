"""`demo`: an invented county to try the product on."""

import asyncio
from pathlib import Path

import click

FOLDER = Path(".demo")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where the page is served.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes any free port.")
def demo(host: str, port: int) -> None:
    """Show an invented county in the browser, with everybody's phones on one page.

    Nothing of it reaches Telegram or your own county: it lives in the folder .demo, anew each time.
    """
    from bot.demo import run_demo

    def ready(address: str) -> None:
        click.echo(f"Open {address} in a browser; stop with Ctrl+C.")

    try:
        asyncio.run(run_demo(FOLDER, host, port, ready))
    except OSError as error:
        if error.strerror is None:
            raise
        raise click.ClickException(
            f"The demo cannot be served at {host}:{port} ({error.strerror}); choose another with `--port`."
        ) from None
