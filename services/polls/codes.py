"""The codes of polls: drawn, written so that they can be typed, and kept as keyed digests alone."""

import hashlib
import hmac
import re
import secrets
from unicodedata import normalize

from services.unit_of_work import UnitOfWork

LENGTH = 12  # characters: 59 random bits, which nobody guesses however often they try
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none is taken for another: no 0 O, 1 I L
_GROUP = 4
_CODE = re.compile(rf"[{_ALPHABET}]{{{LENGTH}}}")


def new_code() -> str:
    """Draw a code."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))


def as_printed(code: str) -> str:
    """Return a code in groups, as it stands on its slip."""
    return "-".join(code[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))


def read_code(typed: str) -> str | None:
    """Return the code that somebody typed, with or without what stands between its groups; None when it is none."""
    written = re.sub(r"[\s\-–—－]", "", normalize("NFKC", typed)).upper()
    return written if _CODE.fullmatch(written) else None


def digest_of(work: UnitOfWork, code: str) -> str:
    """Return the keyed digest of a code: all that is kept of it."""
    named = b"xunsheng/poll/1\0" + code.encode()
    return hmac.digest(work.keyring.receipt_secret, named, hashlib.sha256).hex()
