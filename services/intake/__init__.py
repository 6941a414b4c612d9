"""What a resident's words mean."""

from services.intake.classify import understand
from services.intake.understanding import (
    About,
    AboutFinding,
    County,
    Kind,
    Person,
    Place,
    PlaceFinding,
    Topic,
    TraceFinding,
    TraceOf,
    Understanding,
    Urgency,
    Words,
)

__all__ = [
    "About",
    "AboutFinding",
    "County",
    "Kind",
    "Person",
    "Place",
    "PlaceFinding",
    "Topic",
    "TraceFinding",
    "TraceOf",
    "Understanding",
    "Urgency",
    "Words",
    "understand",
]
