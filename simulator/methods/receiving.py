"""How updates reach the bot: getUpdates and the webhook."""

import re
from typing import Any
from urllib.parse import urlsplit

from simulator.errors import ApiError, Json, bad_request
from simulator.methods.backend import Backend, Described, Handler
from simulator.parameters import Parameters
from simulator.polling import RawUpdates
from simulator.updates import DEFAULT_ALLOWED, UPDATE_TYPES
from simulator.world import unix

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


async def get_updates(backend: Backend, parameters: Parameters) -> RawUpdates:
    if backend.webhook.url:
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    _remember_allowed(backend, parameters)
    limit = parameters.integer("limit", 100)
    return await backend.polling.get(
        offset=parameters.integer("offset"),
        limit=min(max(limit, 1), 100),
        seconds=min(max(parameters.integer("timeout"), 0), 50),
    )


def _remember_allowed(backend: Backend, parameters: Parameters) -> None:
    """Keeps the list of update kinds until another one is given; an empty list stands for the usual ones."""
    if "allowed_updates" not in parameters:
        return
    given: Any = parameters.decoded("allowed_updates", "can't parse allowed updates JSON object")
    if isinstance(given, list):
        known = frozenset(str(one).lower() for one in given) & frozenset(UPDATE_TYPES)
        backend.world.updates.allowed = known or DEFAULT_ALLOWED


async def set_webhook(backend: Backend, parameters: Parameters) -> Described:
    url = parameters.text("url").strip()
    if not url:
        return await delete_webhook(backend, parameters)
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = parameters.text("secret_token")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    _remember_allowed(backend, parameters)
    if parameters.flag("drop_pending_updates"):
        backend.world.updates.drop_all()
    already = backend.webhook.url == url and backend.webhook.secret_token == secret
    connections = min(max(parameters.integer("max_connections", 40), 1), 100)
    backend.polling.end("terminated by setWebhook request")
    await backend.webhook.set(url, secret, connections)
    return Described(True, "Webhook is already set" if already else "Webhook was set")


async def delete_webhook(backend: Backend, parameters: Parameters) -> Described:
    if parameters.flag("drop_pending_updates"):
        backend.world.updates.drop_all()
    was_set = bool(backend.webhook.url)
    await backend.webhook.delete()
    return Described(True, "Webhook was deleted" if was_set else "Webhook is already deleted")


async def get_webhook_info(backend: Backend, _: Parameters) -> Json:
    webhook, updates = backend.webhook, backend.world.updates
    info: Json = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(updates.pending()),
    }
    if webhook.url:
        info |= {"max_connections": webhook.max_connections, "ip_address": "127.0.0.1"}
    if webhook.last_error_at:
        info |= {
            "last_error_date": unix(webhook.last_error_at),
            "last_error_message": webhook.last_error,
        }
    if updates.allowed != DEFAULT_ALLOWED:
        info["allowed_updates"] = sorted(updates.allowed)
    return info


METHODS: dict[str, Handler] = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
