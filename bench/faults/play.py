"""Residents report and staff work, while the Bot API answers as it does on a bad day; what came of it is counted.

All follows from the seed, and time is the simulator's: it is moved on, never waited for.
"""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import select

from bench.faults.answers import ANSWER, DOWNLOAD, FILE, POLL, Answer, answers
from bench.simulated import UncaughtErrors, lift_limits
from bench.stored import stored_in
from models.complaints import Case
from models.rounds import Team
from privacy.receipt import Receipt, digest
from simulator.errors import ControlError
from simulator.faults import Fault
from tests.deployment import Deployment
from tests.story import receipt_in

VILLAGE: Final = "V02"
TEAM: Final = "T1"
LEADER, MEMBER, OFFICE = "P05", "P06", "P03"
STAFF: Final = (LEADER, MEMBER, "P07", OFFICE)
_FAULTS: Final = 24  # thrown in a round; not all are met
_RESIDENTS: Final = 2
_STEP_SECONDS: Final = 20.0  # of the simulator's time
_MOST_STEPS: Final = 60  # until everybody must have what is theirs: longer than the longest wait for a next try
_HANG_SECONDS: Final = 120.0  # until the product counts as hung
_OF_NO_CHAT: Final = (POLL, FILE, DOWNLOAD, ANSWER)  # these calls name none
_TOLD: Final = ("没能发出来", "发不了消息", "用不了了", "我已不在", "收不到巡声的消息")
_TEXTS: Final = ("桥头的路灯坏了三个月", "修路的钱没有公示", "水管漏水没人管", "低保评得不公")
_CLAIM: Final = re.compile(r"1\.case\.claim\.\w+")
_PRESSES: Final = ("1.case.claim", "1.case.open", "1.case.give_back", "1.queue.case", "1.case.card")


@dataclass
class FaultCounts:
    """What came of the faults."""

    rounds: int = 0
    faults: int = 0  # that a call met with
    residents: int = 0
    shown: int = 0  # receipts
    stored: int = 0  # complaints
    lost: int = 0  # receipts that open no complaint, residents without one, cases that nobody sees or was told of
    doubled: int = 0  # complaints without a receipt that was shown, or in two cases
    twice: int = 0  # messages that came twice, because their answer was cut off
    hung: int = 0
    crashed: int = 0
    set_aside: int = 0  # updates
    dead: int = 0  # messages
    receipts: set[Receipt] = field(default_factory=set, repr=False)

    @property
    def is_well(self) -> bool:
        """Whether nothing was lost, doubled or left standing."""
        return not self.lost + self.doubled + self.hung + self.crashed + self.set_aside

    def __str__(self) -> str:
        return (
            f"{self.rounds} rounds, {self.faults} faults, {self.residents} residents, {self.shown} receipts shown, "
            f"{self.stored} complaints stored, {self.lost} lost, {self.doubled} doubled, "
            f"{self.twice} messages twice, {self.hung} hung, {self.crashed} crashed; "
            f"{self.set_aside} updates set aside, {self.dead} messages dead"
        )


async def prepare(deployment: Deployment) -> int:
    """Enrol the team and the office, let everybody send as much as they like; return the team's group."""
    await lift_limits(deployment)
    await deployment.enrol(*STAFF)
    return await deployment.board("县委第一巡察组", LEADER, MEMBER, "P07")


class _ProductEnded(Exception):
    """A part of the product ended by itself."""


class Play:
    """Rounds with faults against one running product."""

    def __init__(
        self, deployment: Deployment, group: int, counts: FaultCounts, report: Callable[[str], object]
    ) -> None:
        self._deployment = deployment
        self._group = group
        self._simulator = deployment.simulator
        self._counts = counts
        self._report = report
        self._table = answers()
        self._errors = UncaughtErrors()
        self._ended: asyncio.Task[None]
        self._helpers: set[asyncio.Task[None]] = set()

    async def run(self, seed: str, goes_on: Callable[[int], bool]) -> None:
        """Play rounds while it goes on, and count."""
        product = self._deployment.product
        assert product is not None
        self._ended = asyncio.create_task(product.failed())
        link, number = await self._deployment.link(VILLAGE), 0
        with suppress(_ProductEnded):
            while goes_on(number):
                await self._round(f"{seed}/{number}", link)
                number += 1
                self._counts.rounds += 1
        if self._ended.done():
            self._crash(f"{type(self._ended.exception()).__name__} ended the product", f"{seed}/{number}")
        self._ended.cancel()
        await asyncio.gather(self._ended, return_exceptions=True)
        await self._count()

    async def _round(self, seed: str, link: str) -> None:
        draw = random.Random(seed)
        residents = [self._simulator.add_person("居民") for _ in range(_RESIDENTS)]
        self._counts.residents += len(residents)
        before, twice = await self._cases(), self._said_twice(())
        last = {chat: self._last_of(chat) for chat in self._chats_of_staff}
        faults = self._throw(draw, residents)
        for step in self._story(draw, residents, link):
            step()
            await self._go_on(seed)
            self._staff_do_something(draw)
        await self._until(lambda: all(map(self._receipt_of, residents)), residents, seed)
        self._simulator.clear_faults()
        for task in self._helpers:
            task.cancel()
        self._helpers.clear()
        await self._mend(seed)
        missing = [one for one in residents if self._receipt_of(one) is None]
        for one in residents:
            if (receipt := self._receipt_of(one)) is not None:
                self._counts.receipts.add(receipt)
        unseen = [case for case in await self._cases() if case not in before and not self._is_seen(case, last)]
        met = [fault for fault in faults if fault.times == 0]
        self._counts.faults += len(met)
        self._counts.twice += self._said_twice(residents) - twice
        if missing or unseen:
            self._counts.lost += len(missing) + len(unseen)
            thrown = [(fault.method, fault.kind, fault.status, fault.description or fault.body) for fault in met]
            self._report(f"lost: {seed!r}, {len(missing)} receipts, cards {unseen}, after {thrown}")
        for error in self._errors.take():
            self._crash(error, seed)

    def _throw(self, draw: random.Random, residents: list[int]) -> list[Fault]:
        """Let calls to come be answered from the table: of somebody on the staff, of the group, or of a resident."""
        staff = [*self._deployment.staff.values(), self._group]
        faults = []
        for answer in draw.sample(self._table, _FAULTS):
            everybody = staff if answer.to_staff_alone else [*staff, *(residents * len(staff))]
            chat = None if answer.method in _OF_NO_CHAT else draw.choice(everybody)
            faults.append(self._fail(answer, chat))
        return faults

    def _fail(self, answer: Answer, chat: int | None) -> Fault:
        fault = self._simulator.fail(
            answer.method,
            kind=answer.kind,
            chat_id=chat,
            status=answer.status,
            description=answer.description,
            retry_after=answer.retry_after,
            body=answer.body,
        )
        if answer.kind in ("hold", "timeout"):
            self._help(self._release(fault))
        return fault

    async def _release(self, fault: Fault) -> None:
        """Let a held call go on once it was held."""
        await fault.reached.wait()
        self._simulator.release(fault)

    def _help(self, work: Coroutine[Any, Any, None]) -> None:
        self._helpers.add(asyncio.create_task(work))

    def _story(self, draw: random.Random, residents: Sequence[int], link: str) -> list[Callable[[], None]]:
        """Return what residents do one after the other, up to the press that sends."""

        def scan() -> None:
            for one in residents:
                self._simulator.scan(one, link)

        def speak() -> None:
            for one in residents:
                self._simulator.send_text(one, draw.choice(_TEXTS))

        def show() -> None:
            self._simulator.send_photo(draw.choice(residents), draw.choice(("1-bridge", "3-riverside")), caption="看图")

        def correct() -> None:
            one = draw.choice(residents)
            own = [said for said in self._simulator.messages(one) if said.sender_id == one and said.kind == "text"]
            self._simulator.edit_text(one, own[-1].message_id, "改过了:" + draw.choice(_TEXTS))

        return [scan, speak, *draw.sample([show, correct], draw.randrange(3))]

    def _staff_do_something(self, draw: random.Random) -> None:
        """Let somebody on the staff press or type something, whatever their phone shows by now."""
        person = self._deployment.staff[draw.choice((LEADER, MEMBER))]
        match draw.randrange(4):
            case 0:
                self._simulator.send_text(person, draw.choice(("/queue", "/items", "/help")))
            case 1:
                self._press(person, draw.choice(_PRESSES), self._group)
            case _:
                self._press(person, draw.choice(_PRESSES))

    def _press(self, person: int, prefix: str, chat: int | None = None) -> bool:
        """Press the newest button that does this; return whether there was any."""
        with suppress(ControlError):
            for message in reversed(self._simulator.messages(chat or person)):
                for button in (one for row in message.buttons for one in row):
                    if button.data.startswith(prefix):
                        self._simulator.press(person, button.data, message_id=message.message_id, chat_id=chat)
                        return True
        return False

    async def _until(self, is_over: Callable[[], bool], residents: Sequence[int], seed: str) -> None:
        """Let time pass until it is over, while whoever has no receipt presses what their phone offers."""
        for _ in range(_MOST_STEPS):
            if is_over():
                return
            for one in residents:
                if self._receipt_of(one) is None:
                    self._press(one, "1.r.send")
            await self._go_on(seed)

    async def _mend(self, seed: str) -> None:
        """Let everybody do what they were told: open the bot again, and let the group be used again."""
        await self._go_on(seed)
        for person in self._deployment.staff.values():
            self._simulator.send_text(person, "/help")
        for _ in range(_MOST_STEPS // 4):
            await self._go_on(seed, seconds=300)
            async with self._deployment.database.reading() as session:
                team = await session.get_one(Team, TEAM)
            if team.board_address is not None:
                break
            leader = self._deployment.staff[LEADER]
            if team.closed_board_address is None or not self._press(leader, "1.board.again"):
                self._simulator.send_text(leader, "/board", chat_id=self._group)
        await self._go_on(seed, seconds=300)

    async def _go_on(self, seed: str, seconds: float = _STEP_SECONDS) -> None:
        """Wait until the product has done what is due, and let time pass. Raises _ProductEnded."""
        settled = asyncio.create_task(self._deployment.settled())
        done, _ = await asyncio.wait((settled, self._ended), timeout=_HANG_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        settled.cancel()
        if self._ended in done:
            raise _ProductEnded
        if not done:
            self._counts.hung += 1
            waiting = [update.body[:200] for update in self._simulator.pending[:3]]
            self._report(f"hung: {seed!r}, {waiting}")
            self._simulator.drop_pending()
        self._simulator.advance(seconds)

    def _receipt_of(self, resident: int) -> Receipt | None:
        found = (receipt_in(one) for one in self._simulator.messages(resident, deleted=True) if one.from_bot)
        return next((receipt[0] for receipt in found if receipt is not None), None)

    async def _cases(self) -> set[str]:
        async with self._deployment.database.reading() as session:
            return set(await session.scalars(select(Case.id)))

    def _last_of(self, chat: int) -> int:
        return max((one.message_id for one in self._simulator.messages(chat, deleted=True)), default=0)

    def _is_seen(self, case_id: str, last: Mapping[int, int]) -> bool:
        """Whether a case's card is on a phone of the team, or somebody was told since of what could not be said."""
        for chat in self._chats_of_staff:
            for one in self._simulator.messages(chat):
                is_told = one.message_id > last[chat] and any(told in one.text for told in _TOLD)
                if one.from_bot and (is_told or case_id in str(one.buttons)):
                    return True
        return False

    def _said_twice(self, residents: Sequence[int]) -> int:
        """Return how many messages of residents follow one that says the same, and how many cards hang twice."""
        twice = 0
        for one in residents:
            said = [(shown.text, str(shown.buttons)) for shown in self._simulator.messages(one) if shown.from_bot]
            twice += sum(first == second for first, second in pairwise(said))
        for chat in self._chats_of_staff:
            cards = Counter(_CLAIM.findall(str([one.buttons for one in self._simulator.messages(chat)])))
            twice += sum(number - 1 for number in cards.values())
        return twice

    @property
    def _chats_of_staff(self) -> list[int]:
        return [*self._deployment.staff.values(), self._group]

    def _crash(self, what: str, seed: str) -> None:
        self._counts.crashed += 1
        self._report(f"crashed: {what}, {seed!r}")

    async def _count(self) -> None:
        """Compare what was shown with what is stored."""
        secret, counts = self._deployment.keyring.receipt_secret, self._counts
        stored = await stored_in(self._deployment.database)
        shown = {digest(receipt, secret) for receipt in counts.receipts}
        counts.shown, counts.stored = len(shown), stored.complaints.total()
        counts.lost += len(shown - stored.complaints.keys())
        counts.doubled = stored.doubled + len(stored.complaints.keys() - shown)
        counts.set_aside, counts.dead = stored.set_aside, stored.dead
