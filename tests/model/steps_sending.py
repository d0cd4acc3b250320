"""Steps of the machine: orders on their way to the panel, and what it answers."""

from hypothesis import strategies as st

from bot.domain.outcomes import AddOutcome, Placed
from tests.model import drawn, sending
from tests.model.machine import TALLY, Machine, happens, which
from tests.model.steps_deciding import refunded, sent_again


@happens(7, lambda shop: shop.open_now and shop.any_order(lambda order: order.waits), twice=st.booleans())
def claim(shop: Machine, twice: bool) -> None:
    """Take the next order, or two at once."""
    works = [shop.real.claim() for _ in range(1 + twice)]
    expected = [sending.claim(shop.plain) for _ in works]
    got = shop.books.run(shop.real.at_once(*works))
    numbers = [None if each is None else each.order.id for each in got]
    assert sorted(map(str, numbers)) == sorted(map(str, expected)), f"claimed {numbers}, not {expected}"
    shop.flights += [(each, shop.plain.orders[each.order.id].flights[-1]) for each in got if each is not None]
    TALLY["claim: " + ("nothing" if expected[0] is None else "done")] += 1


@happens(5, lambda shop: shop.flights, number=which, outcome=drawn.outcomes)
def settle(shop: Machine, number: int, outcome: AddOutcome) -> None:
    """The panel answers an ``add``, in time or after its lease."""
    begun, flight = shop.flights.pop(number % len(shop.flights))
    if isinstance(outcome, Placed) and outcome.panel_order == "new":
        shop.ids += 1
        outcome = Placed(str(shop.ids))
    late = "in time" if flight.answer is None else "late"
    sending.settle(shop.plain, flight, outcome)
    shop.same("settled", shop.real.settle(begun, outcome), f"{type(outcome).__name__} {late}")


@happens(
    5,
    lambda shop: shop.flights,
    number=which,
    outcome=drawn.late_outcomes,
    decision=st.sampled_from(["none", "again", "again", "sent", "refund"]),
)
def answer_late(shop: Machine, number: int, outcome: AddOutcome, decision: str) -> None:
    """An answer after its lease: before anybody decided, after that, or after another ``add`` was begun."""
    chosen = shop.flights[number % len(shop.flights)]
    shop.wait(61, keep=True)
    order = shop.plain.orders[chosen[1].order]
    if decision in {"again", "sent"}:
        sent_again(shop, order)
    elif decision == "refund":
        refunded(shop, order, None, None)
    if decision == "sent":
        claim(shop, twice=True)
    settle(shop, shop.flights.index(chosen), outcome)


@happens(3, lambda shop: shop.any_order(lambda order: order.question == "uncertain"), outcome=drawn.second_outcomes)
def send_again_and_hear(shop: Machine, outcome: AddOutcome) -> None:
    """An order whose answer was lost is sent again, and the panel may know it by now."""
    order = shop.order(0, condition=lambda order: order.question == "uncertain")
    sent_again(shop, order)
    if not shop.open_now:
        shop.resume()
    while order.state == "waiting" and order.question is None:
        before = len(shop.flights)
        claim(shop, twice=False)
        if len(shop.flights) == before:
            return
        settle(shop, -1, outcome)
