"""Documents that are printed: the file of one, and what is said where a character cannot be printed."""

import asyncio
from html import escape

from qr.document_words import Document
from qr.typesetting import MissingGlyph, TextTooLong
from services.rounds.printing import unprintable
from texts.catalogue import Html, Words
from texts.terminal import in_language


async def pdf_of(document: Document) -> bytes:
    """Return a document as a PDF. Raises MissingGlyph."""
    # What draws takes 50 MB of libraries: they are imported when something is printed.
    from qr.document import document_pdf

    return await asyncio.to_thread(document_pdf, document)


def why_unprintable(words: Words, error: MissingGlyph | TextTooLong) -> Html:
    """Return which character cannot be printed, or which text has no room, and where it stands."""
    with in_language(words.language):
        return Html(escape(unprintable(error), quote=False))
