"""What everybody on the staff has in common: the way in, who they are, the language they read."""

from handlers.staff import about, enrolment, recusing
from handlers.turn import App


def register(application: App) -> None:
    """Register the invitation first: whoever holds one is not on the staff yet."""
    enrolment.register(application)
    about.register(application)
    recusing.register(application)
