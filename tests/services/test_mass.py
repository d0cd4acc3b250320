"""Mass orders: exactly the total that was shown, all or none, once; and word of how it goes."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.errors import ShopError
from bot.domain.mass import MOST_LINES, read
from bot.domain.orders import OrderState
from bot.domain.outcomes import AddOutcome, NotSent, RefusalKind, Refused, Unknown
from bot.services import deciding, mass, rounds, wallet
from bot.services.mass import PROGRESS, REPORT, Standing, Summary
from bot.services.news import SCREEN_FIRST
from tests.services.listing import (
    BEGUN,
    DONE,
    SHOWN,
    bought,
    confirm,
    keep,
    likes,
    numbers,
    relist,
    sent,
    told,
    unsent,
)
from tests.services.stage import (
    ALPHA,
    ANNA,
    BETA,
    BORIS,
    COMMENTS,
    FUNDS,
    LIKES,
    LINK,
    OWNER,
    PACKAGE,
    PRICE,
    Stage,
)


async def test_each_line_is_checked_as_the_form_would(stage: Stage) -> None:
    """What is wrong is told line by line, and the rest is priced and summed."""
    here, there = stage.service().id, stage.service(LIKES, BETA).id
    package, comments = stage.service(PACKAGE).id, stage.service(COMMENTS).id
    wrong = {
        f"{here} | {LINK}": "mass.no_quantity",
        f"{here} | {LINK}/2 | 9": "number.below",
        f"{here} | my page | 100": "link.bad",
        f"{comments} | {LINK} | 10": "mass.more",
        f"{package} | {LINK} | 100": "mass.package",
        f"{10**9} | {LINK} | 100": "mass.service",
        "likes please": "mass.parts",
    }
    right = [f"{here} | {LINK} | 333", f"{there} | @anna | 1,000", f"{package} | {LINK}"]
    summary = await keep(stage, "\n".join(["# to be ordered", *wrong, *right]))
    assert [(each.line.number, each.error.code) for each in summary.flaws] == list(enumerate(wrong.values(), start=2))
    assert [(each.line.number, each.quantity, each.price) for each in summary.items] == [
        (9, 333, PRICE),
        (10, 1_000, 10_010),
        (11, 1, 10_010),
    ]
    assert (summary.total, summary.available, summary.short) == (PRICE + 20_020, FUNDS, 0)


async def test_confirm_makes_every_good_line_an_order(stage: Stage) -> None:
    """Each holds its own price; together they are what was shown. One message tells of all of them."""
    package = stage.service(PACKAGE).id
    summary = await keep(stage, likes(stage, "1", "2") + f"\n{package} | {LINK}\nnonsense")
    now = await confirm(stage, summary.batch)
    assert isinstance(now, Standing)
    assert summary.total == 2 * PRICE + 10_010 == await stage.on_hold() == FUNDS - await stage.available()
    found = [await stage.order(number) for number in await numbers(stage)]
    assert [(order.price, order.state, order.batch) for order in found] == [
        (PRICE, OrderState.WAITING, summary.batch),
        (PRICE, OrderState.WAITING, summary.batch),
        (10_010, OrderState.WAITING, summary.batch),
    ]
    assert found[0].answers == {"link": f"{LINK}/1", "quantity": 333}
    assert (now.facts["orders"], now.facts["waiting"], now.facts["price"]) == (3, 3, summary.total)
    assert await stage.said(ANNA, "order") == []
    assert sent(await told(stage, PROGRESS)) == [0]


async def test_ten_presses_are_one_mass_order(stage: Stage) -> None:
    """At once or a day later, each finds the same orders, paid once and sent once."""
    summary = await keep(stage, likes(stage, *"123"))
    results = await asyncio.gather(*(confirm(stage, summary.batch) for _ in range(10)))
    assert all(isinstance(result, Standing) for result in results)
    while await stage.place():
        pass
    await stage.pass_time(86_400)
    again = await confirm(stage, summary.batch)
    assert isinstance(again, Standing)
    assert (again.reported, again.facts["placed"]) == (True, 3)
    assert len(stage.panels[ALPHA].adds) == 3
    assert await stage.available() == FUNDS - 3 * PRICE


async def test_a_line_becomes_one_order_whoever_asks(stage: Stage) -> None:
    """The database itself refuses a second order for a line, whatever the program forgot."""
    now = await bought(stage, "1")
    async with stage.db.write() as tx:
        summary = await mass.keep(tx, stage.shop, user=ANNA, lines=read(likes(stage, "1")).lines)
        forged = replace(summary, batch=now.batch)
        with pytest.raises(Exception, match=r"(?i)unique"):
            async with tx.savepoint():
                await mass._order(tx, stage.shop, forged, user=ANNA)
    assert await stage.on_hold() == PRICE


Change = Callable[[Stage], Any]


async def _older(stage: Stage) -> None:
    stage.clock.advance(600.001)


async def _another_mix(stage: Stage) -> None:
    """The total is the same, and yet it is not what was shown."""
    await relist(stage, rate=Decimal("0.80"))
    fake = stage.panels[BETA]
    fake.offers = tuple(replace(offer, rate=Decimal("0.74")) for offer in fake.offers)
    await rounds.sync(stage.shop, BETA)


CHANGES: dict[str, Change] = {
    "a higher rate": lambda stage: relist(stage, rate=Decimal("0.78")),
    "a lower rate": lambda stage: relist(stage, rate=Decimal("0.76")),
    "another mix": _another_mix,
    "a limit that one line breaks": lambda stage: relist(stage, maximum=300),
    "retired": relist,
    "eleven minutes": _older,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_what_changed_since_it_was_shown_is_shown_again(stage: Stage, change: Change) -> None:
    """Nothing is charged but what was shown; the next *Confirm*, of the new summary, charges that."""
    there = stage.service(LIKES, BETA).id
    summary = await keep(stage, f"{likes(stage, '1', quantity='1000')}\n{there} | {LINK} | 1000")
    await change(stage)
    again = await confirm(stage, summary.batch)
    assert isinstance(again, Summary)
    assert again.changed
    assert change is not _another_mix or again.total == summary.total
    assert (await stage.on_hold(), await numbers(stage)) == (0, [])
    assert isinstance(await confirm(stage, summary.batch), Standing)
    assert await stage.on_hold() == again.total
    assert len(await numbers(stage)) == len(again.items)


async def test_a_confirm_of_an_older_summary_orders_nothing(stage: Stage) -> None:
    """However often it is pressed: the new summary may never have been seen. Its own *Confirm* charges its total."""
    summary = await keep(stage, likes(stage, *"12"))
    await relist(stage, rate=LIKES.rate * 2)
    for _ in range(2):
        assert isinstance(await confirm(stage, summary.batch, mark=summary.mark), Summary)
        assert (await stage.on_hold(), await numbers(stage)) == (0, [])
    again = await confirm(stage, summary.batch, mark=summary.mark)
    assert isinstance(again, Summary)
    assert again.changed
    assert again.total > summary.total
    assert isinstance(await confirm(stage, summary.batch, mark=again.mark), Standing)
    assert await stage.on_hold() == again.total
    assert isinstance(await confirm(stage, summary.batch, mark=summary.mark), Standing)
    assert len(await numbers(stage)) == 2


async def test_a_limit_that_no_line_breaks_changes_nothing(stage: Stage) -> None:
    """What the customer saw still holds."""
    summary = await keep(stage, likes(stage, "1"))
    await relist(stage, minimum=11, maximum=9_999)
    stage.clock.advance(600)
    assert isinstance(await confirm(stage, summary.batch), Standing)


async def test_a_wallet_that_lacks_a_little_orders_nothing(stage: Stage) -> None:
    """All or none; with the wallet filled, the same *Confirm* orders all."""
    async with stage.db.write() as tx:
        await wallet.adjust(
            tx, stage.shop, admin=OWNER, user=ANNA, amount=3 * PRICE - 1 - FUNDS, reason="", key="debit"
        )
    summary = await keep(stage, likes(stage, *"123"))
    assert summary.short == 1
    assert isinstance(await confirm(stage, summary.batch), Summary)
    assert (await stage.on_hold(), await numbers(stage)) == (0, [])
    async with stage.db.write() as tx:
        await wallet.adjust(tx, stage.shop, admin=OWNER, user=ANNA, amount=1, reason="", key="one more")
    assert isinstance(await confirm(stage, summary.batch), Standing)
    assert (await stage.on_hold(), await stage.available()) == (3 * PRICE, 0)


async def test_a_list_without_a_good_line_orders_nothing(stage: Stage) -> None:
    """Its *Confirm* can only be forged."""
    summary = await keep(stage, "nonsense")
    again = await confirm(stage, summary.batch)
    assert isinstance(again, Summary)
    assert (again.items, again.changed) == ((), False)
    async with stage.db.write() as tx:
        assert isinstance(await mass.look(tx, stage.shop, user=ANNA, batch=summary.batch), Summary)


async def test_a_list_is_its_customer_s_and_the_last_one_counts(stage: Stage) -> None:
    """Another's list is none, and neither is one that was replaced or thrown away."""
    first = await keep(stage, likes(stage, "1"))
    with pytest.raises(ShopError, match=r"mass\.gone"):
        await confirm(stage, first.batch, user=BORIS)
    theirs = await keep(stage, likes(stage, "1"), user=BORIS)
    second = await keep(stage, likes(stage, "2"))
    with pytest.raises(ShopError, match=r"mass\.gone"):
        await confirm(stage, first.batch)
    async with stage.db.write() as tx:
        found = await mass.kept(tx, user=ANNA)
        await mass.drop(tx, user=ANNA)
    assert found is not None
    assert found.id == second.batch
    with pytest.raises(ShopError, match=r"mass\.gone"):
        await confirm(stage, second.batch)
    assert isinstance(await confirm(stage, theirs.batch, user=BORIS), Standing)


async def test_lines_that_repeat_something_are_warned_of(stage: Stage) -> None:
    """The same service and link in an earlier line, or in an order that runs or is being checked."""
    uncertain = await stage.buy({"link": f"{LINK}/9", "quantity": 333})
    await stage.place(Unknown("reset"))
    running = await stage.buy({"link": f"{LINK}/8", "quantity": 333})
    there = stage.service(LIKES, BETA).id
    lines = [likes(stage, *"1289"), likes(stage, "1/?utm_source=x"), *(f"{there} | {LINK}/{n} | 50" for n in "189")]
    summary = await keep(stage, "\n".join(lines))
    assert len(summary.items) == 8
    assert summary.repeats == {5: 1}
    assert summary.uncertain == {4: uncertain, 8: uncertain}
    assert summary.running == {3: running}


async def test_a_hundred_orders_are_one_transaction(stage: Stage) -> None:
    """The most a list takes is ordered at once, each in its own name."""
    quantity = str(LIKES.minimum)
    text = "\n".join(likes(stage, str(n), quantity=quantity) for n in range(MOST_LINES))
    summary = await keep(stage, text)
    now = await confirm(stage, summary.batch)
    assert isinstance(now, Standing)
    assert now.facts["orders"] == MOST_LINES
    assert await stage.on_hold() == summary.total
    assert len({(await stage.order(number)).link for number in await numbers(stage)}) == MOST_LINES


async def test_progress_is_told_in_one_message_and_a_report_ends_it(stage: Stage) -> None:
    """While orders are sent nothing else is said; the screen that showed it first is corrected."""
    await bought(stage, *"123")
    await stage.pass_time(5)
    assert sent(await told(stage, PROGRESS)) == [0]
    await stage.place()
    await stage.pass_time(5)
    await stage.pass_time(5)
    await stage.place()
    await stage.pass_time(5)  # the last word did not go out yet: no other joins it
    assert [(each.get("over"), each["waiting"]) for each in await told(stage, PROGRESS)] == [(None, 3), (SHOWN, 2)]
    assert await unsent(stage) == [(PROGRESS, None)]
    await stage.pass_time(5)
    await stage.place()
    await stage.pass_time(5)
    assert sent(await told(stage, PROGRESS)) == [0, 1, 2, 3]
    assert [each["placed"] for each in await told(stage, REPORT)] == [3]
    await stage.pass_time(5)
    assert await unsent(stage) == [(PROGRESS, None), (PROGRESS, None), (REPORT, None)]


async def test_a_screen_that_was_lost_is_told_as_news(stage: Stage) -> None:
    """Ten seconds later, and as far as it is then."""
    await bought(stage, *"12", shown=False)
    await stage.place()
    await stage.pass_time(5)
    assert await unsent(stage) == []
    assert await unsent(stage, after=SCREEN_FIRST.total_seconds()) == [(PROGRESS, None)]
    assert sent(await told(stage, PROGRESS)) == [1]


async def test_a_screen_that_came_late_is_corrected(stage: Stage) -> None:
    """What happened between Confirm and its screen is not lost on the screen, even if it was the end."""
    now = await bought(stage, *"12", shown=False)
    while await stage.place():
        pass
    await stage.pass_time(5)
    async with stage.db.write() as tx:
        await mass.shown(tx, user=ANNA, standing=now, message=SHOWN)
    assert [(each.get("over"), each["waiting"]) for each in await told(stage, PROGRESS)] == [(None, 0), (SHOWN, 0)]


REFUSALS: list[AddOutcome] = [Refused(RefusalKind.LINK, "bad link"), Refused(RefusalKind.ACTIVE_LINK, "in use")]


async def test_the_report_tells_what_was_not_placed_and_why(stage: Stage) -> None:
    """By line, with what came back; a refusal has no message of its own, an order that is being checked has."""
    await bought(stage, *"12345")
    first, second, third, fourth, _ = await numbers(stage)
    for outcome in (*REFUSALS, Unknown("reset")):
        await stage.place(outcome)
    async with stage.db.write() as tx:
        await deciding.cancel_waiting(tx, stage.shop, user=ANNA, number=fourth)
    await stage.pass_time(5)
    assert await told(stage, REPORT) == []
    await stage.place()
    await stage.pass_time(5)
    [report] = await told(stage, REPORT)
    assert (report["orders"], report["placed"], report["waiting"], report["back"]) == (5, 1, 0, 3 * PRICE)
    assert report["troubles"] == [
        {"line": 1, "number": first, "state": "refused", "reason": "link"},
        {"line": 2, "number": second, "state": "refused", "reason": "active_link"},
        {"line": 3, "number": third, "state": "uncertain", "reason": None},
        {"line": 4, "number": fourth, "state": "canceled", "reason": "customer"},
    ]
    heard = await unsent(stage, after=SCREEN_FIRST.total_seconds())
    assert [each for each in heard if each[0] == "order"] == [("order", "uncertain"), ("order", "canceled")]
    assert [said.facts["words"] for said in await stage.said(OWNER, "refused")] == ["bad link", "in use"]


async def test_a_report_waits_for_what_is_still_to_be_sent(stage: Stage) -> None:
    """An order that waits for its panel is told of by the progress, until it is sent or given up."""
    await bought(stage, *"12")
    await stage.place(NotSent("no route"))
    await stage.pass_time(0)
    await stage.place()
    await stage.pass_time(5)
    assert await told(stage, REPORT) == []
    await stage.pass_time(86_400)  # WAIT_HOURS
    [report] = await told(stage, REPORT)
    assert (report["placed"], [each["reason"] for each in report["troubles"]]) == (1, ["waited"])
    assert await stage.on_hold() == PRICE


async def test_what_comes_after_is_told_order_by_order(stage: Stage) -> None:
    """That one begins is no message; that it ends is, and so is what becomes of one that was being checked."""
    await bought(stage, *"12")
    first, second = await numbers(stage)
    await stage.place(Unknown("reset"))
    await stage.place()
    await stage.pass_time(5)
    await stage.send_again(first)
    await stage.place()
    for report in (BEGUN, DONE):
        stage.panels[ALPHA].reports = {"1": report, "2": report}
        stage.clock.advance(60)
        await rounds.track_once(stage.shop, ALPHA)
    heard = [state for kind, state in await unsent(stage) if kind == "order"]
    assert heard == ["uncertain", "pending", "completed", "completed"]
    assert (await stage.order(second)).state is (await stage.order(first)).state is OrderState.COMPLETED
    assert (
        await stage.channel_told(first) == await stage.channel_told(second) == ["pending", "in_progress", "completed"]
    )
