"""What each column holds of a resident, said at the column itself, so that the schema can be asked for it.

Every column is either annotated with `info=touches(…)`, or named in its class's `__nobody__`: it says nothing of any
resident. A column that is neither fails the tests; what `xunsheng privacy`, docs/anonymity.md and the bot's /privacy
say is made from here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import MetaData, Table


class Kept(StrEnum):
    """What of a resident is kept."""

    PSEUDONYM = "pseudonym"  # a keyed hash of the chat
    CONVERSATION = "conversation"  # how far a draft or a visit has come
    WORDS = "words"  # texts and files, of the resident or to them
    RECEIPT = "receipt"
    MATTER = "matter"  # where, what about, in which hour: what the card shows
    PROGRESS = "progress"  # what the team has done about it
    ADDRESS = "address"  # where an answer is to go
    DELIVERY = "delivery"  # a message on its way out
    TRAIL = "trail"  # which messages lie in a chat and can still be deleted there
    UPDATE = "update"  # a message that came in, or its number
    POLL = "poll"  # what was answered in an anonymous poll, and with what


class Key(StrEnum):
    """What a column is sealed or hashed with."""

    CLEAR = "clear"
    ROUND = "round"  # an age file to the round's public key
    DAY = "day"  # an age file to the key of the day
    OUTBOX = "outbox"  # an age file to the key of messages on their way
    REPLY = "reply"  # an age file to the key of reply addresses
    PHONE = "phone"  # an HMAC under a random secret that stands in the buttons of that chat alone
    HASH = "hash"  # an HMAC under a secret of the keyring


class Until(StrEnum):
    """When it ends."""

    HOUR_AFTER = "hour_after"
    ROUND_KEY = "round_key"
    CASE_CLOSED = "case_closed"
    DELIVERED = "delivered"
    UPDATE_DONE = "update_done"
    TWO_DAYS = "two_days"
    HOUR_OVER = "hour_over"
    RETENTION = "retention"
    POLL_CODE_USED = "poll_code_used"


ENDS: dict[Until, str] = {
    Until.HOUR_AFTER: "an hour after the complaint was sent or visited, or the draft's hours are over",
    Until.ROUND_KEY: "withdrawn, the retention is over, or the round's key is destroyed",
    Until.CASE_CLOSED: "the case is closed, the address's days are over, or 'forget me'",
    Until.DELIVERED: "the message has gone out, or cannot",
    Until.UPDATE_DONE: "the update is done after all, or 30 days",
    Until.TWO_DAYS: "two days",
    Until.HOUR_OVER: "the hour is over",
    Until.RETENTION: "the round is purged",
    Until.POLL_CODE_USED: "it is used, or the poll is over",
}

OPENED_BY: dict[Key, str] = {
    Key.CLEAR: "whoever has the database",
    Key.ROUND: "the running bot, for those entitled to the case",
    Key.DAY: "the running bot, for the chat it came from, as long as the day's keys exist",
    Key.OUTBOX: "the sender alone",
    Key.REPLY: "the sender alone",
    Key.HASH: "nobody; it can only be compared",
    Key.PHONE: "the phone it lies on, by pressing its button",
}


@dataclass(frozen=True)
class Touch:
    """What one column holds of a resident."""

    kept: Kept
    key: Key
    until: Until
    note: str  # what exactly, in English, for the printed table

    @property
    def opened_by(self) -> str:
        """Who can read it."""
        return OPENED_BY[self.key]

    @property
    def ends(self) -> str:
        """Until when it is kept."""
        return ENDS[self.until]


@dataclass(frozen=True)
class Touched:
    """A column that touches a resident."""

    table: str
    column: str
    touch: Touch


def touches(kept: Kept, key: Key, until: Until, note: str) -> dict[str, Any]:
    """Annotate a column that says something of a resident: `mapped_column(…, info=touches(…))`."""
    return {"touch": Touch(kept, key, until, note)}


def touched(metadata: MetaData) -> Iterator[Touched]:
    """Yield every column that touches a resident, in the order of the schema."""
    for table in sorted(metadata.tables.values(), key=lambda entry: entry.name):
        for column in table.columns:
            if (touch := column.info.get("touch")) is not None:
                yield Touched(table.name, column.name, touch)


def unannotated(table: Table) -> list[str]:
    """Return what is wrong with a table's annotations: columns without any, with two, or that don't exist."""
    named: tuple[str, ...] = table.info["nobody"]
    missing = [f"{table.name}.{name} does not exist" for name in named if name not in table.columns]
    unclear = [
        f"{table.name}.{column.name} needs either touches(…) or a place in __nobody__"
        for column in table.columns
        if (column.name in named) == ("touch" in column.info)
    ]
    return missing + unclear
