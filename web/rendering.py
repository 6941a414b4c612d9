"""Makes HTML of templates and messages. The sentences are the catalogues'; a page has no words of its own."""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp_jinja2
import jinja2
from aiohttp import web
from markupsafe import Markup

from texts.catalogue import Html, Words
from texts.message import Message, UploadKind

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
_LANGUAGE_TAGS = {"zh_Hans": "zh-Hans", "zh_Hant": "zh-Hant", "en": "en"}


def set_up(app: web.Application) -> None:
    """Let an application render the templates."""
    aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        auto_reload=False,  # else the file of each template is looked at for every page
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(
    request: web.Request, template: str, words: Words, values: Mapping[str, Any], status: int = 200
) -> web.Response:
    """Return a page in a language."""
    context = {
        "say": _sayer(words),
        "language": _LANGUAGE_TAGS[words.language],
        "html": _lines_of,
        "picture_of": _picture_of,
        "language_tag": _LANGUAGE_TAGS.__getitem__,
        "asset": asset_address,
        **values,
    }
    return aiohttp_jinja2.render_template(template, request, context, status=status)


def compressed(response: web.Response) -> web.Response:
    """Compress a page that holds no secret which comes again: the length of one that does could tell of it (BREACH)."""
    response.enable_compression()
    return response


def see_other(address: str) -> web.Response:
    """Return what leads a browser to another page, which it then asks for anew."""
    return web.Response(status=303, headers={"Location": address})


def file_to_keep(body: bytes, content_type: str, name: str) -> web.Response:
    """Return a file that a browser puts aside under a name instead of showing it."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, content_type=content_type, headers=headers)


def markup_of(said: Html) -> Markup:
    """Return HTML as templates take it without escaping it again."""
    return Markup(said)  # noqa: S704 (an Html is escaped already)


def html_of(message: Message) -> Markup:
    """Return what a message says, as HTML: whatever people wrote in it was escaped when it was made."""
    return html_in(message.text)


def html_in(text: str) -> Markup:
    """Return a part of what a message says, as HTML."""
    return Markup(text.replace("<tg-spoiler>", "<span>").replace("</tg-spoiler>", "</span>"))  # noqa: S704


@cache
def asset_address(name: str) -> str:
    """Return the address of a file that every page loads; another version has another address."""
    version = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{version}/{name}"


def _picture_of(message: Message) -> str | None:
    """Return the picture that comes with a message, as the address that holds it; None without one."""
    if message.upload is None or message.upload.kind is not UploadKind.PHOTO:
        return None
    return f"data:image/{message.upload.suffix};base64,{b64encode(message.upload.data).decode()}"


def _lines_of(message: Message) -> Markup:
    """Return what a message says, as HTML that keeps its lines: a quotation ends its own."""
    return Markup(str(html_of(message)).replace("</blockquote>\n", "</blockquote>"))  # noqa: S704


def _sayer(words: Words) -> Callable[..., Markup]:
    def say(key: str, **values: object) -> Markup:
        return Markup(words(key, **values))  # noqa: S704 (the catalogue's own, its values escaped)

    return say
