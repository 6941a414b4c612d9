"""Days of the calendar in the words of a language."""

from datetime import date

from babel.dates import format_date, format_skeleton

from texts.catalogue import Words


def day(words: Words, moment: date, today: date) -> str:
    """Return a day of the calendar; the year only when it is another one."""
    if moment.year == today.year:
        return str(format_skeleton("MMMd", moment, locale=words.language))
    return str(format_date(moment, "long", locale=words.language))


def day_in_full(words: Words, moment: date) -> str:
    """Return a day of the calendar with its year and weekday."""
    return str(format_date(moment, "full", locale=words.language))


def day_with_year(words: Words, moment: date) -> str:
    """Return a day of the calendar with its year."""
    return str(format_date(moment, "long", locale=words.language))
