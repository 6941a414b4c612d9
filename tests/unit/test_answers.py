"""What the Bot API says against a message is one of the answers that every channel gives."""

import json
from typing import Any

import pytest
from telegram import Bot
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from channels.telegram.address import address_of
from channels.telegram.pacing import Pace, Pacer
from channels.telegram.refusals import REFUSALS, found_in
from channels.telegram.transport import TelegramTransport
from services.delivery.transport import ChannelAnswer, Deleted, Later, MayNotWrite, Moved, Refused, Sent, Unreachable
from texts.message import Button, Message, Upload, UploadKind

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


def refusal(status: int, description: str, **parameters: int | str) -> tuple[int, dict[str, Any]]:
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
        (
            refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id="-1005"),
            Refused("chat moved to no chat"),
        ),
        (refusal(400, "Bad Request: message is too long"), Refused("message is too long")),
        (
            refusal(400, 'Bad Request: can\'t parse entities: Unsupported start tag "pond"'),
            Refused("can't parse entities"),
        ),
        (refusal(400, "Bad Request: the pond is full"), Refused("BadRequest")),
        *(
            (refusal(400, f"Bad Request: {words}"), MayNotWrite(known))
            for words, known in [
                ("not enough rights to send text messages to the chat", "not enough rights to send text messages"),
                ("have no rights to send a message", "have no rights"),
                ("need administrator rights in the channel chat", "need administrator rights"),
                ("CHAT_WRITE_FORBIDDEN", "chat_write_forbidden"),
                ("CHAT_RESTRICTED", "chat_restricted"),
                ("TOPIC_CLOSED", "topic_closed"),
                ("TOPIC_DELETED", "topic_deleted"),
                ("message thread not found", "message thread not found"),
            ]
        ),
        (refusal(403, "Forbidden: CHAT_WRITE_FORBIDDEN"), MayNotWrite("chat_write_forbidden")),
        (refusal(403, "Forbidden: the pond is closed"), Unreachable("Forbidden")),
        (refusal(403, "Forbidden: bot is not a member of the supergroup chat"), Unreachable("bot is not a member")),
        (refusal(400, "Bad Request: PEER_ID_INVALID"), Unreachable("peer_id_invalid")),
        (refusal(400, "Bad Request: group is deactivated"), Unreachable("group is deactivated")),
        (refusal(400, "Bad Request: BUTTON_DATA_INVALID"), Refused("button_data_invalid")),
        (
            refusal(400, 'Bad Request: can\'t parse entities: Unsupported start tag "chat not found"'),
            Refused("can't parse entities"),
        ),
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
        *(
            ([refusal(400, f"Bad Request: {words}"), ARRIVED], ["editMessageText", "sendMessage"], Sent(12))
            for words in ("MESSAGE_ID_INVALID", "MESSAGE_EDIT_TIME_EXPIRED", "the pond is full")
        ),
        ([refusal(400, "Bad Request: message is too long")], ["editMessageText"], Refused("message is too long")),
        (
            [refusal(400, "Bad Request: CHAT_WRITE_FORBIDDEN")],
            ["editMessageText"],
            MayNotWrite("chat_write_forbidden"),
        ),
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


VOICE = Upload(UploadKind.VOICE, b"OggS", "ogg", otherwise="there is a <b>voice</b> message")
FORBIDDEN = refusal(400, "Bad Request: VOICE_MESSAGES_FORBIDDEN")
TOO_LARGE = refusal(413, "Request Entity Too Large")


@pytest.mark.parametrize(
    ("said", "calls", "answer"),
    [
        ([ARRIVED], ["sendVoice"], Sent(12)),
        ([FORBIDDEN, ARRIVED], ["sendVoice", "sendDocument"], Sent(12)),
        ([refusal(403, "Forbidden: CHAT_SEND_VOICES_FORBIDDEN"), ARRIVED], ["sendVoice", "sendDocument"], Sent(12)),
        ([TOO_LARGE, TOO_LARGE, ARRIVED], ["sendVoice", "sendDocument", "sendMessage"], Sent(12)),
        ([FORBIDDEN, refusal(400, "Bad Request: the pond is full"), ARRIVED], [*"VD", "sendMessage"], Sent(12)),
        ([FORBIDDEN, TOO_LARGE, FORBIDDEN], [*"VD", "sendMessage"], Refused("voice_messages_forbidden")),
        ([FORBIDDEN, refusal(502, "Bad Gateway")], [*"VD"], Later()),
        ([refusal(403, "Forbidden: bot was blocked by the user")], ["sendVoice"], Unreachable("bot was blocked")),
    ],
    ids=repr,
)
async def test_a_file_that_is_refused_is_sent_as_a_document_and_failing_that_it_is_said_to_be_there(
    said: list[Any], calls: list[str], answer: ChannelAnswer
) -> None:
    short = {"V": "sendVoice", "D": "sendDocument"}
    api = Answers(*said)
    assert await transport(api).send(CHAT, Message("for you", protect=True, upload=VOICE)) == answer
    assert [method for method, _ in api.calls] == [short.get(one, one) for one in calls]
    assert all(parameters["protect_content"] == "true" for _, parameters in api.calls)
    if calls[-1] == "sendMessage":
        assert api.calls[-1][1]["text"] == VOICE.otherwise


@pytest.mark.parametrize("words", [words for words, _ in REFUSALS])
def test_no_known_refusal_is_hidden_by_one_before_it(words: str) -> None:
    assert found_in(f"Bad Request: {words.upper()}")[0] == words


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
