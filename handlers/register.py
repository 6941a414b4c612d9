"""The order in which handlers are asked: the first that fits takes the update."""

import handlers.office
import handlers.prompts
import handlers.resident
import handlers.staff
import handlers.team
import handlers.unit_head
from handlers.office import alerts, unmaskings  # noqa: F401 (their notices register themselves)
from handlers.staff import stray
from handlers.turn import App


def register(application: App) -> None:
    """Register every conversation; the resident's comes last and takes what nobody else took."""
    handlers.staff.register(application)
    handlers.team.register(application)
    handlers.unit_head.register(application)
    handlers.office.register(application)
    handlers.prompts.register(application)
    stray.register(application)
    handlers.resident.register(application)
