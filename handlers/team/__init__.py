"""The team's desk: a board of cards in its group, and each member's own workbench in private."""

from handlers.office import cases
from handlers.team import (
    answering,
    asking,
    boards,
    claiming,
    deciding,
    leavers,
    notes,
    presses,
    queues,
    reading,
    refusing,
    strangers,
    unmasking,
)
from handlers.turn import App

# What these do on a press, take as an answer or render as a notice, they register by being imported.
ON_CASES = (answering, asking, cases, claiming, deciding, leavers, notes, reading, refusing, unmasking)


def register(application: App) -> None:
    """Register the team's commands and presses; what strangers say in a group comes last."""
    boards.register(application)
    queues.register(application)
    presses.register(application)
    strangers.register(application)
