"""Runs the simulator alone: `python -m simulator --port 8081 --token 123456:test`."""

import argparse
import asyncio
import contextlib
import sys

from simulator.server import Simulator, serve_forever


def main() -> None:
    """Reads the command line and serves until Ctrl+C."""
    parser = argparse.ArgumentParser(prog="python -m simulator", description="A Bot API server on localhost.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", required=True, help="the bot's token, NUMBER:SECRET")
    parser.add_argument("--username", default="xunsheng_bot", help="the bot's name without @")
    parser.add_argument("--limits", action="store_true", help="refuse hurried sending with 429")
    options = parser.parse_args()
    if not options.token.partition(":")[0].isdigit():
        parser.error("the token must look like 123456:SECRET; take the one that the bot is configured with")
    simulator = Simulator(options.token, options.username, limits=options.limits)
    sys.stdout.write(f"The phones are at http://{options.host}:{options.port}/\n")
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve_forever(simulator, options.host, options.port))


if __name__ == "__main__":
    main()
