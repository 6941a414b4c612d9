"""Whom a text is about, of those who must not read it: by name, by post, by kinship, or by what they did."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from services.intake.folding import is_han
from services.intake.lexicon import lexicon
from services.intake.reading import Reading
from services.intake.understanding import About, AboutFinding, CountyContext, KeyPost, StaffName, TextKind, WordSpan
from services.intake.words import Hit, Vocabulary, near, outside
from services.names import places_of_names

_SHORTEST_NAME = 2  # signs
_SHORTEST_LATIN = 6  # letters of a name that is written as it sounds
_NEAR = 16  # signs between the team and what is said of it
_CALLED = 8  # signs between a call upon somebody and their post


def about(reading: Reading, county: CountyContext, kind: TextKind) -> list[AboutFinding]:
    """Return whom a text is about; who is only thanked, or asked for help, is not among them but by name."""
    names = _names(county)
    found = [*_named(reading, county), *_perhaps_named(reading, names)]
    if kind in ABOUT_NOBODY:
        return found
    if not any(finding.about == About.HEAD for finding in found):
        found += _heads_by_post(reading, names)
    found += _key_posts(reading, names)
    return found + list(_team(reading, names))


# Kinds of texts in which who is spoken of is not accused.
ABOUT_NOBODY = (TextKind.THANKS, TextKind.ADVERT, TextKind.ASKS_FOR_REPORTER)


def names_of_people(reading: Reading, county: CountyContext) -> list[Hit]:
    """Return where names of people on the staff stand together in a text."""
    return _names(county).vocabulary.longest(reading.text)


def _named(reading: Reading, county: CountyContext) -> Iterator[AboutFinding]:
    """Yield those whose name stands in the texts, whatever stands between its characters."""
    people = {person.id: person for person in county.people}
    for person_id, places in places_of_names(reading.texts, ((one.id, one.name) for one in county.people)):
        words = tuple(
            WordSpan(one.text, one.start, one.end, reading.texts[one.text][one.start : one.end]) for one in places
        )
        yield AboutFinding(_whom(people[person_id]), words, person_id)


def _perhaps_named(reading: Reading, names: "_Names") -> Iterator[AboutFinding]:
    """Yield those of whom a name stands in the text that sounds like theirs, and begins with the same character.

    A name in Latin letters does, too.
    """
    letters = [place for place, sign in enumerate(reading.text) if sign.isalnum()]
    bare = "".join(reading.text[place] for place in letters)
    sounds = "".join(reading.sounds[place] for place in letters)
    for hit in names.sound_vocabulary.find(sounds):
        said = bare[hit.start : hit.end]
        for name, person in names.people_by_sound[hit.pattern]:
            if said != name and said[0] == name[0]:
                words = reading.words(letters[hit.start], letters[hit.end - 1] + 1)
                yield AboutFinding(_whom(person), words, person.id, sure=False)
    for hit in names.latin_vocabulary.longest(bare):
        words = reading.words(letters[hit.start], letters[hit.end - 1] + 1)
        for person in names.people_by_latin[hit.pattern]:
            yield AboutFinding(_whom(person), words, person.id, sure=False)


def _whom(person: StaffName) -> About:
    return About.HEAD if person.is_head else About.STAFF_NAME


class _Names:
    """The names of people, as they are looked for."""

    def __init__(self, people: Iterable[StaffName], key_posts: Iterable[KeyPost]) -> None:
        written: dict[str, None] = {}
        self.people_by_sound: dict[str, list[tuple[str, StaffName]]] = {}
        self.people_by_latin: dict[str, list[StaffName]] = {}
        words = lexicon()
        surnames: dict[bool, set[str]] = {True: set(), False: set()}
        for person in people:
            name = "".join(sign for sign in words.standard(person.name) if sign.isalnum())
            if len(name) >= _SHORTEST_NAME:
                written[name] = None
            if len(name) > _SHORTEST_NAME and all(map(is_han, name)):
                self.people_by_sound.setdefault(words.sound(name), []).append((name, person))
            latin = "".join(map(words.reading_of, name))
            if latin.isascii() and len(latin) >= _SHORTEST_LATIN:
                self.people_by_latin.setdefault(latin, []).append(person)
            if person.is_head or person.on_team:
                surnames[person.is_head].update({name[0], words.reading_of(name[0])})
        self.vocabulary = Vocabulary(written, str)
        self.sound_vocabulary = Vocabulary(self.people_by_sound, str)
        self.latin_vocabulary = Vocabulary(self.people_by_latin, str)
        self.key_posts_by_name: dict[str, list[KeyPost]] = {}
        for post in key_posts:
            self.key_posts_by_name.setdefault(words.standard(post.name), []).append(post)
        self.key_posts = Vocabulary(self.key_posts_by_name, str)
        self.heads_by_surname = words.vocabulary(_with_surnames(words.heads_by_surname, surnames[True]))
        self.team_by_surname = words.vocabulary(_with_surnames(words.team_by_surname, surnames[False]))


def _with_surnames(patterns: Iterable[str], surnames: Iterable[str]) -> list[str]:
    """Return patterns with a surname where the lexicon has a sign for it, in the script of the pattern."""
    return [
        pattern.replace("@", surname)
        for pattern in patterns
        for surname in sorted(surnames)
        if surname.isascii() == pattern.replace("@", "").isascii()
    ]


@lru_cache(maxsize=8)
def _names(county: CountyContext) -> _Names:
    return _Names(county.people, county.key_posts)


def _heads_by_post(reading: Reading, names: _Names) -> Iterator[AboutFinding]:
    head = lexicon().about["head"]
    length = len(reading.text)
    hidden = [*reading.find(head["not_posts"]), *reading.find(head["greeting"])]
    posts = outside([*reading.find(head["posts"]), *names.heads_by_surname.find(reading.text)], hidden, length)
    called = {post for call, post in near(reading.find(head["called_upon"]), posts, _CALLED) if call.start < post.start}
    for post in posts:
        if post not in called or _is_accused_later(reading, post):
            yield AboutFinding(About.HEAD, reading.of(post))
            return


def _key_posts(reading: Reading, names: _Names) -> Iterator[AboutFinding]:
    """Yield the key posts of which a text speaks, but for those who are only called upon to help."""
    head = lexicon().about["head"]
    posts = outside(names.key_posts.longest(reading.text), reading.find(head["greeting"]), len(reading.text))
    called = {post for call, post in near(reading.find(head["called_upon"]), posts, _CALLED) if call.start < post.start}
    for hit in posts:
        if hit not in called or _is_accused_later(reading, hit):
            for post in names.key_posts_by_name[hit.pattern]:
                yield AboutFinding(About.HEAD, reading.of(hit), unit_id=post.unit_id)


def _is_accused_later(reading: Reading, post: Hit) -> bool:
    """Whether somebody's kin or belongings follow their post: whoever is called upon is not spoken of so."""
    return reading.text[post.end : post.end + 1] == "的"


def _team(reading: Reading, names: _Names) -> Iterator[AboutFinding]:
    """Yield the team where the text says in one sentence who it is and what they did, or whom they know."""
    team = lexicon().about["team"]
    called = outside(reading.find(team["names"]), reading.find(team["greeted"]), len(reading.text))
    by_surname = names.team_by_surname.find(reading.text)
    said = sorted(
        (hit for what in ("conduct", "tie", "distrust") for hit in reading.find(team[what])), key=lambda hit: hit.start
    )
    for first, second in (*near(called, said, _NEAR), *near(by_surname, said, _NEAR), *near(called, by_surname, _NEAR)):
        if reading.sentence(first.start) == reading.sentence(second.start):
            yield AboutFinding(About.TEAM, reading.of(first, second))
            return
