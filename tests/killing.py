"""The product is killed again and again while residents and staff use it; afterwards it is counted what is left.

Nobody waits for a clock here: it is killed after so many calls of the messenger's API.
"""

import asyncio
import multiprocessing
import random
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from bench.stored import stored_in
from models.complaints import Case, CaseEvent, Complaint, ComplaintMessage, MessageKind
from models.delivery import OutboxRow, OutboxState
from privacy.keyring import Keyring
from privacy.receipt import Receipt, digest
from simulator.chat_reader import SeenMessage
from tests.conftest import NOW
from tests.deployment import Deployment
from tests.integration import killed
from tests.story import data_of, receipt_in
from tests.waiting import eventually

RESIDENTS = 8
_MOST_CALLS = 40  # between two kills
_WITH_PHOTO = 4  # one complaint of so many


def fork_server_context() -> multiprocessing.context.ForkServerContext:
    """Return a server from which processes of the product are started: it has imported the product already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.integration.killed"])
    return context


@dataclass
class Lives:
    """One process after another, each of them killed."""

    deployment: Deployment
    context: multiprocessing.context.ForkServerContext
    kills: int = 0
    crashes: int = 0  # it ended by itself
    process: multiprocessing.context.ForkServerProcess | None = None
    moment: timedelta = field(default_factory=timedelta)
    between: timedelta = timedelta(minutes=10)  # a later life begins later, so that what waited for a retry is due
    log: Path | None = None

    def begin(self) -> None:
        self.moment += self.between
        self.process = self.context.Process(
            target=killed.live, args=(self.deployment.config, NOW + self.moment, self.log)
        )
        self.process.start()

    async def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        await asyncio.to_thread(self.process.join)
        self.crashes += self.process.exitcode != -9
        self.kills += 1

    async def end(self) -> None:
        if self.process is not None:
            self.process.kill()
            await asyncio.to_thread(self.process.join)


@dataclass(frozen=True)
class Said:
    """What somebody sent in, and the receipt that was shown for it."""

    receipt: Receipt
    text: str
    photos: int


@dataclass(frozen=True)
class Counts:
    """What was shown and what is left of it."""

    kills: int
    crashes: int
    shown: int  # receipts
    stored: int  # complaints
    lost: int  # receipts that open nothing
    doubled: int  # complaints for which no receipt was shown, or one that was shown for another; cases beside the first
    changed: int  # complaints that do not say what was said, or lack a photo
    claims_shown: int
    claims_lost: int  # cases that a member was told to have, and that have no owner
    cards_missing: int
    said_twice: int  # receipts and cards that stand in a chat twice: the one doubling that is admitted
    dead: int
    set_aside: int
    unanswered: int  # people who waited in vain

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, nothing doubled but what is admitted, and nothing crashed."""
        wrong = self.crashes + self.lost + self.doubled + self.changed + self.claims_lost + self.cards_missing
        return wrong + self.dead + self.set_aside + self.unanswered == 0 and self.shown == self.stored

    def __str__(self) -> str:
        return ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in vars(self).items())


class KillRun:
    """Residents who send one complaint after another, and a member who claims their cases."""

    def __init__(self, lives: Lives, keyring: Keyring, dice: random.Random) -> None:
        self._lives, self._keyring, self._dice = lives, keyring, dice
        self._deployment = lives.deployment
        self._simulator = lives.deployment.simulator
        self._said: list[Said] = []
        self._claims: set[str] = set()
        self._people: list[int] = []
        self.waited_in_vain: list[str] = []  # who for what, and what they saw last
        self._enough = asyncio.Event()
        self._group = 0

    async def play(self, is_over: Callable[[], bool]) -> Counts:
        """Kill and begin anew until it is over, let everybody come to an end, and count."""
        # Residents who never tire send as much as they like: a day's limit would still them.
        await self._deployment.set_in_county("abuse", complaints_a_day=1_000_000)
        self._lives.begin()
        await self._deployment.enrol("P08", "P09", "P10")
        self._group = await self._deployment.board("第二巡察组", "P08", "P09", "P10")
        link = await self._deployment.link("V06")
        people = [asyncio.create_task(self._resident(number, link)) for number in range(RESIDENTS)]
        people.append(asyncio.create_task(self._member()))
        while not is_over():
            await self._calls(self._dice.randint(1, _MOST_CALLS), people)
            await self._lives.kill()
            self._lives.begin()
        self._enough.set()
        await asyncio.gather(*people)
        await self._nothing_queued()
        await self._lives.kill()
        return await self._counted()

    async def _resident(self, number: int, link: str) -> None:
        person = self._simulator.add_person(f"resident {number}")
        self._people.append(person)
        count = 0
        while not self._enough.is_set():
            text = f"鱼塘的租金没有公示 {number}-{count}"
            photos = int(self._dice.randrange(_WITH_PHOTO) == 0)
            try:
                self._said.append(await self._submit(person, link, text, photos))
            except TimeoutError as error:
                self.waited_in_vain.append(f"resident {number}, complaint {count}: {error}")
            count += 1

    async def _submit(self, person: int, link: str, text: str, photos: int) -> Said:
        """Play one complaint from the scan to the receipt.

        A message that was sent twice, the one doubling there is, may show an earlier card or receipt again.
        """
        simulator, known = self._simulator, {said.receipt for said in self._said}
        start = simulator.scan(person, link)
        await self._newer(person, start, lambda seen: True)
        simulator.send_text(person, text)
        for _ in range(photos):
            simulator.send_photo(person, "1-bridge")

        def is_card(seen: SeenMessage) -> bool:
            return text in seen.text and f"录音等 {photos} 份" in seen.text and bool(data_of(seen, "1.r.send."))

        def new_receipt(seen: SeenMessage) -> Receipt | None:
            found = receipt_in(seen)
            return found[0] if found and found[0] not in known else None

        card = await self._newer(person, start, is_card)
        simulator.press(person, data_of(card, "1.r.send.") or "", message_id=card.message_id)
        shown = await self._newer(person, start, lambda seen: new_receipt(seen) is not None)
        receipt = new_receipt(shown)
        assert receipt is not None
        return Said(receipt, text, photos)

    async def _member(self) -> None:
        """Claim whatever hangs on the board, as long as there is anything to come."""
        member = self._deployment.staff["P09"]
        while not self._enough.is_set():
            card = await self._simulator.wait_until(lambda: self._to_claim() or self._enough.is_set() or None)
            if not isinstance(card, SeenMessage):
                return
            await self._claim(member, card)

    async def _claim(self, member: int, card: SeenMessage) -> None:
        number = _case_of(card)
        self._simulator.press(member, f"1.case.claim.{number}", message_id=card.message_id, chat_id=self._group)
        try:
            await self._simulator.wait_until(lambda: self._is_claimed(number) or None)
        except TimeoutError as error:
            self.waited_in_vain.append(f"member, case {number}: {error}")
        self._claims.add(number)

    def _to_claim(self) -> SeenMessage | None:
        cards = (one for one in self._simulator.messages(self._group) if data_of(one, "1.case.claim."))
        return next((one for one in cards if _case_of(one) not in self._claims), None)

    def _is_claimed(self, number: str) -> bool:
        hanging = (one for one in self._simulator.messages(self._group) if _case_of(one) == number)
        return any(data_of(one, "1.case.claim.") is None for one in hanging)

    async def _calls(self, number: int, people: Collection[asyncio.Task[None]]) -> None:
        """Wait until the bot has called so many times more. Somebody who waits in vain says first what they see."""
        goal = len(self._simulator.calls()) + number
        enough = asyncio.create_task(self._simulator.wait_until(lambda: len(self._simulator.calls()) >= goal or None))
        done, _ = await asyncio.wait({enough, *people}, return_when=asyncio.FIRST_COMPLETED)
        enough.cancel()
        for task in done:
            task.result()

    async def _newer(self, person: int, after: int, fits: Callable[[SeenMessage], bool]) -> SeenMessage:
        def look(messages: list[SeenMessage]) -> SeenMessage | None:
            found = [one for one in messages if one.from_bot and one.message_id > after and fits(one)]
            return found[-1] if found else None

        return await self._simulator.wait_for(person, look)

    async def _nothing_queued(self) -> None:
        until = NOW + self._lives.moment + timedelta(hours=12)
        query = select(func.count()).where(OutboxRow.state == OutboxState.QUEUED, OutboxRow.not_before <= until)

        async def nothing() -> bool:
            async with self._deployment.database.reading() as session:
                return not await session.scalar(query)

        await eventually(nothing)

    async def _counted(self) -> Counts:
        stored = await stored_in(self._deployment.database)
        async with self._deployment.database.reading() as session:
            digests = dict((await session.execute(select(Complaint.receipt_digest, Complaint.id))).all())
            owners = dict((await session.execute(select(Case.id, Case.owner_id))).all())
            claimed = Counter(await session.scalars(select(CaseEvent.case_id).where(CaseEvent.event == "claim")))
            messages = list(await session.scalars(select(ComplaintMessage).order_by(ComplaintMessage.position)))
        shown = {digest(said.receipt, self._keyring.receipt_secret): said for said in self._said}
        contents: dict[str, list[str]] = {}
        for one in messages:
            key = self._keyring.complaint_key("R6", one.complaint_id)
            word = key.open_json(one.id, one.sealed)["text"] if one.kind == MessageKind.TEXT else one.kind.value
            contents.setdefault(one.complaint_id, []).append(word)
        cards = Counter(_case_of(one) for one in self._simulator.messages(self._group) if _case_of(one))
        receipts = Counter(
            found[1] for chat in self._people for one in self._simulator.messages(chat) if (found := receipt_in(one))
        )
        return Counts(
            kills=self._lives.kills,
            crashes=self._lives.crashes,
            shown=len(self._said),
            stored=len(digests),
            lost=len(shown.keys() - digests.keys()),
            doubled=stored.doubled
            + len(digests.keys() - shown.keys())
            + len(self._said)
            - len(shown)
            + sum(number - 1 for number in claimed.values()),
            changed=sum(
                contents.get(digests[code], []) != [said.text, *["photo"] * said.photos]
                for code, said in shown.items()
                if code in digests
            ),
            claims_shown=len(self._claims),
            claims_lost=sum(owners.get(number) is None for number in self._claims),
            cards_missing=len(owners.keys() - cards.keys()),
            said_twice=sum(number - 1 for number in (*receipts.values(), *cards.values())),
            dead=stored.dead,
            set_aside=stored.set_aside,
            unanswered=len(self.waited_in_vain),
        )


def _case_of(card: SeenMessage) -> str:
    data = data_of(card, "1.case.")
    return data.split(".")[3] if data else ""
