"""What somebody wrote, as plain text: nothing that stood behind it or beside it is lost."""

from telegram import Message, MessageEntity


def text_of(message: Message) -> str:
    """Return the text or caption of a message: with the addresses behind its words, and what it quotes of another chat.

    Who wrote what is quoted or passed on is left out, and so is whom a name without an address stands for.
    """
    text = message.text or message.caption or ""
    entities = message.entities if message.text else message.caption_entities
    written = _with_addresses(text, entities)
    quoted = message.quote.text if message.quote is not None and message.external_reply is not None else ""
    return f"「{quoted}」\n{written}" if quoted else written


def points_elsewhere(message: Message) -> bool:
    """Whether a message answers one of another chat without quoting it: what that says, Telegram does not tell."""
    return message.external_reply is not None and message.quote is None


def _with_addresses(text: str, entities: tuple[MessageEntity, ...]) -> str:
    """Return a text in which each address that stands behind words follows them in brackets."""
    units = text.encode("utf-16-le")  # of which Telegram counts offsets
    for entity in sorted(entities, key=lambda one: one.offset + one.length, reverse=True):
        if entity.type != MessageEntity.TEXT_LINK or not entity.url:
            continue
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        if not _is_same_address(units[start:end].decode("utf-16-le", "ignore"), entity.url):
            units = units[:end] + f" ({entity.url})".encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le", "ignore")


def _is_same_address(words: str, address: str) -> bool:
    def bare(written: str) -> str:
        return written.strip().lower().removeprefix("https://").removeprefix("http://").rstrip("/")

    return bare(words) == bare(address)
