"""A panel behind the same seam as the real client, that answers as chance has it and keeps its own books."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from bot.domain.catalog import Offer
from bot.domain.outcomes import (
    AddOutcome,
    NotSent,
    PanelStatus,
    Placed,
    RefusalKind,
    Refused,
    Rejected,
    StatusReport,
    Throttled,
    Unknown,
)
from bot.panel import (
    Balance,
    CancelAsked,
    PanelAnswerLostError,
    PanelClient,
    PanelRefusedError,
    PanelThrottledError,
    PanelUnreachableError,
    RefillReport,
    ServiceList,
)
from tests.model.history import History
from tests.model.parcels import Parcel, Planner, about, units

MINUTE = timedelta(minutes=1)
# What a panel's weather can be, and how an `add` fares in it.
WEATHER = ("down", "slow", "deaf", "key", "account")
# What a rate is multiplied with when it moves; the last is more than a shop believes.
FACTORS = ("0.5", "0.8", "1.2", "2", "3")
REFUSALS = (RefusalKind.LINK, RefusalKind.QUANTITY, RefusalKind.SERVICE, RefusalKind.ORDER, RefusalKind.UNKNOWN)


class WildPanel(PanelClient):
    """``parcels`` is what it took, by its own id. ``meanwhile`` is what others do while an ``add`` is under way."""

    def __init__(self, name: str, offers: Sequence[Offer], chance: Random, history: History) -> None:
        self.name = name
        self.chance = chance
        self.history = history
        self.listed = {offer.panel_service: offer for offer in offers}
        self.gone: dict[str, Offer] = {}
        self.parcels: dict[str, Parcel] = {}
        self.by_about: dict[str, list[Parcel]] = {}
        self.followed: list[str] = []  # ids that the shop has in its books
        self.purse = Decimal(60)
        self.weather: str | None = None
        self.until: datetime | None = None
        self.fair = False  # from now on nothing goes wrong
        self.adds = 0
        self.refilled: Counter[str] = Counter()  # how often it was asked for a refill, and to stop, by its own id
        self.stopped: Counter[str] = Counter()
        self.meanwhile: Callable[[str], Awaitable[None]] | None = None

    @property
    def now(self) -> datetime:
        return self.history.clock()

    # -- what goes on without anybody asking -----------------------------------------------------------------

    def pass_time(self) -> None:
        """Let the weather change, prices move, services come and go."""
        if self.weather is not None and (self.until is None or self.until <= self.now):
            self.history.note(f"{self.name} is well again")
            self.weather = None
        if self.fair:
            return
        if self.weather is None and self.chance.random() < 0.02:
            self.weather = self.chance.choice(WEATHER)
            self.until = self.now + 9 * MINUTE * self.chance.expovariate(1)
            self.history.note(f"{self.name} is {self.weather}")
        if self.chance.random() < 0.02:
            self._change_list()

    def _change_list(self) -> None:
        number = self.chance.choice(sorted(self.listed | self.gone))
        if number in self.gone:
            self.listed[number] = self.gone.pop(number)
            self.history.note(f"{self.name} lists {number} again")
        elif self.chance.random() < 0.2 and len(self.listed) > 1:
            self.gone[number] = self.listed.pop(number)
            self.history.note(f"{self.name} lists {number} no more")
        else:
            offer = self.listed[number]
            rate = offer.rate * self.chance.choice(
                [Decimal("0.5"), Decimal("0.8"), Decimal("1.2"), Decimal(2), Decimal(3)]
            )
            rate = min(max(rate.quantize(Decimal("0.001")), Decimal("0.05")), Decimal(30))
            self.listed[number] = replace(offer, rate=rate)
            self.history.note(f"{self.name} asks {rate} for {number}")

    def top_up(self) -> None:
        """The owner pays in."""
        self.purse += 40
        self.history.note(f"{self.name} holds {self.purse} after a payment")

    def clear_up(self) -> None:
        """From now on nothing goes wrong."""
        self.fair, self.weather = True, None
        self.purse += 10_000

    # -- what the shop asks --------------------------------------------------------------------------------

    async def add(self, fields: Mapping[str, str]) -> AddOutcome:
        """Decide, take where that is decided, let others act, and answer."""
        self.adds += 1
        outcome, parcel = self._decide(fields)
        link = about(fields)
        self.history.note(f"{self.name} {'took it as ' + parcel.id if parcel else 'did not take it'}", link)
        if self.meanwhile is not None:
            await self.meanwhile(link)
        self.history.note(f"{self.name} answers {outcome}", link)
        self.history.count(f"answer: {type(outcome).__name__}")
        return outcome

    def _decide(self, fields: Mapping[str, str]) -> tuple[AddOutcome, Parcel | None]:
        draw = 1.0 if self.fair else self.chance.random()
        if self.weather == "down" or draw < 0.02:
            return NotSent("connection refused"), None
        if self.weather == "slow" or draw < 0.04:
            return Throttled(self.chance.choice([None, 1.0, 45.0])), None
        if draw < 0.07:
            return Unknown("an empty answer, and nothing taken"), None
        refusal = self._refusal(fields, draw)
        if refusal is not None:
            return refusal, None
        parcel = self._take(fields)
        if self.weather == "deaf" or draw < 0.16:
            return Unknown("the answer was lost"), parcel
        if draw < 0.17 and self.followed:
            return Placed(self.chance.choice(self.followed)), parcel  # an id that is another's
        return Placed(parcel.id), parcel

    def _refusal(self, fields: Mapping[str, str], draw: float) -> Refused | None:
        if self.weather in {"key", "account"}:
            return Refused(RefusalKind(self.weather), "no")
        if fields["service"] not in self.listed:
            return Refused(RefusalKind.SERVICE, "Incorrect service ID")
        if any(not parcel.over(self.now) for parcel in self.of(about(fields))):
            return Refused(RefusalKind.ACTIVE_LINK, "You have active order with this link")
        if draw < 0.12:
            return Refused(self.chance.choice(REFUSALS), "not this one")
        if self.cost(fields) > self.purse:
            return Refused(RefusalKind.FUNDS, "Not enough funds")
        return None

    def cost(self, fields: Mapping[str, str]) -> Decimal:
        """What it charges."""
        offer = self.listed[fields["service"]]
        package = offer.type_word == "Package"
        count = units(fields, package=package)
        return offer.rate if package else offer.rate * count / 1000

    def _take(self, fields: Mapping[str, str]) -> Parcel:
        cost = self.cost(fields)
        self.purse -= cost
        count = units(fields, package=False) if "quantity" in fields or "comments" in fields else 1
        plan = Planner(self.chance).plan(fields, self.now, count)
        parcel = Parcel(f"{self.name[0]}{len(self.parcels) + 1}", dict(fields), self.now, cost, plan)
        self.parcels[parcel.id] = parcel
        self.by_about.setdefault(parcel.about, []).append(parcel)
        return parcel

    def of(self, link: str) -> list[Parcel]:
        """What it took for a link."""
        return self.by_about.get(link, [])

    def _mood(self, *, refuses: bool = True) -> None:
        draw = 1.0 if self.fair else self.chance.random()
        if self.weather == "down" or draw < 0.01:
            raise PanelUnreachableError("connection refused")
        if self.weather == "slow" or draw < 0.02:
            raise PanelThrottledError("too many requests", retry_after=3.0)
        if self.weather == "deaf" or draw < 0.03:
            raise PanelAnswerLostError("read timeout")
        if refuses and self.weather == "key":
            raise PanelRefusedError(RefusalKind.KEY, "Invalid API key")

    async def status(self, ids: Sequence[str]) -> dict[str, StatusReport | Rejected]:
        """As each parcel's plan has it by now; one in fifty is left out."""
        self._mood()
        found: dict[str, StatusReport | Rejected] = {}
        for number in ids:
            parcel = self.parcels.get(number)
            report = Rejected("Incorrect order ID") if parcel is None else parcel.report(self.now)
            if report is not None and (self.fair or self.chance.random() > 0.02):
                found[number] = report
        return found

    async def refill(self, ids: Sequence[str]) -> dict[str, str | Rejected]:
        """A refill of its own for each that it takes; some are refused, and some answers get lost."""
        lost = self._hears()
        found: dict[str, str | Rejected] = {}
        for number in ids:
            self.refilled[number] += 1
            found[number] = Rejected("no refill left") if self._wants_not() else f"{number}-{self.refilled[number]}"
        if lost:
            raise PanelAnswerLostError("read timeout")
        return found

    async def cancel(self, ids: Sequence[str]) -> dict[str, CancelAsked | Rejected]:
        """Those it agrees to stop are canceled in a while, unless they have ended by then."""
        lost = self._hears()
        found: dict[str, CancelAsked | Rejected] = {}
        for number in ids:
            self.stopped[number] += 1
            found[number] = Rejected("cannot be canceled") if self._wants_not() else CancelAsked()
            if number in self.parcels and isinstance(found[number], CancelAsked):
                Planner(self.chance).stop(self.parcels[number], self.now)
        if lost:
            raise PanelAnswerLostError("read timeout")
        return found

    async def refill_status(self, refill_ids: Sequence[str]) -> dict[str, RefillReport | Rejected]:
        """Most are done soon; in the end all of them."""
        self._mood()
        words = ["In progress", "Completed", "Rejected", "Robots at work"]
        known = {
            "In progress": PanelStatus.IN_PROGRESS,
            "Completed": PanelStatus.COMPLETED,
            "Rejected": PanelStatus.FAILED,
        }
        said = {number: "Completed" if self.fair else self.chance.choice(words) for number in refill_ids}
        return {number: RefillReport(word, known.get(word)) for number, word in said.items()}

    def _hears(self) -> bool:
        """Whether the answer to what it is asked now gets lost; an error where it is proof that nothing was taken."""
        if self.weather == "deaf" or (not self.fair and self.chance.random() < 0.1):
            return True
        self._mood()
        return False

    def _wants_not(self) -> bool:
        return not self.fair and self.chance.random() < 0.2

    async def services(self) -> ServiceList:
        """Everything it sells now."""
        self._mood()
        return ServiceList(tuple(self.listed.values()))

    async def balance(self) -> Balance:
        """The purse."""
        self._mood()
        return Balance(self.purse, "USD")
