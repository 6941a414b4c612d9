"""Traditional characters in simplified script, sign by sign.

Within a word the library leaves some as they are, and a word or a name would not be the same everywhere. It is a table
of all, so that nothing is kept of what somebody wrote.
"""

from functools import cache

from opencc import OpenCC


@cache
def simplified_signs() -> dict[int, str]:
    """Return the simplified form of each traditional character, as `str.translate` takes it."""
    traditional = [chr(code) for code in range(0x3400, 0xA000)]
    simplified = OpenCC("t2s").convert("\n".join(traditional)).split("\n")
    pairs = zip(traditional, simplified, strict=True)
    return {ord(sign): other for sign, other in pairs if sign != other and len(other) == 1}
