"""The inspection office in private chats: cases that are nobody's, new items, cards, and what is wrong."""

from handlers.office import audit, code_alarm, items, people
from handlers.turn import App


def register(application: App) -> None:
    """Register the office's commands and presses."""
    items.register(application)
    audit.register(application)
    code_alarm.register(application)
    people.register(application)
