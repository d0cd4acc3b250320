"""From a service chosen to an order placed: drafts, their answers, the summary, and Confirm."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import forms
from bot.domain.catalog import Service
from bot.domain.errors import BadInput, ShopError
from bot.domain.forms import Field, Limits, spread_fields
from bot.domain.links import same_link
from bot.domain.orders import Answer, Order, Snapshot
from bot.domain.people import Draft
from bot.services import wallet
from bot.services.news import SCREEN_FIRST, order_facts
from bot.services.shop import Shop
from bot.storage import ledger, mail, orders, people
from bot.storage.database import Duplicate, Transaction
from bot.storage.facts import fix_currency

# A price stands for so long; a summary older than this is shown again before it is charged.
PRICE_STANDS = timedelta(minutes=10)


class DraftGone(ShopError):
    """The form this button belongs to is finished or thrown away."""


class ServiceGone(ShopError):
    """The service is not on sale any more."""


@dataclass(frozen=True, slots=True)
class Form:
    """A draft with its service: all a question or a summary is drawn from."""

    draft: int
    service: Service
    answers: Mapping[str, Answer]

    @property
    def next(self) -> Field | None:
        """The first question without an answer."""
        return forms.next_field(forms.FORMS[self.service.type], self.answers)

    @property
    def limits(self) -> Limits:
        """The service's own."""
        return Limits(self.service.minimum, self.service.maximum)

    @property
    def spreads(self) -> bool:
        """Whether it can be spread over time."""
        return _spreads(self.service)


@dataclass(frozen=True, slots=True)
class Summary:
    """A complete form with its price. ``changed``: it is not what was last shown; ``uncertain``: another order
    for the same link is being checked; ``running``: one for the same service and link has not ended. ``mark`` names
    exactly this summary, for its *Confirm* to carry."""

    form: Form
    quantity: int
    price: int
    available: int
    changed: bool = False
    uncertain: int | None = None
    running: int | None = None
    mark: str = ""

    @property
    def short(self) -> int:
        """How much the wallet lacks, 0 where it covers the price."""
        return max(self.price - self.available, 0)


@dataclass(frozen=True, slots=True)
class Doubt:
    """An answer that no longer stands, because the service's limits or another answer changed."""

    form: Form
    field: Field
    error: BadInput


def service_of(shop: Shop, number: int) -> Service:
    """The service of this number, if it is on sale."""
    service = shop.shelf.services.get(number)
    if service is None:
        raise ServiceGone("service.gone", service=number)
    return service


async def begin(
    tx: Transaction, shop: Shop, *, user: int, service: int, answers: Mapping[str, Answer] | None = None
) -> Form:
    """Choose a service: a new draft, with what is known of its ``answers`` already, by field."""
    chosen = service_of(shop, service)
    known = dict(answers or {})
    draft = await people.new_draft(tx, user, chosen.id, known)
    return Form(draft, chosen, known)


async def resume(tx: Transaction, shop: Shop, *, user: int, draft: int) -> Form:
    """A customer's draft as it stands. Raises ``DraftGone`` or ``ServiceGone``."""
    found = await people.find_draft(tx, draft, user=user)
    if found is None:
        raise DraftGone("draft.gone", draft=draft)
    service = service_of(shop, found.service_id)
    return Form(found.id, service, as_sold(service, found.answers))


def as_sold(service: Service, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers without what a service does not take any more: a spread over time."""
    return dict(answers) if _spreads(service) else _at_once(answers)


def _spreads(service: Service) -> bool:
    return forms.FORMS[service.type].spread and service.dripfeed is not False


def _at_once(answers: Mapping[str, Answer]) -> dict[str, Answer]:
    spread = {field.name for field in spread_fields()}
    return {name: value for name, value in answers.items() if name not in spread}


async def put_answer(tx: Transaction, form: Form, field: Field, value: Answer) -> Form:
    """Keep an answer that was checked; what other answers no longer call for is dropped."""
    return await _put(tx, form, {**form.answers, field.name: value})


async def deliver_at_once(tx: Transaction, form: Form) -> Form:
    """Not spread over time."""
    return await _put(tx, form, _at_once(form.answers))


async def whole_spread(tx: Transaction, form: Form) -> Form:
    """Runs without an interval, or the other way round, are as good as neither."""
    missing = form.next
    return await deliver_at_once(tx, form) if missing in spread_fields() else form


async def _put(tx: Transaction, form: Form, answers: Mapping[str, Answer]) -> Form:
    kind = forms.FORMS[form.service.type]
    answers = as_sold(form.service, answers)
    kept = {field.name for field in forms.applicable_fields(kind, answers)}
    answers = {name: value for name, value in answers.items() if name in kept}
    await people.put_draft(tx, form.draft, answers=answers)
    return Form(form.draft, form.service, answers)


async def drop(tx: Transaction, *, user: int, draft: int) -> None:
    """Leave a form."""
    await people.drop_draft(tx, draft, user=user)


def doubt(form: Form, now: datetime) -> Doubt | None:
    """The first answer that does not stand any more; ``now`` in the shop's time zone, because dates are its own."""
    found = forms.recheck(forms.FORMS[form.service.type], form.answers, limits=form.limits, today=now.date())
    return None if found is None else Doubt(form, *found)


async def summarise(
    tx: Transaction, shop: Shop, form: Form, *, user: int, changed: bool = False, was: Draft | None = None
) -> Summary:
    """The summary of a complete form; what it shows is written down, for Confirm to charge exactly that.

    Where ``was``, the one that was last shown, still holds, this is that one: its *Confirm* is good, however often it
    is drawn again. Whoever presses faster than they are answered would otherwise never catch up.
    """
    quantity = forms.priced_quantity(forms.FORMS[form.service.type], form.answers)
    service, price = form.service, shop.shelf.price(form.service, quantity)
    shown = Draft(form.draft, user, service.id, dict(form.answers), price, service.minimum, service.maximum, tx.now)
    if was is not None and not _moved(was, shown):
        shown = was
    else:
        await people.put_shown(tx, shown)
    key = link_key(form.answers)
    uncertain = None if key is None else await orders.uncertain_for_link(tx, user, key)
    running = None
    if key is not None:
        running = await orders.newest_for_link(tx, user, key, service=service.id, running=True)
    available = await ledger.available(tx, user)
    number = None if uncertain is None else uncertain.id
    return Summary(form, quantity, price, available, changed, number, running, shown.mark)


async def shortfall(tx: Transaction, shop: Shop, *, user: int, draft: int) -> int:
    """How much the wallet lacks for a draft as it stands; 0 where it has no price yet, or cannot be ordered."""
    try:
        form = await resume(tx, shop, user=user, draft=draft)
    except (DraftGone, ServiceGone):
        return 0
    if form.next is not None:
        return 0
    quantity = forms.priced_quantity(forms.FORMS[form.service.type], form.answers)
    return max(shop.shelf.price(form.service, quantity) - await ledger.available(tx, user), 0)


def link_key(answers: Mapping[str, Answer]) -> str | None:
    """What tells two orders for the same link; a subscription's is its username."""
    link = answers.get("link") or answers.get("username")
    return same_link(link) if isinstance(link, str) else None


async def confirm(tx: Transaction, shop: Shop, *, user: int, draft: int, mark: str) -> Order | Summary | Doubt | Form:
    """Turn a draft into an order that holds exactly the price that was shown.

    A second press finds the order there and returns it. A ``Summary`` comes back where the wallet is short, what was
    shown no longer holds, or ``mark`` is of another summary than the last one: it may never have been seen. A
    ``Doubt`` or an incomplete ``Form`` comes back where an answer has to be given (again).
    """
    existing = await orders.find_by_draft(tx, draft, user=user)
    if existing is not None:
        return existing
    form = await resume(tx, shop, user=user, draft=draft)
    if form.next is not None:
        return form
    found = doubt(form, tx.now.astimezone(shop.settings.timezone))
    if found is not None:
        return found
    stored = await people.find_draft(tx, draft, user=user)
    summary = await summarise(tx, shop, form, user=user, was=stored)
    if stored is None or stored.mark != mark or stored.mark != summary.mark:
        return replace(summary, changed=True)
    if summary.short:
        return summary
    order = await _place(tx, shop, summary, user=user)
    return summary if order is None else order


def _moved(was: Draft, now: Draft) -> bool:
    """Whether the summary the customer saw is not the one that holds now."""
    old = was.shown_at is None or now.shown_at is None or now.shown_at - was.shown_at > PRICE_STANDS
    return old or replace(was, shown_at=None) != replace(now, shown_at=None)


async def _place(tx: Transaction, shop: Shop, summary: Summary, *, user: int) -> Order | None:
    """The order, or None where the wallet turned out short."""
    form = summary.form
    await fix_currency(tx, shop.settings.currency)
    try:
        async with tx.savepoint():
            number = await sell(
                tx,
                shop,
                form.service,
                form.answers,
                user=user,
                draft=form.draft,
                quantity=summary.quantity,
                price=summary.price,
            )
    except Duplicate:  # the draft became an order in another transaction
        return await orders.find_by_draft(tx, form.draft, user=user)
    except WalletShort:
        return None
    await people.drop_draft(tx, form.draft, user=user)
    order = await orders.find(tx, number)
    if order is None:
        raise LookupError(f"order {number} vanished")
    key = f"order:{number}:{order.state}"
    await mail.post(tx, user, "order", order_facts(order), order=number, key=key, after=SCREEN_FIRST)
    tx.wake("place")
    tx.work = "confirmed"
    return order


class WalletShort(Exception):
    """Undoes what the wallet does not cover."""


async def sell(
    tx: Transaction,
    shop: Shop,
    service: Service,
    answers: Mapping[str, Answer],
    *,
    user: int,
    draft: int,
    quantity: int,
    price: int,
    batch: int | None = None,
) -> int:
    """Write an order and hold its price; its number. To be called in a savepoint.

    Raises ``WalletShort``, and ``Duplicate`` where ``draft`` became an order already.
    """
    number = await orders.insert_order(
        tx,
        user=user,
        draft=draft,
        panel=service.panel,
        snapshot=_snapshot(shop, service),
        answers=answers,
        link_key=link_key(answers),
        quantity=quantity,
        price=price,
        batch=batch,
    )
    if not await wallet.hold(tx, number, user=user, price=price):
        raise WalletShort
    return number


def _snapshot(shop: Shop, service: Service) -> Snapshot:
    return Snapshot(
        service=service.id,
        panel_service=service.panel_service,
        name=service.name,
        type=service.type,
        category=service.category,
        rate=service.rate,
        exchange=shop.shelf.exchange[service.panel],
        minimum=service.minimum,
        maximum=service.maximum,
        refill=service.refill,
        cancel=service.cancel,
        dripfeed=service.dripfeed,
    )


async def card_shown(tx: Transaction, order: Order, message: int) -> None:
    """The order's card went out after Confirm: the news that would say the same is not needed."""
    await mail.said_otherwise(tx, f"order:{order.id}:{order.state}", message)
