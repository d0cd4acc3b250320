"""An order to be shown, with a name that is not nice; tests change what they are about."""

from datetime import UTC, datetime
from decimal import Decimal

from bot.domain.catalog import ServiceType
from bot.domain.orders import Order, OrderState, Question, Snapshot

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NASTY = """<b>Tom & "Jerry"</b>"""

SNAPSHOT = Snapshot(
    service=7,
    panel_service="101",
    name=NASTY,
    type=ServiceType.DEFAULT,
    category="Followers",
    rate=Decimal("0.9"),
    exchange=Decimal(1),
    minimum=10,
    maximum=10_000,
    refill=None,
    cancel=None,
    dripfeed=None,
)
ORDER = Order(
    id=1234,
    user_id=1001,
    panel="alpha",
    snapshot=SNAPSHOT,
    answers={"link": "https://example.com/?a=1&b=<2>", "quantity": 1000},
    quantity=1000,
    price=11_700,
    held=11_700,
    captured=0,
    refunded=0,
    state=OrderState.UNCERTAIN,
    reason=None,
    question=Question.UNCERTAIN,
    panel_order=None,
    start_count=None,
    remains=None,
    tries=0,
    created_at=NOON,
    waits_since=NOON,
    next_try_at=None,
    placed_at=None,
    answered_at=None,
    cancel_asked_at=None,
    ended_at=None,
)
