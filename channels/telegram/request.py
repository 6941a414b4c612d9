"""Calls to the Bot API over aiohttp: under load several times faster than the client that comes with the library."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from io import BytesIO
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, FormData, TCPConnector
from telegram import InputFile
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import JSONDict, ODVInput
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

SUCCESSES = range(200, 300)
CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
UPLOAD_SECONDS = 120.0
CALL_SECONDS = 150.0  # a call that trickles on is given up, before the sender's lease on its row ends


class TooDeep(NetworkError):
    """An answer that is nested deeper than can be read."""

    def __init__(self, payload: bytes) -> None:
        super().__init__("an answer is nested too deep")
        self.payload = payload


class AiohttpRequest(BaseRequest):
    """The library's request interface on one aiohttp session. Errors name their kind and never the address."""

    def __init__(self, connections: int = 64) -> None:
        self._connections = connections
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return READ_SECONDS

    async def initialize(self) -> None:
        if self._session is None:
            self._session = ClientSession(connector=TCPConnector(limit=self._connections))

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 (aiohttp has one for all)
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("The request is not initialized.")
        uploads = request_data is not None and request_data.contains_files
        read = _seconds(read_timeout, UPLOAD_SECONDS if uploads else READ_SECONDS)
        timeout = ClientTimeout(
            total=CALL_SECONDS, sock_connect=_seconds(connect_timeout, CONNECT_SECONDS), sock_read=read
        )
        try:
            async with self._session.request(method, url, data=_body(request_data), timeout=timeout) as response:
                status, body = response.status, await response.read()
        except TimeoutError:
            raise TimedOut from None
        except (ClientError, OSError) as error:
            # The text of the error would name the address, and the address holds the bot's token.
            raise NetworkError(f"aiohttp.{type(error).__name__}") from None
        if not _is_refusal(body) if status not in SUCCESSES else method == "POST" and not _is_done(body):
            if uploads and status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                raise BadRequest("request entity too large")  # and always will be
            # A gateway's on the way. It refuses nothing else, so nothing is given up because of it.
            raise NetworkError(f"no answer of the Bot API: {status}")
        return status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> JSONDict:
        """Read an answer. The library's own version logs what it cannot read, and that may be a resident's words."""
        answer = _parsed(payload)
        if not isinstance(answer, dict) or (answer.get("ok") is True and answer.get("result") is None):
            raise NetworkError("no answer of the Bot API")
        return answer


def text_parameters(parameters: Mapping[str, str]) -> RequestData:
    """Return the parameters of a call without files, as they are."""
    return RequestData([RequestParameter(name, value, None) for name, value in parameters.items()])


def parameters_with_file(parameters: Mapping[str, str], name: str, content: bytes, filename: str) -> RequestData:
    """Return the parameters of a call with a file, which is one of them under a name."""
    file = RequestParameter.from_input(name, InputFile(content, filename=filename))
    return RequestData([*(RequestParameter(key, value, None) for key, value in parameters.items()), file])


def _parsed(payload: bytes) -> Any:
    try:
        return json.loads(payload)
    except RecursionError:
        raise TooDeep(payload) from None
    except ValueError:
        raise TelegramError("Invalid server response") from None


def _is_done(body: bytes) -> bool:
    """Whether a body says that a call was done. Nearly all begin with that, and are not read twice."""
    if body[:20].replace(b" ", b"").startswith(b'{"ok":true'):
        return True
    answer = _parsed(body)
    return isinstance(answer, dict) and answer.get("ok") is True


def _is_refusal(body: bytes) -> bool:
    """Whether a body is the Bot API's way to say that a call was refused."""
    try:
        answer = _parsed(body)
        parameters = answer.get("parameters", {})
        said = (answer["ok"], type(answer["error_code"]), type(answer["description"]))
        return said == (False, int, str) and all(type(value) is int for value in parameters.values())
    except (TelegramError, AttributeError, TypeError, KeyError):
        return False


def _seconds(given: ODVInput[float], otherwise: float) -> float | None:
    return otherwise if isinstance(given, DefaultValue) else given


def _body(request_data: RequestData | None) -> Any:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return request_data.json_parameters
    form = FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, media_type) in request_data.multipart_data.items():
        # Over a megabyte of plain bytes would be written in one piece and hold up the loop.
        body = BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, body, filename=filename, content_type=media_type)
    return form
