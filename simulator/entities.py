"""Message text as Telegram reads it: HTML, entities, lengths in UTF-16 units.

Follows parse_html of tdlib's MessageEntity.cpp, with its error texts; byte offsets are those of UTF-8.
"""

import re
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from simulator.errors import Json, bad_request

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

_TAG_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_ENTITY_TYPES = {
    *_TAG_TYPES.values(),
    "expandable_blockquote",
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
    "text_mention",
}
_NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
_SPACE = b" \t\r\n\0\v"
_REFERENCE = re.compile(rb"&(?:#x([0-9a-fA-F]*)|#([0-9]*)|([a-zA-Z]*));?")
_NAME_TOKEN = re.compile(rb"[0-9A-Za-z.-]*")

# The order in which entities of the same place are listed: the outer one first.
_PRIORITY = {"blockquote": 0, "expandable_blockquote": 0, "pre": 11, "code": 20, "text_link": 49}


@dataclass(frozen=True)
class Entity:
    """A marked part of a text; offset and length are in UTF-16 units."""

    type: str
    offset: int
    length: int
    extra: Json = field(default_factory=dict)

    def as_json(self) -> Json:
        return {"type": self.type, "offset": self.offset, "length": self.length, **self.extra}


@dataclass(frozen=True)
class FormattedText:
    """A text without markup, and what was marked in it."""

    text: str
    entities: tuple[Entity, ...] = ()

    def as_json(self, name: str) -> Json:
        """The fields of a message: `text` and `entities`, or `caption` and `caption_entities`."""
        if not self.text:
            return {}
        marks = [entity.as_json() for entity in self.entities]
        entities_name = "entities" if name == "text" else f"{name}_entities"
        return {name: self.text, **({entities_name: marks} if marks else {})}


def utf16_length(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text) + sum(character > "\uffff" for character in text)


@dataclass
class _OpenTag:
    name: str
    argument: str
    offset: int
    start: int  # index into the characters of the result


def _refuse(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")


def parse_html(source: str) -> FormattedText:
    """Reads the HTML subset that Telegram knows; raises ApiError in the server's words."""
    return _HtmlReader(source).read()


class _HtmlReader:
    def __init__(self, source: str) -> None:
        self._bytes = source.encode()
        self._at = 0
        self._result: list[str] = []
        self._units = 0
        self._open: list[_OpenTag] = []
        self._entities: list[Entity] = []

    def read(self) -> FormattedText:
        while self._at < len(self._bytes):
            byte = self._bytes[self._at : self._at + 1]
            if byte == b"<":
                begin = self._at
                self._at += 1
                if self._peek() == b"/":
                    self._end_tag(begin)
                else:
                    self._start_tag(begin)
            elif byte == b"&" and (decoded := self._reference()):
                self._append(decoded)
            else:
                self._append(self._character())
        if self._open:
            raise _refuse(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        return FormattedText("".join(self._result), _in_order(self._entities))

    def _peek(self) -> bytes:
        return self._bytes[self._at : self._at + 1]

    def _is_space(self) -> bool:
        return self._peek() != b"" and self._peek() in _SPACE

    def _skip_spaces(self) -> None:
        while self._is_space():
            self._at += 1

    def _skip_to(self, stops: bytes) -> bytes:
        begin = self._at
        while self._peek() and not self._is_space() and self._peek() not in stops:
            self._at += 1
        return self._bytes[begin : self._at]

    def _append(self, text: str) -> None:
        self._result.append(text)
        self._units += utf16_length(text)

    def _character(self) -> str:
        first = self._bytes[self._at]
        size = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
        text = self._bytes[self._at : self._at + size].decode()
        self._at += size
        return text

    def _reference(self) -> str:
        """The character that a reference stands for; nothing for what Telegram leaves as it is."""
        match = _REFERENCE.match(self._bytes, self._at)
        if match is None:
            return ""
        hexadecimal, decimal, name = match.groups()
        if name is not None:
            decoded = _NAMED.get(name, "")
        else:
            code = int(hexadecimal or b"0", 16) if hexadecimal is not None else int(decimal or b"0")
            too_long = len(match.group(0).rstrip(b";")) >= 10
            valid = 0 < code < 0x10FFFF and not too_long
            if valid and 0xD800 <= code <= 0xDFFF:
                raise _refuse(
                    "Text contains invalid Unicode characters after decoding HTML entities, "
                    "check for unmatched surrogate code units"
                )
            decoded = chr(code) if valid else ""
        if decoded:
            self._at = match.end()
        return decoded

    def _start_tag(self, begin: int) -> None:
        name = self._skip_to(b">").decode().lower()
        if not self._peek():
            raise _refuse(f"Unclosed start tag at byte offset {begin}")
        if name not in _TAG_TYPES:
            raise _refuse(f'Unsupported start tag "{name}" at byte offset {begin}')
        argument = ""
        while self._peek() != b">":
            self._skip_spaces()
            if self._peek() == b">":
                break
            attribute, value = self._attribute(name, begin)
            argument = _argument_of(name, attribute, value) or argument
        self._at += 1
        if name == "span" and argument != "spoiler":
            raise _refuse(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self._open.append(_OpenTag(name, argument, self._units, len(self._result)))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        attribute = self._skip_to(b"=>").decode()
        if not attribute:
            raise _refuse(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
        self._skip_spaces()
        if self._peek() != b"=":
            if tag == "blockquote" and attribute == "expandable":
                return attribute, ""
            raise _refuse(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}" at byte offset {begin}'
            )
        self._at += 1
        self._skip_spaces()
        if not self._peek():
            raise _refuse(f'Unclosed start tag "{tag}" at byte offset {begin}')
        if self._peek() in b"'\"":
            return attribute, self._quoted(begin)
        token_begin = self._at
        match = _NAME_TOKEN.match(self._bytes, self._at)
        token = match.group(0) if match else b""
        self._at += len(token)
        if not self._is_space() and self._peek() != b">":
            raise _refuse(f"Unexpected end of name token at byte offset {token_begin}")
        return attribute, token.decode().lower()

    def _quoted(self, begin: int) -> str:
        quote = self._peek()
        self._at += 1
        value: list[str] = []
        while self._peek() and self._peek() != quote:
            if self._peek() == b"&" and (decoded := self._reference()):
                value.append(decoded)
            else:
                value.append(self._character())
        self._at += 1
        if not self._peek():
            raise _refuse(f"Unclosed start tag at byte offset {begin}")
        return "".join(value)

    def _end_tag(self, begin: int) -> None:
        if not self._open:
            raise _refuse(f"Unexpected end tag at byte offset {begin}")
        self._at += 1
        name = self._skip_to(b">").decode().lower()
        self._skip_spaces()
        if self._peek() != b">":
            raise _refuse(f"Unclosed end tag at byte offset {begin}")
        self._at += 1
        opened = self._open.pop()
        if name and name != opened.name:
            raise _refuse(f'Unmatched end tag at byte offset {begin}, expected "</{opened.name}>", found "</{name}>"')
        if self._units > opened.offset:
            self._close(opened)

    def _close(self, tag: _OpenTag) -> None:
        offset, length = tag.offset, self._units - tag.offset
        previous = self._entities[-1] if self._entities else None
        same_place = previous is not None and (previous.offset, previous.length) == (offset, length)
        extra: Json = {}
        kind = _TAG_TYPES[tag.name]
        match tag.name:
            case "a":
                url = checked_url(tag.argument or "".join(self._result[tag.start :]))
                if not url:
                    return
                extra = {"url": url}
            case "tg-emoji":
                if not tag.argument.isdigit() or int(tag.argument) == 0:
                    raise _refuse("Invalid custom emoji identifier specified")
                extra = {"custom_emoji_id": tag.argument}
            case "pre" if previous and same_place and previous.type == "code" and previous.extra:
                self._entities[-1] = replace(previous, type="pre")
                return
            case "code" if previous and same_place and previous.type == "pre" and tag.argument:
                self._entities[-1] = replace(previous, extra={"language": tag.argument})
                return
            case "code" if tag.argument:
                extra = {"language": tag.argument}
            case "blockquote" if tag.argument:
                kind = "expandable_blockquote"
        self._entities.append(Entity(kind, offset, length, extra))


def _argument_of(tag: str, attribute: str, value: str) -> str:
    match tag, attribute:
        case ("a", "href") | ("tg-emoji", "emoji-id"):
            return value
        case ("code", "class") if value.startswith("language-"):
            return value.removeprefix("language-")
        case ("span", "class") if value.startswith("tg-"):
            return value.removeprefix("tg-")
        case ("blockquote", "expandable"):
            return "1"
    return ""


def _in_order(entities: list[Entity]) -> tuple[Entity, ...]:
    plain = [replace(entity, extra={}) if entity.type == "code" and entity.extra else entity for entity in entities]
    return tuple(sorted(plain, key=lambda one: (one.offset, -one.length, _PRIORITY.get(one.type, 90))))


def checked_url(link: str) -> str:
    """The link as Telegram stores it, or nothing when it is not a web address."""
    text = link.strip()
    if re.match(r"(?i)(tg|ton)://\S+$", text):
        return text
    if "://" not in text:
        text = f"http://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return ""
    host = parts.hostname or ""
    if parts.scheme.lower() not in {"http", "https"} or port == 0 or re.search(r"[\s<>]", text):
        return ""
    if not re.fullmatch(r"[^\s.:]+(\.[^\s.:]+)+", host):
        return ""
    return text if parts.path or parts.query or parts.fragment else f"{text}/"


_FOUND = [
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")),
    ("email", re.compile(r"(?<![\w.+-])[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")),
    ("url", re.compile(r"https?://[!-~]*[A-Za-z0-9/_~%=&#+-]")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{2,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d_])\w{1,256}(?![\w#])")),
]


def with_found(formatted: FormattedText) -> FormattedText:
    """Adds what Telegram finds by itself: commands, addresses, mentions, hashtags."""
    entities = list(formatted.entities)
    closed = [one for one in entities if one.type in {"code", "pre", "text_link"}]
    for kind, pattern in _FOUND:
        for match in pattern.finditer(formatted.text):
            offset = utf16_length(formatted.text[: match.start()])
            found = Entity(kind, offset, utf16_length(match.group(0)))
            if not any(_overlap(found, other) for other in closed):
                entities.append(found)
                closed.append(found)
    return FormattedText(formatted.text, _in_order(entities))


def _overlap(one: Entity, other: Entity) -> bool:
    return one.offset < other.offset + other.length and other.offset < one.offset + one.length


def trimmed(formatted: FormattedText) -> FormattedText:
    """Drops white space around the text, as Telegram does before it counts."""
    text = "".join(
        " " if character < " " and character != "\n" else character for character in formatted.text.replace("\r", "")
    )
    left = utf16_length(text[: len(text) - len(text.lstrip())])
    text = text.strip()
    end = utf16_length(text)
    entities = []
    for entity in formatted.entities:
        start = min(max(entity.offset - left, 0), end)
        stop = min(max(entity.offset + entity.length - left, 0), end)
        if stop > start:
            entities.append(replace(entity, offset=start, length=stop - start))
    return FormattedText(text, tuple(entities))


def given_entities(text: str, entities: list[Json]) -> FormattedText:
    """A text with entities that the bot listed itself; raises ApiError for one that can't be."""
    result = []
    for number, given in enumerate(entities):
        kind, offset, length = given.get("type"), given.get("offset"), given.get("length")
        if kind not in _ENTITY_TYPES:
            raise _refuse(f"Unsupported type of entity at index {number}")
        if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length < 0:
            raise _refuse(f"Entity at index {number} has a wrong place")
        if offset + length > utf16_length(text):
            raise bad_request(f"entity begins in a middle of a UTF-16 symbol at byte offset {offset}")
        extra: Json = {name: given[name] for name in ("url", "language", "custom_emoji_id", "user") if name in given}
        if length:
            result.append(Entity(str(kind), offset, length, extra))
    return FormattedText(text, _in_order(result))
