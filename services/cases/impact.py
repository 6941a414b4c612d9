"""What a matter means for people's everyday life (绕路 and the like), in the team's words: on the card and in an order.

Which of the usual consequences a reporter told is recognised, so that the team need only press it; never their words.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

from models.complaints import Author, Case
from models.states import Actor, Impossible, NotEntitled
from privacy.characters import simplified
from services.access.member import Member
from services.cases.actions import acting_as
from services.cases.case_log import case_seen_by, log_event
from services.cases.identity_probing import log_preview, masked_for
from services.cases.masking import hidden
from services.cases.quoting import check_summary
from services.cases.read_case import dialogue_of
from services.unit_of_work import UnitOfWork

LONGEST_IMPACT = 100  # characters


class Impact(StrEnum):
    """The usual consequences; each has its sentence."""

    DETOUR = "detour"
    SCHOOL = "school"
    DOCTOR = "doctor"
    WATER = "water"
    POWER = "power"
    FARMING = "farming"
    UNSAFE = "unsafe"
    INCOME = "income"


_TOLD_BY: dict[Impact, re.Pattern[str]] = {
    Impact.DETOUR: re.compile(r"绕(?:路|道|行|远|着|一|个|到|过去|好|几|很|半|大)|多走.{0,6}(?:里|路|分钟|小时)"),
    Impact.SCHOOL: re.compile(r"(?:孩子|学生|娃|小孩).{0,12}(?:上学|放学|读书|念书)|(?:上|放)学.{0,9}(?:孩子|学生|路)"),
    Impact.DOCTOR: re.compile(r"看病|看医生|就医|送医院|救护车|拿药"),
    Impact.WATER: re.compile(r"(?:停|断|缺|没|没有)水|水(?:停|断)了|(?:吃|喝|用)(?:不上|不到|不了)?水|挑水"),
    Impact.POWER: re.compile(r"(?:停|断|没|没有)电|电(?:停|断)了|跳闸|电压"),
    Impact.FARMING: re.compile(r"庄稼|浇(?:地|田|不)|灌溉|种不(?:了|成|上)|(?:田|地|稻|苗|菜).{0,4}(?:淹|干|旱|荒|死)"),
    Impact.UNSAFE: re.compile(r"摔(?:倒|伤|跤|下|了)|滑倒|不敢(?:走|过|住)|提心吊胆|掉下去"),
    Impact.INCOME: re.compile(r"卖不(?:出|掉|了)|没(?:有)?收入|工钱|工资|血汗钱|做不(?:成|了)生意"),
}  # fmt: skip


def told_in(texts: Iterable[str]) -> list[Impact]:
    """Return which of the usual consequences are told in some texts."""
    text = simplified("\n".join(texts))
    return [impact for impact, pattern in _TOLD_BY.items() if pattern.search(text)]


async def case_to_describe(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return an open case on which somebody works, to say what it means. Raises Impossible or NotEntitled."""
    case = await case_seen_by(work, who, case_id)
    if Actor.TEAM_MEMBER not in acting_as(who, case):
        raise NotEntitled
    if not case.is_open:
        raise Impossible("set_impact", case.state)
    return case


async def impacts_told(work: UnitOfWork, who: Member, case: Case) -> list[Impact]:
    """Return which of the usual consequences were told in a case, as far as somebody reads it."""
    if not who.reads(case):
        return []
    said = await dialogue_of(work, case, who.language)
    return told_in(one.text for one in said if one.author == Author.REPORTER)


async def set_impact(work: UnitOfWork, who: Member, case_id: str, text: str) -> Case:
    """Keep what a matter means for people, in the team's words, in place of what was kept before; no text: nothing.

    What leads to the reporter is masked, and told. Raises ContainsContact, QuotesReporter, and what
    `case_to_describe` does.
    """
    case = await case_to_describe(work, who, case_id)
    await check_summary(work, case, text)
    if text:
        await log_preview(work, who, case)
        [text] = hidden([await masked_for(work, who, case, text)], who.language)
    sealing = work.keyring.round(case.round_id).sealing
    case.impact = sealing.seal(_record_of(case), text.encode()) if text else None
    await log_event(work, case, "set_impact", by=who)
    return case


def impact_of(work: UnitOfWork, case: Case) -> str:
    """Return what was kept; nothing where nothing was, or once the key of the round is destroyed."""
    if case.impact is None or case.round_id not in work.keyring.round_ids():
        return ""
    return work.keyring.round(case.round_id).sealing.open(_record_of(case), case.impact).decode()


def _record_of(case: Case) -> str:
    return f"impact:{case.id}"
