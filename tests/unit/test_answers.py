"""What the Bot API says against a message is one of the answers that every channel gives."""

import json
from typing import Any

import pytest
from telegram import Bot
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from channels.telegram.address import address_of
from channels.telegram.pacing import Pace, Pacer
from channels.telegram.transport import TelegramTransport
from services.delivery.transport import ChannelAnswer, Deleted, Later, Moved, Refused, Sent, Unreachable
from texts.message import Button, Message

TOKEN = "4242:AAtestTESTtestTESTtestTESTtestTEST"
UNHURRIED = Pace(per_second=10_000, per_chat_per_second=10_000, per_group_per_minute=10_000)
CHAT = address_of(7)


class Answers(BaseRequest):
    """A Bot API that gives these answers, and remembers what it was asked."""

    def __init__(self, *answers: tuple[int, dict[str, Any]] | TelegramError) -> None:
        self._answers = list(answers)
        self.calls: list[tuple[str, dict[str, str]]] = []

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        assert request_data is not None
        self.calls.append((url.rpartition("/")[2], request_data.json_parameters))
        answer = self._answers.pop(0)
        if isinstance(answer, TelegramError):
            raise answer
        return answer[0], json.dumps(answer[1]).encode()


def refusal(status: int, description: str, **parameters: int) -> tuple[int, dict[str, Any]]:
    answer: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return status, {**answer, "parameters": parameters} if parameters else answer


def done(result: Any) -> tuple[int, dict[str, Any]]:
    return 200, {"ok": True, "result": result}


ARRIVED = done({"message_id": 12, "date": 0, "chat": {"id": 7, "type": "private"}})


def transport(api: Answers) -> TelegramTransport:
    return TelegramTransport(Bot(TOKEN, request=api), Pacer(UNHURRIED))


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (ARRIVED, Sent(12)),
        (refusal(429, "Too Many Requests: retry after 3", retry_after=3), Later(3.0)),
        (refusal(500, "Internal Server Error"), Later()),
        (refusal(502, "Bad Gateway"), Later()),
        (refusal(409, "Conflict: terminated by other getUpdates request"), Later()),
        (TelegramError("Invalid server response"), Later()),
        (TimedOut(), Later()),
        (NetworkError("aiohttp.ClientOSError"), Later()),
        (refusal(401, "Unauthorized"), Later(30.0)),
        (refusal(404, "Not Found"), Later(30.0)),
        (refusal(403, "Forbidden: bot was blocked by the user"), Unreachable("bot was blocked")),
        (refusal(403, "Forbidden: user is deactivated"), Unreachable("user is deactivated")),
        (refusal(403, "Forbidden: bot was kicked from the supergroup chat"), Unreachable("bot was kicked")),
        (refusal(400, "Bad Request: chat not found"), Unreachable("chat not found")),
        (
            refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1005),
            Moved(address_of(-1005)),
        ),
        (refusal(400, "Bad Request: message is too long"), Refused("message is too long")),
        (
            refusal(400, 'Bad Request: can\'t parse entities: Unsupported start tag "pond"'),
            Refused("can't parse entities"),
        ),
        (refusal(400, "Bad Request: the pond is full"), Refused("BadRequest")),
    ],
    ids=repr,
)
async def test_what_the_bot_api_says_is_an_answer(
    said: tuple[int, dict[str, Any]] | TelegramError, answer: ChannelAnswer
) -> None:
    assert await transport(Answers(said)).send(CHAT, Message("text")) == answer
    if not isinstance(answer, Sent):
        assert await transport(Answers(said)).delete(CHAT, [3]) == answer


async def test_a_message_is_sent_as_it_is_meant() -> None:
    api = Answers(ARRIVED, ARRIVED)
    buttons = ((Button("看", "1.a.b"), Button("site", url="https://example.org")),)
    await transport(api).send(CHAT, Message("<b>字</b>", buttons, protect=True, silent=True))
    await transport(api).send(CHAT, Message("字"))
    plain = {"chat_id": "7", "text": "字", "parse_mode": "HTML", "link_preview_options": '{"is_disabled":true}'}
    (first, whole), second = api.calls
    assert second == ("sendMessage", plain)
    assert first == "sendMessage"
    assert json.loads(whole.pop("reply_markup")) == {
        "inline_keyboard": [[{"text": "看", "callback_data": "1.a.b"}, {"text": "site", "url": "https://example.org"}]]
    }
    assert whole == {**plain, "text": "<b>字</b>", "protect_content": "true", "disable_notification": "true"}


@pytest.mark.parametrize(
    ("said", "calls", "answer"),
    [
        ([done(True)], ["editMessageText"], Sent(5)),
        ([refusal(400, "Bad Request: message is not modified: it is the same")], ["editMessageText"], Sent(5)),
        (
            [refusal(400, "Bad Request: message to edit not found"), ARRIVED],
            ["editMessageText", "sendMessage"],
            Sent(12),
        ),
        ([refusal(400, "Bad Request: message can't be edited"), ARRIVED], ["editMessageText", "sendMessage"], Sent(12)),
        (
            [refusal(400, "Bad Request: there is no text in the message to edit"), ARRIVED],
            ["editMessageText", "sendMessage"],
            Sent(12),
        ),
        ([refusal(400, "Bad Request: message is too long")], ["editMessageText"], Refused("message is too long")),
        (
            [refusal(403, "Forbidden: bot was blocked by the user")],
            ["editMessageText"],
            Unreachable("bot was blocked"),
        ),
    ],
    ids=repr,
)
async def test_a_message_is_said_anew_when_the_one_it_replaces_cannot_be_changed(
    said: list[Any], calls: list[str], answer: ChannelAnswer
) -> None:
    api = Answers(*said)
    assert await transport(api).send(CHAT, Message("text"), replaces=5) == answer
    assert [method for method, _ in api.calls] == calls


async def test_many_messages_are_deleted_a_hundred_at_a_time_and_one_too_old_keeps_none_but_itself() -> None:
    too_old = refusal(400, "Bad Request: message can't be deleted for everyone")
    api = Answers(done(True), too_old, too_old, done(True))
    assert await transport(api).delete(CHAT, list(range(102))) == Deleted(left=1)
    asked = [parameters.get("message_ids") or parameters["message_id"] for _, parameters in api.calls]
    assert [json.loads(one) for one in asked] == [list(range(100)), [100, 101], 100, 101]


async def test_a_pause_that_telegram_asks_for_holds_every_message() -> None:
    class Held(Pacer):
        paused = 0.0

        def pause(self, seconds: float) -> None:
            self.paused = seconds

    pacer = Held(UNHURRIED)
    api = Answers(
        refusal(429, "Too Many Requests: retry after 3", retry_after=3), refusal(500, "Internal Server Error")
    )
    carrier = TelegramTransport(Bot(TOKEN, request=api), pacer)
    await carrier.send(CHAT, Message("text"))
    assert pacer.paused == 3
    pacer.paused = 0.0
    await carrier.send(CHAT, Message("text"))
    assert pacer.paused == 0
