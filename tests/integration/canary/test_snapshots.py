"""Whoever has two copies of the database, and no key, cannot join what somebody did before to what they did after."""

from datetime import timedelta

from tests.deployment import Deployment
from tests.snapshots import Line, joined, snapshot
from tests.story import PhoneUser, receipt_in

SAID = "村口的路灯坏了三个月,会计不让修"


class Resident:
    """Somebody who writes, and whose rows are copied meanwhile. A neighbour has sent the same before, in the same hour.

    What stands in the neighbour's rows as well joins nobody to anything.
    """

    def __init__(self, deployment: Deployment, known: list[Line]) -> None:
        self._deployment, self._known = deployment, known
        self._phone = PhoneUser(deployment.simulator, deployment.simulator.add_person("小满"))

    @classmethod
    async def after_a_neighbour(cls, deployment: Deployment) -> "Resident":
        neighbour = cls(deployment, [])
        known = [*await neighbour.writes(), *await neighbour.sends()]
        deployment.simulator.advance(431)
        return cls(deployment, known)

    async def writes(self) -> list[Line]:
        phone, simulator = self._phone, self._deployment.simulator
        simulator.scan(phone.person, await self._deployment.link("V06"))
        await self._deployment.settled()
        phone.say(SAID)
        simulator.send_photo(phone.person, "2-streetlamp")
        return await self._copied()

    async def sends(self) -> list[Line]:
        await self._phone.press("1.r.send")
        copied = await self._copied()
        assert receipt_in(self._deployment.simulator.messages(self._phone.chat)[-1]) is not None
        return copied

    def joins(self, first: list[Line], table: str, second: list[Line]) -> set[str]:
        return joined(first, table, second, self._known)

    async def _copied(self) -> list[Line]:
        await self._deployment.settled()
        return await snapshot(self._deployment.database)


async def test_a_draft_cannot_be_joined_to_its_complaint(deployment: Deployment) -> None:
    resident = await Resident.after_a_neighbour(deployment)
    before = await resident.writes()
    deployment.simulator.advance(61)
    after = await resident.sends()
    assert resident.joins(before, "conversations", after) == set()


async def test_a_draft_cannot_be_joined_to_the_next_one_nor_a_complaint_to_the_next(deployment: Deployment) -> None:
    resident = await Resident.after_a_neighbour(deployment)
    first_draft = await resident.writes()
    first = await resident.sends()
    deployment.simulator.advance(61)
    second_draft = await resident.writes()
    assert "conversations" not in resident.joins(first_draft, "conversations", second_draft)
    second = await resident.sends()
    assert "conversations" not in resident.joins(first, "conversations", second)
    new = [line for line in second if line.table == "complaints" and line not in first]
    assert len(new) == 1
    assert "complaints" not in resident.joins(first, "complaints", new)


async def test_a_conversation_cannot_be_joined_from_one_day_to_the_next(deployment: Deployment) -> None:
    resident = await Resident.after_a_neighbour(deployment)
    one_day = await resident.writes()
    deployment.simulator.advance(timedelta(hours=20).total_seconds())
    the_next = await resident.writes()
    assert "conversations" not in resident.joins(one_day, "conversations", the_next)


def test_rows_that_share_a_value_are_joined_over_others() -> None:
    one = [Line("draft", frozenset({"a", "b"}))]
    other = [Line("step", frozenset({"b", "c"})), Line("complaint", frozenset({"c"})), Line("other", frozenset({"d"}))]
    assert joined(one, "draft", other, []) == {"step", "complaint"}
    assert joined(one, "draft", other, [Line("neighbour", frozenset({"c"}))]) == {"step"}
