"""Favourites: only what one can see fills the list, and a mark can always be taken away."""

from dataclasses import replace

import pytest

from bot.domain.errors import BadInput
from bot.services import again, rounds
from bot.services.again import MOST_FAVOURITES
from tests.services.stage import ALPHA, ANNA, LIKES, Stage

MANY = tuple(replace(LIKES, panel_service=f"{1000 + n}", name=f"Likes {n}") for n in range(MOST_FAVOURITES + 5))


async def test_what_is_not_on_sale_any_more_fills_no_list(stage: Stage) -> None:
    """Its mark takes no place, and can be taken away; when it returns, it is a favourite as before."""
    stage.panels[ALPHA].offers = MANY
    await rounds.sync(stage.shop, ALPHA)
    numbers = [stage.service(offer).id for offer in MANY]

    async def mark(service: int, *, on: bool = True) -> None:
        async with stage.db.write() as tx:
            await again.mark(tx, stage.shop, user=ANNA, service=service, on=on)

    async def seen() -> set[int]:
        async with stage.second.read() as tx:
            return {service.id for service in await again.favourites_of(tx, stage.shop, user=ANNA)}

    for number in numbers[:MOST_FAVOURITES]:
        await mark(number)
    with pytest.raises(BadInput, match=r"favourites\.too_many"):
        await mark(numbers[-1])
    stage.panels[ALPHA].offers = MANY[2:]
    await rounds.sync(stage.shop, ALPHA)
    await mark(numbers[-1])
    await mark(numbers[-2])
    assert await seen() == {*numbers[2:MOST_FAVOURITES], *numbers[-2:]}
    await mark(numbers[0], on=False)
    stage.panels[ALPHA].offers = MANY
    await rounds.sync(stage.shop, ALPHA)
    assert await seen() == {*numbers[1:MOST_FAVOURITES], *numbers[-2:]}
