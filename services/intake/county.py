"""What the intake knows of the county where a resident writes, taken from the directory."""

from models.settings import EVERYWHERE
from models.staff import TEAM_ROLES, Role
from services.directory import Directory
from services.intake.understanding import CountyContext, KeyPost, PlaceNames, StaffName

_TOWNSHIP = "township"

_SHORTEST = 3  # characters of a short name: a shorter one stands in too many other words


def county_at(known: Directory, round_id: str | None) -> CountyContext:
    """Return the county as it is known in a round; one for each version of the directory."""
    return known.derived(("county", round_id), lambda known: _county(known, round_id))


def _county(known: Directory, round_id: str | None) -> CountyContext:
    team_of = known.assignments.get(round_id or "", {})
    levelled_up = known.levelled_up.get(round_id or "", {})
    units = (
        # Of a county department nobody can say that it is its team's matter: villagers name it as the one that sent
        # them away.
        PlaceNames(unit.id, unit_names(unit.name), team_of.get(unit.id) if unit.kind == _TOWNSHIP else None)
        for unit in known.units.values()
    )
    villages = (
        PlaceNames(village.id, village_names(village.name), levelled_up.get(village.id) or team_of.get(village.unit_id))
        for village in known.villages.values()
    )
    people = (
        StaffName(
            one.id,
            one.name,
            is_head=any(held.role == Role.UNIT_HEAD for held in one.roles),
            on_team=any(held.role in TEAM_ROLES for held in one.roles),
        )
        for one in known.people.values()
    )
    categories = frozenset(category.code for category in known.categories)
    return CountyContext(categories, (*units, *villages), tuple(people), _key_posts(known))


def _key_posts(known: Directory) -> tuple[KeyPost, ...]:
    """Return the key posts that the county has listed, for all of it or for a unit."""
    return tuple(
        KeyPost(name, None if place == EVERYWHERE else place)
        for place, names in known.settings.key_posts.items()
        for name in names
        if name.strip()
    )


def unit_names(name: str) -> tuple[str, ...]:
    """Return what people call a unit: its name without the party organisation in it."""
    return (name.removesuffix("党委").removesuffix("党组"),)


def village_names(name: str) -> tuple[str, ...]:
    """Return what people call a village."""
    short = name.removesuffix("社区").removesuffix("村")
    return (name, short) if len(short) >= _SHORTEST else (name,)
