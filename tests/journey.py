"""One complaint about a cracked bridge, played on the phones from the scan to the result."""

from dataclasses import dataclass

from simulator.chat_reader import SeenMessage
from simulator.server import Simulator
from tests.deployment import Deployment
from tests.story import PhoneUser, receipt_in

SAID = "桥头岭到小学那个石拱桥,中间裂了手指头宽的缝,娃儿天天从那里过"
QUESTION = "裂缝在桥面上还是在桥墩上?"
REPLY = "桥面中间,从南往北一米多长"
ORDER = "桥头岭石拱桥开裂,存在安全隐患。当日封桥,设绕行标志,一个月内修复。"
PROGRESS = "当天已封桥,绕行标志已立。"
DONE = "桥已修好,附照片。"
SYSTEM = "每月巡查一次桥梁,记入台账。"


@dataclass
class Journey:
    """The people of the story, each with their phone."""

    deployment: Deployment
    simulator: Simulator
    resident: PhoneUser
    board: PhoneUser
    member: PhoneUser
    leader: PhoneUser
    head: PhoneUser
    office: PhoneUser
    code: str = ""
    case_id: str = ""

    @classmethod
    async def begin(cls, deployment: Deployment, resident: str = "小满") -> "Journey":
        """Enrol everybody and give the team its board."""
        leader, member, *_ = await deployment.enrol("P05", "P06", "P07", "P14", "P20", "P03", "P25")
        group = await deployment.board("县委第一巡察组", "P05", "P06", "P07")
        phone = deployment.simulator
        return cls(
            deployment,
            phone,
            resident=PhoneUser(phone, phone.add_person(resident)),
            board=PhoneUser(phone, member, group),
            member=PhoneUser(phone, member),
            leader=PhoneUser(phone, leader),
            head=PhoneUser(phone, deployment.staff["P14"]),
            office=PhoneUser(phone, deployment.staff["P03"]),
        )

    async def resident_submits_with_a_photo(self) -> None:
        resident = self.resident
        self.simulator.scan(resident.person, await self.deployment.link("V02"))
        await resident.sees(lambda one: bool(one.buttons))
        resident.say(SAID)
        self.simulator.send_photo(resident.person, "1-bridge")
        await resident.previews("录音等 1 份")
        tell = await resident.can_press("1.r.toggle")
        told = next(one.data for row in tell.buttons for one in row if one.data.endswith(".tell"))
        await resident.press(told)
        await resident.press("1.r.send")
        self.code = await self.receipt()

    async def receipt(self) -> str:
        """Wait for the receipt code and return it as the resident sees it."""
        found = receipt_in(await self.resident.sees(lambda one: receipt_in(one) is not None))
        assert found is not None
        return found[1]

    async def member_claims_and_reads(self) -> None:
        card = await self.board.can_press("1.case.claim")
        self.case_id = next(
            one.data.split(".")[3] for row in card.buttons for one in row if one.data.startswith("1.case.claim")
        )
        await self.board.press("1.case.claim")
        await self.board.press("1.case.open")
        text = await self.member.reads(SAID)
        assert text.protected
        await self.member.sees(lambda one: one.kind == "photo" and one.protected)

    async def member_asks_and_resident_answers(self) -> None:
        await self.member.press(f"1.case.ask.{self.case_id}")
        await self.member.sees(lambda one: "1.form.cancel" in str(one.buttons))
        self.member.say(QUESTION)
        await self.member.press("1.form.send.ask_reporter")
        await self.resident.reads(QUESTION)
        await self.resident.press("1.r.reply")
        said = self.resident.say(REPLY)
        await self.resident.press("1.r.put_in", after=said)
        await self.resident.reads("送到了", after=said)
        await self.member.press(f"1.case.open.{self.case_id}")
        await self.member.reads(REPLY)

    async def member_accepts_and_verifies(self) -> None:
        await self.member.press(f"1.case.accept.{self.case_id}")
        await self.member.press(f"1.case.verify.{self.case_id}")

    async def leader_orders_a_fix(self) -> None:
        self.leader.say("/queue")
        await self.leader.press(f"1.queue.case.{self.case_id}")
        await self.leader.press(f"1.item.order_fix.{self.case_id}")
        await self.leader.sees(lambda one: "1.form.cancel" in str(one.buttons))
        self.leader.say(ORDER)
        await self.leader.press("1.form.choose.order_fix-due")
        await self.leader.press("1.form.send")

    async def head_acknowledges_and_hands_in(self) -> None:
        await self.head.reads("桥头岭石拱桥开裂")
        await self.head.press("1.item.acknowledge")
        await self.head.press("1.item.report_progress")
        before = (await self.head.can_press("1.form.cancel")).message_id
        self.head.say(PROGRESS)
        await self.head.sees(lambda one: True, after=before)
        await self.head.sets_up(SYSTEM)
        await self.head.press("1.item.submit")
        await self.head.can_press("1.form.choose.submit_item")
        self.head.say(DONE)
        before = (await self.head.can_press("1.form.send")).message_id
        self.simulator.send_photo(self.head.person, "3-riverside")
        await self.head.can_press("1.form.send", after=before)
        await self.head.press("1.form.send")

    async def team_passes_with(self, result: str) -> None:
        await self.leader.reads(DONE)
        await self.leader.sees(lambda one: one.kind == "photo" and one.protected)
        await self.leader.press("1.item.pass")
        await self.leader.ticks_what_was_done()
        self.leader.say(result)

    async def office_clears(self) -> None:
        await self.office.press("1.item.clear")

    async def resident_reads_by_code_from_another_phone(self) -> SeenMessage:
        """Come back with the receipt code on a phone that was never here."""
        other = PhoneUser(self.simulator, self.simulator.add_person("另一部手机"))
        self.simulator.open_bot(other.person)
        await other.sees(lambda one: True)
        other.say(self.code)
        return await other.can_press("1.r.solved")
