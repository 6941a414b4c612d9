"""What the bot says about itself: getMe, commands, descriptions, menu button."""

import re

from simulator.errors import Json, bad_request
from simulator.methods.backend import Backend, Handler
from simulator.parameters import Parameters


async def get_me(backend: Backend, _: Parameters) -> Json:
    return {
        **backend.world.bot.as_json(),
        "can_join_groups": True,
        "can_read_all_group_messages": not backend.world.settings.privacy_mode,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def set_my_commands(backend: Backend, parameters: Parameters) -> bool:
    commands = parameters.decoded("commands", "can't parse commands JSON object")
    if not isinstance(commands, list):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not isinstance(command, dict):
            raise bad_request("can't parse BotCommand: expected an Object")
        if not re.fullmatch(r"/?[a-z0-9_]{1,32}", str(command.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    backend.world.profile.commands = commands
    return True


async def get_my_commands(backend: Backend, _: Parameters) -> list[Json]:
    return backend.world.profile.commands


async def set_my_description(backend: Backend, parameters: Parameters) -> bool:
    description = parameters.text("description")
    if len(description) > 512:
        raise bad_request("bot description is too long")
    backend.world.profile.description = description
    return True


async def set_my_short_description(backend: Backend, parameters: Parameters) -> bool:
    description = parameters.text("short_description")
    if len(description) > 120:
        raise bad_request("bot short description is too long")
    backend.world.profile.short_description = description
    return True


async def set_chat_menu_button(backend: Backend, parameters: Parameters) -> bool:
    button = parameters.decoded("menu_button", "can't parse menu button JSON object") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in {"default", "commands", "web_app"}:
        raise bad_request("can't parse menu button: invalid type specified")
    backend.world.profile.menu_button = button
    return True


METHODS: dict[str, Handler] = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "setMyDescription": set_my_description,
    "setMyShortDescription": set_my_short_description,
    "setChatMenuButton": set_chat_menu_button,
}
