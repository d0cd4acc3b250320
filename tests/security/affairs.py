"""What people have with a shop that somebody else might reach for: orders, forms, payments, requests, tickets."""

from datetime import timedelta
from decimal import Decimal

from bot.domain.mass import read
from bot.domain.orders import Answer
from bot.domain.outcomes import PanelStatus, Placed, StatusReport, Unknown
from bot.domain.payments import Payment, Way
from bot.domain.requests import RequestKind
from bot.paying.stars import Stars
from bot.paying.transfer import BankTransfer
from bot.services import mass, paying, receipts, requests, rounds, support, wallet
from bot.services.paying import Received
from bot.storage import people
from tests.security.desk import Desk
from tests.security.forger import MARK
from tests.services.stage import ALPHA, ANNA, BORIS, COMMENTS, FOLLOWING, FUNDS, LIKES_333, OWNER, POSTS, Stage

HERS: dict[str, Answer] = {**LIKES_333, "link": f"https://{MARK}.example/p/1"}
STARS, TRANSFER = Stars(Decimal("0.013")), BankTransfer("USD", {"": "To the bank."})
AMOUNT = 50_000


async def annas_affairs(desk: Desk) -> None:
    """Orders, drafts, payments, requests, mass orders and tickets of Anna's, in many states."""
    desk.anna.title, desk.anna.username = f"Anna {MARK}", MARK.replace("-", "_")
    desk.stage.shop.ways = {STARS.name: STARS, TRANSFER.name: TRANSFER}
    await desk.anna.send("/start")
    await desk.handled()
    orders = await _orders(desk.stage)
    await _payments(desk.stage)
    await _requests(desk.stage, orders)
    await _lists(desk.stage)
    await _tickets(desk.stage, orders)
    await desk.stage.draft(HERS)
    await desk.stage.draft({"link": HERS["link"], "comments": [MARK]}, offer=COMMENTS)
    await desk.stage.draft({**POSTS, "username": MARK}, offer=FOLLOWING)


async def _orders(stage: Stage) -> list[int]:
    """Completed, on its way, uncertain, on its way, and waiting."""
    orders = [await stage.buy(HERS) for _ in range(5)]
    for outcome in (Placed("71"), Placed("72"), Unknown("lost"), Placed("73")):
        await stage.place(outcome)
    stage.panels[ALPHA].reports["71"] = StatusReport("Completed", PanelStatus.COMPLETED)
    stage.clock.advance(60)
    await rounds.track_once(stage.shop, ALPHA)
    return orders


async def begun(stage: Stage, way: Way, *, user: int = ANNA) -> Payment:
    """A payment that somebody means to make."""
    async with stage.db.write() as tx:
        return await paying.begin(tx, stage.shop, user=user, way=way, amount=AMOUNT, draft=None)


async def _payments(stage: Stage) -> None:
    """Open, paid, looked at, and rejected."""
    await begun(stage, STARS)
    stars, transfer, refused = await begun(stage, STARS), await begun(stage, TRANSFER), await begun(stage, TRANSFER)
    async with stage.db.write() as tx:
        await paying.receive_stars(tx, stage.shop, Received(ANNA, MARK, stars.code, stars.asked.units, "XTR"))
        for shown in (transfer, refused):
            await receipts.hand_in(tx, stage.shop, user=ANNA, payment=shown.id, file=MARK, kind="photo")
        await receipts.reject(tx, stage.shop, admin=OWNER, payment=refused.id, reason=MARK)


async def _requests(stage: Stage, orders: list[int]) -> None:
    """A refill and a stop that wait to be asked for."""
    async with stage.db.write() as tx:
        for number, kind in ((orders[0], RequestKind.REFILL), (orders[1], RequestKind.CANCEL)):
            await requests.want(tx, stage.shop, user=ANNA, numbers=[number], kind=kind)


async def _lists(stage: Stage, *, user: int = ANNA, link: str = MARK) -> None:
    """A mass order that is confirmed, and a list that is not."""
    line = f"{stage.service().id} | https://{link}.example/p/1 | 100"
    async with stage.db.write() as tx:
        summary = await mass.keep(tx, stage.shop, user=user, lines=read(line).lines)
        await mass.confirm(tx, stage.shop, user=user, batch=summary.batch, mark=summary.mark)
        await mass.keep(tx, stage.shop, user=user, lines=read(line).lines)


async def _tickets(stage: Stage, orders: list[int]) -> None:
    """One about an order, one about none."""
    async with stage.db.write() as tx:
        anna = await people.find_user(tx, ANNA)
        assert anna is not None
        for number in (orders[0], 0):
            await support.write(tx, stage.shop, user=anna, number=number, text=f"{MARK} wrote this")
    stage.clock.advance(timedelta(minutes=5).total_seconds())


async def bobs_affairs(desk: Desk) -> None:
    """A form, a list and a payment of Bob's, and nothing to pay with."""
    await desk.bob.send("/start")
    await desk.handled()
    stage = desk.stage
    async with stage.db.write() as tx:
        await wallet.adjust(tx, stage.shop, admin=OWNER, user=BORIS, amount=-FUNDS, reason="", key="nothing to spend")
    await stage.draft(user=BORIS)
    await _lists(stage, user=BORIS, link="bob")
    await begun(stage, STARS, user=BORIS)
