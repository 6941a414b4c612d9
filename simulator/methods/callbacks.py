"""Answers to presses of inline buttons."""

from datetime import timedelta

from simulator.errors import bad_request
from simulator.methods.backend import Backend, Handler
from simulator.parameters import Parameters
from simulator.world import dumped

ANSWER_TIME = timedelta(seconds=15)  # the phone stops waiting after that
ANSWER_LIMIT = 200


async def answer_callback_query(backend: Backend, parameters: Parameters) -> bool:
    world = backend.world
    press = world.presses.get(parameters.text("callback_query_id"))
    if press is None or world.clock.now() - press.at > ANSWER_TIME:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = parameters.text("text")
    if len(text) > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    if parameters.text("url"):
        raise bad_request("URL_INVALID")
    if press.answered:
        return True
    press.answered = True
    press.text = text
    press.show_alert = parameters.flag("show_alert")
    answer = {"text": text, "show_alert": press.show_alert}
    world.deliver(press.chat_id, "answer", True, dumped(answer), only_for=press.person_id)
    world.changes.notify(press.chat_id)
    return True


METHODS: dict[str, Handler] = {"answerCallbackQuery": answer_callback_query}
