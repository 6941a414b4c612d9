"""Where somebody is reached: a channel, and a chat's name there."""

from dataclasses import dataclass

from sqlalchemy import String

from models.value_column import ValueColumn


@dataclass(frozen=True, order=True)
class Address:
    """A chat on a channel: `telegram` and the number of the chat, `web` and the id of a visit.

    Written as `channel:id`; no channel's name holds a colon.
    """

    channel: str
    id: str

    def __str__(self) -> str:
        return f"{self.channel}:{self.id}"

    @classmethod
    def parse(cls, written: str) -> "Address":
        """Read `channel:id`; raise ValueError when it is not one."""
        channel, separator, chat = written.partition(":")
        if not (channel and separator and chat):
            raise ValueError("an address is written as channel:id")
        return cls(channel, chat)


class AddressColumn(ValueColumn[Address]):
    """An address in one column, written as `channel:id`."""

    impl = String(120)
    cache_ok = True

    def parse(self, written: str) -> Address:
        return Address.parse(written)
