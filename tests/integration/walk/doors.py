"""How people come in: by phones in the messenger, or by browsers on the pages. Both do and see the same."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from fnmatch import fnmatchcase

from simulator.chat_reader import SeenMessage
from tests.browsing import Browser
from tests.deployment import Deployment
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import presses, signed_in
from tests.pages import page_of_code
from tests.story import PhoneUser, receipt_in

_BEGUN_ELSEWHERE = {"order_fix": "1.item.order_fix"}


def pressed_for(action: str, case_id: str) -> str:
    """Return what the button of an action on the card of a case presses."""
    return f"{_BEGUN_ELSEWHERE.get(action, f'1.case.{action}')}.{case_id}"


def actions_of(offered: Sequence[str] | set[str], case_id: str) -> set[str]:
    """Return the names of what is offered on a case."""
    own = [data.split(".") for data in offered if data.split(".")[3:4] == [case_id]]
    return {parts[2] for parts in own if parts[1] in {"case", "item"}}


class Door(ABC):
    """One way in, for residents and staff."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment

    @abstractmethod
    async def report(self, place: str | None, said: str) -> str:
        """Scan, say it, send it; return the receipt code."""

    @abstractmethod
    async def asks(self, place: str | None, said: str) -> str:
        """Scan and say something; return what answers it."""

    @abstractmethod
    async def offered(self, staff_id: str, case_id: str) -> set[str]:
        """Return what somebody can do with a case whose number they give."""

    @abstractmethod
    async def does(self, staff_id: str, case_id: str, action: str, answers: Sequence[str]) -> None:
        """Press a button of a case; answer what is asked in words, or by a button whose press fits a pattern."""

    @abstractmethod
    async def has_read(self, staff_id: str, words: str) -> bool:
        """Whether somebody was ever shown some words."""

    @abstractmethod
    async def comes_back(self, code: str, press: str = "") -> str:
        """Return what is shown for a receipt code to somebody who was never here; they press what begins so."""


class ByPhone(Door):
    """Everybody has a phone, on the simulator."""

    async def begin(self, staff: Sequence[str]) -> None:
        """Give the staff their accounts."""
        await self.deployment.enrol(*staff)

    async def report(self, place: str | None, said: str) -> str:
        resident = await self._says(place, said)
        if self._presses(resident, 0) & {"traces_stay"}:
            await resident.press("1.r.traces_stay")
        await resident.press("1.r.send")
        found = receipt_in(await resident.sees(lambda one: receipt_in(one) is not None))
        assert found is not None
        return found[1]

    async def asks(self, place: str | None, said: str) -> str:
        resident = await self._says(place, said)
        return self._seen(resident, 0)[-1].text

    async def _says(self, place: str | None, said: str) -> PhoneUser:
        resident = self._stranger("reporter")
        self.deployment.simulator.scan(resident.person, await self.deployment.link(place))
        await resident.sees(lambda one: bool(one.buttons))
        resident.say(said)
        await self.deployment.settled()
        return resident

    async def offered(self, staff_id: str, case_id: str) -> set[str]:
        return actions_of(await self._by_number(self._phone(staff_id), case_id), case_id)

    async def does(self, staff_id: str, case_id: str, action: str, answers: Sequence[str]) -> None:
        phone = self._phone(staff_id)
        await self._by_number(phone, case_id)
        before = phone.last_id
        await phone.press(pressed_for(action, case_id))
        await self.deployment.settled()
        for answer in answers:
            pattern = f"{answer}*"
            if answer.startswith("1."):
                await phone.press(self._data(phone, pattern))
            else:
                phone.say(answer)
            await self.deployment.settled()
        if any(data.startswith("1.form.send") for data in self._data_after(phone, before)):
            await phone.press("1.form.send", after=before)
            await self.deployment.settled()

    async def has_read(self, staff_id: str, words: str) -> bool:
        heard = self.deployment.simulator.messages(self.deployment.staff[staff_id], deleted=True)
        return any(words in one.text for one in heard)

    async def comes_back(self, code: str, press: str = "") -> str:
        other = self._stranger("somebody with a code")
        self.deployment.simulator.open_bot(other.person)
        await other.sees(lambda one: True)
        other.say(code)
        await other.sees(lambda one: "1.r.leave" in str(one.buttons))
        if press:
            await other.press(press)
        await self.deployment.settled()
        return "\n".join(one.text for one in self.deployment.simulator.messages(other.person) if one.from_bot)

    def _stranger(self, name: str) -> PhoneUser:
        return PhoneUser(self.deployment.simulator, self.deployment.simulator.add_person(name))

    def _phone(self, staff_id: str) -> PhoneUser:
        return PhoneUser(self.deployment.simulator, self.deployment.staff[staff_id])

    async def _by_number(self, phone: PhoneUser, case_id: str) -> set[str]:
        """Write the number of a case and unfold its card; return what the buttons of the answer press."""
        await self.deployment.settled()
        before = phone.last_id
        phone.say(case_id)
        await self.deployment.settled()
        unfolds = f"1.case.more.{case_id}"
        if unfolds in self._data_after(phone, before):
            await phone.press(unfolds, after=before)
            await self.deployment.settled()
        return set(self._data_after(phone, before))

    def _seen(self, phone: PhoneUser, after: int) -> list[SeenMessage]:
        heard = self.deployment.simulator.messages(phone.chat)
        return [one for one in heard if one.from_bot and one.message_id > after]

    def _data_after(self, phone: PhoneUser, after: int) -> list[str]:
        return [one.data for message in self._seen(phone, after) for row in message.buttons for one in row]

    def _presses(self, phone: PhoneUser, after: int) -> set[str]:
        return {data.split(".")[2] for data in self._data_after(phone, after) if data.count(".") >= 2}

    def _data(self, phone: PhoneUser, pattern: str) -> str:
        return next(data for data in reversed(self._data_after(phone, 0)) if fnmatchcase(data, pattern))


class ByPage(Door):
    """Everybody has a browser."""

    def __init__(self, deployment: Deployment, open_browser: OpenBrowser) -> None:
        super().__init__(deployment)
        self._open_browser = open_browser
        self._staff: dict[str, Browser] = {}
        self._read: dict[str, list[str]] = {}

    async def begin(self, staff: Sequence[str]) -> None:
        """Sign the staff in."""
        for staff_id in staff:
            self._staff[staff_id] = await signed_in(self.deployment, self._open_browser, staff_id)
            self._read[staff_id] = []

    async def asks(self, place: str | None, said: str) -> str:
        return (await self._says(place, said)).page.text

    async def _says(self, place: str | None, said: str) -> Browser:
        browser = await self._open_browser(works=True)
        await browser.open(await page_of_code(self.deployment, place))
        await browser.send("在这里写")
        await browser.send("add", text=said)
        return browser

    async def report(self, place: str | None, said: str) -> str:
        browser = await self._says(place, said)
        page = browser.page
        if page.has_button("1.r.traces_stay"):
            await browser.send("1.r.traces_stay")
        return (await browser.send("1.r.send")).code

    async def offered(self, staff_id: str, case_id: str) -> set[str]:
        page = await self._staff[staff_id].open(f"/desk/case/{case_id}")
        self._read[staff_id].append(page.text)
        return actions_of(presses(page), case_id)

    async def does(self, staff_id: str, case_id: str, action: str, answers: Sequence[str]) -> None:
        browser = self._staff[staff_id]
        await browser.open(f"/desk/case/{case_id}")
        await browser.send(pressed_for(action, case_id))
        self._read[staff_id].append(browser.page.text)
        for answer in answers:
            if answer.startswith("1."):
                await browser.send(next(data for data in presses(browser.page) if fnmatchcase(data, f"{answer}*")))
            else:
                await browser.send("add", text=answer)
        if browser.page.has_button("1.form.send"):
            await browser.send("1.form.send")
        assert browser.page.status == 200

    async def has_read(self, staff_id: str, words: str) -> bool:
        return any(words in text for text in self._read[staff_id])

    async def comes_back(self, code: str, press: str = "") -> str:
        other = await self._open_browser(works=True)
        await other.open("/")
        await other.send(text=code)
        if press:
            await other.send(press)
        return other.page.text
