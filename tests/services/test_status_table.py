"""The table of DESIGN.md: what each ``status`` answer does to an order and its money, and who is asked or told."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.catalog import Offer
from bot.domain.mail import CHANNEL
from bot.domain.orders import Answer, OrderState, Question
from bot.domain.outcomes import PanelStatus, Placed, Rejected, StatusReport
from bot.services import rounds
from tests.services.stage import (
    ALPHA,
    ANNA,
    COMMENTS,
    DRIP,
    FOLLOWING,
    FUNDS,
    HELPER,
    LIKES,
    LIKES_333,
    LINK,
    OWNER,
    PACKAGE,
    POSTS,
    Stage,
)

Report = StatusReport | Rejected | None


def says(
    status: PanelStatus | None,
    *,
    remains: int | None = None,
    charge: str | None = None,
    runs: int | None = None,
    posts: int | None = None,
    orders: tuple[str, ...] = (),
) -> StatusReport:
    """What a panel says of an order; no status: a word nobody knows."""
    word = "Zzz" if status is None else status.value.title()
    cost = None if charge is None else Decimal(charge)
    return StatusReport(word, status, charge=cost, remains=remains, runs=runs, posts=posts, orders=orders)


@dataclass(frozen=True, slots=True)
class Sold:
    """What was ordered, and what it cost, in ten-thousandths."""

    offer: Offer
    answers: Mapping[str, Answer]
    price: int


# 0.77 per 1000 and 30 % on top: 1.001 per 1000.
likes = Sold(LIKES, LIKES_333, 3_334)
package = Sold(PACKAGE, {"link": LINK}, 10_010)
comments = Sold(COMMENTS, {"link": LINK, "comments": ["a", "b", "c"]}, 31)
drip = Sold(LIKES, DRIP, 3_003)  # 3 times 100
posts = Sold(FOLLOWING, POSTS, 3_003)  # 3 posts, 100 each

PENDING, BEGUN = says(PanelStatus.PENDING), says(PanelStatus.IN_PROGRESS)
COMPLETED, PARTIAL, CANCELED = PanelStatus.COMPLETED, PanelStatus.PARTIAL, PanelStatus.CANCELED
FAILED, PAUSED, EXPIRED = PanelStatus.FAILED, PanelStatus.PAUSED, PanelStatus.EXPIRED


@dataclass(frozen=True, slots=True)
class Row:
    """What the panel says, one answer after the other, and what that comes to.

    ``money`` is captured and refunded, the rest is held; ``told`` the states the customer hears of after Pending;
    ``asked`` how often the admins were asked to decide.
    """

    sold: Sold
    said: tuple[Report, ...]
    state: OrderState
    money: tuple[int, int] = (0, 0)
    question: Question | None = None
    told: tuple[str, ...] | None = None
    asked: int | None = None


def ended(
    sold: Sold, state: OrderState, *said: Report, captured: int = 0, refunded: int = 0, told: tuple[str, ...] = ()
) -> Row:
    """An order that is over, its hold taken apart."""
    return Row(sold, said, state, (captured, refunded), told=(*told, state.value))


def held(sold: Sold, state: OrderState, question: Question, *said: Report, told: tuple[str, ...] = ()) -> Row:
    """An order whose money an admin decides about."""
    return Row(sold, said, state, question=question, told=(*told, state.value))


def moved(sold: Sold, *said: Report, told: tuple[str, ...]) -> Row:
    """An order that goes on."""
    return Row(sold, said, OrderState(told[-1]), told=told)


def same(sold: Sold, *said: Report) -> Row:
    """An order about which nothing was learnt."""
    return Row(sold, said, OrderState.PENDING, told=())


BEGAN = ("in_progress",)
TABLE = {
    "pending": same(likes, PENDING),
    "in progress": moved(likes, BEGUN, told=BEGAN),
    "in progress, still": moved(likes, BEGUN, BEGUN, told=BEGAN),
    "completed": ended(likes, OrderState.COMPLETED, says(COMPLETED, charge="9"), captured=3_334),
    "completed after a while": ended(likes, OrderState.COMPLETED, BEGUN, says(COMPLETED), captured=3_334, told=BEGAN),
    # 3334 × 100 ÷ 333 is 1001.2
    "partial": ended(likes, OrderState.PARTIAL, says(PARTIAL, remains=100), captured=2_333, refunded=1_001),
    "partial, reduced charge": ended(
        likes, OrderState.PARTIAL, says(PARTIAL, remains=100, charge="0.01"), captured=2_333, refunded=1_001
    ),
    "partial, nothing remains": ended(likes, OrderState.PARTIAL, says(PARTIAL, remains=0), captured=3_334),
    "partial, all remains": ended(likes, OrderState.PARTIAL, says(PARTIAL, remains=333), refunded=3_334),
    "partial, more remains": held(likes, OrderState.PARTIAL, Question.SUM, says(PARTIAL, remains=334)),
    "partial, less than nothing": held(likes, OrderState.PARTIAL, Question.SUM, says(PARTIAL, remains=-5)),
    "partial, no number": held(likes, OrderState.PARTIAL, Question.SUM, says(PARTIAL)),
    "partial, of lines": ended(comments, OrderState.PARTIAL, says(PARTIAL, remains=1), captured=21, refunded=10),
    "partial, a package": held(package, OrderState.PARTIAL, Question.SUM, says(PARTIAL, remains=0)),
    "partial, a drip-feed": held(drip, OrderState.PARTIAL, Question.SUM, says(PARTIAL, remains=100)),
    "canceled": ended(likes, OrderState.CANCELED, says(CANCELED), refunded=3_334),
    "canceled after it began": ended(
        likes, OrderState.CANCELED, BEGUN, says(CANCELED, remains=50, charge="0.2"), refunded=3_334, told=BEGAN
    ),
    "canceled drip-feed": ended(drip, OrderState.CANCELED, says(CANCELED), refunded=3_003),
    "canceled drip-feed, all of it remains": ended(
        drip, OrderState.CANCELED, says(CANCELED, remains=300, charge="0.3"), refunded=3_003
    ),
    "canceled drip-feed, no run yet": ended(
        drip, OrderState.CANCELED, BEGUN, says(CANCELED, runs=0), refunded=3_003, told=BEGAN
    ),
    "canceled drip-feed, a run done": held(drip, OrderState.CANCELED, Question.SUM, says(CANCELED, runs=1)),
    "canceled drip-feed, runs ordered": held(drip, OrderState.CANCELED, Question.SUM, says(CANCELED, orders=("5",))),
    "canceled drip-feed, less remains": held(drip, OrderState.CANCELED, Question.SUM, says(CANCELED, remains=200)),
    "canceled drip-feed that began": held(drip, OrderState.CANCELED, Question.SUM, BEGUN, says(CANCELED), told=BEGAN),
    "failed": held(likes, OrderState.FAILED, Question.FAILED, says(FAILED)),
    "failed, still": Row(
        likes, (says(FAILED), says(FAILED)), OrderState.FAILED, question=Question.FAILED, told=("failed",), asked=1
    ),
    "failed, then a word nobody knows": held(likes, OrderState.FAILED, Question.FAILED, says(FAILED), says(None)),
    "failed, then resumed": Row(
        likes, (BEGUN, says(FAILED), BEGUN), OrderState.IN_PROGRESS, told=(*BEGAN, "failed", *BEGAN), asked=1
    ),
    "failed, then completed": Row(
        likes, (says(FAILED), says(COMPLETED)), OrderState.COMPLETED, (3_334, 0), told=("failed", "completed"), asked=1
    ),
    "failed twice": Row(
        likes,
        (says(FAILED), BEGUN, says(FAILED)),
        OrderState.FAILED,
        question=Question.FAILED,
        told=("failed", *BEGAN, "failed"),
        asked=2,
    ),
    "subscription, active": moved(posts, BEGUN, told=("active",)),
    "subscription, paused": moved(posts, says(PAUSED), told=("paused",)),
    "subscription, resumed": moved(posts, BEGUN, says(PAUSED), BEGUN, told=("active", "paused", "active")),
    "subscription, all posts": ended(posts, OrderState.COMPLETED, says(COMPLETED, posts=3), captured=3_003),
    "subscription, more posts": ended(posts, OrderState.COMPLETED, says(COMPLETED, posts=9), captured=3_003),
    "subscription, two posts": ended(
        posts, OrderState.COMPLETED, says(COMPLETED, posts=2), captured=2_002, refunded=1_001
    ),
    "subscription, expired, no post": ended(posts, OrderState.EXPIRED, says(EXPIRED, posts=0), refunded=3_003),
    "subscription, canceled, one post": ended(
        posts, OrderState.CANCELED, says(CANCELED, posts=1), captured=1_001, refunded=2_002
    ),
    "subscription, completed, no number": held(posts, OrderState.COMPLETED, Question.SUM, says(COMPLETED)),
    "subscription, expired, no number": held(posts, OrderState.EXPIRED, Question.SUM, says(EXPIRED)),
    "subscription, less than no post": held(posts, OrderState.CANCELED, Question.SUM, says(CANCELED, posts=-1)),
    "subscription, partial": held(posts, OrderState.PARTIAL, Question.SUM, says(PARTIAL, posts=1, remains=1)),
    "subscription, failed": held(posts, OrderState.FAILED, Question.FAILED, says(FAILED)),
    "expired, and no subscription": held(likes, OrderState.EXPIRED, Question.SUM, says(EXPIRED)),
    "a word nobody knows": same(likes, says(None)),
    "an error": same(likes, Rejected("Incorrect order ID")),
    "nothing": same(likes, None),
}


async def played(stage: Stage, rows: Mapping[str, Row]) -> dict[str, int]:
    """Order what each row is about, and let the panel say what it says, all in one batch a round; the numbers."""
    numbers: dict[str, int] = {}
    for name, row in rows.items():
        numbers[name] = await stage.buy(row.sold.answers, offer=row.sold.offer)
        await stage.place(Placed(f"{numbers[name]}00"))
    reports = stage.panels[ALPHA].reports
    last = max(len(row.said) for row in rows.values())
    for turn in range(last):
        for name, row in rows.items():
            said = [PENDING] * (last - len(row.said)) + list(row.said)
            reports.pop(f"{numbers[name]}00", None)
            if (report := said[turn]) is not None:
                reports[f"{numbers[name]}00"] = report
        stage.clock.advance(60)
        assert await rounds.track_once(stage.shop, ALPHA) == len(rows)
    return numbers


async def test_a_status_does_what_the_table_says(stage: Stage) -> None:
    """State, money and question are those of the row; the customer and the channel hear of each change, the admins
    of each question; nothing else is held, moved or said."""
    numbers = await played(stage, TABLE)
    found, expected = {}, {}
    said = await stage.said()
    for name, row in TABLE.items():
        order = await stage.order(numbers[name])
        news = [each for each in said if each.order == order.id]
        heard = {
            chat: [n.facts["state"] for n in news if n.chat == chat and n.kind in {"order", "channel"}]
            for chat in (ANNA, CHANNEL)
        }
        asked = [sum(n.kind == "question" for n in news if n.chat == admin) for admin in (OWNER, HELPER)]
        found[name] = (
            (order.state, order.question, order.ended_at is not None),
            (order.held, order.captured, order.refunded),
            (heard[ANNA], heard[CHANNEL], asked),
        )
        captured, refunded = row.money
        told = [] if row.told is None else list(row.told)
        times = (row.question is not None) if row.asked is None else row.asked
        expected[name] = (
            (row.state, row.question, row.state.value in {"completed", "partial", "canceled", "expired"}),
            (row.sold.price - captured - refunded, captured, refunded),
            (["waiting", "pending", *told], ["pending", *told], [times, times]),
        )
    assert {name: found[name] for name in TABLE if found[name] != expected[name]} == {}
    refunds = sum(row.money[1] for row in TABLE.values())
    prices = sum(row.sold.price for row in TABLE.values())
    assert await stage.available() == FUNDS - prices + refunds
