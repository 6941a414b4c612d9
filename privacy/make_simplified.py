"""Makes words/simplified.txt, the table of simplified signs, with opencc, which only development installs.

Run as `python -m privacy.make_simplified` when a newer opencc knows more signs.
"""

from pathlib import Path

from opencc import OpenCC

_RANGES = (range(0x3400, 0xA000), range(0x20000, 0x323B0))  # of Chinese signs, without those that NFKC puts in these


def table() -> str:
    """Return each traditional sign with its simplified one, a pair a line."""
    signs = [chr(code) for codes in _RANGES for code in codes]
    pairs = zip(signs, OpenCC("t2s").convert("\n".join(signs)).split("\n"), strict=True)
    return "".join(f"{sign}{other}\n" for sign, other in pairs if sign != other)


if __name__ == "__main__":
    (Path(__file__).parent / "words" / "simplified.txt").write_text(table(), encoding="utf-8")
