"""The queue of updates that wait for the bot, as long polling and the webhook see it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulator.changes import Changes
from simulator.clock import OffsetClock
from simulator.errors import Json

UPDATE_TYPES = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "channel_post",
    "edited_channel_post",
    "inline_query",
    "chosen_inline_result",
    "shipping_query",
    "pre_checkout_query",
    "poll",
    "poll_answer",
    "chat_join_request",
    "chat_member",
    "message_reaction",
    "message_reaction_count",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "purchased_paid_media",
    "chat_boost",
    "removed_chat_boost",
)
_ONLY_WHEN_ASKED = {"chat_member", "message_reaction", "message_reaction_count"}
DEFAULT_ALLOWED = frozenset(UPDATE_TYPES) - _ONLY_WHEN_ASKED

LIFETIME = timedelta(hours=24)
PRESS_LIFETIME = timedelta(seconds=150)
FIRST_UPDATE_ID = 700_000_001


@dataclass
class Update:
    """One update as it goes over the wire; updates of one queue arrive one after the other."""

    update_id: int
    body: str
    queue: str
    expires_at: datetime
    kind: str

    def as_json(self) -> Any:
        return json.loads(self.body)


class UpdateQueue:
    """Updates in order, until the bot confirms them or their time is over."""

    def __init__(self, clock: OffsetClock, changes: Changes, first_id: int = FIRST_UPDATE_ID) -> None:
        self._clock = clock
        self._changes = changes
        self.next_id = first_id
        self._pending: dict[int, Update] = {}
        self._again: list[Update] = []
        self.history: list[Update] = []
        self.allowed: frozenset[str] = DEFAULT_ALLOWED

    def add(self, kind: str, payload: Json, queue: str) -> int | None:
        """Queues an update unless the bot did not ask for its kind; returns its id."""
        if kind not in self.allowed:
            return None
        update_id = self._take_id()
        body = json.dumps({"update_id": update_id, kind: payload}, ensure_ascii=False)
        lifetime = PRESS_LIFETIME if kind == "callback_query" else LIFETIME
        self._put(Update(update_id, body, queue, self._clock.now() + lifetime, kind))
        return update_id

    def add_raw(self, body: str) -> int:
        """Queues a body as it is, JSON or not; a JSON object without update_id gets one."""
        update_id = self._take_id()
        try:
            parsed = json.loads(body)
        except (ValueError, RecursionError):
            parsed = None
        if isinstance(parsed, dict):
            update_id = int(parsed.setdefault("update_id", update_id))
            body = json.dumps(parsed)  # half a character, as it may stand in one, has no UTF-8
        self._put(Update(update_id, body, f"raw {update_id}", self._clock.now() + LIFETIME, "raw"))
        return update_id

    def repeat(self, update_id: int) -> None:
        """Delivers an update once more, confirmed or not; raises KeyError for an unknown one."""
        found = next((update for update in self.history if update.update_id == update_id), None)
        if found is None:
            raise KeyError(update_id)
        self._again.append(found)
        self._changes.notify()

    def _take_id(self) -> int:
        self.next_id += 1
        return self.next_id - 1

    def _put(self, update: Update) -> None:
        self._pending[update.update_id] = update
        self.history.append(update)
        self._changes.notify()

    def pending(self) -> list[Update]:
        """What still waits, oldest first; what is too old is dropped."""
        now = self._clock.now()
        for update in [one for one in self._pending.values() if one.expires_at < now]:
            del self._pending[update.update_id]
        return list(self._pending.values())

    def is_pending(self, update_id: int | None) -> bool:
        return update_id in self._pending

    def take_repeats(self) -> list[Update]:
        repeats, self._again = self._again, []
        return repeats

    def confirm(self, update_ids: Iterable[int]) -> None:
        """Forgets updates that the bot has taken."""
        for update_id in update_ids:
            self._pending.pop(update_id, None)
        self._changes.notify()

    def drop_all(self) -> None:
        self.confirm(list(self._pending))

    def page(self, offset: int, limit: int) -> list[Update]:
        """The updates from offset on; confirms those before it. A negative offset counts from the end."""
        waiting = self.pending()
        if offset < 0:
            kept = waiting[offset:]
            first = kept[0].update_id if kept else 0
        else:
            first = offset
        before = [update.update_id for update in waiting if update.update_id < first]
        if before:
            self.confirm(before)
        return (self.take_repeats() + self.pending())[:limit]
