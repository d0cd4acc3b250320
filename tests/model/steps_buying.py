"""Steps of the machine: wallets, forms, and *Confirm*."""

from hypothesis import strategies as st

from bot.domain.outcomes import AddOutcome
from tests.model import drawn, following, selling
from tests.model.machine import Machine, happens, which
from tests.model.plain import Form
from tests.model.steps_deciding import look
from tests.model.steps_sending import claim, settle


@happens(1, user=drawn.users, amount=st.sampled_from([1, 900, 4_000, 60_000, -1, -900, -60_000]), twice=st.booleans())
def adjust(shop: Machine, user: int, amount: int, twice: bool) -> None:
    """/credit or /debit; the same command again moves nothing."""
    shop.commands += 1
    expected = selling.adjust(shop.plain, user, amount)
    shop.same(expected, shop.real.adjust(user, amount, shop.commands), "adjust")
    if twice and expected != "WalletTooLow":
        covered = amount > 0 or shop.plain.wallets[user] + amount >= 0
        again = "IntegrityError" if covered else "WalletTooLow"
        shop.same(again, shop.real.adjust(user, amount, shop.commands), "adjust again")


@happens(2, user=drawn.users, key=st.sampled_from(drawn.KEYS))
def begin(shop: Machine, user: int, key: str) -> None:
    """Choose a service."""
    begun(shop, user, key)


def begun(shop: Machine, user: int, key: str) -> Form | None:
    item = shop.plain.items[key]
    got = shop.same("begun" if item.on_sale else "ServiceGone", shop.real.begin(user, key), "begin")
    if got != "begun":
        return None
    form = Form(shop.real.last_draft, user, item)
    shop.plain.forms[form.id] = form
    return form


@happens(2, lambda shop: any(selling.missing(form) for form in shop.open_forms), number=which, answers=drawn.answers)
def answer(shop: Machine, number: int, answers: dict[str, object]) -> None:
    """Answer the next question of a form that has one."""
    forms = [form for form in shop.open_forms if selling.missing(form)]
    answered(shop, forms[number % len(forms)], answers)


def answered(shop: Machine, form: Form, answers: dict[str, object]) -> None:
    closed = selling.open_form(shop.plain, form, form.user)
    name = selling.missing(form)[0]
    shop.same(closed or name, shop.real.answer_next(form.user, form.id, answers), "answer")
    if closed is None:
        form.answers[name] = answers[name]


@happens(
    1,
    lambda shop: any(form.item.key == "likes" for form in shop.open_forms),
    number=which,
    runs=st.sampled_from([2, 3, 90]),
    spread=st.booleans(),
)
def spread(shop: Machine, number: int, runs: int, spread: bool) -> None:
    """*Spread over time*, or not."""
    forms = [form for form in shop.open_forms if form.item.key == "likes"]
    form = forms[number % len(forms)]
    closed = selling.open_form(shop.plain, form, form.user)
    shop.same(closed or "put", shop.real.spread(form.user, form.id, runs if spread else None), "spread")
    if closed is None:
        rest = {name: value for name, value in form.answers.items() if name not in {"runs", "interval"}}
        form.answers = {**rest, "runs": runs, "interval": 60} if spread else rest


@happens(1, lambda shop: shop.open_forms, number=which)
def drop(shop: Machine, number: int) -> None:
    """*Cancel* leaves a form."""
    form = shop.form(number)
    shop.same("dropped", shop.real.drop(form.user, form.id), "drop")
    form.gone = True


@happens(2, lambda shop: any(not selling.missing(form) for form in shop.open_forms), number=which)
def look_at_summary(shop: Machine, number: int) -> None:
    """A complete form shows its price."""
    whole = [form for form in shop.open_forms if not selling.missing(form)]
    summarised(shop, whole[number % len(whole)])


def summarised(shop: Machine, form: Form) -> None:
    closed = selling.open_form(shop.plain, form, form.user)
    expected = closed or selling.summary(shop.plain, form)
    shop.same(expected, shop.real.summarise(form.user, form.id), "summary")


@happens(3, lambda shop: shop.open_forms, number=which, at_once=st.booleans())
def confirm(shop: Machine, number: int, at_once: bool) -> None:
    """*Confirm*; twice at once too."""
    form = shop.form(number)
    confirmed(shop, form, form.user, at_once=at_once)


@happens(1, lambda shop: shop.plain.forms, number=which, user=drawn.users)
def press_again(shop: Machine, number: int, user: int) -> None:
    """*Confirm*, by whomever, on any form there ever was."""
    forms = list(shop.plain.forms.values())
    confirmed(shop, forms[-1 - number % len(forms)], user)


def confirmed(shop: Machine, form: Form, user: int, *, at_once: bool = False) -> None:
    first = selling.confirm(shop.plain, form, user)
    if not at_once:
        shop.same(first, shop.real.confirm(user, form.id), "confirm")
        return
    second = selling.confirm(shop.plain, form, user)
    got = shop.books.run(shop.real.at_once(shop.real.confirm(user, form.id), shop.real.confirm(user, form.id)))
    assert sorted(map(str, got)) == sorted(map(str, (first, second))), f"both pressed: {got}"


@happens(3, lambda shop: sum(order.waits for order in shop.plain.orders.values()) < 4, purchase=drawn.purchases)
def buy(shop: Machine, purchase: drawn.Purchase) -> None:
    """All of a purchase, by somebody who can pay."""
    bought(shop, *purchase)


@happens(6, lambda shop: shop.open_now, purchase=drawn.purchases, outcome=drawn.outcomes, report=drawn.reports)
def buy_and_send(shop: Machine, purchase: drawn.Purchase, outcome: AddOutcome, report: following.Report) -> None:
    """The whole way of an order, where nothing comes in between."""
    bought(shop, *purchase)
    claim(shop, twice=False)
    if shop.flights:
        settle(shop, -1, outcome)
    if shop.any_order(lambda order: order.panel_order):
        look(shop, 0, report)


def bought(shop: Machine, user: int, key: str, answers: dict[str, object], runs: int) -> None:
    if shop.plain.available(user) < drawn.DEAREST:
        adjust(shop, user, drawn.DEAREST - min(shop.plain.available(user), 0), twice=False)
    form = begun(shop, user, key)
    if form is None:
        return
    shop.same("whole", shop.real.answer_all(user, form.id, answers), "answer all")
    form.answers = {name: answers[name] for name in selling.questions(form)}
    if runs and key == "likes":
        shop.same("put", shop.real.spread(user, form.id, runs), "spread")
        form.answers |= {"runs": runs, "interval": 60}
    summarised(shop, form)
    confirmed(shop, form, user)
