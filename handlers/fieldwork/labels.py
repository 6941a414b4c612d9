"""How what a team does in the field is named, in few characters."""

from html import escape

from models.fieldwork import EveningTalk
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day


def group_name(words: Words, group: str) -> str:
    """Return what a group of households is called; one that only the county knows, as the county calls it."""
    key = f"field.group_{group}"
    return words.plain(key) if words.has(key) else group


def talk_day(work: UnitOfWork, words: Words, talk: EveningTalk) -> str:
    """Return when an evening talk is, or was."""
    on = day(words, talk.held_on, work.today)
    return f"{on} {talk.begins_at}" if talk.begins_at else on


def quoted(text: str) -> Html:
    """Return what somebody wrote, set apart."""
    return Html(f"<blockquote>{escape(text, quote=False)}</blockquote>")
