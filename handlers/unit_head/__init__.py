"""Rectification in private chats: a unit's items, what is told of them, and the presses of everybody concerned."""

from handlers.office import items as office_items  # noqa: F401 (its presses on items register themselves)
from handlers.team import items as team_items  # noqa: F401 (likewise)
from handlers.turn import App
from handlers.unit_head import (  # noqa: F401 (those that are only named register themselves)
    handing_in,
    items,
    notices,
    ordering,
    presses,
)


def register(application: App) -> None:
    """Register /items and the presses on items."""
    items.register(application)
    presses.register(application)
