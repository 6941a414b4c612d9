"""`python -m bench intake [FILE]`: how much of labelled texts the intake understands.

FILE has a JSON object a line: id, text, village (an id of the sample county, or null), category, urgency, about, kind
(each one value or a list of those that are acceptable), traces (pieces that lead to the writer), traces_ok (pieces that
may be marked without fault), topics (how many). Where a harmless label is among several, recall does not ask for the
line. Without FILE, the sets of the tests are measured.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from models.urgency import Urgency
from privacy.traces import find_traces
from services.intake.classify import understand
from services.intake.county import unit_names, village_names
from services.intake.understanding import About, CountyContext, PlaceNames, StaffName, TextKind, Understanding

_ROOT = Path(__file__).parent.parent
UTTERANCES = _ROOT / "tests" / "intake" / "utterances.jsonl"
FURTHER = _ROOT / "tests" / "intake" / "further.jsonl"  # by which no lexicon was written
EVERYDAY = _ROOT / "tests" / "intake" / "everyday.jsonl"  # plain lines, and what only sounds urgent
SET_ASIDE = _ROOT / "tests" / "intake" / "set_aside.jsonl"
EVERYDAY_SET_ASIDE = _ROOT / "tests" / "intake" / "everyday_set_aside.jsonl"
SETS = (UTTERANCES, FURTHER, EVERYDAY, SET_ASIDE, EVERYDAY_SET_ASIDE)
_COUNTY = _ROOT / "bot" / "samples" / "county-sample.json"
_FIGURES_OF_A_NUMBER = 5  # a trace with as many figures is a number, not words


@dataclass(frozen=True)
class Labelled:
    """A text and what it means."""

    id: str
    text: str
    category: frozenset[str | None]
    urgency: frozenset[str | None]
    about: frozenset[str | None]
    kind: frozenset[str | None]
    topics: frozenset[int]
    traces: tuple[str, ...]
    traces_ok: tuple[str, ...]

    @classmethod
    def of(cls, line: str) -> "Labelled":
        """Return what stands in a line of a file."""
        record: dict[str, Any] = json.loads(line)
        return cls(
            id=record["id"],
            text=record["text"],
            category=frozenset(_several(record["category"])),
            urgency=frozenset(_several(record["urgency"])),
            about=frozenset(_several(record.get("about"))),
            kind=frozenset(_several(record["kind"])),
            topics=frozenset(_several(record.get("topics", 1))),
            traces=tuple(record.get("traces") or ()),
            traces_ok=tuple(record.get("traces_ok") or ()),
        )


@dataclass
class Share:
    """How many of those that were asked for came out right, and the ids of the others."""

    right: int = 0
    asked: int = 0
    failed: list[str] = field(default_factory=list)

    def count(self, line: Labelled, right: bool) -> None:
        """Count one."""
        self.asked += 1
        self.right += right
        if not right:
            self.failed.append(line.id)

    @property
    def value(self) -> float:
        """The share; 1 where nothing was asked for."""
        return self.right / self.asked if self.asked else 1.0


@dataclass
class Figures:
    """What was measured on one file."""

    shares: dict[str, Share] = field(default_factory=dict)
    milliseconds: list[float] = field(default_factory=list)

    def share(self, name: str) -> Share:
        """Return a share by its name."""
        return self.shares.setdefault(name, Share())

    def __getitem__(self, name: str) -> float:
        """Return the value of a share."""
        return self.share(name).value


def main(arguments: Sequence[str]) -> int:
    """Measure and print; return the exit status."""
    asked = argparse.ArgumentParser(prog="python -m bench intake", description=__doc__)
    asked.add_argument("file", nargs="*", type=Path, default=SETS)
    for path in asked.parse_args(arguments).file:
        print(report(path, measure(read(path))), flush=True)
    return 0


def read(path: Path) -> list[Labelled]:
    """Return the labelled texts of a file."""
    return [Labelled.of(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def sample_county() -> CountyContext:
    """Return the sample county as the intake knows it."""
    sample = json.loads(_COUNTY.read_text(encoding="utf-8"))
    team_of = {unit["id"]: unit.get("team") for unit in sample["units"]}
    units = [PlaceNames(unit["id"], unit_names(unit["name"]), unit.get("team")) for unit in sample["units"]]
    villages = [
        PlaceNames(village["id"], village_names(village["name"]), team_of.get(village["unit"]))
        for village in sample["villages"]
    ]
    people = [
        StaffName(
            person["id"],
            person["name"],
            is_head=person["role"] == "unit_head",
            on_team=person["role"] in {"team_leader", "team_member"},
        )
        for person in sample["people"]
    ]
    return CountyContext(frozenset(one["code"] for one in sample["categories"]), (*units, *villages), tuple(people))


def measure(lines: Iterable[Labelled]) -> Figures:
    """Return how much of some labelled texts is understood."""
    figures = Figures()
    county = sample_county()
    understand(["。"], county=county)  # what is read once is read
    for line in lines:
        began = time.process_time()
        meant = understand([line.text], county=county)
        figures.milliseconds.append(1000 * (time.process_time() - began))
        _count(figures, line, meant)
    return figures


def _count(figures: Figures, line: Labelled, meant: Understanding) -> None:
    figures.share("category").count(line, meant.category in line.category)
    figures.share("kind").count(line, meant.kind in line.kind)
    if TextKind.COMPLAINT not in line.kind:
        figures.share("kind of what is no complaint").count(line, meant.kind in line.kind)
    for level in (Urgency.CRISIS, Urgency.DANGER):
        if level in line.urgency and Urgency.NORMAL not in line.urgency:
            figures.share(f"{level} recall").count(line, meant.urgency in line.urgency)
        if meant.urgency == level:
            figures.share(f"{level} precision").count(line, level in line.urgency)
    whom = {finding.about for finding in meant.about}
    if line.about and None not in line.about:
        figures.share("about recall").count(line, bool(whom & line.about))
        for one in About:
            if line.about == {one}:
                figures.share(f"about recall, {one}").count(line, one in whom)
    for one in sorted(whom):
        figures.share("about precision").count(line, one in line.about)
    _count_traces(figures, line, meant)
    if line.topics and min(line.topics) > 1:
        figures.share("several topics recall").count(line, len(meant.topics) > 1)
        figures.share("several topics, as many").count(line, len(meant.topics) in line.topics)
    if len(meant.topics) > 1:
        figures.share("several topics precision").count(line, bool(line.topics) and max(line.topics) > 1)


def _count_traces(figures: Figures, line: Labelled, meant: Understanding) -> None:
    in_words = [(words.start, words.end) for finding in meant.traces for words in finding.words]
    marked = in_words + [(trace.start, trace.end) for trace in find_traces(line.text)]
    for written in line.traces:
        kind = "traces in figures" if sum(map(str.isdigit, written)) >= _FIGURES_OF_A_NUMBER else "traces in words"
        half = (len(written) + 1) // 2
        found = any(shared(place, mark) >= half for place in places_in(line.text, [written]) for mark in marked)
        figures.share(f"{kind} recall").count(line, found)
    allowed = list(places_in(line.text, [*line.traces, *line.traces_ok]))
    for mark in in_words:
        figures.share("traces in words precision").count(line, any(shared(place, mark) > 0 for place in allowed))


def shared(one: tuple[int, int], other: tuple[int, int]) -> int:
    """Return how many signs two spans have in common; less than nothing where they lie apart."""
    return min(one[1], other[1]) - max(one[0], other[0])


def places_in(text: str, pieces: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where the pieces of a text stand in it."""
    for piece in pieces:
        start = text.find(piece)
        while start >= 0:
            yield start, start + len(piece)
            start = text.find(piece, start + 1)


def report(path: Path, figures: Figures) -> str:
    """Return the figures of a file as a table, with the ids of what failed."""
    rows = [f"{path.name}: {len(figures.milliseconds)} texts"]
    for name in sorted(figures.shares):
        share = figures.shares[name]
        rows.append(
            f"  {name:32} {share.value:.3f}  {share.right:4}/{share.asked:<4} {' '.join(share.failed)}".rstrip()
        )
    took = figures.milliseconds
    rows.append(f"  CPU a text: median {median(took):.2f} ms, most {max(took):.2f} ms")
    return "\n".join(rows)


def _several(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        yield from value
    else:
        yield value


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
