"""A month of a round: residents report, members work through it, the teams leave, the office finishes the rest.

Nobody looks into the database: what people do is what stands in their chats. All chance follows from the seed.
"""

import heapq
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bench.month.channel import InProcessChannel, presses_of
from bench.month.meter import Meter
from bench.month.people import Person
from bot.product import Product
from models.address import Address
from models.working_days import WorkingCalendar
from privacy.receipt import Receipt, Script, read_receipt
from texts.catalogue import SOURCE, Words
from texts.message import Message

WORKING_HOURS = range(9, 18)
CLAIMS_AN_HOUR = 6  # of each member, at most
STEPS_AN_HOUR = 60  # of each team
ORDINARY = (
    "村里的低保评了三年，家里真困难的评不上，村干部的亲戚倒在吃。",
    "去年征地的青苗费到现在没有发下来，问了几次都说再等等。",
    "组上的垃圾两个月没有人来清运，夏天臭得不敢开窗。",
    "鱼塘包给了谁、包了多少钱，账目从来没有贴出来过。",
    "通组的路说是硬化了，其实就撒了一层石子，一下雨摩托车都上不来。",
    "自来水三天两头停，一停就是大半天，问水厂说是在修。",
    "卫生室的门常年锁着，老人量个血压要走十里路。",
    "小学食堂的菜没有油水，娃儿天天回家喊饿，伙食费一分没少收。",
    "危房改造报了两回名，别家的都动工了，我家的一直没有音信。",
    "合作医疗交了钱，住院回来却说报不了，问哪个都讲不清楚。",
    "退耕还林的补助少发了两年，去林业站问，叫我们找村里。",
    "公益性岗位名单里有人根本没有扫过一天地，钱照样领。",
    "村里收卫生费每户六十，没有开过一张收据，也没看见请人打扫。",
    "机井坏了大半年没有人修，今年的秧又要干死在田里。",
    "办个准生证跑了四趟，每回都说差一样材料，一次说清楚不行吗。",
    "河沟里养猪场天天放粪水，洗衣服的地方都没有了。",
    "宅基地批了三年没有批下来，后来的人倒先盖上了楼。",
    "合作社分红说好一年一千二，头一年给了，后头两年一分没有见到。",
    "电压不够，晚上电饭煲都煮不熟饭，变压器说换说了三年。",
    "村里的广场修了一半停工，砖头沙子堆在路中间没有人管。",
    "老年人的高龄补贴从去年十月起就没有打到卡上。",
)
RARE = {
    "hazard": "桥中间裂了手指头宽的缝，桥墩在掉石头，娃儿天天从那里过，快来看。",
    "about the head": "我们村支书把修路的工程给了他兄弟，账一直不公开。",
    "thanks": "谢谢你们！村口的路灯上个礼拜装好了，晚上出门不摸黑了。",
    "advertisement": "【急用钱】身份证秒批3-20万，无视黑白户，加V:daikuan-test0000，利息低至0.3%",
    "court": "我跟信用社的官司判得不公平，一审二审都输了，请给我改判。",
}
_RARE_SHARE = 0.08
_LOOKED_AT_ON = 2  # of the week, when the numbers are compared
OFFICE, DIRECTOR = ("P04", "P03"), "P03"
_REOPENED = Words(SOURCE).plain("team.state_reopened")
_SPAM = Words(SOURCE).plain("team.flag_spam")
_NEXT_PAGE = Words(SOURCE).plain("team.next_page")
_ANSWER = "到现场看过了，情况属实，已经督促整改。"
_QUESTION = "大概是哪一年的事？"
_ORDER = "请在一个月内整改，并把结果张贴在公告栏。"


@dataclass(frozen=True)
class Plan:
    """What becomes of a case: the first of these buttons that stands on its card is pressed."""

    presses: tuple[str, ...]


_TO_BEGIN = ("respond", "claim", "confirm_refusal", "dismiss")
ANSWERED = Plan((*_TO_BEGIN, "hand_to_team", "take_as_thanks", "accept", "verify", "answer"))
FIXED = Plan((*_TO_BEGIN, "hand_to_team", "take_as_thanks", "accept", "verify", "order_fix", "answer"))
REFUSED = Plan((*_TO_BEGIN, "hand_to_team", "propose_refusal", "not_accept", "verify", "answer"))
ASKED = Plan((*_TO_BEGIN, "hand_to_team", "ask", "accept", "verify", "answer"))
DISMISSED = Plan((*_TO_BEGIN, "propose_dismissal", "hand_to_team", "accept", "verify", "answer"))
# Until somebody looks at the case again, at most; the office takes no longer than the last.
_DAYS_AFTER = {"claim": 8, "respond": 1, "accept": 4, "verify": 12, "order_fix": 6, "ask": 8}
_LEADERS_TURN_AFTER = {"verify", "propose_refusal", "propose_dismissal"}
# After these nobody looks at a case until it is reopened, or claimed at another desk.
_ENDS_WITH = {"hand_to_team", "answer", "not_accept", "confirm_refusal", "dismiss", "take_as_thanks"}
_USUAL_DAYS, _LOOK_AGAIN_DAYS, _OFFICE_DAYS = 2, 6, 3
_MENDED_WITHIN = timedelta(days=35)  # a case that was not solved is found, worked through again and closed
_SHARES = ((0.86, ANSWERED), (0.91, ASKED), (0.96, REFUSED), (1.0, FIXED))


@dataclass
class Reporter:
    """Whoever has reported something, with the code that leads back to it."""

    person: Person
    receipt: Receipt
    tells_here: bool
    comes_back: bool
    objects: bool


@dataclass
class Report:
    """What was seen while it was played, beside what it cost."""

    submitted: int = 0
    lost: list[str] = field(default_factory=list)  # sentences
    done: Counter[str] = field(default_factory=Counter)  # presses on cases, by their names


@dataclass(frozen=True)
class Days:
    """The days of the month that is played, and the hours of each in which anything happens, by the county's clock."""

    first: date
    intake_until: date
    stay_until: date
    last: date  # by which all clocks have run out
    hours: tuple[int, ...] = tuple(range(8, 22))


async def _nothing() -> Sequence[str]:
    return ()


@dataclass
class Month:
    """The product, its people and the time."""

    product: Product
    channel: InProcessChannel
    zone: ZoneInfo
    days: Days
    calendar: WorkingCalendar
    tokens: Sequence[str]  # of printed codes
    staff: dict[str, Person]  # by staff id
    teams: dict[str, tuple[list[str], str]]  # by id: members, and who leads
    boards: dict[str, Address]
    move_to: Callable[[datetime], None]
    random: Random
    look: Callable[[], Awaitable[Sequence[str]]] = _nothing  # returns what is wrong with the numbers now
    say: Callable[[str], object] = lambda _said: None  # how far it is
    meter: Meter = field(default_factory=Meter)
    report: Report = field(default_factory=Report)
    reporters: list[Reporter] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.now = datetime.combine(self.days.first, time(self.days.hours[0]), self.zone)
        self._due: list[tuple[datetime, int, str]] = []  # when somebody does the next step of which case
        self._scheduled: set[str] = set()  # the cases among them
        self._plans: dict[str, Plan] = {}
        self._workers: dict[str, tuple[str, ...]] = {}  # by case: who tries its next step, in this order
        self._returns: list[tuple[datetime, int, int]] = []  # when which reporter comes back
        self._order = 0
        self._last: dict[str, str] = {}  # what was done last with a case
        self._opened: set[str] = set()
        self._spent: set[tuple[str, str]] = set()  # what is not pressed again, by case: it was done, or refused
        self._has_left = False

    async def play(self, complaints: int) -> Report:
        """Play the whole month, with so many complaints."""
        arrivals = self._arrivals(complaints)
        day = self.days.first
        while day <= self.days.last:
            for hour in self._hours_of(day):
                await self._tick(day, hour)
                for _ in range(arrivals.pop((day, hour), 0)):
                    await self._submits()
                await self._reporters_come_back()
                if hour in WORKING_HOURS and self.calendar.is_working_day(day):
                    is_weekly = day.weekday() == _LOOKED_AT_ON and hour == self._first_working_hour
                    await self._staff_work(is_weekly=is_weekly)
            if day.weekday() == _LOOKED_AT_ON:
                self.report.lost += await self.look()
                self._say_how_far(day)
            day += timedelta(days=1)
            if day > self.days.stay_until and not self._has_left:
                await self._teams_leave()
        await self._tick(day, self.days.hours[0])
        return self.report

    def _say_how_far(self, day: date) -> None:
        cost = {name: f"{name} {milliseconds:.0f} ms" for name, _, milliseconds, _ in self.meter.rows()}
        known = ", ".join(cost[name] for name in ("submission", "claim", "answer", "tick") if name in cost)
        steps = sum(self.report.done.values())
        self.say(f"{day}: {self.report.submitted} complaints, {steps} steps; {known}")

    # ---- time

    @property
    def _first_working_hour(self) -> int:
        return next(hour for hour in self.days.hours if hour in WORKING_HOURS)

    def _hours_of(self, day: date) -> Sequence[int]:
        if day <= self.days.stay_until + timedelta(days=3):
            return self.days.hours
        busy = any(at.astimezone(self.zone).date() <= day for at, *_ in (*self._due[:1], *self._returns[:1]))
        return (9, 12, 15) if busy else (9,)

    async def _tick(self, day: date, hour: int) -> None:
        self.now = datetime.combine(day, time(hour), self.zone)
        self.move_to(self.now)
        with self.meter.step("tick"):
            self.product.time_moved()
            await self.product.idle()

    def _arrivals(self, complaints: int) -> Counter[tuple[date, int]]:
        days = (self.days.intake_until - self.days.first).days + 1
        chosen = (
            (self.days.first + timedelta(days=self.random.randrange(days)), self.random.choice(self.days.hours))
            for _ in range(complaints)
        )
        return Counter(chosen)

    def _after(self, most_days: float) -> datetime:
        return self.now + timedelta(hours=self.random.uniform(1, 24 * most_days))

    # ---- residents

    async def _submits(self) -> None:
        number = len(self.reporters)
        person = Person(self.channel, Address(self.channel.name, f"r{number}"), self.product.idle)
        is_rare = self.random.random() < _RARE_SHARE
        text = self.random.choice(list(RARE.values()) if is_rare else ORDINARY)
        tells_here = self.random.random() < 0.6
        with self.meter.step("submission"):
            await person.say(f"/start {self.random.choice(self.tokens)}")
            await person.say(text)
            if tells_here:
                toggle = person.chat.newest(lambda one: any(_is_tell(data) for data in presses_of(one)))
                await person.press(next(data for data in presses_of(toggle[1]) if _is_tell(data)), toggle[0])
            await person.press_newest("1.r.send")
        receipt = _receipt_in(person)
        if receipt is None:
            self.report.lost.append(f"resident {number} was shown no receipt")
            return
        self.report.submitted += 1
        comes_back, objects = self.random.random() < 0.5, self.random.random() < 0.12
        self.reporters.append(Reporter(person, receipt, tells_here, comes_back, objects))
        if comes_back:
            self._order += 1
            heapq.heappush(self._returns, (self._after(30), self._order, number))

    async def _reporters_come_back(self) -> None:
        while self._returns and self._returns[0][0] <= self.now:
            _, _, number = heapq.heappop(self._returns)
            try:
                await self._comes_back(number)
            except LookupError as error:  # the others are played all the same
                self.report.lost.append(f"resident {number} came back: {error}")

    async def _comes_back(self, number: int) -> None:
        reporter = self.reporters[number]
        person = Person(self.channel, Address(self.channel.name, f"r{number}-again"), self.product.idle)
        with self.meter.step("return"):
            await person.say(reporter.receipt.text(Script.SIMPLIFIED))
        _, visit = person.chat.newest(lambda one: any(data.startswith("1.r.leave") for data in presses_of(one)))
        offered = {data.split(".")[2] for data in presses_of(visit)}
        if "reply" in offered:
            with self.meter.step("answer to a question"):
                await person.press_newest("1.r.reply")
                await person.say("前年秋天的事，收据还在家里。")
                await person.press_newest("1.r.put_in")
        is_early = self.now.date() <= self.days.last - _MENDED_WITHIN
        judged = "unsolved" if reporter.objects and is_early and "unsolved" in offered else "solved"
        if judged in offered:
            with self.meter.step("judgement"):
                await person.press_newest(f"1.r.{judged}")
            return
        if self.now.date() < self.days.last - timedelta(days=20):  # not answered yet: another time
            self._order += 1
            heapq.heappush(self._returns, (self._after(12), self._order, number))

    # ---- the staff

    async def _staff_work(self, *, is_weekly: bool) -> None:
        for people in self._shifts():
            for staff_id, board in people:
                await self._claims(staff_id, board)
                if is_weekly:
                    await self._looks_through_their_own(staff_id)
        steps = 0
        while self._due and self._due[0][0] <= self.now and steps < STEPS_AN_HOUR * len(self.teams):
            _, _, case_id = heapq.heappop(self._due)
            self._scheduled.discard(case_id)
            await self._goes_on(case_id)
            steps += 1

    def _shifts(self) -> Iterator[list[tuple[str, Address | None]]]:
        for team_id, (members, leader) in self.teams.items() if not self._has_left else ():
            yield [*((one, self.boards[team_id]) for one in members), (leader, None)]
        yield [(one, None) for one in OFFICE]

    async def _claims(self, staff_id: str, board: Address | None) -> None:
        """Claim what is free on a board, or in one's own chat where there is none."""
        person = self.staff[staff_id]
        where = board or person.address
        for number, case_id in list(self.channel.chat(where).claimable.items())[:CLAIMS_AN_HOUR]:
            if case_id in self._scheduled:
                continue
            with self.meter.step("claim"):
                await person.press(f"1.case.claim.{case_id}", number, on=where)
            self._begins(case_id, staff_id)

    async def _looks_through_their_own(self, staff_id: str) -> None:
        """Take up again what was reopened."""
        for case_id in await self._whole_list(self.staff[staff_id], f"/mine {_REOPENED}"):
            if case_id not in self._scheduled:
                self._begins(case_id, staff_id)

    def _begins(self, case_id: str, staff_id: str) -> None:
        leader = next((leader for members, leader in self.teams.values() if staff_id in (*members, leader)), DIRECTOR)
        self._workers[case_id] = tuple(dict.fromkeys((staff_id, leader)))
        self._plans.setdefault(case_id, self._plan())
        self._next(case_id, _DAYS_AFTER["claim"])

    def _plan(self) -> Plan:
        chance = self.random.random()
        return next(plan for share, plan in _SHARES if chance <= share)

    def _next(self, case_id: str, most_days: float) -> None:
        self._order += 1
        self._scheduled.add(case_id)
        days = min(most_days, _OFFICE_DAYS) if self._has_left else most_days
        heapq.heappush(self._due, (self._after(days), self._order, case_id))

    async def _goes_on(self, case_id: str) -> None:
        """Take the next step of a case: by its owner, or by who leads there where it is theirs."""
        is_open = False
        owner_first = self._workers[case_id]
        for staff_id in owner_first if self._last.get(case_id) not in _LEADERS_TURN_AFTER else reversed(owner_first):
            person = self.staff[staff_id]
            if case_id not in self._opened:
                self._opened.add(case_id)
                with self.meter.step("open"):
                    await person.press(f"1.case.open.{case_id}", max(person.chat.messages, default=1))
            with self.meter.step("card"):
                number, said, offered = await person.card(case_id)
            is_open = is_open or "note" in offered
            plan = DISMISSED if _SPAM in said else self._plans[case_id]
            chosen = next((one for one in plan.presses if one in offered and (case_id, one) not in self._spent), None)
            if chosen is not None:
                await self._does(person, case_id, number, chosen)
                self._last[case_id] = chosen
                if chosen not in _ENDS_WITH:
                    self._next(case_id, _DAYS_AFTER.get(chosen, _USUAL_DAYS))
                return
        if is_open:  # nothing to do but to wait
            self._next(case_id, _LOOK_AGAIN_DAYS)

    async def _does(self, person: Person, case_id: str, number: int, name: str) -> None:
        self.report.done[name] += 1
        self._spent.update({(case_id, name)} if name == "ask" else ())
        with self.meter.step(name):
            match name:
                case "order_fix":
                    refused = await person.press(f"1.item.order_fix.{case_id}", number)
                    if refused:  # it is about no unit: who reported it scanned the code of the whole round
                        self._spent.add((case_id, name))
                        return
                    await person.say(_ORDER)
                    await person.press_newest("1.form.choose.order_fix-due")
                    await person.press_newest("1.form.send")
                case "answer":
                    await person.press(f"1.case.answer.{case_id}", number)
                    await person.say(_ANSWER)
                    await person.press_newest("1.form.send")
                case "ask":
                    await person.press(f"1.case.ask.{case_id}", number)
                    await person.say(_QUESTION)
                    await person.press_newest("1.form.send")
                case "propose_refusal" | "not_accept":
                    await person.press(f"1.case.{name}.{case_id}", number)
                    await person.press_newest("1.form.choose")
                    await person.press_newest("1.form.choose")
                    await person.press_newest("1.form.send")
                case "propose_dismissal":
                    await person.press(f"1.case.propose_dismissal.{case_id}", number)
                    await person.press_newest("1.form.choose")
                    await person.press_newest("1.form.send")
                case "take_as_thanks":
                    await person.press(f"1.case.take_as_thanks.{case_id}", number)
                    await person.press_newest("1.form.choose")
                case "hand_to_team":
                    await person.press(f"1.case.teams.{case_id}", number)
                    await person.press_newest("1.case.hand_to_team")
                case _:
                    await person.press(f"1.case.{name}.{case_id}", number)

    # ---- the end of the stay

    async def _teams_leave(self) -> None:
        """The director says so; from then on the office finds in its queue what is still open."""
        self._has_left = True
        await self._tick(self.days.stay_until + timedelta(days=1), self.days.hours[0])
        director = self.staff[DIRECTOR]
        with self.meter.step("leave"):
            await director.press("1.round.leave_yes.R6", max(director.chat.messages, default=1))
        with self.meter.step("hand over"):
            self.product.time_moved()
            await self.product.idle()
        self._due.clear()
        self._scheduled.clear()
        for staff_id in OFFICE:
            for case_id in await self._whole_list(self.staff[staff_id], "/queue"):
                if case_id not in self._scheduled:
                    self._begins(case_id, staff_id)

    async def _whole_list(self, person: Person, command: str) -> list[str]:
        """Turn the pages of a list; return the cases that stand there, each once."""
        found: dict[str, None] = {}
        with self.meter.step("page of a list"):
            await person.say(command)
        while True:
            try:
                number, page = person.chat.newest(_is_list)
            except LookupError:
                return []
            before = len(found)
            found |= {data.split(".")[3]: None for data in presses_of(page) if data.startswith("1.queue.case")}
            buttons = [button for row in page.buttons for button in row]
            onward = [one.data for one in buttons if one.label == _NEXT_PAGE and one.data]
            if not onward or len(found) == before:
                return list(found)
            with self.meter.step("page of a list"):
                await person.press(onward[0], number)


def _is_list(message: Message) -> bool:
    return any(data.startswith(("1.queue.case", "1.queue.page")) for data in presses_of(message))


def _is_tell(data: str) -> bool:
    return data.startswith("1.r.toggle") and data.endswith(".tell")


def _receipt_in(person: Person) -> Receipt | None:
    for message in reversed(list(person.chat.messages.values())):
        for part in message.text.split("<code>")[1:]:
            found = read_receipt(part.partition("</code>")[0])
            if isinstance(found, Receipt):
                return found
    return None
