"""The villages and units that a text names."""

from collections.abc import Iterable
from functools import lru_cache

from services.intake.lexicon import lexicon
from services.intake.reading import Reading
from services.intake.understanding import CountyContext, PlaceFinding, PlaceNames
from services.intake.words import Hit


def place_names(reading: Reading, county: CountyContext) -> list[Hit]:
    """Return where the names of places stand in a text, the longest at each spot."""
    return _names(county).vocabulary.longest(reading.text)


def places_named(reading: Reading, county: CountyContext, hits: Iterable[Hit]) -> list[PlaceFinding]:
    """Return the places of which names stand in a text, in its order."""
    of_name = _names(county).of_name
    said: dict[str, list[Hit]] = {}
    for hit in hits:
        for place in of_name[hit.pattern]:
            said.setdefault(place.id, []).append(hit)
    by_id = {place.id: place for place in county.places}
    return [PlaceFinding(place_id, by_id[place_id].team_id, reading.of(*found)) for place_id, found in said.items()]


class _Names:
    """The names of places, as they are looked for."""

    def __init__(self, places: Iterable[PlaceNames]) -> None:
        self.of_name: dict[str, list[PlaceNames]] = {}
        for place in places:
            for name in place.names:
                self.of_name.setdefault(name, []).append(place)
        self.vocabulary = lexicon().vocabulary(self.of_name)


@lru_cache(maxsize=8)
def _names(county: CountyContext) -> _Names:
    return _Names(county.places)
