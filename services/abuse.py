"""Slows who floods or guesses, without knowing who it is: counts of one day, under a pseudonym that dies with it."""

import re
import secrets
import unicodedata

from sqlalchemy import delete, func, select, update

from models.abuse import DayCount, DaySecret
from models.database import insert_or_ignore
from models.rounds import QrCode
from models.staff import Role
from privacy.tags import tag
from services.outbox import Order
from services.staff.member import members_with
from services.work import Work

SENT = "sent"
MISTYPED = "mistyped"
_RECORD = "day:%s"

# Whoever asks so gets a fixed answer: officials, those who pretend to be, heads who want to know.
_REPORTER = r"(举报人|反映人|投诉人|检举人|舉報人|反映人|投訴人|檢舉人|告状的?人|告狀的?人)"
_ASKS = re.compile(
    rf"(谁|誰|哪个|哪個|哪一个|什么人|什麼人).{{0,4}}(举报|反映|告|投诉|检举|舉報|投訴|檢舉)"
    rf"|{_REPORTER}.{{0,8}}(是谁|是誰|叫什么|叫什麼|姓名|名字|名单|名單|信息|資訊|电话|電話|号码|號碼|身份|资料|資料)"
    rf"|(把|将|將|提供|交出|告诉|告訴|查|发|發|给我|給我).{{0,8}}{_REPORTER}"
    r"|who\s+(has\s+)?(reported|complained|sent|wrote|informed)"
    r"|(name|identity|number|data|details|list)s?\s+of\s+(the\s+|all\s+)?(reporter|informant|whistle|complainant)",
    re.IGNORECASE,
)


def asks_who_reported(text: str) -> bool:
    """Whether a text asks for a reporter's name or data."""
    return _ASKS.search(unicodedata.normalize("NFKC", text)) is not None


async def may_send(work: Work, chat_id: int) -> bool:
    """Whether a chat may send one more complaint today; dangers are the caller's to let through all the same."""
    return await _times(work, chat_id, SENT) < (await work.settings()).abuse.complaints_a_day


async def note_sent(work: Work, chat_id: int) -> None:
    """Count a complaint that was sent."""
    await _count(work, chat_id, SENT)


async def may_try_receipt(work: Work, chat_id: int) -> bool:
    """Whether a chat may try one more receipt code today."""
    return await _times(work, chat_id, MISTYPED) < (await work.settings()).abuse.wrong_receipts_a_day


async def note_wrong_receipt(work: Work, chat_id: int) -> None:
    """Count a receipt code that opened nothing."""
    await _count(work, chat_id, MISTYPED)


async def note_scan(work: Work, chat_id: int, code: QrCode) -> None:
    """Count how many chats scan a code today, and ask the office director when they are far too many."""
    what = f"scan:{code.serial}"
    await _count(work, chat_id, what)
    chats = await work.session.scalar(select(func.count()).select_from(DayCount).where(DayCount.what == what))
    if (chats or 0) < (await work.settings()).abuse.alarm_scans_a_day:
        return
    for director in await members_with(work.session, Role.OFFICE_DIRECTOR):
        key = f"scans:{code.serial}:{work.today.isoformat()}:{director.id}"
        await work.outbox.to_staff(director.id, Order("code_alarm", {"serial": code.serial}), dedupe_key=key)


async def forget_days(work: Work) -> None:
    """Delete the secrets and counts of days that are over: from then on nobody can make their pseudonyms again."""
    await work.session.execute(delete(DaySecret).where(DaySecret.day < work.today))
    await work.session.execute(delete(DayCount).where(DayCount.day < work.today))


async def _times(work: Work, chat_id: int, what: str) -> int:
    own = await _tag(work, chat_id)
    return await work.session.scalar(select(DayCount.times).where(DayCount.tag == own, DayCount.what == what)) or 0


async def _count(work: Work, chat_id: int, what: str) -> None:
    own = await _tag(work, chat_id)
    await insert_or_ignore(work.session, DayCount, tag=own, what=what, day=work.today, times=0)
    await work.session.execute(
        update(DayCount).where(DayCount.tag == own, DayCount.what == what).values(times=DayCount.times + 1)
    )


async def _tag(work: Work, chat_id: int) -> str:
    return tag(await _secret(work), chat_id)


async def _secret(work: Work) -> bytes:
    """Return today's secret; whoever comes first makes it, whichever process that is."""
    record = _RECORD % work.today.isoformat()
    kept = await work.session.get(DaySecret, work.today)
    if kept is None:
        fresh = work.keyring.outbox.seal(record, secrets.token_bytes(32))
        await insert_or_ignore(work.session, DaySecret, day=work.today, sealed=fresh)
        kept = await work.session.get_one(DaySecret, work.today)
    return work.keyring.outbox.open(record, kept.sealed)
