"""The methods of the Bot API, by subject."""

from simulator.methods import bot, callbacks, chats, edits, messages, receiving
from simulator.methods.backend import Backend, Described, Handler

METHODS: dict[str, Handler] = {
    name.lower(): handler
    for module in (bot, callbacks, chats, edits, messages, receiving)
    for name, handler in module.METHODS.items()
}

__all__ = ["METHODS", "Backend", "Described", "Handler"]
