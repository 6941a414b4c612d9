"""Every table of the product, gathered so that migrations and tests see them all."""

from models import (
    audit,
    case_tasks,
    clusters,
    complaints,
    delivery,
    evaluation,
    fieldwork,
    letters,
    name_lists,
    origins,
    polls,
    publication,
    rectification,
    reference,
    requests,
    revisits,
    rounds,
    staff,
    touched_rows,
    transfers,
)
from models.base import Base

METADATA = Base.metadata
MODULES = (
    audit,
    case_tasks,
    clusters,
    complaints,
    delivery,
    evaluation,
    fieldwork,
    letters,
    name_lists,
    origins,
    polls,
    publication,
    rectification,
    reference,
    requests,
    revisits,
    rounds,
    staff,
    touched_rows,
    transfers,
)
