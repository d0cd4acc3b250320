"""Whatever people, panels and time do to the shop, in whichever order, its books say what the plain model says."""

from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.domain.outcomes import AddOutcome, Placed
from bot.services.placing import Claim
from tests.clock import FakeClock
from tests.model import drawn, following, selling, sending
from tests.model.books import Books, Seen, prepared
from tests.model.plain import ANNA, BORIS, Flight, Form, Order, Plain
from tests.model.profile import chosen, say
from tests.model.real import PANEL, Real

R = TypeVar("R", bound=Callable[..., None])
which = st.integers(0, 11)
TALLY: Counter[str] = Counter()


def some(condition: Callable[["ShopMachine"], object]) -> Callable[[R], R]:
    """Only where there is something to do it to."""
    return precondition(lambda self: bool(condition(self)))


class ShopMachine(RuleBasedStateMachine):
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
        self.commands = 0
        self.ids = 0
        self.books.run(self.books.seen(PANEL))  # what was said while it opened is nobody's

    def teardown(self) -> None:
        self.books.close()

    def same(self, expected: object, work: Any, note: str) -> Any:
        """Do it for real; it must come to what the model says."""
        got = self.books.run(self.real.verdict(work))
        assert got == expected, f"{note}: {got}, and should be {expected}"
        TALLY[f"{note}: {expected if isinstance(expected, str) else 'done'}"] += 1
        return got

    # -- wallets -------------------------------------------------------------------------------------------

    @rule(user=drawn.users, amount=st.sampled_from([1, 900, 4_000, 60_000, -1, -900, -60_000]), twice=st.booleans())
    def adjust(self, user: int, amount: int, twice: bool) -> None:
        """/credit or /debit; the same command again moves nothing."""
        self.commands += 1
        expected = selling.adjust(self.plain, user, amount)
        self.same(expected, self.real.adjust(user, amount, self.commands), "adjust")
        if twice and expected != "WalletTooLow":
            covered = self.plain.wallets[user] + amount >= 0
            again = "IntegrityError" if covered else "WalletTooLow"
            self.same(again, self.real.adjust(user, amount, self.commands), "adjust again")

    # -- forms ---------------------------------------------------------------------------------------------

    @property
    def open_forms(self) -> list[Form]:
        return [form for form in self.plain.forms.values() if not form.gone]

    def form(self, number: int) -> Form:
        return self.open_forms[number % len(self.open_forms)]

    @rule(user=drawn.users, key=st.sampled_from(drawn.KEYS))
    def begin(self, user: int, key: str) -> None:
        """Choose a service."""
        self.begun(user, key)

    def begun(self, user: int, key: str) -> Form | None:
        item = self.plain.items[key]
        got = self.same("begun" if item.on_sale else "ServiceGone", self.real.begin(user, key), "begin")
        if got != "begun":
            return None
        form = Form(self.real.last_draft, user, item)
        self.plain.forms[form.id] = form
        return form

    @some(lambda self: any(selling.missing(form) for form in self.open_forms))
    @rule(number=which, answers=drawn.answers)
    def answer(self, number: int, answers: dict[str, object]) -> None:
        """Answer the next question of a form that has one."""
        forms = [form for form in self.open_forms if selling.missing(form)]
        self.answered(forms[number % len(forms)], answers)

    def answered(self, form: Form, answers: dict[str, object]) -> None:
        closed = selling.open_form(self.plain, form, form.user)
        name = selling.missing(form)[0]
        self.same(closed or name, self.real.answer_next(form.user, form.id, answers), "answer")
        if closed is None:
            form.answers[name] = answers[name]

    @some(lambda self: any(form.item.key == "likes" for form in self.open_forms))
    @rule(number=which, runs=st.sampled_from([2, 3, 90]), spread=st.booleans())
    def spread(self, number: int, runs: int, spread: bool) -> None:
        """*Spread over time*, or not."""
        forms = [form for form in self.open_forms if form.item.key == "likes"]
        form = forms[number % len(forms)]
        closed = selling.open_form(self.plain, form, form.user)
        self.same(closed or "put", self.real.spread(form.user, form.id, runs if spread else None), "spread")
        if closed is None:
            rest = {name: value for name, value in form.answers.items() if name not in {"runs", "interval"}}
            form.answers = {**rest, "runs": runs, "interval": 60} if spread else rest

    @some(lambda self: self.open_forms)
    @rule(number=which)
    def drop(self, number: int) -> None:
        """*Cancel* leaves a form."""
        form = self.form(number)
        self.same("dropped", self.real.drop(form.user, form.id), "drop")
        form.gone = True

    @some(lambda self: any(not selling.missing(form) for form in self.open_forms))
    @rule(number=which)
    def look_at_summary(self, number: int) -> None:
        """A complete form shows its price."""
        whole = [form for form in self.open_forms if not selling.missing(form)]
        self.summarised(whole[number % len(whole)])

    def summarised(self, form: Form) -> None:
        closed = selling.open_form(self.plain, form, form.user)
        expected = closed or selling.summary(self.plain, form)
        self.same(expected, self.real.summarise(form.user, form.id), "summary")

    @some(lambda self: self.open_forms)
    @rule(number=which, at_once=st.booleans())
    def confirm(self, number: int, at_once: bool) -> None:
        """*Confirm*; twice at once too."""
        form = self.form(number)
        self.confirmed(form, form.user, at_once=at_once)

    @some(lambda self: self.plain.forms)
    @rule(number=which, user=drawn.users)
    def press_again(self, number: int, user: int) -> None:
        """*Confirm*, by whomever, on any form there ever was."""
        forms = list(self.plain.forms.values())
        self.confirmed(forms[-1 - number % len(forms)], user)

    def confirmed(self, form: Form, user: int, *, at_once: bool = False) -> None:
        first = selling.confirm(self.plain, form, user)
        if not at_once:
            self.same(first, self.real.confirm(user, form.id), "confirm")
            return
        second = selling.confirm(self.plain, form, user)
        got = self.books.run(self.real.at_once(self.real.confirm(user, form.id), self.real.confirm(user, form.id)))
        assert sorted(map(str, got)) == sorted(map(str, (first, second))), f"both pressed: {got}"

    @initialize(purchases=st.lists(drawn.purchases, min_size=1, max_size=4))
    def begin_with(self, purchases: list[drawn.Purchase]) -> None:
        """Some already bought."""
        for purchase in purchases:
            self.bought(*purchase)

    @rule(purchase=drawn.purchases)
    def buy(self, purchase: drawn.Purchase) -> None:
        """All of a purchase, by somebody who can pay."""
        self.bought(*purchase)

    @some(lambda self: self.plain.gate.why is None)
    @rule(purchase=drawn.purchases, outcome=drawn.outcomes, report=drawn.reports)
    def buy_and_send(self, purchase: drawn.Purchase, outcome: AddOutcome, report: following.Report) -> None:
        """The whole way of an order, where nothing comes in between."""
        self.bought(*purchase)
        self.claim(twice=False)
        if self.flights:
            self.settle(-1, outcome)
        if self.any_order(lambda order: order.panel_order):
            self.look(0, report)

    def bought(self, user: int, key: str, answers: dict[str, object], runs: int) -> None:
        if self.plain.wallets[user] < drawn.DEAREST:
            self.adjust(user, drawn.DEAREST, twice=False)
        form = self.begun(user, key)
        if form is None:
            return
        self.same("whole", self.real.answer_all(user, form.id, answers), "answer all")
        form.answers = {name: answers[name] for name in selling.questions(form)}
        if runs and key == "likes":
            self.same("put", self.real.spread(user, form.id, runs), "spread")
            form.answers |= {"runs": runs, "interval": 60}
        self.summarised(form)
        self.confirmed(form, user)

    # -- sending -------------------------------------------------------------------------------------------

    @some(lambda self: any(order.waits for order in self.plain.orders.values()))
    @rule(twice=st.booleans())
    def claim(self, twice: bool) -> None:
        """Take the next order, or two at once."""
        works = [self.real.claim() for _ in range(1 + twice)]
        expected = [sending.claim(self.plain) for _ in works]
        got = self.books.run(self.real.at_once(*works))
        numbers = [None if each is None else each.order.id for each in got]
        assert sorted(map(str, numbers)) == sorted(map(str, expected)), f"claimed {numbers}, not {expected}"
        self.flights += [(each, self.plain.orders[each.order.id].flights[-1]) for each in got if each is not None]
        TALLY["claim: " + ("nothing" if expected[0] is None else "done")] += 1

    @some(lambda self: self.flights)
    @rule(number=which, outcome=drawn.outcomes)
    def settle(self, number: int, outcome: AddOutcome) -> None:
        """The panel answers an ``add``, in time or after its lease."""
        claim, flight = self.flights.pop(number % len(self.flights))
        if isinstance(outcome, Placed) and outcome.panel_order == "new":
            self.ids += 1
            outcome = Placed(str(self.ids))
        late = "in time" if flight.answer is None else "late"
        sending.settle(self.plain, flight, outcome)
        self.same("settled", self.real.settle(claim, outcome), f"{type(outcome).__name__} {late}")

    # -- following -----------------------------------------------------------------------------------------

    def order(self, number: int, *, condition: Callable[[Order], object]) -> Order:
        found = [order for order in self.plain.orders.values() if condition(order)]
        return found[-1 - number % len(found)]

    def any_order(self, condition: Callable[[Order], object]) -> bool:
        return any(condition(order) for order in self.plain.orders.values())

    @some(lambda self: self.any_order(lambda order: order.panel_order))
    @rule(number=which, report=drawn.reports)
    def look(self, number: int, report: following.Report) -> None:
        """The panel says something of one order."""
        order = self.order(number, condition=lambda order: order.panel_order)
        before = order.state
        following.status(self.plain, order.number, report)
        self.same("looked", self.real.look(order.number, report), f"status {before} to {order.state}")

    @some(lambda self: following.due(self.plain))
    @rule(answers=st.lists(drawn.reports, min_size=3, max_size=3))
    def track(self, answers: list[following.Report]) -> None:
        """A round of questions, oldest due first."""
        due = following.due(self.plain)
        said = {number: answers[place % len(answers)] for place, number in enumerate(due)}
        for number, report in said.items():
            following.status(self.plain, number, report)
        self.same(due, self.real.track(said), "track")

    # -- deciding ------------------------------------------------------------------------------------------

    @some(lambda self: self.any_order(lambda order: order.question == "uncertain"))
    @rule(number=which, report=drawn.reports, taken=st.booleans())
    def decide_placed(self, number: int, report: following.Report, taken: bool) -> None:
        """*It was placed*, under an id that may be another's."""
        self.decided_placed(self.order(number, condition=lambda order: order.question == "uncertain"), report, taken)

    def decided_placed(self, order: Order, report: following.Report, taken: bool) -> None:
        self.ids += 1
        panel_order = "1" if taken else str(self.ids)
        expected = following.was_placed(self.plain, order.number, panel_order, report)
        self.same(expected, self.real.was_placed(order.number, panel_order, report), "placed")

    @some(lambda self: self.any_order(lambda order: order.question in {"uncertain", "cost"}))
    @rule(number=which)
    def send_again(self, number: int) -> None:
        """*Send again*."""
        self.sent_again(self.order(number, condition=lambda order: order.question in {"uncertain", "cost"}))

    def sent_again(self, order: Order) -> None:
        expected = following.send_again(self.plain, order.number)
        self.same(expected, self.real.send_again(order.number), "resend")

    @some(lambda self: self.any_order(lambda order: order.held))
    @rule(
        number=which,
        percent=st.sampled_from([None, None, 0, 50, 101]),
        question=st.sampled_from([None, None, "uncertain", "sum"]),
    )
    def refund(self, number: int, percent: int | None, question: str | None) -> None:
        """*Refund*, all or a part, by the order's card or by an old one."""
        self.refunded(self.order(number, condition=lambda order: order.held), percent, question)

    def refunded(self, order: Order, percent: int | None, question: str | None) -> None:
        unsent = order.state in {"waiting", "uncertain"}  # of those, nothing was delivered that a part could be for
        amount = None if percent is None or unsent else order.held * percent // 100 + (percent > 100)
        expected = following.refund(self.plain, order.number, amount, question)
        self.same(expected, self.real.refund(order.number, amount, question), f"refund of {order.question}")

    @some(lambda self: self.any_order(lambda order: order.held and order.panel_order))
    @rule(number=which)
    def close(self, number: int) -> None:
        """*Close*: it counts as delivered."""
        self.closed(self.order(number, condition=lambda order: order.held and order.panel_order))

    def closed(self, order: Order) -> None:
        self.same(following.close(self.plain, order.number), self.real.close(order.number), "close")

    @some(lambda self: self.any_order(lambda order: order.state == "waiting"))
    @rule(number=which)
    def take_back(self, number: int) -> None:
        """A customer takes back an order that waits."""
        order = self.order(number, condition=lambda order: order.state == "waiting")
        self.taken_back(order, order.user)

    def taken_back(self, order: Order, user: int) -> None:
        expected = following.take_back(self.plain, order.number, user)
        self.same(expected, self.real.take_back(order.number, user), "take back")

    @some(lambda self: self.plain.orders)
    @rule(number=which, how=st.sampled_from(["placed", "again", "refund", "close", "back", "foreign"]))
    def decide_anything(self, number: int, how: str) -> None:
        """Any button of any card there ever was, whatever became of the order since."""
        order = self.order(number, condition=lambda order: True)
        match how:
            case "placed":
                self.decided_placed(order, None, taken=False)
            case "again":
                self.sent_again(order)
            case "refund":
                self.refunded(order, None, None)
            case "close":
                self.closed(order)
            case "back":
                self.taken_back(order, order.user)
            case _:
                self.taken_back(order, ANNA + BORIS - order.user)

    # -- the panel -----------------------------------------------------------------------------------------

    @some(lambda self: self.any_order(lambda order: order.waits) or self.flights)
    @rule(stop=st.booleans())
    def pause_or_resume(self, stop: bool) -> None:
        """/pause where orders would go, /resume where they would not; seldom the other way round."""
        stop &= self.plain.gate.why in {None, "unknowns"}
        (sending.pause if stop else sending.resume)(self.plain)
        self.same("paused" if stop else "resumed", self.real.pause(stop=stop), "gate")

    @rule(purse=st.sampled_from(["0", "0.1", "0.5", "1000"]))
    def balance(self, purse: str) -> None:
        """The panel tells its balance."""
        sending.balance(self.plain, drawn.purse_of(Decimal(purse)))
        self.same(True, self.real.balance(Decimal(purse)), "balance")

    @rule(key=st.sampled_from(drawn.KEYS), change=drawn.changes)
    def sync(self, key: str, change: drawn.Change) -> None:
        """The panel lists a service at another price, with another limit, or not at all."""
        self.real.list_service(key, change)
        sending.balance(self.plain, self.plain.gate.purse)
        selling.list_services(self.plain, self.real.listed)
        self.same("synced", self.real.sync(), "sync")

    @some(lambda self: any(item.held for item in self.plain.items.values()))
    @rule(old_card=st.booleans())
    def agree(self, old_card: bool) -> None:
        """An admin agrees to the rates that were held; an old card agrees to nothing."""
        expected = 0 if old_card else selling.agree(self.plain)
        self.same(expected, self.real.agree("an old one" if old_card else None), "agree")

    # -- time ----------------------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([1, 31, 61, 61, 601, 901, 3_601, 86_401, 259_201]), keep=st.booleans())
    def time_passes(self, seconds: int, keep: bool) -> None:
        """Nothing happens for a while; then, perhaps, housekeeping."""
        self.clock.advance(seconds)
        if keep:
            following.housekeeping(self.plain)
            self.same("kept", self.real.housekeeping(), "housekeeping")

    @some(lambda self: self.flights or self.open_forms)
    @rule()
    def restart(self) -> None:
        """The program ends, with whatever it had in flight, and begins again."""
        self.flights.clear()
        self.same("opened", self.real.restart(), "restart")

    # -- what is always true -------------------------------------------------------------------------------

    @invariant()
    def the_books_are_right(self) -> None:
        """Audited, and as the model has them."""
        self.clock.advance(0.001)  # no two things happen in one moment
        seen = self.books.run(self.books.seen(PANEL))
        assert seen.wrong == []
        assert seen.wallets == self.plain.wallets
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


def test_the_shop_is_as_the_model_says(capsys: pytest.CaptureFixture[str]) -> None:
    """After every step the audit finds nothing, and balances, orders, calls and messages are the model's."""
    profile = chosen()
    TALLY.clear()
    run_state_machine_as_test(
        ShopMachine,
        settings=settings(
            max_examples=profile.examples,
            stateful_step_count=profile.steps,
            derandomize=not profile.proving,
            # Making a failure shorter takes minutes; thirty steps can be read as they are.
            phases=[Phase.generate, *([Phase.shrink] if profile.proving else [])],
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    with capsys.disabled() if profile.proving else nullcontext():
        for what, times in sorted(TALLY.items()):
            say(f"{times:7} {what}")
    assert TALLY["claim: done"] > profile.examples, "the machine hardly sent anything"
