"""Re-makes PDFs as pictures of their pages: what cannot be seen on a page is not there any more.

Taking things out of a PDF would have to know every place one can hide in; a picture of each page has none. The price is
text that cannot be searched, and it is worth paying (docs/decisions).
"""

import io
import warnings
from typing import Final

import pypdfium2
from PIL import Image

from media.kinds import CannotClean, FileProblem
from media.pdf_layers import without_notes_in_hidden_layers

_MAX_PAGES: Final = 60
_POINTS_PER_INCH: Final = 72
_DOTS_PER_INCH: Final = 130  # small print of a form stays readable
_MAX_SIDE: Final = 2200  # pixels; a page that claims to be a wall poster is shown smaller
_QUALITY: Final = 70


def remake_pdf(data: bytes) -> bytes:
    """Return a new PDF that shows the same pages. Raises CannotClean, also for hostile input."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _from_pictures(_pictures(data))
    except CannotClean:
        raise
    except pypdfium2.PdfiumError as error:
        protected = "password" in str(error).lower()
        raise CannotClean(FileProblem.PROTECTED if protected else FileProblem.DAMAGED) from None
    except MemoryError:
        raise
    except Exception:  # decoders answer hostile files with errors of every kind
        raise CannotClean(FileProblem.DAMAGED) from None


def _pictures(data: bytes) -> list[Image.Image]:
    with pypdfium2.PdfDocument(data) as document:
        if not len(document):
            raise CannotClean(FileProblem.DAMAGED)
        if len(document) > _MAX_PAGES:
            raise CannotClean(FileProblem.TOO_BIG)
    with pypdfium2.PdfDocument(without_notes_in_hidden_layers(data)) as document:
        document.init_forms()  # before any page; without it, fields are not drawn. Scripts it cannot run.
        return [_picture(page) for page in document]


def _picture(page: pypdfium2.PdfPage) -> Image.Image:
    longer = max(page.get_size()) or 1.0
    scale = min(_DOTS_PER_INCH / _POINTS_PER_INCH, _MAX_SIDE / longer)
    # Fields and notes that show on the page become part of the picture; their hidden values don't.
    picture: Image.Image = page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
    page.close()
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    # As a JPEG already, so that sixty pages wait in little memory.
    small = io.BytesIO()
    clean.save(small, "JPEG", quality=_QUALITY)
    return Image.open(small)


def _from_pictures(pictures: list[Image.Image]) -> bytes:
    new = pypdfium2.PdfDocument.new()
    for picture in pictures:
        image = pypdfium2.PdfImage.new(new)
        source = io.BytesIO()
        picture.save(source, "JPEG", quality="keep")
        image.load_jpeg(source, inline=True)
        width, height = (side * _POINTS_PER_INCH / _DOTS_PER_INCH for side in picture.size)
        image.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
        page = new.new_page(width, height)
        page.insert_obj(image)
        page.gen_content()
        page.close()
    out = io.BytesIO()
    new.save(out)
    new.close()
    return _without_dates(out.getvalue())


def _without_dates(data: bytes) -> bytes:
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as document:
        for name in ("/Info", "/ID"):
            if name in document.trailer:
                del document.trailer[name]
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()
