"""Staff on a channel that knows nothing but lines of text: cards, forms and digests by number."""

from sqlalchemy import select

from models.address import Address
from models.complaints import Case
from models.delivery import OutboxRow, OutboxState
from models.staff import StaffAddress
from services.outbox import say
from tests.channels_plain.people import PlainChannelUser
from tests.channels_plain.plain import PlainChannel
from tests.deployment import Deployment
from tests.journey import PROGRESS, SAID
from tests.story import PhoneUser
from texts.message import Message

ANSWER = "桥已经封了,月底前修好"
SLIP = "桥还没有去看过"


async def has_second_address(deployment: Deployment, plain: PlainChannel, staff_id: str, name: str) -> PlainChannelUser:
    """Let somebody be reached on the plain channel, too, when they are not where they want to be reached."""
    async with deployment.database.transaction() as session:
        session.add(StaffAddress(address=Address(plain.name, name), staff_id=staff_id, position=1))
    return PlainChannelUser(deployment, plain, name)


async def tell(deployment: Deployment, staff_id: str, text: str) -> None:
    async with deployment.database.transaction() as session:
        await deployment.work(session).outbox.to_staff(staff_id, say(Message(text)))
    await deployment.settled()


async def unreachable(deployment: Deployment) -> list[str]:
    async with deployment.database.reading() as session:
        gone = select(StaffAddress.address).where(StaffAddress.unreachable_since.is_not(None))
        return sorted(address.channel for address in await session.scalars(gone))


async def test_a_member_claims_a_case_by_number_and_acts_on_it(deployment: Deployment, plain: PlainChannel) -> None:
    member, other = (
        PlainChannelUser(deployment, plain, "P06-at-work"),
        PlainChannelUser(deployment, plain, "P07-at-work"),
    )
    assert "已登记好" in await member.enrols_as("P06")
    await other.enrols_as("P07")
    await PlainChannelUser(deployment, plain, "at-home").submits("V02", SAID)
    assert "还没人认领" in member.last

    claimed = await member.chooses("我来办")
    assert claimed.startswith("归您办了。")
    assert claimed.count("👤 阮知秋") == 1  # said once, though the press and the case both renew the card
    assert "👤 阮知秋" in other.last  # what cannot be edited is said anew
    assert SAID in await member.chooses("看内容")
    assert "已受理" in await member.chooses("受理")
    assert "核实中" in await member.chooses("开始核实")
    async with deployment.database.reading() as session:
        case = await session.scalar(select(Case).where(Case.owner_id == "P06", Case.state == "verifying"))
    assert case is not None
    assert case.id in member.last


async def test_an_answer_is_cancelled_rewritten_and_sent_by_number(deployment: Deployment, plain: PlainChannel) -> None:
    leader, resident = (
        PlainChannelUser(deployment, plain, "P05-at-work"),
        PlainChannelUser(deployment, plain, "at-home"),
    )
    await leader.enrols_as("P05")
    await resident.submits("V02", SAID)
    await leader.chooses("受理")
    await leader.chooses("开始核实")
    await leader.chooses("答复")
    assert "核实中" in await leader.chooses("取消")
    await leader.chooses("答复")
    assert SLIP in await leader.types(SLIP)
    assert ANSWER in await leader.types(ANSWER)
    await leader.chooses("发")
    assert ANSWER in resident.last
    assert SLIP not in resident.read


async def test_a_unit_head_gets_the_days_digest_and_reports_on_an_item_by_number(
    deployment: Deployment, plain: PlainChannel
) -> None:
    head = PlainChannelUser(deployment, plain, "P17-at-work")
    await head.enrols_as("P17")
    deployment.simulator.advance(24 * 3600)  # to Monday at nine
    await deployment.settled()
    assert any(printed.startswith("今天的整改提醒（1件）") for printed in head.screen.printed)
    await head.types("/items")  # the week's digest came as well
    assert "期限：9月30日（已逾期54天）" in await head.chooses("RI01")
    assert "办好了写明结果交上来" in await head.types("/help")
    await head.chooses("报告进展")
    await head.types(PROGRESS)
    assert PROGRESS in await _item(head)


async def _item(head: PlainChannelUser) -> str:
    await head.types("/items")
    return await head.chooses("RI01")


async def test_who_is_not_at_their_first_address_gets_it_at_the_second(
    deployment: Deployment, plain: PlainChannel
) -> None:
    (account,) = await deployment.enrol("P06")
    second = await has_second_address(deployment, plain, "P06", "P06-at-work")
    await tell(deployment, "P06", "一")
    await PhoneUser(deployment.simulator, account).reads("一")
    deployment.simulator.block(account)
    await deployment.settled()
    await tell(deployment, "P06", "二")
    assert second.screen.printed == ["二"]
    assert await unreachable(deployment) == ["telegram"]


async def test_the_office_hears_of_somebody_only_once_no_address_of_theirs_works(
    deployment: Deployment, plain: PlainChannel
) -> None:
    director, account = await deployment.enrol("P03", "P06")
    office = PhoneUser(deployment.simulator, director)
    second = await has_second_address(deployment, plain, "P06", "P06-at-work")
    deployment.simulator.block(account)
    await deployment.settled()
    await tell(deployment, "P06", "一")
    assert office.last_id == 0
    second.screen.gone = True
    await tell(deployment, "P06", "二")
    await office.reads("P06")
    assert await unreachable(deployment) == ["plain", "telegram"]
    async with deployment.database.reading() as session:
        dead = await session.scalars(select(OutboxRow.reason).where(OutboxRow.state == OutboxState.DEAD))
        assert list(dead) == ["nobody there"]
