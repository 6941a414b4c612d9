"""What a resident's words mean: the one result of intake, and what it needs to know of the county."""

from dataclasses import dataclass, field
from enum import StrEnum

from models.urgency import Urgency

OTHER = "other"  # the category of what fits no other
LITIGATION = "litigation"
TEAM_CONDUCT = "team_conduct"  # what people on the inspection team did
PUBLIC_SAFETY = "unsafe_bridge"  # bridges, and whatever else endangers the public


class Crisis(StrEnum):
    """What puts somebody at stake, and so whose help is needed first."""

    VIOLENCE = "violence"
    ACCIDENT = "accident"
    SELF_HARM = "self_harm"
    OTHER = "other"  # somebody is missing or held, or calls for help, or the words don't say


class About(StrEnum):
    """Whom a text is about, of those who must not read it."""

    HEAD = "head"  # who leads the unit or the village
    TEAM = "team"  # the inspection team, or somebody on it
    STAFF_NAME = "staff_name"  # somebody on the staff, by name


class TextKind(StrEnum):
    """What a text is."""

    COMPLAINT = "complaint"
    THANKS = "thanks"
    QUESTION = "question"
    ADVERT = "advert"
    LITIGATION = "litigation"
    WITHDRAW_WISH = "withdraw_wish"
    ASKS_FOR_REPORTER = "asks_for_reporter"
    ADD_TO_EARLIER = "add_to_earlier"


class TraceOf(StrEnum):
    """How words lead to the writer."""

    NICKNAME = "nickname"  # what they are called by
    NAME = "name"  # their own, or that of their kin
    SELF_DESCRIPTION = "self_description"  # what is true of few others


@dataclass(frozen=True)
class PlaceNames:
    """A village or a unit, by the names people call it, and the team that is responsible for it."""

    id: str
    names: tuple[str, ...]
    team_id: str | None = None


@dataclass(frozen=True)
class StaffName:
    """Somebody on the staff, by name."""

    id: str
    name: str
    is_head: bool = False  # leads a unit
    on_team: bool = False


@dataclass(frozen=True)
class KeyPost:
    """A post, or the name of who holds it, of which a text is treated as one about a head: at a unit, or anywhere."""

    name: str
    unit_id: str | None = None


@dataclass(frozen=True, eq=False)
class CountyContext:
    """What is known of the county where the text was written. It equals no other: what is made of it is kept by it."""

    categories: frozenset[str]
    places: tuple[PlaceNames, ...] = ()
    people: tuple[StaffName, ...] = ()
    key_posts: tuple[KeyPost, ...] = ()


@dataclass(frozen=True)
class WordSpan:
    """The words that led to a finding: where they stand in the texts, from `start` up to `end`."""

    text: int
    start: int
    end: int
    written: str = field(repr=False)

    def overlaps(self, other: "WordSpan") -> bool:
        """Whether both have a sign in common."""
        return self.text == other.text and self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class AboutFinding:
    """Somebody whom a text is about. What is not sure is treated as if it were. `unit_id`: it counts only there."""

    about: About
    words: tuple[WordSpan, ...]
    person_id: str | None = None
    sure: bool = True
    unit_id: str | None = None

    def counts_at(self, unit_id: str | None) -> bool:
        """Whether it counts at a unit; where nobody knows which one it is, it does."""
        return unit_id is None or self.unit_id in (None, unit_id)


@dataclass(frozen=True)
class PlaceFinding:
    """A place that a text names."""

    place_id: str
    team_id: str | None
    words: tuple[WordSpan, ...]


@dataclass(frozen=True)
class Topic:
    """One of the matters in a text."""

    category: str
    words: tuple[WordSpan, ...]


@dataclass(frozen=True)
class TraceFinding:
    """Words that lead to the writer; a hint where it is not sure."""

    trace: TraceOf
    words: tuple[WordSpan, ...]
    sure: bool = True


@dataclass(frozen=True)
class Understanding:
    """What some texts mean that one resident wrote, each finding with the words that led to it."""

    category: str
    category_words: tuple[WordSpan, ...]
    urgency: Urgency
    urgency_words: tuple[WordSpan, ...]
    kind: TextKind
    kind_words: tuple[WordSpan, ...]
    about: tuple[AboutFinding, ...]
    places: tuple[PlaceFinding, ...]
    topics: tuple[Topic, ...]
    traces: tuple[TraceFinding, ...]
    has_words: bool  # not emoji and punctuation alone
    crises: tuple[Crisis, ...] = ()  # of all that the texts tell; none unless the urgency is a crisis
    crisis_is_sure: bool = False  # a rule sees it, or the learner hardly doubts it

    def concerns(self, about: About, unit_id: str | None = None) -> bool:
        """Whether it is about one of these, at a unit if that is known."""
        return any(finding.about == about and finding.counts_at(unit_id) for finding in self.about)

    @property
    def staff_named(self) -> frozenset[str]:
        """The ids of those on the staff whose name stands in the texts."""
        return frozenset(one.person_id for one in self.about if one.person_id is not None and one.sure)

    @property
    def perhaps_named(self) -> frozenset[str]:
        """The ids of those on the staff whose name stands there, or one that sounds like it."""
        return frozenset(one.person_id for one in self.about if one.person_id is not None)

    def places_of_others(self, responsible: str | None, own_unit: str | None = None) -> list[PlaceFinding]:
        """Return the places named that are of other teams than the one responsible for the code's place.

        `own_unit`: of that place; whoever names it means no other place, though it may be another team's.
        """
        return [one for one in self.places if one.team_id not in (None, responsible) and one.place_id != own_unit]

    def teams_named(self, responsible: str | None, own_unit: str | None = None) -> frozenset[str]:
        """Return the teams of these places."""
        return frozenset(one.team_id for one in self.places_of_others(responsible, own_unit) if one.team_id)


NOTHING = Understanding(OTHER, (), Urgency.NORMAL, (), TextKind.COMPLAINT, (), (), (), (), (), has_words=False)


@dataclass(frozen=True)
class StoredUnderstanding:
    """What the texts of a draft mean, as they were, in the county as it was known then. It is sealed with the draft."""

    texts: str  # a digest of them
    version: int  # of the directory
    meaning: Understanding
