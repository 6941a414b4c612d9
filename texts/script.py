"""Names as a language writes them: the county's own file has them in simplified characters."""

from functools import cache

from opencc import OpenCC


def in_script_of(language: str, name: str) -> str:
    """Return a name in the characters of a language."""
    return _traditional().convert(name) if language == "zh_Hant" else name


@cache
def _traditional() -> OpenCC:
    return OpenCC("s2t")
