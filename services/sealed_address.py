"""An address where it is sealed: on a row of the outbox, on a failed update, and where a reporter is to be told."""

import json
from dataclasses import dataclass

from models.address import Address


def read_address(opened: bytes) -> Address:
    """Return a sealed address; what was sealed before an address named its channel is a number of Telegram's."""
    written = opened.decode()
    return Address.parse(written if ":" in written else f"telegram:{written}")


@dataclass(frozen=True)
class ReplyTo:
    """Where a reporter wants to be told, and in which language."""

    address: Address
    language: str

    def pack(self) -> bytes:
        return json.dumps({"address": str(self.address), "language": self.language}).encode()

    @classmethod
    def unpack(cls, opened: bytes) -> "ReplyTo":
        kept = json.loads(opened)
        # `chat`: kept before an address named its channel
        written = kept["address"] if "address" in kept else str(kept["chat"])
        return cls(read_address(written.encode()), kept["language"])
