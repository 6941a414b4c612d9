"""What is public of a round as data: JSON in the terms of Open311 GeoReport v2, and CSV for a spreadsheet."""

import json
from collections.abc import Callable
from typing import Any

from models.share import Share
from services.publication.content import Findings, PublicItem, PublicOutcomes
from services.publication.public_page import PublicPage
from services.spreadsheet import as_csv


def as_json(page: PublicPage, address_of_photo: Callable[[str], str]) -> str:
    """Return everything as JSON; `address_of_photo` returns where a photo is."""
    content = page.content
    whole: dict[str, Any] = {
        "jurisdiction": content.county,
        "round": {
            "id": content.round_id,
            "name": content.round_name,
            "theme": content.theme,
            "from": content.stay_from,
            "until": content.stay_until,
        },
        "version": content.version,
        "counted_on": {
            "findings": content.findings_as_of,
            "satisfaction": content.satisfied_as_of if content.satisfied else None,
            "outcomes": content.outcomes.as_of or None,
        },
        "villages_visited": _share(content.villages_visited),
        "findings": _findings(content.findings),
        "satisfied": _share(content.satisfied),
        "outcomes": _outcomes(content.outcomes),
        "units": [
            {
                "name": one.unit,
                "grade": one.grade,
                "findings": _findings(one.findings),
                "satisfied": _share(one.satisfied),
            }
            for one in content.units
        ],
        "service_requests": [_request(page, one, address_of_photo) for one in content.items],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def items_as_csv(page: PublicPage) -> str:
    """Return the results, a row each."""
    header = (
        "number", "unit", "service_name", "description", "status", "status_notes", "updated_datetime", "in_time"
    )  # fmt: skip
    rows = (
        (
            one.number,
            one.unit,
            one.category,
            one.problem,
            _status(page, one),
            one.result,
            one.done_on,
            "yes" if one.in_time else "no",
        )
        for one in page.content.items
    )
    return as_csv(header, rows)


def units_as_csv(page: PublicPage) -> str:
    """Return the numbers of the units, a row each; what is not shown is an empty cell."""
    header = ("unit", "grade", "found", "solved", "solved_in_time", "rated", "satisfied")
    rows = (
        (
            one.unit,
            one.grade or "",
            *((one.findings.found, one.findings.solved, one.findings.in_time) if one.findings else ("", "", "")),
            *((one.satisfied.whole, one.satisfied.part) if one.satisfied else ("", "")),
        )
        for one in page.content.units
    )
    return as_csv(header, rows)


def _status(page: PublicPage, one: PublicItem) -> str:
    """Return how a result stands, as Open311 calls it: one that is being looked at again is open."""
    return "open" if one.number in page.looked_at_again else "closed"


def _request(page: PublicPage, one: PublicItem, address_of_photo: Callable[[str], str]) -> dict[str, Any]:
    photos = [*((photo, "before") for photo in one.before), *((photo, "after") for photo in one.after)]
    return {
        "service_request_id": f"{page.content.round_id}-{one.number}",
        "status": _status(page, one),
        "status_notes": one.result,
        "service_name": one.category,
        "description": one.problem,
        "agency_responsible": one.unit,
        "updated_datetime": one.done_on,
        "in_time": one.in_time,
        "media": [{"url": address_of_photo(photo), "taken": taken} for photo, taken in photos],
    }


def _share(shown: Share | None) -> dict[str, int] | None:
    return {"count": shown.part, "of": shown.whole, "percent": shown.percent} if shown else None


def _outcomes(shown: PublicOutcomes) -> dict[str, object]:
    money = {"yuan": shown.money.yuan, "problems": shown.money.problems} if shown.money else None
    return {"households": _share(shown.households), "money_recovered": money, "people_dealt_with": shown.people}


def _findings(shown: Findings | None) -> dict[str, int] | None:
    return {"found": shown.found, "solved": shown.solved, "solved_in_time": shown.in_time} if shown else None
