"""How letters and what items have in common are named, in few characters."""

from models.letters import Letter, Pattern, PatternKind
from services.directory import Directory
from texts.catalogue import Html, Words

LETTERS, PATTERNS = "letter", "pattern"  # the areas of their buttons


def pattern_name(words: Words, known: Directory, pattern: Pattern) -> Html:
    """Return what several items show, and of which round."""
    is_common = pattern.kind is PatternKind.COMMON
    subject = pattern.subject_id
    name = known.category(subject).name_in(words.language) if is_common else known.units[subject].name
    round_name = known.rounds[pattern.round_id].name
    return words(f"letter.pattern_name_{pattern.kind}", name=name, round=round_name, count=pattern.counted)


def number(words: Words, letter: Letter) -> str:
    """Return a letter's number, 〔2026〕3号; that it has none yet."""
    if letter.number is None:
        return words.plain("letter.no_number")
    return words.plain("letter.number", year=letter.year, number=letter.number)
