"""Steps of the machine: mass orders."""

from hypothesis import strategies as st

from tests.model import drawn, massing
from tests.model.machine import Machine, happens, which

LINES = st.lists(
    st.tuples(
        st.sampled_from(["likes", "likes", "package", "comments"]),
        st.sampled_from(drawn.LINKS),
        st.sampled_from([10, 100, 333, 5]),
    ),
    min_size=1,
    max_size=3,
)


@happens(3, user=drawn.users, lines=LINES, confirmed=st.booleans(), rich=st.booleans())
def mass(shop: Machine, user: int, lines: list[massing.Line], confirmed: bool, rich: bool) -> None:
    """A list is sent and, perhaps, confirmed as it was shown."""
    if rich and shop.plain.available(user) < drawn.DEAREST:
        shop.adjusted(user, drawn.DEAREST - min(shop.plain.available(user), 0))
    number = len(shop.plain.batches) + 1
    expected = massing.keep(shop.plain, number, user, lines)
    shop.same(expected, shop.real.keep_list(user, lines), "list")
    assert shop.real.last_batch == number
    if confirmed:
        confirm_list(shop, shop.plain.batches[number], user)


@happens(3, lambda shop: shop.plain.batches, number=which, user=drawn.users)
def confirm_mass(shop: Machine, number: int, user: int) -> None:
    """*Confirm*, by whomever, on any list there ever was."""
    lists = list(shop.plain.batches.values())
    confirm_list(shop, lists[-1 - number % len(lists)], user)


@happens(2, lambda shop: shop.plain.batches, number=which)
def confirm_mass_at_once(shop: Machine, number: int) -> None:
    """Its customer presses *Confirm* twice at once."""
    lists = list(shop.plain.batches.values())
    batch = lists[-1 - number % len(lists)]
    expected = [massing.confirm(shop.plain, batch, batch.user) for _ in range(2)]
    works = [shop.real.confirm_list(batch.user, batch.id) for _ in range(2)]
    got = shop.books.run(shop.real.at_once(*works))
    assert sorted(map(str, got)) == sorted(map(str, expected)), f"both pressed: {got}, not {expected}"


def confirm_list(shop: Machine, batch: massing.Batch, user: int) -> None:
    expected = massing.confirm(shop.plain, batch, user)
    came_to = expected if isinstance(expected, str) else str(expected[0]) if isinstance(expected, tuple) else ""
    shop.same(expected, shop.real.confirm_list(user, batch.id), f"mass order, {came_to}")
