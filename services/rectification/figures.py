"""Reads what came of an item in figures, as people type it: one figure a line, each known by its unit."""

import re

from services.intake.folding import plain
from services.rectification.unit_actions import Numbers

_MOST = 10**12
_HOUSEHOLDS = re.compile(r"户|戶|household")
_MONEY = re.compile(r"元|钱|錢|资金|資金|yuan|money|rmb")
_PEOPLE = re.compile(r"人|people|person")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_TEN_THOUSANDS = re.compile(r"万|萬")


def read_numbers(text: str) -> Numbers | None:
    """Return the figures in a text: households done of all, yuan recovered, people dealt with; None: not understood."""
    found: dict[str, int] = {}
    for line in re.split(r"[\n;；。]+", plain(text).lower()):
        if not line.strip():
            continue
        figures = _figures_of(line)
        if not figures or found.keys() & figures.keys():
            return None
        found |= figures
    return Numbers(**found) if found else None


def _figures_of(line: str) -> dict[str, int]:
    """Return the figures of one line; none when it is not clear what they count."""
    numbers = [float(number.replace(",", "")) for number in _NUMBER.findall(line)]
    kinds = [kind for kind in (_HOUSEHOLDS, _MONEY, _PEOPLE) if kind.search(line)]
    if len(kinds) != 1 or not numbers or max(numbers) > _MOST:
        return {}
    if kinds == [_MONEY] and len(numbers) == 1:
        return {"money_recovered": round(numbers[0] * (10_000 if _TEN_THOUSANDS.search(line) else 1))}
    if not all(number.is_integer() for number in numbers):
        return {}
    whole = [int(number) for number in numbers]
    if kinds == [_PEOPLE] and len(whole) == 1:
        return {"people_dealt_with": whole[0]}
    if kinds == [_HOUSEHOLDS] and len(whole) <= 2:
        done, total = min(whole), max(whole)  # 60/62, and 共62户完成60户
        return {"households_done": done, "households_total": total}
    return {}
