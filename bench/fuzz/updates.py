"""Broken updates through the running product, while residents who mean well report beside them.

A stranger does what a phone can do; what came of it is sent again, broken in many ways. Meanwhile a resident reports,
and must get the receipt of a complaint that is stored once.
"""

import asyncio
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import aiohttp
from sqlalchemy import func, select

from bench.fuzz.broken_updates import Json, broken, broken_body
from bench.simulated import UncaughtErrors
from bench.stored import stored_in
from models.complaints import Case
from privacy.receipt import Receipt, digest
from simulator.errors import ControlError
from tests.deployment import Deployment
from tests.story import PhoneUser, receipt_in
from tests.unit.media.corpus import WHOLE
from tests.unit.media.mutations import mutated

VILLAGE: Final = "V06"  # of the residents who mean well: nobody else comes in by its code
STRANGERS_VILLAGE: Final = "V07"
_FIRST_RESIDENT: Final = 9_000_000_000  # their accounts, which no broken update hits
_DEEDS: Final = ("scan", "say", "press", "press", "send", "edit", "receipt", "other", "file")
_STEPS: Final = 8  # of a stranger, before what they sent is broken
BROKEN: Final = 24  # updates, of each stranger in a round
_RECENT: Final = 400  # updates
_WAIT_SECONDS: Final = 120.0  # in which something must go on
_RESIDENT_SECONDS: Final = 600.0  # from the scan to the receipt
_TRIES: Final = 40  # by the webhook, before an update counts as blocked
_MINUTES_A_ROUND: Final = 7.0
_QUICK_FILES: Final = [kind for kind in WHOLE if kind.startswith(("photo png", "photo jpeg", "pdf", "docx", "xlsx"))]
_TEXTS: Final = (
    *(
        "村里的路修了一半就停工了",
        "鱼塘的租金没有公示",
        "桥裂了，快塌了",
        "我要举报",
        "卡号10222",
        "。",
        "/start",
        "/help",
    ),
    *("没有人管的低保，电话 13912345678", "👍", "不知道", "是", "a" * 4000, "/start", "查进度", "1", "\u202e路坏了"),
)


@dataclass
class UpdateCounts:
    """What came of broken updates."""

    broken: int = 0
    residents: int = 0  # who meant well
    shown: int = 0  # receipts, to anybody
    stored: int = 0  # complaints
    lost: int = 0  # receipts that open no complaint
    doubled: int = 0  # complaints without a receipt of their own, or in two cases
    unanswered: int = 0  # residents who meant well and got no receipt
    blocked: int = 0  # times that what came in was not taken
    crashed: int = 0  # a part of the product ended, or an error that nobody took
    set_aside: int = 0
    dead: int = 0  # messages
    receipts: set[Receipt] = field(default_factory=set, repr=False)
    own_receipts: Counter[Receipt] = field(default_factory=Counter, repr=False)

    @property
    def is_well(self) -> bool:
        """Whether nothing was lost, doubled or left standing."""
        return not self.lost + self.doubled + self.unanswered + self.blocked + self.crashed

    def __str__(self) -> str:
        return (
            f"{self.broken} broken updates, {self.residents} residents beside them, {self.shown} receipts shown, "
            f"{self.stored} complaints stored, {self.lost} lost, {self.doubled} doubled, {self.unanswered} unanswered, "
            f"{self.blocked} blocked, {self.crashed} crashed; {self.set_aside} updates set aside, "
            f"{self.dead} messages dead"
        )


class UpdateFuzz:
    """Rounds of broken updates against one running product; in each there are so many strangers."""

    def __init__(
        self, deployment: Deployment, counts: UpdateCounts, report: Callable[[str], object], strangers: int = 1
    ) -> None:
        self._deployment = deployment
        self._simulator = deployment.simulator
        self._counts = counts
        self._report = report
        self._strangers = strangers
        self._errors = UncaughtErrors()

    async def run(self, seed: str, first: int, goes_on: Callable[[int], bool]) -> int:
        """Do rounds from this number on while, after so many of them, it goes on; return the number of the next."""
        deployment, product = self._deployment, self._deployment.product
        assert product is not None
        ended = asyncio.create_task(product.failed())
        links = [await deployment.link(village) for village in (VILLAGE, STRANGERS_VILLAGE)]
        number = first
        async with aiohttp.ClientSession() as session:
            while goes_on(number - first) and not ended.done():
                await self._round(f"{seed}/{number}", links[0], links[1], session)
                number += 1
        if ended.done():
            self._crash(f"{type(ended.exception()).__name__} ended the product", f"{seed}/{number - 1}")
        ended.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await ended
        return number

    async def _round(self, seed: str, link: str, strangers_link: str, session: aiohttp.ClientSession) -> None:
        before = len(self._simulator.updates)
        strangers = range(self._strangers)
        sent = await asyncio.gather(*[self._stranger(f"{seed}/{one}", strangers_link) for one in strangers])
        await self._settle(seed)
        resident = asyncio.create_task(self._resident(link, seed))
        await asyncio.gather(*[self._break(person, f"{seed}/{one}", session) for one, person in enumerate(sent)])
        await self._settle(seed)
        await resident
        # What was sent comes once more.
        draw = random.Random(seed)
        whole = [update.update_id for update in self._simulator.updates[before:] if update.kind != "raw"]
        for update_id in draw.sample(whole, min(2 + 2 * self._strangers, len(whole))):
            self._simulator.redeliver(update_id)
        await self._settle(seed)
        for person in (*sent, *self._deployment.staff.values()):
            for message in self._simulator.messages(person, deleted=True):
                if found := receipt_in(message):
                    self._counts.receipts.add(found[0])
        self._simulator.advance(60 * _MINUTES_A_ROUND)
        await self._settle(seed)
        for error in self._errors.take():
            self._crash(error, seed)

    async def _stranger(self, seed: str, link: str) -> int:
        """Do what a phone can do as somebody new, and now and then as one of the staff; return their account."""
        draw = random.Random(seed)
        stranger = self._simulator.add_person(draw.choice(("王", "x" * 64, "\u202e")), username="stranger")
        people = [stranger, *self._deployment.staff.values()]
        deeds = [draw.choice(_DEEDS) for _ in range(_STEPS)]
        if draw.random() < 0.6:
            deeds[:0] = ["scan", "say", "send"]
        for deed in deeds:
            await self._do(deed, draw, people, link, seed)
        return stranger

    async def _break(self, stranger: int, seed: str, session: aiohttp.ClientSession) -> None:
        """Send again, broken, what somebody sent."""
        draw = random.Random(f"{seed}/broken")
        theirs = {str(stranger), *map(str, self._deployment.staff.values())}
        sent = [update.as_json() for update in self._simulator.updates[-_RECENT:] if update.kind != "raw"]
        sent = [update for update in sent if theirs & set(re.findall(r"\d+", json.dumps(update)))]
        updates = []
        for _ in range(BROKEN if sent else 0):
            self._counts.broken += 1
            update = broken(draw.choice(sent), sent, draw)
            if draw.random() < 0.15:  # a number that was there before, with something else
                update["update_id"] = draw.choice(sent)["update_id"]
            elif draw.random() < 0.95:
                update.pop("update_id")
            updates.append(update)
        await self._deliver(updates, draw, session, seed)

    async def _do(self, deed: str, draw: random.Random, people: Sequence[int], link: str, seed: str) -> None:
        """Do something that a phone can do, whatever it leads to."""
        person = draw.choice((people[0], people[0], people[0], draw.choice(people)))
        simulator = self._simulator
        with suppress(ControlError):  # the phone does not offer it now
            match deed:
                case "scan":
                    simulator.scan(person, link)
                case "say":
                    simulator.send_text(person, draw.choice(_TEXTS))
                case "press":
                    await self._settle(seed)
                    self._press(draw, person, "")
                case "send":
                    await self._settle(seed)
                    self._press(draw, person, "1.r.send")
                case "edit":
                    own = [one for one in simulator.messages(person) if one.sender_id == person and one.kind == "text"]
                    if own:
                        simulator.edit_text(person, draw.choice(own).message_id, draw.choice(_TEXTS))
                case "receipt":
                    codes = sorted(self._counts.receipts, key=repr)
                    simulator.send_text(person, str(draw.choice(codes)) if codes else "没有码")
                case "other":
                    self._send_other(draw, person)
                case "file":
                    data = WHOLE[kind := draw.choice(_QUICK_FILES)]
                    data = mutated(data, f"{seed}/{kind}") if draw.random() < 0.5 else data
                    simulator.send_document(person, data, "x.bin", caption=draw.choice(("", "照片")))

    def _press(self, draw: random.Random, person: int, prefix: str) -> None:
        shown = [
            (message.message_id, button.data)
            for message in self._simulator.messages(person)
            for row in message.buttons
            for button in row
            # Of what is withdrawn or cleared away nobody can say afterwards that it was lost.
            if button.data.startswith(prefix) and "withdraw" not in button.data
        ]
        if shown:
            message_id, data = draw.choice(shown)
            self._simulator.press(person, data, message_id=message_id)

    def _send_other(self, draw: random.Random, person: int) -> None:
        match draw.randrange(5):
            case 0:
                self._simulator.send_sticker(person)
            case 1:
                self._simulator.send_poll(person, "?", ["1", "2"])
            case 2:
                self._simulator.send_location(person, 28.2, 112.9)
            case 3:
                self._simulator.send_contact(person, "+8613912345678", "王")
            case 4:
                self._simulator.block(person)
                self._simulator.unblock(person)

    async def _deliver(
        self, updates: Sequence[Json], draw: random.Random, session: aiohttp.ClientSession, seed: str
    ) -> None:
        """Deliver broken updates: through Telegram, and past it where it would not let them through."""
        webhook = self._deployment.config.telegram
        for update in updates:
            if webhook.webhook_url is None or draw.random() < 0.3:
                self._simulator.inject(json.dumps(update))
                continue
            update.setdefault("update_id", draw.randrange(2**40, 2**50))
            await self._post(session, broken_body(update, draw), seed)

    async def _post(self, session: aiohttp.ClientSession, body: bytes, seed: str) -> None:
        """Post a body until it is taken or refused for good, as Telegram does."""
        settings = self._deployment.config.telegram
        assert settings.webhook_url is not None
        headers = {"X-Telegram-Bot-Api-Secret-Token": settings.webhook_secret.get_secret_value()}  # type: ignore[union-attr]
        for _ in range(_TRIES):
            async with session.post(settings.webhook_url, data=body, headers=headers) as answer:
                if answer.status < 500:
                    return
            await asyncio.sleep(0.01)
        self._counts.blocked += 1
        self._report(f"blocked: {seed!r}, {body[:300]!r}")

    async def _resident(self, link: str, seed: str) -> None:
        """Report as somebody who means well, from the scan to the receipt."""
        number = self._counts.residents
        self._counts.residents += 1
        person = self._simulator.add_person("居民", person_id=_FIRST_RESIDENT + number)
        phone = PhoneUser(self._simulator, person)
        try:
            async with asyncio.timeout(_RESIDENT_SECONDS):
                self._simulator.scan(person, link)
                await phone.sees(lambda one: bool(one.buttons))
                phone.say(f"鱼塘的租金没有公示 {number}")
                await phone.press("1.r.send")
                receipt = receipt_in(await phone.sees(lambda one: receipt_in(one) is not None))
        except (TimeoutError, ControlError):
            self._counts.unanswered += 1
            self._report(f"unanswered: {seed!r}")
            return
        assert receipt is not None
        self._counts.receipts.add(receipt[0])
        self._counts.own_receipts[receipt[0]] += 1

    async def _settle(self, seed: str) -> None:
        """Wait until all is taken and done. What is not taken is dropped, or nothing would come behind it."""
        settling = asyncio.create_task(self._deployment.settled())
        while True:
            waiting = len(self._simulator.pending)
            done, _ = await asyncio.wait({settling}, timeout=_WAIT_SECONDS)
            if done and settling.exception() is None:
                return
            if len(self._simulator.pending) >= waiting:  # on a busy machine it may only be slow
                break
            if done:
                settling = asyncio.create_task(self._deployment.settled())
        settling.cancel()
        with suppress(asyncio.CancelledError, TimeoutError):
            await settling
        first = [update.body[:300] for update in self._simulator.pending[:3]]
        self._counts.blocked += 1
        self._report(f"blocked: {seed!r}, {first}")
        self._simulator.drop_pending()

    def _crash(self, what: str, seed: str) -> None:
        self._counts.crashed += 1
        self._report(f"crashed: {what}, {seed!r}")


async def count(deployment: Deployment, counts: UpdateCounts) -> None:
    """Compare what was shown with what is stored."""
    secret = deployment.keyring.receipt_secret
    stored = await stored_in(deployment.database)
    async with deployment.database.reading() as session:
        of_residents = await session.scalar(select(func.count()).select_from(Case).where(Case.village_id == VILLAGE))
    shown = {digest(receipt, secret) for receipt in counts.receipts}
    counts.shown, counts.stored = len(shown), stored.complaints.total()
    counts.lost = len(shown - stored.complaints.keys())
    counts.doubled = stored.doubled + abs((of_residents or 0) - len(counts.own_receipts))
    counts.set_aside, counts.dead = stored.set_aside, stored.dead
