"""Whole files of every kind, full of what must not be kept, for the breaking."""

from media.kinds import Cleaned, FileKind
from tests.unit.media import test_cleaning_documents as documents
from tests.unit.media import test_cleaning_media as media
from tests.unit.media import test_cleaning_photo as photo
from tests.unit.media import test_hidden_content as hidden

SECRET = documents.SECRET.encode()
WHOLE = {
    **{f"photo {name}": data for name, data in photo.PLANTED.items()},
    **media.PLANTED,
    "pdf": documents.pdf(),
    "form": documents.form(),
    "form with its appearance": documents.form(drawn=True),
    **documents.OFFICE,
    **hidden.WITH_MUCH,
}
NEXT = photo.png_with_everything()


def tells_a_secret(clean: Cleaned) -> bool:
    """Whether a clean file holds what was planted in its broken original.

    Not said of documents: what breaks the mark by which something is hidden makes it show.
    """
    return clean.kind not in (FileKind.WORD, FileKind.EXCEL) and SECRET in clean.data
