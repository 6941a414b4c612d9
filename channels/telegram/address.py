"""Addresses of chats on Telegram."""

from models.address import Address

CHANNEL = "telegram"
_NUMBERS_END = 2**63


def number_in(value: object) -> int | None:
    """Return a number of Telegram's; None for anything else, and for one that Telegram cannot have given."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if abs(value) < _NUMBERS_END else None


def address_of(chat_id: int) -> Address:
    """Return the address of a chat."""
    return Address(CHANNEL, str(chat_id))


def chat_of(address: Address) -> int:
    """Return the number of the chat at an address of Telegram's."""
    return int(address.id)


def is_private(address: Address) -> bool:
    """Whether an address is a person's; groups have negative numbers."""
    return chat_of(address) > 0
