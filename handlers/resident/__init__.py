"""What residents say and press, and what they are told."""

from handlers.resident import notices  # noqa: F401 (its notices register themselves)
from handlers.resident.telegram import register

__all__ = ["register"]
