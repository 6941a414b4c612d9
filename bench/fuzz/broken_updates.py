"""Updates that nobody meant: whole ones with a piece gone, moved, doubled, or of another type."""

import copy
import json
import random
from collections.abc import Callable, Sequence
from typing import Any, Final

Json = Any
KINDS: Final = ("message", "edited_message", "callback_query", "my_chat_member", "channel_post", "poll", "unknown")

_NUMBERS: Final = (0, -1, 1, 2**31 - 1, 2**31, -(2**31) - 1, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), 2**64, 10**30)
_WORDS: Final = (
    *("", " ", "0", "null", "/start", "/start ", "/start x" * 9, "/forget", "1.r.send.1", "1.r.", "9.r.send", "."),
    *(
        "\x00",
        "\ud800",
        "\u202e",
        "\u3164",
        "\ufeff",
        "﷽" * 400,
        "👨‍👩‍👧‍👦" * 300,
        "吃" * 5000,
        "a" * 70_000,
        "\n" * 4000,
    ),
    *("%s%n", "{0.__class__}", "<b>", "</code>", "'; --", "../../etc", "١٢٣", "卡号10222", "@" * 99),
)
_OTHERS: Final[tuple[Any, ...]] = (
    None,
    True,
    False,
    0.5,
    -0.0,
    1e308,
    [],
    {},
    [[]],
    [None],
    [1],
    [{}],
    {"id": 1},
    {"": ""},
)


def broken(whole: Json, others: Sequence[Json], draw: random.Random) -> Json:
    """Break an update in one to five ways; `others` lend their parts. Its number stays."""
    update = copy.deepcopy(whole)
    for _ in range(draw.choice((1, 1, 1, 2, 3, 5))):
        draw.choice(_WAYS)(update, others, draw)
    update["update_id"] = whole["update_id"]
    return update


def broken_body(update: Json, draw: random.Random) -> bytes:
    """Return an update as a body that may be no JSON, or have a number that Telegram cannot give."""
    body = json.dumps(update, ensure_ascii=draw.random() < 0.5).encode(errors="surrogatepass")
    match draw.randrange(8):
        case 0:
            return body[: draw.randrange(len(body))]
        case 1:
            at = draw.randrange(len(body))
            return body[:at] + draw.randbytes(draw.choice((1, 4, 16))) + body[at + 1 :]
        case 2:
            deep = draw.choice((200, 900, 1_100, 5_000))
            return json.dumps(update | {"deep": 0}).replace('"deep": 0', f'"deep": {"[" * deep}{"]" * deep}').encode()
        case 3 | 4:
            number = draw.choice((*_NUMBERS, *_OTHERS, "1"))
            return json.dumps(update | {"update_id": number}).encode()
        case 5:
            return json.dumps(draw.choice((*_OTHERS, *_NUMBERS, [update], str(update)))).encode()
    return body


def _places(update: Json) -> list[tuple[Any, Any]]:
    """Return the places in an update: what holds a value, and under which name or number.

    Not the size of a file: one that isn't right is a download that broke off, and that is waited for.
    """
    places: list[tuple[Any, Any]] = []
    waiting = [update]
    while waiting:
        holder = waiting.pop()
        for key in list(holder) if isinstance(holder, dict) else range(len(holder)):
            if key != "file_size":
                places.append((holder, key))
            if isinstance(holder[key], dict | list):
                waiting.append(holder[key])
    return places


def _drop(update: Json, _others: Sequence[Json], draw: random.Random) -> None:
    if places := _places(update):
        holder, key = draw.choice(places)
        del holder[key]


def _replace(update: Json, _others: Sequence[Json], draw: random.Random) -> None:
    if places := _places(update):
        holder, key = draw.choice(places)
        values = draw.choice((_NUMBERS, _WORDS, _OTHERS))
        holder[key] = copy.deepcopy(draw.choice(values))


def _replace_alike(update: Json, _others: Sequence[Json], draw: random.Random) -> None:
    """Replace a number by a number, words by words: what is read further before anything is noticed."""
    places = [place for place in _places(update) if isinstance(place[0][place[1]], int | str)]
    if places:
        holder, key = draw.choice(places)
        is_number = isinstance(holder[key], int)
        if is_number and draw.random() < 0.5:
            holder[key] += draw.choice((-1, 1, 1000))
        else:
            holder[key] = draw.choice(_NUMBERS if is_number else _WORDS)


def _change_words(update: Json, _others: Sequence[Json], draw: random.Random) -> None:
    places = [place for place in _places(update) if isinstance(place[0][place[1]], str) and place[0][place[1]]]
    if places:
        holder, key = draw.choice(places)
        words = holder[key]
        at = draw.randrange(len(words))
        holder[key] = words[:at] + draw.choice((*_WORDS, words, words[::-1])) + words[at + draw.choice((0, 1)) :]


def _nest(update: Json, _others: Sequence[Json], draw: random.Random) -> None:
    if places := _places(update):
        holder, key = draw.choice(places)
        for _ in range(draw.choice((1, 3, 60))):
            holder[key] = draw.choice(([holder[key]], {"message": holder[key]}))


def _lend(update: Json, others: Sequence[Json], draw: random.Random) -> None:
    """Put a part of another update in place of one, or beside it."""
    into, out_of = _places(update), _places(draw.choice(others))
    if into and out_of:
        holder, key = draw.choice(into)
        from_holder, from_key = draw.choice(out_of)
        part = copy.deepcopy(from_holder[from_key])
        if isinstance(holder, dict) and draw.random() < 0.5:
            holder[str(from_key)] = part
        else:
            holder[key] = part


def _exchange(update: Json, others: Sequence[Json], draw: random.Random) -> None:
    """Exchange a part for the one of the same name in another update: another message, press or sender."""
    out_of = [(holder, key) for holder, key in _places(draw.choice(others)) if isinstance(key, str)]
    into = _places(update)
    fitting = [(mine, theirs) for mine in into for theirs in out_of if mine[1] == theirs[1] != "update_id"]
    if fitting:
        (holder, key), (from_holder, from_key) = draw.choice(fitting)
        holder[key] = copy.deepcopy(from_holder[from_key])


def _rename(update: Json, _others: Sequence[Json], draw: random.Random) -> None:
    kinds = [kind for kind in update if kind != "update_id"]
    if kinds:
        kind = draw.choice(kinds)
        update[draw.choice(KINDS)] = update.pop(kind)


def _mark(update: Json, _others: Sequence[Json], draw: random.Random) -> None:
    """Mark parts of a text where there is none."""
    message = update.get("message") or update.get("edited_message")
    if isinstance(message, dict):
        kinds = ("url", "text_link", "text_mention", "code", "bot_command", "unknown", "custom_emoji")
        numbers = (-1, 0, 1, 3, 2**31, 2**63)
        message[draw.choice(("entities", "caption_entities"))] = [
            {"type": draw.choice(kinds), "offset": draw.choice(numbers), "length": draw.choice(numbers)}
            | draw.choice(({}, {"url": draw.choice(_WORDS)}, {"user": {"id": 1, "is_bot": False, "first_name": "x"}}))
            for _ in range(draw.choice((1, 2, 200)))
        ]


_WAYS: Final[tuple[Callable[[Json, Sequence[Json], random.Random], None], ...]] = (
    *(_drop, _replace, _replace, _replace_alike, _replace_alike, _change_words),
    *(_nest, _lend, _exchange, _exchange, _rename, _mark),
)
