"""What the bot may know of chats and files: getChat, getChatMember, leaveChat, getFile."""

from simulator.errors import Json, bad_request
from simulator.methods.backend import Backend, Handler, found_chat, writable_chat
from simulator.parameters import Parameters


async def get_chat(backend: Backend, parameters: Parameters) -> Json:
    chat = found_chat(backend.world, parameters)
    return {
        **chat.as_json(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


async def get_chat_member(backend: Backend, parameters: Parameters) -> Json:
    world = backend.world
    chat = found_chat(world, parameters)
    user_id = parameters.integer("user_id")
    if user_id == world.bot.id:
        return world.member_json(chat.bot_status)
    person = world.people.get(user_id)
    if person is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    if chat.members and person is chat.members[0]:
        return {**world.member_json("creator", person), "is_anonymous": False}
    return world.member_json("member" if person in [*chat.members, chat.person] else "left", person)


async def get_chat_administrators(backend: Backend, parameters: Parameters) -> list[Json]:
    world = backend.world
    chat = found_chat(world, parameters)
    if chat.person:
        raise bad_request("there are no administrators in the private chat")
    owners = [{**world.member_json("creator", one), "is_anonymous": False} for one in chat.members[:1]]
    bots = [world.member_json("administrator")] if chat.bot_status == "administrator" else []
    return owners + bots


async def leave_chat(backend: Backend, parameters: Parameters) -> bool:
    chat = writable_chat(backend.world, parameters)
    if chat.person:
        raise bad_request("chat member status can't be changed in private chats")
    backend.world.set_bot_status(chat, "left", by=backend.world.bot)
    return True


async def get_file(backend: Backend, parameters: Parameters) -> Json:
    file_id = parameters.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    stored = backend.world.files.link(file_id, backend.world.clock.now())
    return {**stored.as_json(), "file_path": stored.path}


METHODS: dict[str, Handler] = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "leaveChat": leave_chat,
    "getFile": get_file,
}
