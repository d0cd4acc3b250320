"""What one did before, without typing it again: an order repeated, the last links and services, favourites."""

from dataclasses import dataclass

from bot.domain import forms
from bot.domain.catalog import Service
from bot.domain.errors import BadInput
from bot.domain.forms import Field
from bot.domain.networks import network_of
from bot.services import cards, ordering
from bot.services.ordering import Form, ServiceGone
from bot.services.shop import Shop
from bot.storage import favourites, people
from bot.storage.database import Transaction

# So far back one looks, and so much of it is offered: buttons push the question out of sight.
LOOKED_AT, OFFERED = 40, 3
# More than anybody finds anything in.
MOST_FAVOURITES = 50
# The questions whose last answers are worth a button.
_REPEATED = frozenset({"link", "username"})


@dataclass(frozen=True, slots=True)
class Recent:
    """An answer given before, in this order."""

    order: int
    answer: str


async def repeat(tx: Transaction, shop: Shop, *, user: int, number: int) -> Form:
    """A new draft with the answers of an order, at today's price. Raises ``ServiceGone`` or ``ShopError``."""
    order = await cards.find(tx, user=user, number=number)
    service = ordering.service_of(shop, order.snapshot.service)
    form = forms.FORMS[service.type]
    asked = {name: value for name, value in order.answers.items() if _asked(form, name)}
    answers = ordering.as_sold(service, asked)
    draft = await people.new_draft(tx, user, service.id, answers)
    return Form(draft, service, answers)


def _asked(form: forms.Form, name: str) -> bool:
    try:
        forms.field_named(form, name)
    except KeyError:
        return False
    return True


async def last_answers(tx: Transaction, shop: Shop, *, user: int, form: Form, field: Field) -> list[Recent]:
    """What this person answered to such a question lately, for a service of the same network; each answer once."""
    if field.name not in _REPEATED:
        return []
    network = network_of(form.service.category)
    found: dict[str, Recent] = {}
    for bought in await favourites.last_bought(tx, user, limit=LOOKED_AT):
        answer = bought.answers.get(field.name)
        service = shop.shelf.listed(bought.service)
        if isinstance(answer, str) and service is not None and network_of(service.category) == network:
            found.setdefault(answer, Recent(bought.order, answer))
    return list(found.values())[:OFFERED]


async def answer_of(tx: Transaction, *, user: int, number: int, field: Field) -> str:
    """What this person answered in that order. Raises ``BadInput`` where it has no such answer."""
    order = await cards.find(tx, user=user, number=number)
    answer = order.answers.get(field.name)
    if field.name not in _REPEATED or not isinstance(answer, str):
        raise BadInput("choice.unknown")
    return answer


async def last_services(tx: Transaction, shop: Shop, *, user: int) -> list[Service]:
    """What this person ordered lately and can order again, each once."""
    numbers = dict.fromkeys(bought.service for bought in await favourites.last_bought(tx, user, limit=LOOKED_AT))
    return [shop.shelf.services[number] for number in numbers if number in shop.shelf.services][:OFFERED]


async def mark(tx: Transaction, shop: Shop, *, user: int, service: int, on: bool) -> None:
    """Make a service a favourite, or no more. Raises ``ServiceGone``, or ``BadInput`` where there are too many."""
    if on:
        if shop.shelf.listed(service) is None:
            raise ServiceGone("service.gone", service=service)
        # Only those that are seen count: nobody could take the mark from the others.
        if len(await favourites_of(tx, shop, user=user)) >= MOST_FAVOURITES:
            raise BadInput("favourites.too_many", limit=MOST_FAVOURITES)
    await favourites.put(tx, user, service, on=on)


async def is_favourite(tx: Transaction, *, user: int, service: int) -> bool:
    """Whether this person marked it."""
    return await favourites.is_marked(tx, user, service)


async def favourites_of(tx: Transaction, shop: Shop, *, user: int) -> list[Service]:
    """This person's favourites that are on sale, the latest first."""
    found = await favourites.of_user(tx, user)
    return [shop.shelf.services[number] for number in found if number in shop.shelf.services]
