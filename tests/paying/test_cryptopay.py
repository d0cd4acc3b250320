"""What is asked of Crypto Pay, to the last digit, and what is read from it."""

from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.demo.cryptopay import DemoCryptoPay, Fault, refused
from bot.domain.errors import BadInput
from bot.domain.payments import Manner, Quote
from bot.paying.cryptopay import SUPPORTED, CryptoPay
from bot.paying.seam import Fate, PageWay, ProviderDown
from tests.paying.conftest import TRUST, Desk
from tests.paying.told import CODE, item, says


def a_way(currency: str = "USD") -> CryptoPay:
    return CryptoPay(SecretStr("1:a"), currency=currency, verify=TRUST)


async def test_it_is_a_way_with_a_page() -> None:
    way: PageWay = a_way()
    assert isinstance(way, PageWay)
    assert (way.name, way.manner, way.lifetime) == ("cryptopay", Manner.PAGE, timedelta(hours=1))
    await way.aclose()


@pytest.mark.parametrize("currency", ["CHF", "usd", "", "XTR", "USDT"])
def test_a_currency_it_does_not_know_is_refused(currency: str) -> None:
    with pytest.raises(ValueError, match="Crypto Pay makes no invoices in"):
        a_way(currency)


@pytest.mark.parametrize("token", ["", "1:tokën", "1:a\nHost: elsewhere", "1:a b"])
def test_what_can_be_no_token_is_refused_and_not_repeated(token: str) -> None:
    with pytest.raises(ValueError, match="no token") as caught:
        CryptoPay(SecretStr(token), currency="USD", verify=TRUST)
    assert not token or token not in str(caught.value)


# -- what it asks for ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "units"),
    [
        (100, 100),
        (101, 200),
        (199, 200),
        (700, 700),
        (199_900, 199_900),
        (199_901, 200_000),
        (250_000_000, 250_000_000),
    ],
)
def test_a_sum_is_rounded_up_to_hundredths(amount: int, units: int) -> None:
    assert a_way().quote(amount) == Quote(units, "USD")


@pytest.mark.parametrize("amount", [-1, 0, 1, 99])
def test_too_small_a_sum_is_refused(amount: int) -> None:
    with pytest.raises(BadInput) as caught:
        a_way().quote(amount)
    assert (caught.value.code, caught.value.params) == ("amount.too_small", {"lowest": 100})


def test_too_large_a_sum_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        a_way().quote(250_000_001)
    assert (caught.value.code, caught.value.params) == ("amount.too_large", {"highest": 250_000_000})


@pytest.mark.parametrize("currency", sorted(SUPPORTED))
def test_bounds_that_are_named_are_taken(currency: str) -> None:
    """Whoever types what they were told is not told off again, and some ten dollars are taken everywhere."""
    way = a_way(currency)
    for wrong in (0, 10**15):
        with pytest.raises(BadInput) as caught:
            way.quote(wrong)
        [bound] = caught.value.params.values()
        assert isinstance(bound, int)
        assert way.quote(bound) == Quote(bound, currency)
    dollars = {"RUB": 900, "UZS": 125_000, "IDR": 160_000, "KZT": 5_000}.get(currency, 100)
    assert way.quote(dollars * 10_000).currency == currency


@pytest.mark.parametrize(
    ("units", "text"),
    [
        (100, "0.01"),
        (700, "0.07"),
        (199_900, "19.99"),
        (12_345_600, "1234.56"),
        (10_000, "1.00"),
        (12_500, "1.25"),
        (2_900, "0.29"),
        (250_000_000, "25000.00"),
    ],
)
async def test_an_amount_goes_out_and_comes_back_exactly(desk: Desk, units: int, text: str) -> None:
    invoice = await desk.way().create(CODE, Quote(units, "USD"))
    assert desk.pay.calls[0].params["amount"] == text
    assert invoice.asked == Quote(units, "USD")


async def test_an_invoice_is_made(desk: Desk) -> None:
    way = desk.way(currency="EUR")
    invoice = await way.create(CODE, way.quote(123_400))
    [call] = desk.pay.calls
    assert (call.method, call.known) == ("createInvoice", True)
    assert call.params == {
        "currency_type": "fiat",
        "fiat": "EUR",
        "amount": "12.34",
        "payload": CODE,
        "description": f"Payment {CODE}",
        "allow_comments": False,
        "expires_in": 3600,
    }
    [made] = desk.pay.invoices.values()
    assert (invoice.charge, invoice.code, invoice.fate) == (str(made.id), CODE, Fate.OPEN)
    assert invoice.asked == Quote(123_400, "EUR")
    assert invoice.url == desk.pay.url.removesuffix("/api") + f"/pay/{made.hash}"


@pytest.mark.parametrize("asked", [Quote(100, "EUR"), Quote(150, "USD"), Quote(0, "USD"), Quote(-100, "USD")])
async def test_what_it_did_not_quote_is_not_asked_for(desk: Desk, asked: Quote) -> None:
    with pytest.raises(ValueError, match="not what Crypto Pay can be asked for"):
        await desk.way().create(CODE, asked)
    assert desk.pay.calls == []


# -- what became of it -----------------------------------------------------------------------------------------


async def test_every_fate_is_told(desk: Desk) -> None:
    way = desk.way()
    open_one, paid, expired, late = [await way.create(f"code-{number}", Quote(10_000, "USD")) for number in range(4)]
    desk.pay.settle(int(paid.charge))
    desk.pay.expire(int(expired.charge))
    desk.pay.expire(int(late.charge))
    desk.pay.settle(int(late.charge))
    looked = {each.charge: each for each in await way.look([each.charge for each in (open_one, paid, expired, late)])}
    assert looked[open_one.charge] == open_one
    assert [looked[each.charge].fate for each in (paid, expired, late)] == [Fate.PAID, Fate.EXPIRED, Fate.PAID]
    assert [looked[each.charge].code for each in (paid, expired, late)] == ["code-1", "code-2", "code-3"]


async def test_an_invoice_lives_for_an_hour(desk: Desk) -> None:
    way = desk.way()
    invoice = await way.create(CODE, Quote(10_000, "USD"))
    desk.clock.advance(3599)
    assert [each.fate for each in await way.look([invoice.charge])] == [Fate.OPEN]
    desk.clock.advance(1)
    assert [each.fate for each in await way.look([invoice.charge])] == [Fate.EXPIRED]


@pytest.mark.parametrize(
    ("amount", "fiat", "asked"),
    [
        ("0.5", None, Quote(5_000, "USD")),
        ("100", "RUB", Quote(1_000_000, "RUB")),
        ("1.00000", "EUR", Quote(10_000, "EUR")),
        ("0.0001", None, Quote(1, "USD")),
    ],
)
async def test_another_sum_than_asked_is_told_as_it_is(desk: Desk, amount: str, fiat: str | None, asked: Quote) -> None:
    """Whether it is enough is for the books to say."""
    way = desk.way()
    invoice = await way.create(CODE, Quote(10_000, "USD"))
    desk.pay.settle(int(invoice.charge), amount=amount, fiat=fiat)
    [looked] = await way.look([invoice.charge])
    assert (looked.fate, looked.asked) == (Fate.PAID, asked)


async def test_what_it_does_not_know_is_left_out(desk: Desk) -> None:
    way = desk.way()
    invoice = await way.create(CODE, Quote(10_000, "USD"))
    strange = ["1", str(2**63 - 1), str(2**63), "0", "-5", "007", "", "abc", "1,2", " 3", "٣"]
    assert [each.charge for each in await way.look([*strange, invoice.charge, invoice.charge])] == [invoice.charge]
    asked = str(desk.pay.calls[-1].params["invoice_ids"]).split(",")
    assert sorted(asked) == sorted(["1", str(2**63 - 1), invoice.charge])


@pytest.mark.parametrize("charges", [[], ["", "abc", "0"]])
async def test_nothing_to_look_for_is_no_call(desk: Desk, charges: list[str]) -> None:
    assert await desk.way().look(charges) == []
    assert desk.pay.calls == []


async def test_many_are_looked_for_a_hundred_at_a_time(desk: Desk) -> None:
    way = desk.way()
    made = [(await way.create(CODE, Quote(10_000, "USD"))).charge for _ in range(130)]
    looked = await way.look(made)
    assert sorted(each.charge for each in looked) == sorted(made)
    batches = [str(call.params["invoice_ids"]).split(",") for call in desk.pay.calls if call.method == "getInvoices"]
    assert [len(batch) for batch in batches] == [100, 30]


async def test_a_hundred_that_fail_take_nothing_from_the_others(desk: Desk) -> None:
    """The first call is the one that fails; what the second says counts. Where none says anything, it is a failure."""
    way = desk.way()
    made = sorted([(await way.create(CODE, Quote(10_000, "USD"))).charge for _ in range(130)])
    desk.pay.fail("getInvoices", Fault.html(taken=False, status=502))
    assert sorted(each.charge for each in await way.look(made)) == made[100:]
    desk.pay.fail("getInvoices", Fault.html(taken=False, status=502), times=2)
    with pytest.raises(ProviderDown):
        await way.look(made)


async def test_an_invoice_nobody_asked_about_is_left_out(desk: Desk) -> None:
    desk.pay.fail("getInvoices", says({"items": [item(invoice_id=5), item(invoice_id=6, status="paid")]}))
    assert [each.charge for each in await desk.way().look(["5"])] == ["5"]


# -- check -----------------------------------------------------------------------------------------------------


async def test_all_is_well(desk: Desk) -> None:
    assert await desk.way().trouble() is None


async def test_a_wrong_token_is_named_as_one(desk: Desk) -> None:
    trouble = await desk.way(token="987654321:AA-of-another-app").trouble()
    assert trouble is not None
    assert "does not know the token" in trouble
    assert "AA-of-another-app" not in trouble


async def test_other_troubles_are_told_apart(desk: Desk) -> None:
    way = desk.way()
    desk.pay.fail("getMe", refused(403, "METHOD_DISABLED"))
    desk.pay.fail("getMe", Fault.html(taken=False, status=502))
    desk.pay.fail("getMe", says({"id": 42, "is_bot": True}))
    troubles = [await way.trouble() for _ in range(3)]
    for trouble, words in zip(troubles, ("METHOD_DISABLED", "HTTP 502", "is not Crypto Pay"), strict=True):
        assert words in (trouble or "")


async def test_nobody_there(desk: Desk) -> None:
    gone = DemoCryptoPay()
    async with gone.serve() as url:
        pass
    assert "could not connect" in (await desk.way(url=url).trouble() or "")
