"""Every table of the product, gathered so that migrations and tests see them all."""

from models import (
    audit,
    complaints,
    delivery,
    publication,
    rectification,
    reference,
    rounds,
    staff,
    touched_rows,
    transfers,
)
from models.base import Base

METADATA = Base.metadata
MODULES = (audit, complaints, delivery, publication, rectification, reference, rounds, staff, touched_rows, transfers)
