"""Re-makes whatever a phone can send, without what the file says about its sender."""

from privacy.cleaning.kinds import CannotClean, Cleaned, Kind, Reason

__all__ = ["CannotClean", "Cleaned", "Kind", "Reason"]
