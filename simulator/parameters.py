"""The arguments of one Bot API call, from JSON, a form, multipart or the query string."""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from simulator.errors import ApiError, Json, bad_request


@dataclass(frozen=True)
class Upload:
    """A file of a multipart request."""

    name: str
    mime_type: str
    data: bytes


@dataclass(frozen=True)
class Parameters:
    """Arguments by name; numbers and objects may come as text, as forms send them."""

    values: Json
    uploads: dict[str, Upload]

    def text(self, name: str) -> str:
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def integer(self, name: str, default: int = 0) -> int:
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            return default

    def number(self, name: str) -> float:
        try:
            return float(self.values.get(name, 0))
        except (TypeError, ValueError):
            return 0.0

    def flag(self, name: str) -> bool:
        return str(self.values.get(name, "")).strip().lower() in {"true", "yes", "1"}

    def decoded(self, name: str, complaint: str) -> Any:
        """A JSON argument; None when missing, ApiError with the complaint when it can't be read."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(complaint) from None

    def __contains__(self, name: str) -> bool:
        return name in self.values


async def read_parameters(request: web.Request) -> Parameters:
    """Reads the arguments of a request; raises ApiError when the body can't be read."""
    values: Json = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        body = await request.read()
        if body.strip():
            try:
                parsed = json.loads(body)
            except ValueError:
                raise bad_request("can't parse JSON object") from None
            if not isinstance(parsed, dict):
                raise bad_request("object expected")
            values.update(parsed)
    elif request.can_read_body:
        try:
            form = await request.post()
        except web.HTTPRequestEntityTooLarge:
            raise ApiError(413, "Request Entity Too Large") from None
        for name, value in form.items():
            if isinstance(value, web.FileField):
                uploads[name] = Upload(value.filename, value.content_type, value.file.read())
            else:
                values[name] = value
    return Parameters(values, uploads)
