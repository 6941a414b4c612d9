"""Which language a page speaks: the one that was asked for, else the browser's."""

from aiohttp import web

from texts.catalogue import LANGUAGES, SOURCE, language_of


def language_wanted(request: web.Request) -> str:
    """Return the catalogue for a request; Chinese unless it says otherwise."""
    asked = request.query.get("l", "")
    if asked in LANGUAGES:
        return asked
    for part in request.headers.get("Accept-Language", "").split(","):
        tag = part.partition(";")[0].strip()
        if tag.lower().startswith(("zh", "en")):
            return language_of(tag)
    return SOURCE
