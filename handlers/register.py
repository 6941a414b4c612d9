"""The order in which handlers are asked: the first that fits takes the update."""

import handlers.prompts
import handlers.resident
from handlers.cases import (  # those that are only named register their presses, answers and notices themselves
    answering,  # noqa: F401
    asking,  # noqa: F401
    assigning,  # noqa: F401
    claiming,  # noqa: F401
    deciding,  # noqa: F401
    notices,  # noqa: F401
    queues,
    reading,  # noqa: F401
    refusing,  # noqa: F401
    unmasking,  # noqa: F401
    unmasking_notices,  # noqa: F401
)
from handlers.cases import presses as case_presses
from handlers.context import App
from handlers.items import (
    handing_in,  # noqa: F401
    issuing,
    lists,
    ordering,  # noqa: F401
    reviewing,  # noqa: F401
)
from handlers.items import notices as item_notices  # noqa: F401
from handlers.items import presses as item_presses
from handlers.people import (
    about,
    alerts,  # noqa: F401
    audit,
    boards,
    enrolment,
    fallback,
    group_fallback,
    membership_notices,  # noqa: F401
    recusing,
    staff,
)
from handlers.rounds import code_alarm


def register(application: App) -> None:
    """Register every conversation; the resident's comes last and takes what nobody else took."""
    for part in (enrolment, about, recusing):  # whoever holds an invitation is not on the staff yet
        part.register(application)
    for part in (boards, queues, case_presses, group_fallback):
        part.register(application)
    for part in (lists, item_presses, issuing, audit, code_alarm, staff):
        part.register(application)
    for part in (handlers.prompts, fallback, handlers.resident):
        part.register(application)
