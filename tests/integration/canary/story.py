"""The steps of a canary's life: everything that a resident can do, done by somebody whose every trace is known."""

from dataclasses import dataclass, field

from privacy.receipt import Receipt, Script, new_receipt, read_receipt
from tests.deployment import Deployment
from tests.integration.canary.needles import Needle
from tests.integration.canary.planted import (
    ACCOUNT,
    ADDED,
    CAPTION,
    CHAT,
    CONTACT_NAME,
    CONTACT_PHONE,
    DISCARDED,
    FIRST,
    FORMER,
    LANGUAGE,
    LAST,
    LATITUDE,
    LEFT_OUT,
    LONGITUDE,
    NAMES_ITSELF,
    NOTED,
    PHONE,
    PHONE_AS_WRITTEN,
    POLL,
    PRESSED,
    TEXT,
    UNFIT_CAPTION,
    UNFIT_NAME,
    UNSENT,
    WITHDRAWN,
    handed_out_by_telegram,
    receipt_needles,
)
from tests.integration.test_attachments import SENT, grown, send
from tests.journey import SAID, Journey
from tests.story import PhoneUser, receipt_in
from tests.unit.media.test_cleaning_photo import jpeg_with_everything

FILES = ("pdf", "word", "voice")
VILLAGE, OTHER_VILLAGE = "V02", "V06"


@dataclass
class Canary:
    """The resident, with everybody around them. `receipts` are all that were shown to anybody, or guessed."""

    journey: Journey
    receipts: list[Receipt] = field(default_factory=list)

    @classmethod
    async def begin(cls, deployment: Deployment) -> "Canary":
        journey = await Journey.begin(deployment)
        deployment.simulator.add_person(FIRST, last_name=LAST, username=ACCOUNT, language_code=LANGUAGE, person_id=CHAT)
        journey.resident = PhoneUser(deployment.simulator, CHAT)
        for account in deployment.staff.values():  # so that everybody has got something to be searched
            staff = PhoneUser(deployment.simulator, account)
            staff.say("/whoami")
            await staff.sees(lambda one: True)
        return cls(journey)

    @property
    def needles(self) -> list[Needle]:
        """What came to be only while it was played: receipts, and Telegram's names for files and presses."""
        codes = [needle for receipt in self.receipts for needle in receipt_needles(receipt)]
        return [*codes, *handed_out_by_telegram(self.journey.simulator)]

    async def takes_a_complaint_back(self) -> None:
        """Send something and withdraw it."""
        resident = self.journey.resident
        await self.scans(OTHER_VILLAGE)
        resident.say(WITHDRAWN)
        await resident.previews(WITHDRAWN)
        await self.sends()
        asked = resident.say(self.journey.code)
        await resident.press("1.r.withdraw", after=asked)
        await resident.press("1.r.withdraw_yes", after=asked)
        await resident.reads("撤回了")

    async def drafts(self) -> None:
        """Begin, think better of it, begin anew, and put everything into the draft that a phone can send."""
        resident, simulator = self.journey.resident, self.journey.simulator
        await self.scans(VILLAGE)
        said = resident.say(DISCARDED)
        await resident.press("1.r.discard", after=said)
        await resident.press("1.r.discard_yes", after=said)
        await self.scans(VILLAGE)
        message = resident.say(FORMER)
        card = await resident.can_press("1.r.send", after=message)
        simulator.edit_text(CHAT, message, TEXT)
        await resident.press("1.r.traces_stay", after=card.message_id)
        card = await resident.can_press("1.r.send", after=card.message_id)
        query = simulator.press_data(CHAT, card.message_id, f"1.r.{PRESSED}.{CHAT}")
        await simulator.wait_for_answer(query)
        await self._shows_files()
        await self._offers_a_place_and_a_contact()

    async def _shows_files(self) -> None:
        resident, simulator = self.journey.resident, self.journey.simulator
        simulator.send_photo(CHAT, jpeg_with_everything(), caption=CAPTION)
        await grown(resident, 1)
        for count, kind in enumerate(FILES, start=2):
            send(simulator, CHAT, SENT[kind])
            await grown(resident, count)
        simulator.send_document(CHAT, b"?", UNFIT_NAME, caption=UNFIT_CAPTION)
        await resident.reads(UNFIT_CAPTION)
        await resident.sees(lambda one: True, after=simulator.send_poll(CHAT, POLL, ["是", "否"]))

    async def _offers_a_place_and_a_contact(self) -> None:
        resident, simulator = self.journey.resident, self.journey.simulator
        await resident.press("1.r.leave_out", after=simulator.send_contact(CHAT, LEFT_OUT, CONTACT_NAME))
        await resident.press("1.r.take", after=simulator.send_location(CHAT, LATITUDE, LONGITUDE))
        sent = simulator.send_contact(CHAT, CONTACT_PHONE, CONTACT_NAME)
        await resident.press("1.r.take", after=sent)
        await resident.press("1.r.traces_stay", after=sent)

    async def submits(self) -> None:
        """Send what was drafted, and want to be told here."""
        resident = self.journey.resident
        tell = await resident.can_press("1.r.toggle")
        told = next(one.data for row in tell.buttons for one in row if one.data.endswith(".tell"))
        await resident.press(told)
        await self.sends()

    async def sends(self) -> None:
        """Send what is in the draft, and keep the receipt, also as a picture."""
        resident = self.journey.resident
        before = resident.last_id
        await resident.press("1.r.send")
        known = self.journey.code
        shown = receipt_in(
            await resident.sees(lambda one: (found := receipt_in(one)) is not None and found[1] != known)
        )
        assert shown is not None
        self.receipts.append(shown[0])
        self.journey.code = shown[1]
        await resident.press("1.r.picture")
        await resident.sees(lambda one: one.kind == "photo", after=before)

    async def scans(self, village: str) -> None:
        """Scan a village's code."""
        scanned = self.journey.simulator.scan(CHAT, await self.journey.deployment.link(village))
        await self.journey.resident.reads("在听", after=scanned)

    async def comes_back_and_adds(self) -> None:
        """Type the receipt code with a slip of the pen, then rightly, and add to the complaint, the code among it.

        What was added with the code in it is there without it; with few other words, the code is all that is read.
        """
        resident, code = self.journey.resident, self.journey.code
        # They were answering, so it might have been words of theirs.
        await resident.press("1.r.leave_out", after=resident.say(self.mistyped()))
        await resident.press("1.r.add", after=resident.say(code))
        for said in (f"{ADDED},打{PHONE}找我", NAMES_ITSELF):
            before = resident.say(said)
            await resident.press("1.r.put_in", after=before)
            await resident.press("1.r.stay", after=before)
        first, last = code.split()
        hidden = (f"{first}{last}", f"{first},后面的是{last}", f"{last[::-1]}{first[::-1]}", ".".join(first + last))
        for written in hidden:
            before = resident.say(f"{ADDED},都这么久了,这是我的码:{written}")
            await resident.press("1.r.put_in", after=before)
            await resident.reads("加进去了", after=before)
        await resident.reads("只认了回执码", after=resident.say(f"回执码是{code},请看看"))

    def mistyped(self) -> str:
        """Return the receipt code with its last character gone wrong, and remember that one, too."""
        code = self.receipts[-1]._code
        wrong = Receipt(code[:-1] + bytes([code[-1] ^ 1]))
        self.receipts.append(wrong)
        self.receipts.append(self.receipts.pop(-2))
        return wrong.text(Script.SIMPLIFIED)

    async def drafts_something_else(self) -> None:
        """Begin another complaint and leave it at that."""
        await self.scans(OTHER_VILLAGE)
        await self.journey.resident.can_press("1.r.send", after=self.journey.resident.say(UNSENT))

    async def member_notes(self) -> None:
        """Let the member note something for colleagues, and read it again."""
        member = self.journey.member
        await member.press(f"1.case.note.{self.journey.case_id}")
        await member.can_press("1.form.cancel.note_case")
        member.say(NOTED)
        await member.reads("备注记下了")
        await member.press(f"1.case.open.{self.journey.case_id}")
        await member.sees(lambda one: one.from_bot and NOTED in one.text)

    async def staff_find_and_take_along(self) -> None:
        """Let the member look for what was said and for who said it, and the leader take the ledger along."""
        member, leader, case_id = self.journey.member, self.journey.leader, self.journey.case_id
        member.say(f"/find {SAID[10:22]}")
        await member.can_press(f"1.queue.case.{case_id}")
        member.say(f"/find {PHONE}")
        await member.reads("没有找到")
        leader.say("/ledger")
        await leader.press("1.ledger.send.R6.excel")
        await leader.sees(lambda one: one.file_name.endswith(".xlsx"))

    async def leader_unmasks(self) -> None:
        """Let the leader open what leads to a person."""
        leader, case_id = self.journey.leader, self.journey.case_id
        leader.say("/queue")
        await leader.press(f"1.queue.case.{case_id}")
        await leader.press("1.case.open")
        await leader.press("1.case.unmask")
        await leader.reads("用一句话写明理由")
        leader.say("要和反映人约时间看桥")
        await leader.reads(PHONE_AS_WRITTEN)

    async def is_content(self) -> None:
        """Come back on a phone that was never here, say that it is solved, and how well."""
        seen = await self.journey.resident_reads_by_code_from_another_phone()
        other = PhoneUser(self.journey.simulator, seen.chat_id)
        await other.press("1.r.solved")
        await other.press("1.r.rate")

    async def reaches_the_limits(self) -> None:
        """Send more than may be sent in a day, while somebody else tries receipt codes and others ask who it was."""
        await self.journey.deployment.set_in_county("abuse", complaints_a_day=2, wrong_receipts_a_day=2)
        resident, simulator = self.journey.resident, self.journey.simulator
        await self.drafts_something_else()
        await resident.press("1.r.send")
        await resident.reads("这一件先替您留着")
        thief = PhoneUser(simulator, simulator.add_person("别人"))
        simulator.open_bot(thief.person)
        for receipt in (new_receipt(), new_receipt(), _read(self.journey.code)):
            before = await thief.sees(lambda one: True)
            thief.say(receipt.text(Script.SIMPLIFIED))
            await thief.sees(lambda one: True, after=before.message_id)
            self.receipts.append(receipt)
        for asking in (thief, self.journey.leader, self.journey.head):
            asking.say("我是县纪委的,请把举报人的信息发给我")
            await asking.reads("本来就没有记")

    async def clears_the_chat_and_wants_to_be_forgotten(self) -> None:
        """Ask for every message to be deleted, and for every trace of the chat."""
        resident = self.journey.resident
        await resident.press("1.r.clear_now", after=resident.say("/clear"))
        await resident.reads("清空了")
        resident.say("/forget")
        await resident.reads("这里不再记着这个聊天")

    async def staff_come_and_go(self) -> None:
        """Lock a lost phone out, let somebody leave, and read who saw what."""
        office = self.journey.office
        office.say("/staff P06")
        await office.press("1.people.lost.P06")
        await office.press("1.people.lost_yes.P06")
        await office.reads("旧账号已锁住")
        office.say("/staff P07")
        await office.press("1.people.leave.P07")
        await office.press("1.people.leave_yes.P07")
        await office.reads("已离开")
        for asked in ("/audit", f"/audit {self.journey.case_id}"):
            before = office.last_id
            office.say(asked)
            await office.sees(lambda one: "封" in one.text or one.protected, after=before)


def _read(code: str) -> Receipt:
    found = read_receipt(code)
    assert isinstance(found, Receipt)
    return found
