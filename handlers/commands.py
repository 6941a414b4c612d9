"""Commands of staff in private chats: `/name`, each one function."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from handlers.context import HandlerContext
from handlers.registry import Registry
from services.access.member import Member

Run: TypeAlias = Callable[[HandlerContext, Member], Awaitable[None]]

COMMANDS: Registry[Run] = Registry()
command = COMMANDS.named
