"""Steps of the machine: the panel's purse, prices and gate; time; restarts."""

from decimal import Decimal

from hypothesis import strategies as st

from tests.model import drawn, selling, sending
from tests.model.machine import Machine, happens
from tests.model.steps_sending import claim


@happens(1, lambda shop: shop.any_order(lambda order: order.waits) or shop.flights, stop=st.booleans())
def pause_or_resume(shop: Machine, stop: bool) -> None:
    """/pause where orders would go, /resume where they would not; seldom the other way round."""
    stop &= shop.plain.gate.why in {None, "unknowns"}
    if not stop:
        shop.resume()
        return
    sending.pause(shop.plain)
    shop.same("paused", shop.real.pause(stop=True), "gate")


@happens(2, purse=st.sampled_from(["0", "0.1", "0.5", "1000"]))
def balance(shop: Machine, purse: str) -> None:
    """The panel tells its balance."""
    sending.balance(shop.plain, drawn.purse_of(Decimal(purse)))
    shop.same(True, shop.real.balance(Decimal(purse)), "balance")


@happens(2, key=st.sampled_from(drawn.KEYS), change=drawn.changes)
def sync(shop: Machine, key: str, change: drawn.Change) -> None:
    """The panel lists a service at another price, with another limit, or not at all."""
    shop.real.list_service(key, change)
    sending.balance(shop.plain, shop.plain.gate.purse)
    selling.list_services(shop.plain, shop.real.listed)
    shop.same("synced", shop.real.sync(), "sync")


@happens(2, lambda shop: any(item.held for item in shop.plain.items.values()), old_card=st.booleans())
def agree(shop: Machine, old_card: bool) -> None:
    """An admin agrees to the rates that were held; an old card agrees to nothing."""
    expected = 0 if old_card else selling.agree(shop.plain)
    shop.same(expected, shop.real.agree("an old one" if old_card else None), "agree")


@happens(4, seconds=st.sampled_from([1, 31, 61, 61, 601, 901, 3_601, 86_401, 259_201]), keep=st.booleans())
def time_passes(shop: Machine, seconds: int, keep: bool) -> None:
    """Nothing happens for a while; then, perhaps, housekeeping; then whatever waits may go, or not."""
    shop.wait(seconds, keep=keep)
    claim(shop, twice=False)


@happens(1, lambda shop: shop.flights or shop.asked or shop.open_forms)
def restart(shop: Machine) -> None:
    """The program ends, with whatever it had in flight, and begins again."""
    shop.flights.clear()
    shop.asked.clear()
    shop.same("opened", shop.real.restart(), "restart")
