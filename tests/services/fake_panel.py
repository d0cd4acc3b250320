"""A panel behind the same seam as the real client: it answers as it is told, at once, and remembers the calls."""

from collections import deque
from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.domain.catalog import Offer
from bot.domain.outcomes import AddOutcome, Placed, Rejected, StatusReport
from bot.panel import Balance, PanelClient, PanelError, ServiceList


class FakePanel(PanelClient):
    """``answers`` are the outcomes of the next ``add`` calls; after them each is Placed under a new id.

    ``reports`` is what ``status`` says by id, ``offers`` what ``services`` lists, ``purse`` what ``balance`` says;
    an error in ``trouble``, by the name of the action, is raised instead.
    """

    def __init__(self, name: str, offers: Sequence[Offer]) -> None:
        self.name = name
        self.offers = tuple(offers)
        self.purse = Balance(Decimal(1000), "USD")
        self.answers: deque[AddOutcome] = deque()
        self.reports: dict[str, StatusReport | Rejected] = {}
        self.trouble: dict[str, PanelError] = {}
        self.adds: list[dict[str, str]] = []
        self.asked: list[list[str]] = []
        self._given = 0

    async def add(self, fields: Mapping[str, str]) -> AddOutcome:
        """The next answer of the script."""
        self.adds.append(dict(fields))
        if self.answers:
            return self.answers.popleft()
        self._given += 1
        return Placed(f"{self._given}")

    async def status(self, ids: Sequence[str]) -> dict[str, StatusReport | Rejected]:
        """What was put into ``reports``."""
        self.asked.append(list(ids))
        self._fail("status")
        return {each: self.reports[each] for each in ids if each in self.reports}

    async def services(self) -> ServiceList:
        """Everything in ``offers``."""
        self._fail("services")
        return ServiceList(self.offers)

    async def balance(self) -> Balance:
        """The purse."""
        self._fail("balance")
        return self.purse

    def _fail(self, action: str) -> None:
        if action in self.trouble:
            raise self.trouble[action]
