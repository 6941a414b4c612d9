"""Telegram without its network: people act and see, time moves, calls fail on demand, phones hang on the wall."""

import json
from collections.abc import Callable
from datetime import datetime

from simulator.changes import Changes
from simulator.chat_reader import ChatReader
from simulator.clock import OffsetClock
from simulator.errors import Json
from simulator.faults import Fault, FaultKind, Faults
from simulator.limits import SendLimits
from simulator.methods import Backend
from simulator.people import Person
from simulator.polling import Polling
from simulator.updates import Update
from simulator.user_actions import UserActions
from simulator.wall import Browser, Phone, Poster, Step, Wall
from simulator.webhook import Webhook
from simulator.world import Settings, World


class Telegram(UserActions, ChatReader):
    """Telegram for one bot, as one object.

    limits switches 429 for hurried senders on; privacy_mode hides ordinary group messages from a bot that
    isn't admin, as Telegram does by default; retry_second is how long a second of webhook back-off lasts.
    """

    def __init__(
        self,
        token: str,
        username: str = "xunsheng_bot",
        clock: Callable[[], datetime] | None = None,
        *,
        name: str = "巡声",
        limits: bool = False,
        privacy_mode: bool = True,
        retry_second: float = 1.0,
    ) -> None:
        self.token = token
        self.settings = Settings(limits, privacy_mode, retry_second)
        self._changes = Changes()
        self._clock = OffsetClock(clock)
        bot_id = int(token.partition(":")[0])
        bot = Person(bot_id, name, username=username, is_bot=True)
        world = World(bot, self._clock, self._changes, self.settings)
        UserActions.__init__(self, world)
        self._world = world
        self._faults = Faults()
        self._backend = Backend(world, Polling(world, self._changes), Webhook(world, self._changes), SendLimits())
        self.wall = Wall(world)

    def reset(self) -> None:
        """Forgets people, chats, updates, faults and posters; token, time and webhook stay."""
        self._faults.clear()
        self._world.clear()
        self.wall.clear()
        self._changes.notify()

    # Time

    def now(self) -> datetime:
        return self._clock.now()

    def advance(self, seconds: float) -> datetime:
        """Moves the simulator's time forward; returns the new time."""
        now = self._clock.advance(seconds)
        self._changes.notify()
        return now

    def on_clock_change(self, callback: Callable[[datetime], None]) -> None:
        """Calls back with the new time whenever the clock is moved, here or from the page."""
        self._clock.on_change(callback)

    # Bad days

    def fail(
        self,
        method: str | None = None,
        *,
        kind: FaultKind = "error",
        chat_id: int | None = None,
        times: int = 1,
        status: int = 500,
        description: str = "",
        retry_after: int | None = None,
        body: str = "",
    ) -> Fault:
        """Lets the next calls of a method (of any, without one) fail; see Fault for the kinds."""
        return self._faults.add(
            kind,
            method,
            chat_id=chat_id,
            times=times,
            status=status,
            description=description,
            retry_after=retry_after,
            body=body,
        )

    def hold(self, method: str | None = None, *, chat_id: int | None = None, times: int = 1) -> Fault:
        """Keeps the next calls waiting until release(); Fault.waiting counts them."""
        return self._faults.add("hold", method, chat_id=chat_id, times=times)

    def release(self, fault: Fault | int) -> None:
        self._faults.release(fault if isinstance(fault, int) else fault.id)

    def clear_faults(self) -> None:
        self._faults.clear()

    def redeliver(self, update_id: int) -> None:
        """Delivers an update once more, whether or not it was confirmed."""
        self._world.updates.repeat(update_id)

    def inject(self, update: Json | str) -> int:
        """Queues a raw update, or any text in place of one; returns its update_id."""
        body = update if isinstance(update, str) else json.dumps(update, ensure_ascii=False)
        return self._world.updates.add_raw(body)

    @property
    def updates(self) -> list[Update]:
        """Every update that was ever queued, oldest first."""
        return self._world.updates.history

    @property
    def pending(self) -> list[Update]:
        """The updates that the bot has not confirmed."""
        return self._world.updates.pending()

    def drop_pending(self) -> None:
        """Forgets the updates that the bot has not confirmed."""
        self._world.updates.drop_all()

    # The wall

    def set_phones(self, phones: list[Phone], browsers: list[Browser] | None = None) -> None:
        """Chooses which phones hang on the wall, in which order; those with a browser alone come first."""
        self.wall.phones = list(phones)
        self.wall.browsers = list(browsers or [])
        self._changes.notify()

    def set_wall(self, *, title: str | None = None, subtitle: str | None = None, time_zone: str | None = None) -> None:
        """Sets what the page says above the phones, and the time zone of its times."""
        self.wall.title = title if title is not None else self.wall.title
        self.wall.subtitle = subtitle if subtitle is not None else self.wall.subtitle
        self.wall.time_zone = time_zone or self.wall.time_zone
        self._changes.notify()

    def set_steps(self, steps: list[Step]) -> None:
        """Says what a visitor of the page may try, in this order."""
        self.wall.steps = list(steps)
        self._changes.notify()

    def add_poster(self, title: str, image: bytes, link: str, *, subtitle: str = "", bot_link: str = "") -> Poster:
        """Puts a PNG or JPEG poster on the notice board; scanning it opens the link.

        Where the link leads to a page, a phone with Telegram goes on from there to bot_link.
        """
        return self.wall.add_poster(title, image, link, subtitle, bot_link or link)
