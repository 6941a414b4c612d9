"""Re-makes a picture within the cleaning: as `privacy.photo` does, with the reasons that all attachments share."""

from privacy import photo
from privacy.cleaning.kinds import CannotClean, Reason

_REASONS = {
    photo.UncleanReason.NOT_A_PHOTO: Reason.UNKNOWN_FORMAT,
    photo.UncleanReason.TOO_MANY_PIXELS: Reason.TOO_BIG,
    photo.UncleanReason.DAMAGED: Reason.DAMAGED,
}


def remake_photo(data: bytes) -> bytes:
    """Return a picture as an upright JPEG without anything else the file carried. Raises CannotClean."""
    try:
        return photo.remake_photo(data).data
    except photo.CannotClean as refusal:
        raise CannotClean(_REASONS[refusal.reason]) from None
