"""Which files are taken for an item: photos and documents, as they were re-made."""

from handlers.forms import FormContext, Rejected
from handlers.incoming import TOO_LARGE, UnfitFile
from media.kinds import Cleaned, FileKind

_TAKEN = frozenset({FileKind.PHOTO, FileKind.PDF, FileKind.WORD, FileKind.EXCEL})


def fit_file(form: FormContext, file: Cleaned | UnfitFile, please: str) -> Cleaned:
    """Return a file that is taken; raise Rejected for any other, with the sentence `please` for one of another kind."""
    if isinstance(file, UnfitFile):
        raise Rejected(form.words("item.file_too_large" if file.reason == TOO_LARGE else "item.file_cannot_clean"))
    if file.kind not in _TAKEN:
        raise Rejected(form.words(please))
    return file
