"""What residents say and press, and what they are told."""

from handlers.resident import notices  # noqa: F401 (its notices register themselves)
from handlers.resident.entry import (
    AREA,
    COMMANDS,
    has_open_conversation,
    hears_edits,
    is_meant_for_resident,
    say_file_late,
    take_command,
    take_edit,
    take_message,
    take_press,
)

__all__ = [
    "AREA",
    "COMMANDS",
    "has_open_conversation",
    "hears_edits",
    "is_meant_for_resident",
    "say_file_late",
    "take_command",
    "take_edit",
    "take_message",
    "take_press",
]
