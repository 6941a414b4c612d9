"""Who is played, with everything that a phone, an account and a file may give away; and who may have what of it."""

import json
from collections.abc import Iterator

from privacy.receipt import Receipt, Script
from simulator.server import Simulator
from tests.integration.canary.needles import Needle, blob, degrees, number, words
from tests.integration.test_attachments import NAME
from tests.journey import QUESTION, REPLY, SAID
from tests.unit.media.test_cleaning_media import SECRET

# The account. None of it occurs by chance, and the number needs 64 bits.
CHAT = 7_351_902_846_113
FIRST, LAST, ACCOUNT, LANGUAGE = "鹮羽翀翯", "阙氏尉迟", "canary_of_qiaotouling", "zh-hans-x-kanari"

# What leads to a person, in what they say; numbers that no other test plants.
OWN_NAME, PHONE, PHONE_AS_WRITTEN, CARD = "尉迟鹮羽", "17300917364", "173 0091 7364", "530325195709234710"
BANK_CARD, BANK_CARD_AS_WRITTEN = "6217003171400902816", "6217\u3164003171🙂4009、0281 6"
SIGNED, DOUYIN, PAPER = "令狐翀翯", "canary_douyin_773", "5303251957"
CONTACT_NAME, CONTACT_PHONE = "欧阳鸑鷟", "+8617366554918"
LATITUDE, LONGITUDE = 25.031234567, 102.715432198
KEPT_PLACE = "25.0312, 102.7154"

# What they say, and the team reads.
TEXT = f"{SAID}。我叫{OWN_NAME},电话{PHONE_AS_WRITTEN},身份证{CARD}"
CAPTION, UNFIT_CAPTION = "照片上看得出裂缝一直通到桥墩", "录音里是村里开会说过的话"
ADDED = "村里的路灯到现在还没有修好"
NAMES_ITSELF = f"卡号{BANK_CARD_AS_WRITTEN},抖音号{DOUYIN},低保证号{PAPER}。\n村民 {SIGNED}"

# What they take back before anybody could read it, or never meant to say.
FORMER, DISCARDED, LEFT_OUT = "还没想好怎么说这座拱桥的事情", "写了半截又不想讲的鱼塘旧账", "+8617399887165"
WITHDRAWN, UNSENT = "水渠边那家占了路,后来自己拆掉了", "还有一件没有发出去的事:晒坝被占"
UNFIT_NAME, POLL, PRESSED = "canary-of-the-broken-file.xyz", "canary of a question to vote on", "canary_press"

ACCOUNT_NEEDLES = [number(CHAT), *words(FIRST, LAST, ACCOUNT, "x-kanari")]
TRACES = [*words(OWN_NAME, PHONE, PHONE_AS_WRITTEN, "173-0091-7364", CARD, CONTACT_PHONE, CONTACT_PHONE[3:])]
TRACES += words(BANK_CARD, BANK_CARD_AS_WRITTEN, SIGNED, DOUYIN, PAPER)
TRACES += [number(int(PHONE)), number(int(CONTACT_PHONE))]
SAID_NEEDLES = words(SAID, SAID[10:22], REPLY, REPLY[:8], CAPTION, UNFIT_CAPTION, ADDED, KEPT_PLACE, CONTACT_NAME)
NEVER = [
    *words(FORMER, DISCARDED, LEFT_OUT[1:], WITHDRAWN, UNSENT, UNFIT_NAME, POLL, PRESSED, SECRET, NAME),
    *(degrees(LATITUDE), degrees(LONGITUDE)),
]
NOTED = "先到村部翻三年前的验收单再上桥看"
BETWEEN_COLLEAGUES = words(NOTED)
BETWEEN_THEM = words(QUESTION)  # what the team asks is sealed like what it is answered

# None of this may lie anywhere in the clear, whoever may read it on a phone.
ANYTHING = [*ACCOUNT_NEEDLES, *TRACES, *SAID_NEEDLES, *NEVER, *BETWEEN_THEM, *BETWEEN_COLLEAGUES]


def receipt_needles(receipt: Receipt) -> list[Needle]:
    """Return a receipt code in all scripts, whole and by its halves, and the number that it is, as buttons name it."""
    return [*(needle for script in Script for needle in _written(receipt, script)), *_bare(receipt)]


def _written(receipt: Receipt, script: Script) -> list[Needle]:
    one_by_one = receipt.words(script)
    between = "-" if script is Script.ENGLISH else ""
    halves = [between.join(one_by_one[:4]), between.join(one_by_one[4:])]
    whole = "".join(one_by_one)
    return words(*halves, receipt.text(script), whole, whole[::-1], " ".join(one_by_one), ".".join(one_by_one))


def _bare(receipt: Receipt) -> list[Needle]:
    code = receipt._code
    return [blob("the code", code), blob("its random part", code[:-1]), number(int.from_bytes(code, "big"))]


def handed_out_by_telegram(simulator: Simulator) -> list[Needle]:
    """Return the names that Telegram gave to the resident's files and presses: each leads back to them there."""
    names = {
        str(value)
        for update in simulator.updates
        if str(CHAT) in update.body and update.body.startswith("{")
        for key, value in _leaves(json.loads(update.body))
        if key in {"file_id", "chat_instance"} or (key == "id" and isinstance(value, str))
    }
    return words(*sorted(names))


def _leaves(value: object, key: str = "") -> Iterator[tuple[str, object]]:
    match value:
        case dict():
            for name, part in value.items():
                yield from _leaves(part, name)
        case list():
            for part in value:
                yield from _leaves(part, key)
        case _:
            yield key, value
