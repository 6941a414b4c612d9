"""Places and people of the sample county for tests of the work in the field."""

from services.access.member import Member, member
from services.fieldwork.places import places_to_look_at
from services.unit_of_work import UnitOfWork
from simulator.chat_reader import SeenMessage
from tests.story import PhoneUser

LEADER, MEMBER, COLLEAGUE, OTHER_TEAM, RECUSED, DIRECTOR, OFFICE, HEAD = (
    "P05",
    "P06",
    "P07",
    "P10",
    "P12",
    "P03",
    "P04",
    "P14",
)

SAID = "村里的路修了一半没人管，下雨天学生过不去"


async def key_of(work: UnitOfWork, place_id: str) -> str:
    """Return the key of a village or unit of the round that is in the field."""
    director = await member(work.session, DIRECTOR)
    return next(one.key for one in places_to_look_at(await work.directory(), director) if one.id == place_id)


async def who(work: UnitOfWork, staff_id: str) -> Member:
    """Return somebody on the staff."""
    return await member(work.session, staff_id)


async def entered_on(
    phone: PhoneUser, *, place: str = "上竹坞村", door: str = "letter", text: str = SAID
) -> SeenMessage:
    """Enter something on a phone up to its preview, and return that."""
    phone.say("/enter")
    await phone.reads("是哪个村")
    phone.say(place)
    message = await phone.can_press("1.form.choose.enter_case-door")
    data = next(one.data for row in message.buttons for one in row if one.data.endswith(f".{door}"))
    phone.simulator.press(phone.person, data, message_id=message.message_id, chat_id=phone.chat)
    await phone.reads("请写反映的内容")
    phone.say(text)
    return await phone.can_press("1.form.send.enter_case")
