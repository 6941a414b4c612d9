"""Addresses of chats on Telegram."""

from models.address import Address

CHANNEL = "telegram"


def address_of(chat_id: int) -> Address:
    """Return the address of a chat."""
    return Address(CHANNEL, str(chat_id))


def chat_of(address: Address) -> int:
    """Return the number of the chat at an address of Telegram's."""
    return int(address.id)


def is_private(address: Address) -> bool:
    """Whether an address is a person's; groups have negative numbers."""
    return chat_of(address) > 0
