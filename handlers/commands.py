"""Commands of staff in private chats: `/name`, each one function."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from handlers.context import HandlerContext
from services.access.member import Member

Run: TypeAlias = Callable[[HandlerContext, Member], Awaitable[None]]

COMMANDS: dict[str, Run] = {}


def command(name: str) -> Callable[[Run], Run]:
    """Return the decorator that makes a function a command. Raises ValueError when the name is taken."""

    def register(run: Run) -> Run:
        if name in COMMANDS:
            raise ValueError(f"Two functions for /{name}.")
        COMMANDS[name] = run
        return run

    return register
