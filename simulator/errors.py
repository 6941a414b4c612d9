"""What the Bot API answers when it refuses, and what the control API says when it is misused."""

import json
from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """A refusal in the real server's words."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> Json:
        answer: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer

    def as_text(self) -> str:
        """The body of the answer."""
        return json.dumps(self.as_json(), ensure_ascii=False)


class GatewayAnswer(ApiError):
    """What something on the way to Telegram answers in its place, whatever it is."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(status, "answered in Telegram's place")
        self._body = body

    def as_text(self) -> str:
        return self._body


def bad_request(reason: str, **parameters: Any) -> ApiError:
    return ApiError(400, f"Bad Request: {reason}", parameters or None)


def forbidden(reason: str) -> ApiError:
    return ApiError(403, f"Forbidden: {reason}")


def too_many_requests(retry_after: int) -> ApiError:
    """The refusal of a hurried bot; retry_after is in seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


class ControlError(Exception):
    """Something a real phone could not do, or a control call that makes no sense."""
