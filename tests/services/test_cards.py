"""What a customer sees of their orders: progress, an order for the same link, lists by what one chooses."""

from dataclasses import replace

from bot.domain.outcomes import Placed
from bot.services import cards
from bot.services.cards import By, Chosen
from tests.services.request_desk import (
    BEGUN,
    COMPLETED,
    Desk,
)
from tests.services.stage import (
    ANNA,
    BORIS,
    COMMENTS,
    DRIP,
    FOLLOWING,
    LIKES_333,
    PACKAGE,
    POSTS,
)


async def test_runs_and_posts_are_counted_as_status_says(desk: Desk) -> None:
    """Only what can be true is kept: no more than there are, and what is left out stays as it was."""
    drip = await desk.stage.buy(DRIP)
    await desk.stage.place(Placed("71"))
    posts = await desk.stage.buy(POSTS, offer=FOLLOWING)
    await desk.stage.place(Placed("72"))
    for runs, kept in ((0, 0), (2, 2), (4, 2), (-1, 2), (None, 2), (3, 3)):
        await desk.says(replace(BEGUN, runs=runs, posts=runs), "71", "72")
        assert [(await desk.stage.order(number)).parts_done for number in (drip, posts)] == [kept, kept]
    assert [(await desk.stage.order(number)).parts for number in (drip, posts)] == [3, 3]


async def test_a_second_order_for_the_same_is_warned_of(desk: Desk) -> None:
    """While one for the same service and link runs, however the link is written; not for another of either."""
    stage = desk.stage
    assert (await stage.summary(await stage.draft())).running is None
    number = await desk.placed()
    again = {**LIKES_333, "link": "http://www.instagram.com/p/1/?igsh=x"}
    assert (await stage.summary(await stage.draft(again))).running == number
    elsewhere = {**LIKES_333, "link": "https://instagram.com/p/2"}
    assert (await stage.summary(await stage.draft(elsewhere))).running is None
    assert (await stage.summary(await stage.draft({"link": LIKES_333["link"]}, offer=PACKAGE))).running is None
    assert (await stage.summary(await stage.draft(user=BORIS), user=BORIS)).running is None
    await desk.says(COMPLETED, "71")
    assert (await stage.summary(await stage.draft())).running is None


async def test_orders_are_listed_by_state_network_and_link(desk: Desk) -> None:
    """One's own alone, newest first; a name or a page that is none lists nothing, or what is nearest."""
    stage = desk.stage
    [first] = await desk.completed("71")
    second = await stage.buy({**LIKES_333, "link": "@other"})
    third = await stage.buy({"link": "instagram.com/p/1", "comments": ["a"]}, offer=COMMENTS)
    await stage.buy(user=BORIS)

    async def listed(by: By, page: int = 0, **chosen: object) -> list[int]:
        async with stage.second.read() as tx:
            which = Chosen(by, **chosen)  # type: ignore[arg-type]
            found = await cards.listing(tx, user=ANNA, page=page, size=8, chosen=which)
        return [order.id for order in found.orders]

    assert await listed(By.ALL) == [third, second, first]
    assert await listed(By.ACTIVE) == [third, second]
    assert await listed(By.ENDED, page=7) == [first]
    assert await listed(By.NETWORK, network="Instagram") == [third, second, first]
    assert await listed(By.NETWORK, network="TikTok") == []
    assert await listed(By.LINK, number=first) == [third, first]
    async with stage.second.read() as tx:
        assert await cards.networks(tx, user=ANNA) == ["Instagram"]
        assert [order.id for order in await cards.links(tx, user=ANNA)] == [third, second]
        assert await cards.for_link(tx, user=ANNA, link="www.instagram.com/p/1") == third
        assert await cards.for_link(tx, user=ANNA, link="@nobody") is None
