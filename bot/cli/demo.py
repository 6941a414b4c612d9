"""`demo`: an invented county to try the product on."""

import asyncio
from pathlib import Path

import click

from texts.terminal import os_reason, sentence

FOLDER = Path(".demo")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
def demo(host: str, port: int) -> None:
    """Show an invented county in the browser, with everybody's phones on one page."""
    from bot.demo import DemoRunning, run_demo

    def ready(address: str) -> None:
        click.echo(sentence("cli.demo_ready", address=address))

    try:
        asyncio.run(run_demo(FOLDER, host, port, ready))
    except DemoRunning as running:
        key = "cli.demo_running" if running.address else "cli.demo_starting"
        raise click.ClickException(sentence(key, address=running.address)) from None
    except OSError as error:
        if error.strerror is None:
            raise
        raise click.ClickException(
            sentence("cli.demo_no_port", host=host, port=port, reason=os_reason(error))
        ) from None
