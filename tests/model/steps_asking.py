"""Steps of the machine: refills and stops, and what the panel answers to them."""

from hypothesis import strategies as st

from bot.domain.outcomes import PanelStatus, Placed, StatusReport
from tests.model import asking, drawn
from tests.model.machine import Machine, happens, which
from tests.model.plain import ANNA, BORIS, FOLLOWED, Order
from tests.model.steps_buying import bought
from tests.model.steps_deciding import look
from tests.model.steps_sending import claim, settle

KINDS = st.sampled_from(["refill", "cancel"])
EACH = ["yes", "yes", "no", "nothing"]
WHOLE = ["lost", "lost", "order", "shop", "busy", "unreachable"]
# What is said of each request of one call: one word for all of them, or one for each.
ANSWERS = st.one_of(
    st.lists(st.sampled_from(EACH), min_size=3, max_size=3), st.sampled_from(WHOLE).map(lambda word: [word])
)
# Most are taken, for only then there is something to follow.
LIKELY = st.one_of(st.just(["yes"]), st.just(["yes"]), ANSWERS)
WORDS = st.lists(
    st.sampled_from(["completed", "completed", "in_progress", "pending", "failed", "canceled", "paused", "", None]),
    min_size=3,
    max_size=3,
)


def _refillable(order: Order) -> bool:
    return order.item.key in asking.OFFERED and order.state in asking.DELIVERED


def _stoppable(order: Order) -> bool:
    return order.item.key in asking.OFFERED and order.state in FOLLOWED


@happens(5, lambda shop: shop.any_order(_refillable), number=which)
def refill(shop: Machine, number: int) -> None:
    """A customer asks for a refill of what was delivered."""
    order = shop.order(number, condition=_refillable)
    asked_for(shop, order, "refill", order.user)


@happens(4, lambda shop: shop.any_order(_stoppable), number=which)
def stop(shop: Machine, number: int) -> None:
    """A customer asks to stop an order on its way."""
    order = shop.order(number, condition=_stoppable)
    asked_for(shop, order, "cancel", order.user)


def asked_for(shop: Machine, order: Order, kind: str, user: int) -> None:
    wanted = asking.want(shop.plain, order, kind, user)
    shop.same(wanted, shop.real.want(order.number, kind, user), f"{kind} of {order.state}")


@happens(1, lambda shop: shop.plain.orders, number=which, kind=KINDS, foreign=st.booleans())
def want_anything(shop: Machine, number: int, kind: str, foreign: bool) -> None:
    """Any wish about any order, by whomever."""
    order = shop.order(number, condition=lambda order: True)
    asked_for(shop, order, kind, ANNA + BORIS - order.user if foreign else order.user)


def _waiting(shop: Machine) -> list[asking.Request]:
    return [each for each in shop.plain.requests if each.state == "wanted"]


@happens(4, _waiting, number=which)
def ask(shop: Machine, number: int) -> None:
    """Take what the panel is to be asked now."""
    kind = _waiting(shop)[number % len(_waiting(shop))].kind
    taken = asking.claim(shop.plain, kind)
    numbers = [each.order for each in taken]
    begun = shop.same(numbers, shop.real.claim_requests(kind), f"asks for a {kind}" if taken else "asks for nothing")
    if begun:
        shop.asked.append((shop.real.last_claim, taken))


@happens(7, _waiting, number=which, answers=LIKELY, words=WORDS, seconds=st.sampled_from([61, 61, 3_601, 86_401]))
def ask_and_hear(shop: Machine, number: int, answers: list[str], words: list[str | None], seconds: int) -> None:
    """The whole way of a request, where nothing comes in between."""
    before = len(shop.asked)
    ask(shop, number)
    if len(shop.asked) > before:
        answer_asked(shop, -1, answers)
    shop.wait(seconds, keep=False)
    if _followed(shop):
        follow(shop, words)


@happens(
    4,
    lambda shop: shop.open_now,
    purchase=drawn.purchases,
    kind=KINDS,
    answers=LIKELY,
    words=WORDS,
)
def buy_and_look_after(
    shop: Machine, purchase: drawn.Purchase, kind: str, answers: list[str], words: list[str | None]
) -> None:
    """An order that is placed, or delivered, and then asked about."""
    user, _, wishes, runs = purchase
    bought(shop, user, "likes", wishes, runs)
    claim(shop, twice=False)
    if not shop.flights:
        return
    settle(shop, -1, Placed("new"))
    if kind == "refill":
        look(shop, 0, StatusReport("Completed", PanelStatus.COMPLETED))
    if shop.any_order(lambda order: order.panel_order):
        order = shop.order(0, condition=lambda order: order.panel_order)
        asked_for(shop, order, kind, order.user)
    if _waiting(shop):
        ask_and_hear(shop, -1, answers, words, 61)


@happens(6, lambda shop: shop.asked, number=which, answers=ANSWERS)
def answer_asked(shop: Machine, number: int, answers: list[str]) -> None:
    """The panel answers, in time or after its lease."""
    claim, taken = shop.asked.pop(number % len(shop.asked))
    if any(asked_since(shop, each) for each in taken):
        return  # a day later: no call takes so long
    late = "late" if any(each.state == "lost" for each in taken) else "in time"
    words = {each.id: answers[place % len(answers)] for place, each in enumerate(taken)}
    asking.settle(shop.plain, taken, words)
    shop.same("settled", shop.real.settle_requests(claim, list(words.values())), f"{taken[0].kind} {answers[0]} {late}")


def asked_since(shop: Machine, request: asking.Request) -> bool:
    """Whether the customer asked for the same once more."""
    return any(
        (each.order, each.kind) == (request.order, request.kind) and each.id > request.id
        for each in shop.plain.requests
    )


def _followed(shop: Machine) -> list[asking.Request]:
    return [each for each in shop.plain.requests if asking.followed(shop.plain, each)]


@happens(4, _followed, words=WORDS)
def follow(shop: Machine, words: list[str | None]) -> None:
    """A round of questions about refills; an empty word is no answer."""
    asked = _followed(shop)
    said = {each.id: words[place % len(words)] for place, each in enumerate(asked)}
    said = {number: word for number, word in said.items() if word != ""}
    refills = {shop.refill(number): word for number, word in said.items()}
    asking.follow(shop.plain, said)
    shop.same(len(asked), shop.real.follow(refills), "refills followed")
