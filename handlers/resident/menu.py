"""The menu of residents' commands, for channels that show one beside the text field."""

from services.delivery.transport import Capabilities
from texts.catalogue import Words

_COMMANDS = ("help", "privacy", "lang", "clear", "forget", "cancel")


def menu(words: Words, capabilities: Capabilities) -> dict[str, str]:
    """Return each command that the channel can carry out, in the order of the menu, with what it does."""
    offered = (name for name in _COMMANDS if name != "clear" or capabilities.deletion)
    return {name: words.plain(f"menu.{name}") for name in offered}
