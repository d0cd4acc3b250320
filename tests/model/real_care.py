"""The real use cases of what comes beside single orders: payments, refills and stops, mass orders."""

from collections.abc import Mapping, Sequence

from bot.domain.mass import read
from bot.domain.outcomes import PanelStatus, RefusalKind, Rejected
from bot.domain.requests import RequestKind
from bot.panel import (
    CancelAsked,
    PanelAnswerLostError,
    PanelError,
    PanelRefusedError,
    PanelThrottledError,
    PanelUnreachableError,
    RefillReport,
)
from bot.paying.stars import Stars
from bot.services import mass, paying, refunding, requesting, requests
from bot.services.mass import Standing, Summary
from bot.services.paying import Received
from bot.services.requesting import Claim
from bot.services.shop import Shop
from tests.model.massing import Line
from tests.model.paying import STAR
from tests.model.plain import OWNER

PANEL = "alpha"
STARS = Stars(STAR)
# What a whole call may come to.
FAILED: Mapping[str, PanelError] = {
    "lost": PanelAnswerLostError("the answer was lost"),
    "order": PanelRefusedError(RefusalKind.ORDER, "not this one"),
    "shop": PanelRefusedError(RefusalKind.KEY, "Invalid API key"),
    "busy": PanelThrottledError("too many requests", retry_after=None),
    "unreachable": PanelUnreachableError("connection refused"),
}


class Care:
    """Beside the rest of the shop; ``numbers`` are its own of the services, by the panel's."""

    shop: Shop
    numbers: dict[str, int]
    last_claim: Claim
    last_batch: int
    marks: dict[int, str]
    codes: dict[int, str]

    # -- payments ------------------------------------------------------------------------------------------

    async def begin_payment(self, user: int, amount: int) -> tuple[str, int, int]:
        async with self.shop.db.write() as tx:
            payment = await paying.begin(tx, self.shop, user=user, way=STARS, amount=amount, draft=None)
        self.codes[payment.id] = payment.code
        return ("begun", payment.id, payment.asked.units)

    async def receive(self, payer: int, charge: str, payment: int, stars: int) -> tuple[str, int, int]:
        paid = Received(payer, charge, self.codes.get(payment, "none of ours"), stars, "XTR")
        async with self.shop.db.write() as tx:
            found = await paying.receive_stars(tx, self.shop, paid)
        assert found is not None
        self.codes[found.id] = found.code
        return ("paid", found.user_id, found.amount)

    async def taken_back(self, charge: str) -> str:
        async with self.shop.db.write() as tx:
            await refunding.taken_back(tx, self.shop, charge=charge)
        return "taken back"

    async def refund_payment(self, payment: int, *, forced: bool) -> tuple[str, str]:
        async with self.shop.db.write() as tx:
            found = await refunding.refund(tx, self.shop, admin=OWNER, payment=payment, forced=forced)
        return ("payment", found.state.value)

    async def confirm_refund(self, payment: int) -> str:
        async with self.shop.db.write() as tx:
            await refunding.confirmed(tx, self.shop, payment)
        return "confirmed"

    # -- refills and stops ---------------------------------------------------------------------------------

    async def want(self, number: int, kind: str, user: int) -> str:
        async with self.shop.db.write() as tx:
            [wish] = await requests.want(tx, self.shop, user=user, numbers=[number], kind=RequestKind(kind))
        return "wanted" if wish.why is None else wish.why.value

    async def claim_requests(self, kind: str) -> list[int]:
        async with self.shop.db.write() as tx:
            claim = await requesting.claim(tx, self.shop, PANEL, RequestKind(kind))
        if claim is None:
            return []
        self.last_claim = claim
        return [request.order_id for request in claim.requests.values()]

    async def settle_requests(self, claim: Claim, words: Sequence[str]) -> str:
        outcome: requesting.Answers | PanelError = FAILED.get(words[0]) or {
            panel_order: self._said(word, claim.kind, request.id)
            for word, (panel_order, request) in zip(words, claim.requests.items(), strict=True)
            if word != "nothing"
        }
        async with self.shop.db.write() as tx:
            await requesting.settle(tx, self.shop, claim, outcome)
        return "settled"

    def _said(self, word: str, kind: RequestKind, request: int) -> str | CancelAsked | Rejected:
        if word == "no":
            return Rejected("no")
        return f"r{request}" if kind is RequestKind.REFILL else CancelAsked()

    async def follow(self, words: Mapping[str, str | None]) -> int:
        async with self.shop.db.read() as reading:
            asked = await requesting.due(reading, PANEL)
        reports = {
            refill: RefillReport("Strange", None) if word is None else RefillReport(word, PanelStatus(word))
            for refill, word in words.items()
        }
        async with self.shop.db.write() as tx:
            await requesting.follow(tx, self.shop, PANEL, asked, reports)
        return len(asked)

    # -- mass orders ---------------------------------------------------------------------------------------

    async def keep_list(self, user: int, lines: Sequence[Line]) -> Summary:
        text = "\n".join(
            " | ".join([str(self.numbers[key]), link, *([] if key == "package" else [str(quantity)])])
            for key, link, quantity in lines
        )
        async with self.shop.db.write() as tx:
            summary = await mass.keep(tx, self.shop, user=user, lines=read(text).lines)
        self.last_batch = summary.batch
        self.marks[summary.batch] = summary.mark
        return summary

    async def confirm_list(self, user: int, batch: int) -> Summary | Standing:
        """Press *Confirm* below the summary that was last shown."""
        async with self.shop.db.write() as tx:
            found = await mass.confirm(tx, self.shop, user=user, batch=batch, mark=self.marks.get(batch, ""))
        if isinstance(found, Summary):
            self.marks[batch] = found.mark
        return found


def in_plain_words(found: Summary | Standing) -> object:
    """A list, or how far a mass order is, as the model says it."""
    if isinstance(found, Summary):
        return ("list", found.total, found.short, len(found.items), len(found.flaws), found.changed)
    return ("standing", found.facts["orders"], found.facts["waiting"])
