"""Mail addresses of the staff: what one looks like, and the address of the channel that it is."""

import re

from models.address import Address

CHANNEL = "mail"
LONGEST = 110  # characters: what fits where addresses are kept (models.address)

_LOCAL = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_MAIL_ADDRESS = re.compile(rf"({_LOCAL})@((?:{_LABEL}\.)+{_LABEL})")


class UnfitMailAddress(ValueError):
    """It is no mail address, or one that is too long."""


def read_mail_address(written: str) -> Address:
    """Return a mail address as one of the channel; its domain is written small, for case says nothing there.

    Raises UnfitMailAddress.
    """
    found = _MAIL_ADDRESS.fullmatch(written.strip())
    if found is None or len(found[0]) > LONGEST:
        raise UnfitMailAddress
    local, domain = found.groups()
    if local.startswith(".") or local.endswith(".") or ".." in local:
        raise UnfitMailAddress
    if "=?" in local:  # in a header it would be decoded to something else (RFC 2047)
        raise UnfitMailAddress
    return Address(CHANNEL, f"{local}@{domain.lower()}")
