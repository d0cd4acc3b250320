"""The machine: one shop beside its plain model, and what is held to be true of both after every step."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
)

from bot.services import requesting
from bot.services.placing import Claim
from tests.clock import FakeClock
from tests.model import asking, drawn, following, massing, paying, selling, sending
from tests.model.asking import Request
from tests.model.books import Books, Seen, prepared
from tests.model.paying import Payment
from tests.model.plain import ANNA, BORIS, Flight, Form, Order, Plain
from tests.model.real import Real
from tests.model.real_care import PANEL

R = TypeVar("R", bound=Callable[..., None])
which = st.integers(0, 11)
TALLY: Counter[str] = Counter()


@dataclass(frozen=True)
class Happening:
    """One thing that can happen to a shop: how often beside the others, when at all, and what is drawn for it."""

    name: str
    weight: int
    only: Callable[["Machine"], object]
    drawn: Mapping[str, st.SearchStrategy[Any]]
    do: Callable[..., None]

    def __repr__(self) -> str:
        return self.name


HAPPENINGS: list[Happening] = []


def happens(
    weight: int, only: Callable[["Machine"], object] = lambda self: True, **drawn_: st.SearchStrategy[Any]
) -> Callable[[R], R]:
    """Let this happen. Rules of hypothesis are each left out of half of its runs: a shop needs all to get anywhere."""

    def register(action: R) -> R:
        HAPPENINGS.append(Happening(action.__name__, weight, only, drawn_, action))
        return action

    return register


class Machine(RuleBasedStateMachine):
    """One shop with one panel, two customers and two admins, beside its model."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.books = Books(self.clock, prepared(Real.first_day))
        self.real = Real(self.books)
        self.books.run(self.real.restart())
        self.plain = Plain(self.clock, drawn.items(), wallets={ANNA: 0, BORIS: 0})
        self.plain.gate.purse = drawn.purse_of(self.real.panel.purse.amount)
        self.flights: list[tuple[Claim, Flight]] = []
        self.asked: list[tuple[requesting.Claim, Sequence[Request]]] = []
        self.charges = 0
        self.commands = 0
        self.ids = 0
        self.books.seen(PANEL)  # what was said while it opened is nobody's

    def teardown(self) -> None:
        try:
            assert self.books.whole_audit() == []
        finally:
            self.books.close()

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        """Anything that can."""
        possible = [each for each in HAPPENINGS for _ in range(each.weight) if each.only(self)]
        chosen_ = data.draw(st.sampled_from(possible), label="what")
        arguments = {name: data.draw(strategy, label=name) for name, strategy in chosen_.drawn.items()}
        chosen_.do(self, **arguments)

    def same(self, expected: object, work: Any, note: str) -> Any:
        """Do it for real; it must come to what the model says."""
        got = self.books.run(self.real.verdict(work))
        assert got == expected, f"{note}: {got}, and should be {expected}"
        TALLY[f"{note}: {expected if isinstance(expected, str) else 'done'}"] += 1
        return got

    @property
    def open_forms(self) -> list[Form]:
        return [form for form in self.plain.forms.values() if not form.gone]

    @property
    def open_now(self) -> bool:
        """Whether the panel takes orders."""
        gate = self.plain.gate
        return gate.why is None and (gate.rests is None or gate.rests <= self.clock())

    def form(self, number: int) -> Form:
        return self.open_forms[number % len(self.open_forms)]

    def order(self, number: int, *, condition: Callable[[Order], object]) -> Order:
        found = [order for order in self.plain.orders.values() if condition(order)]
        return found[-1 - number % len(found)]

    def any_order(self, condition: Callable[[Order], object]) -> bool:
        return any(condition(order) for order in self.plain.orders.values())

    def wait(self, seconds: int, *, keep: bool) -> None:
        """Let time pass; with ``keep``, do what it brings about."""
        self.clock.advance(seconds)
        if keep:
            following.housekeeping(self.plain)
            asking.expire(self.plain)
            paying.housekeeping(self.plain)
            massing.housekeeping(self.plain)
            self.same("kept", self.real.housekeeping(), "housekeeping")

    def payment(self, number: int, *, charged: bool = False) -> Payment:
        found = [payment for payment in self.plain.payments.values() if payment.charge or not charged]
        return found[-1 - number % len(found)]

    def refill(self, request: int) -> str:
        """The panel's own id of a refill."""
        return next(each.refill for each in self.plain.requests if each.id == request and each.refill)

    def adjusted(self, user: int, amount: int) -> None:
        """/credit or /debit."""
        self.commands += 1
        self.same(selling.adjust(self.plain, user, amount), self.real.adjust(user, amount, self.commands), "adjust")

    def resume(self) -> None:
        """/resume."""
        sending.resume(self.plain)
        self.same("resumed", self.real.pause(stop=False), "gate")

    # -- what is always true -------------------------------------------------------------------------------

    @invariant()
    def the_books_are_right(self) -> None:
        """Audited, and as the model has them."""
        self.clock.advance(0.001)  # no two things happen in one moment
        seen = self.books.seen(PANEL)
        assert seen.wrong == []
        assert seen.wallets == {
            user: (self.plain.wallets[user], self.plain.owed.get(user, 0)) for user in (ANNA, BORIS)
        }
        assert seen.payments == {each.id: (each.user, each.state, each.amount) for each in self.plain.payments.values()}
        assert seen.requests == [
            (each.order, each.kind, each.state, each.tries, each.check, each.ended is None)
            for each in self.plain.requests
        ]
        assert seen.lists == {
            each.id: (each.user, each.orders is not None, each.reported)
            for each in self.plain.batches.values()
            if not each.gone
        }
        assert {number: drawn.row(row) for number, row in seen.orders.items()} == {
            number: drawn.fields(order) for number, order in self.plain.orders.items()
        }
        assert seen.adds == {o.number: len(o.flights) for o in self.plain.orders.values() if o.flights}
        assert seen.drafts == {form.id for form in self.open_forms}
        self.everybody_was_told(seen)
        gate = self.plain.gate
        assert (seen.gate.gate, seen.gate.unknowns) == (gate.why, gate.unknowns)

    def everybody_was_told(self, seen: Seen) -> None:
        """Each message that was decided on is one that the model says, and the other way round."""
        told, self.plain.said = Counter(self.plain.said), []
        said = Counter(drawn.message(row) for row in seen.said)
        assert said == told, f"said too much: {said - told}; too little: {told - said}"
        assert {key for key in seen.alerts if not key.startswith("late:")} == self.plain.alerts
