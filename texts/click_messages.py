"""What the library of the command line says by itself ('Usage:', 'Missing argument'), in Chinese.

It looks for files that gettext reads; `python -m texts.click_messages` makes them from the catalogues beside them.
"""

import gettext
import io
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent / "click"
# The catalogue of each locale; one that is not here has that of its language.
CATALOGUES = {"zh": "zh", "zh_TW": "zh_TW", "zh_HK": "zh_TW", "zh_MO": "zh_TW"}


def install() -> None:
    """Let the library find its messages; it looks into the environment for the language of each."""
    gettext.bindtextdomain("messages", str(FOLDER))


def compiled(catalogue: str) -> bytes:
    """Return a catalogue as gettext reads it."""
    with (FOLDER / f"{catalogue}.po").open("rb") as lines:
        messages = read_po(lines, locale=catalogue)
    out = io.BytesIO()
    write_mo(out, messages)
    return out.getvalue()


def compiled_file(locale: str) -> Path:
    """Return where gettext looks for the messages of a locale."""
    return FOLDER / locale / "LC_MESSAGES" / "messages.mo"


def main() -> None:
    """Compile the messages of each locale."""
    for locale, catalogue in CATALOGUES.items():
        file = compiled_file(locale)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(compiled(catalogue))


if __name__ == "__main__":
    main()
