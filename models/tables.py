"""Every table of the product, gathered so that migrations and tests see them all."""

from models import abuse, audit, complaints, delivery, rectification, rounds, staff
from models.base import Base

METADATA = Base.metadata
MODULES = (abuse, audit, complaints, delivery, rectification, rounds, staff)
