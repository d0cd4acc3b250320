"""Telling a panel what to do from another process: JSON over HTTP, from this machine only."""

import json
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address
from typing import TYPE_CHECKING

from bot.demo.panel.dialect import Json, plain
from bot.demo.panel.faults import FAULT_NAMES, fault_named
from bot.demo.panel.orders import DemoOrder
from bot.demo.panel.wire import Answer, Request

if TYPE_CHECKING:
    from bot.demo.panel.server import DemoPanel

PATH = "/control"
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})


async def handle(panel: "DemoPanel", request: Request, peer: str) -> Answer:
    """Answer one control call; 403 to other machines and web pages, 400 where it makes no sense."""
    name = (request.headers.get("host") or "").rpartition(":")[0] or request.headers.get("host", "")
    if not peer or not ip_address(peer).is_loopback or name not in LOCAL_NAMES:
        return Answer.of_json({"error": "only from this machine"}, 403)
    handler = _HANDLERS.get((request.method, request.path.removeprefix(PATH)))
    if handler is None:
        known = [f"{method} {PATH}{path}" for method, path in _HANDLERS]
        return Answer.of_json({"error": "unknown", "known": known}, 404)
    told: Mapping[str, object] = request.query
    try:
        if request.method == "POST":
            # A page in a browser cannot send this type to another site without being asked first.
            if not request.headers.get("content-type", "").startswith("application/json"):
                return Answer.of_json({"error": "send application/json"}, 415)
            told = json.loads(request.body or b"{}")
        return Answer.of_json(await handler(panel, told))
    except KeyError as error:
        return Answer.of_json({"error": f"there is no {error}"}, 400)
    except (ValueError, TypeError, AttributeError, InvalidOperation) as error:
        return Answer.of_json({"error": str(error)}, 400)


async def _fail(panel: "DemoPanel", told: Mapping[str, object]) -> object:
    arguments = {
        key: value for key, value in told.items() if key not in {"action", "fault", "times", "link", "on_link"}
    }
    times = told.get("times", 1)
    if times is not None and not isinstance(times, int):
        raise ValueError("times is a whole number, or null for every call")
    link = told.get("on_link")
    fault = fault_named(str(told["fault"]), arguments)
    panel.fail(str(told.get("action", "add")), fault, times, None if link is None else str(link))
    return {"planned": told["fault"]}


async def _heal(panel: "DemoPanel", told: Mapping[str, object]) -> object:
    action = told.get("action")
    panel.heal(None if action is None else str(action))
    return {}


async def _release(panel: "DemoPanel", _told: Mapping[str, object]) -> object:
    panel.release()
    return {}


async def _advance(panel: "DemoPanel", told: Mapping[str, object]) -> object:
    order = told.get("order")
    return {"moved": panel.advance(None if order is None else str(order))}


async def _set_status(panel: "DemoPanel", told: Mapping[str, object]) -> object:
    arguments = dict(told)
    order, status = str(arguments.pop("order")), str(arguments.pop("status"))
    set_status: Callable[..., DemoOrder] = panel.set_status
    return _seen(set_status(order, status, **arguments))


async def _set_balance(panel: "DemoPanel", told: Mapping[str, object]) -> object:
    amount = Decimal(str(told["balance"]))
    if not amount.is_finite():
        raise ValueError("balance is an amount")
    panel.balance = amount
    return {"balance": plain(panel.balance)}


async def _wait(panel: "DemoPanel", told: Mapping[str, object]) -> object:
    count = int(str(told.get("count", "1")))
    if "action" in told:
        await panel.arrived(str(told["action"]), count)
    else:
        await panel.took(count)
    return {"counts": panel.counts, "orders": len(panel.orders)}


async def _state(panel: "DemoPanel", _told: Mapping[str, object]) -> object:
    panel.book.refresh_all()
    return {
        "name": panel.name,
        "balance": plain(panel.balance),
        "currency": panel.book.currency,
        "counts": panel.counts,
        "faults": FAULT_NAMES,
        "orders": [_seen(order) for order in panel.orders.values()],
        "adds": panel.adds,
    }


def _seen(order: DemoOrder) -> Json:
    return {
        "id": order.id,
        "service": order.service,
        "type": order.type,
        "fields": order.fields,
        "status": order.status,
        "charge": plain(order.charge),
        "quantity": order.quantity,
        "start_count": order.start_count,
        "remains": order.remains,
        "runs": order.runs,
        "runs_done": order.runs_done,
        "posts": order.posts,
        "posts_done": order.posts_done,
        "created_at": order.created_at.isoformat(),
    }


_HANDLERS: dict[tuple[str, str], Callable[["DemoPanel", Mapping[str, object]], Awaitable[object]]] = {
    ("POST", "/fail"): _fail,
    ("POST", "/heal"): _heal,
    ("POST", "/release"): _release,
    ("POST", "/advance"): _advance,
    ("POST", "/set-status"): _set_status,
    ("POST", "/balance"): _set_balance,
    ("GET", "/state"): _state,
    ("GET", "/wait"): _wait,
}
