"""Gives pdfium the product's own Chinese font beside those of the machine: a PDF need not carry the fonts it names."""

import ctypes
from typing import Final

from pypdfium2 import _library_scope as library
from pypdfium2 import raw
from pypdfium2.internal import bases

from media.confinement import OWN_FONTS

# Where pdfium looks by itself; to name other folders takes these away.
_OF_THE_MACHINE: Final = (
    *("/usr/share/fonts", "/usr/share/X11/fonts/Type1", "/usr/share/X11/fonts/TTF", "/usr/local/share/fonts"),
)
_kept: list[object] = []  # pdfium holds the address of the folders' names


def use_fonts(folders: tuple[str, ...] = (*_OF_THE_MACHINE, str(OWN_FONTS))) -> None:
    """Start pdfium anew with the fonts of these folders. Whatever it has open is closed."""
    library.destroy_lib()
    names = (ctypes.c_char_p * (len(folders) + 1))(*(folder.encode() for folder in folders), None)
    _kept[:] = [names]
    config = raw.FPDF_LIBRARY_CONFIG(version=2, m_pIsolate=None, m_v8EmbedderSlot=0)
    config.m_pUserFontPaths = ctypes.cast(names, type(config.m_pUserFontPaths))
    raw.FPDF_InitLibraryWithConfig(config)
    bases.LIBRARY_AVAILABLE = True
