"""What is not believed, what is not waited for, and where the token never is."""

import json
import logging
from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest

from bot.demo.cryptopay import DemoCryptoPay, Fault, refused
from bot.demo.panel.faults import How
from bot.demo.panel.wire import JSON_TYPE, Answer
from bot.domain.errors import ShopError
from bot.domain.payments import Quote
from bot.paying.cryptopay import CryptoPay
from bot.paying.seam import Fate, ProviderDown, ProviderRefused
from tests.paying.conftest import TOKEN, Desk
from tests.paying.told import CODE, item, says

ONE = Quote(10_000, "USD")
MOST = 1024 * 1024

GONE: dict[str, Fault] = {
    "reset": Fault.reset(taken=True),
    "reset before": Fault.reset(taken=False),
    "reset on accept": Fault.reset_on_accept(),
    "closed": Fault.close(taken=True),
    "cut": Fault.cut(taken=True),
    "empty": Fault.empty(taken=True),
    "half": Fault.says('{"ok": true, "result": {"invoice_id": 1, "am', taken=True),
    "page": Fault.html(taken=True),
    "page of a proxy": Fault.html(taken=False, status=403),
    "not found": Fault.html(taken=False, status=404),
    "gateway": Fault.html(taken=True, status=502),
    "busy": Fault.http_error(503, taken=False, words="busy"),
    "error of theirs": refused(500, "INTERNAL"),
    "error of theirs in 200": Fault.says('{"ok": false, "error": {"code": 500, "name": "OOPS"}}', taken=False),
    "too often": refused(429, "TOO_MANY_REQUESTS"),
    "too often in 400": Fault.says('{"ok": false, "error": {"code": 429, "name": "X"}}', taken=False, status=400),
    "too large": Fault.flood(taken=True),
    "a little too large": Fault.says(" " * MOST + "{}", taken=False),
    "compressed": Fault(How.ANSWER, taken=True, answer=Answer(200, b"x", JSON_TYPE, {"Content-Encoding": "gzip"})),
    "deep": Fault.says("[" * 200_000, taken=False),
    "endless number": Fault.says('{"ok": true, "result": ' + "9" * 5_000 + "}", taken=False),
    "not UTF-8": Fault(How.ANSWER, taken=False, answer=Answer(200, b'{"ok": true, "result": "\xff"}', JSON_TYPE)),
    "NaN": Fault.says('{"ok": true, "result": {"items": [NaN]}}', taken=False),
    "infinity": Fault.says('{"ok": true, "result": {"items": [-Infinity]}}', taken=False),
    "two": Fault.says('{"ok": true, "result": {}}{"ok": true}', taken=False),
    "neither": Fault.says('{"ok": true}', taken=False),
    "list": Fault.says("[]", taken=False),
    "null": Fault.says("null", taken=False),
    "text": Fault.says('"ok"', taken=False),
    "ok is text": Fault.says('{"ok": "true", "result": {"items": []}}', taken=False),
    "ok under 400": Fault.says('{"ok": true, "result": {"items": []}}', taken=False, status=400),
    "no error": Fault.says('{"ok": false}', taken=False, status=400),
    "error is text": Fault.says('{"ok": false, "error": "UNAUTHORIZED"}', taken=False, status=401),
    "result is null": Fault.says('{"ok": true, "result": null}', taken=False),
    "result is a list": Fault.says('{"ok": true, "result": []}', taken=False),
    "result is text": Fault.says('{"ok": true, "result": "x"}', taken=False),
    "items are none": Fault.says('{"ok": true, "result": {"items": {}}}', taken=False),
}
STUCK: dict[str, Fault] = {
    "silent": Fault.silent(taken=True),
    "silent on accept": Fault.silent_on_accept(),
    "dripping": Fault.drip(taken=True),
    "dripping headers": Fault.drip(taken=True, in_head=True),
}
CALLS: dict[str, Callable[[CryptoPay], Awaitable[object]]] = {
    "create": lambda way: way.create(CODE, ONE),
    "look": lambda way: way.look(["5"]),
}
each_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@each_call
@pytest.mark.parametrize("fault", GONE.values(), ids=GONE)
async def test_a_provider_that_cannot_be_believed_is_down(
    desk: Desk, fault: Fault, call: Callable[[CryptoPay], Awaitable[object]]
) -> None:
    """It is asked once, and the next call works."""
    way = desk.way()
    desk.pay.fail("any", fault)
    with pytest.raises(ProviderDown):
        await call(way)
    assert len(desk.pay.calls) <= 1
    assert (await way.create(CODE, ONE)).asked == ONE


@each_call
@pytest.mark.parametrize("fault", STUCK.values(), ids=STUCK)
async def test_no_call_is_waited_for_past_its_deadline(
    desk: Desk, fault: Fault, call: Callable[[CryptoPay], Awaitable[object]]
) -> None:
    desk.pay.fail("any", fault)
    with pytest.raises(ProviderDown, match=r"within 0\.15 s"):
        await call(desk.way(deadline=0.15))
    assert len(desk.pay.calls) <= 1


async def test_a_handshake_that_does_not_end_is_given_up(desk: Desk) -> None:
    desk.pay.fail("any", Fault.silent_on_accept())
    with pytest.raises(ProviderDown, match="could not connect in time"):
        await desk.way(url=desk.pay.url.replace("http:", "https:"), deadline=0.3).create(CODE, ONE)


async def test_no_redirect_is_followed(desk: Desk) -> None:
    other = DemoCryptoPay(TOKEN)
    async with other.serve() as elsewhere:
        for status in (301, 302, 303, 307, 308):
            desk.pay.fail("any", Fault.redirect(f"{elsewhere}/createInvoice", taken=False, status=status))
            with pytest.raises(ProviderDown, match=f"HTTP {status}"):
                await desk.way().create(CODE, ONE)
    assert other.calls == []


async def test_no_proxy_of_the_environment_is_used(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert (await desk.way().create(CODE, ONE)).fate is Fate.OPEN


@each_call
@pytest.mark.parametrize("status", [200, 400, 403])
async def test_a_no_is_a_refusal(desk: Desk, call: Callable[[CryptoPay], Awaitable[object]], status: int) -> None:
    body = '{"ok": false, "error": {"code": 400, "name": "METHOD_DISABLED"}}'
    desk.pay.fail("any", Fault.says(body, taken=False, status=status))
    with pytest.raises(ProviderRefused, match=f"HTTP {status}: METHOD_DISABLED") as caught:
        await call(desk.way())
    assert caught.value.params == {"reason": "METHOD_DISABLED"}


@each_call
async def test_a_wrong_token_is_a_refusal(desk: Desk, call: Callable[[CryptoPay], Awaitable[object]]) -> None:
    with pytest.raises(ProviderRefused, match="UNAUTHORIZED"):
        await call(desk.way(token="987654321:AA-of-another-app"))


async def test_an_amount_it_does_not_take_is_a_refusal(desk: Desk) -> None:
    desk.pay.fail("createInvoice", refused(400, "AMOUNT_INVALID"))
    with pytest.raises(ProviderRefused, match="AMOUNT_INVALID"):
        await desk.way().create(CODE, ONE)


@pytest.mark.parametrize("name", ["x" * 1000, "a sentence\nand a second line", "", 7, None, ["UNAUTHORIZED"]])
async def test_an_errors_name_is_a_name_or_nothing(desk: Desk, name: object) -> None:
    body = json.dumps({"ok": False, "error": {"code": 400, "name": name}})
    desk.pay.fail("any", Fault.says(body, taken=False, status=400))
    with pytest.raises(ProviderRefused, match="without a usable name"):
        await desk.way().create(CODE, ONE)


# -- invoices that are not what they should be ----------------------------------------------------------------


WRONG: dict[str, list[object]] = {
    "invoice_id": ["5", 5.0, 0, -5, True, None, 2**63, [5], {}, ...],
    "amount": [
        *("", "0", "0.0000", "-1", "+1", "1e2", "NaN", "Infinity", "1,5", " 1", "１", "0x1", "1_0"),
        *("0.00001", "1.23456", "1" * 13, "1" * 400, "1." + "0" * 25),
        *(None, True, [1], {}, -1, 0, 1e300, 1e-7, 10**400, ...),
    ],
    "fiat": ["usd", "US", "USDT", "", None, 840, ["USD"], "ÜSD", ...],
    "currency_type": ["crypto", "", None, ["fiat"], ...],
    "status": ["refunded", "PAID", "", None, True, ["paid"], {}, ...],
    "payload": [5, [CODE], {"code": CODE}, True],
}
NOT_UNDERSTOOD = [(name, value) for name, values in WRONG.items() for value in values]


async def test_the_sample_is_one_that_is_understood(desk: Desk) -> None:
    desk.pay.fail("getInvoices", says({"items": [item()]}))
    [invoice] = await desk.way().look(["5"])
    assert (invoice.charge, invoice.code, invoice.fate, invoice.asked) == ("5", CODE, Fate.OPEN, ONE)
    assert invoice.url == "https://t.me/CryptoBot?start=IVx"


async def test_what_cannot_be_understood_is_left_out(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """One such invoice among others does not hide them."""
    way = desk.way()
    for name, value in NOT_UNDERSTOOD:
        desk.pay.fail("getInvoices", says({"items": [item(**{name: value}), item(invoice_id=6, status="paid")]}))
        looked = await way.look(["5", "6"])
        assert [each.charge for each in looked] == ["6"], (name, value)
    assert "1 of 2 invoices cannot be understood" in caplog.text


@pytest.mark.parametrize("strange", [None, 5, "x", [], [item()], {}, float("1")])
async def test_what_is_no_invoice_is_left_out(desk: Desk, strange: object) -> None:
    desk.pay.fail("getInvoices", says({"items": [strange, item()]}))
    assert [each.charge for each in await desk.way().look(["5"])] == ["5"]


async def test_a_new_invoice_that_cannot_be_understood_is_none(desk: Desk) -> None:
    way = desk.way()
    for name, value in NOT_UNDERSTOOD:
        desk.pay.fail("createInvoice", says(item(**{name: value})))
        with pytest.raises(ProviderDown):
            pytest.fail(f"{name} of {value!r}: {await way.create(CODE, ONE)}")


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "1.01"},
        {"amount": "100"},
        {"fiat": "EUR"},
        {"payload": "another"},
        {"payload": ...},
        {"status": "paid"},
    ],
)
async def test_a_new_invoice_is_the_one_that_was_asked_for(desk: Desk, wrong: dict[str, object]) -> None:
    """A customer never sees one that asks for more, or that would be taken for somebody else's."""
    desk.pay.fail("createInvoice", says(item(**wrong)))
    with pytest.raises(ProviderDown, match="not the invoice that was asked for"):
        await desk.way().create(CODE, ONE)


@pytest.mark.parametrize(
    ("amount", "units"),
    [
        ("0.07", 700),
        ("19.99", 199_900),
        ("1234.56", 12_345_600),
        ("0.0001", 1),
        ("999999999999.9999", 9_999_999_999_999_999),
        ("007", 70_000),
    ],
)
async def test_an_amount_is_read_exactly(desk: Desk, amount: str, units: int) -> None:
    """As a text and as a bare number: neither ever is a float."""
    way = desk.way()
    bodies = [json.dumps({"ok": True, "result": {"items": [item(amount=amount)]}})]
    if not amount.startswith("00"):
        bodies.append(bodies[0].replace(f'"{amount}"', amount))
    for body in bodies:
        desk.pay.fail("getInvoices", Fault.says(body, taken=False))
        assert [each.asked.units for each in await way.look(["5"])] == [units]
    assert Decimal(amount) * 10_000 == units


BAD_PAGES: list[object] = [
    "http://t.me/CryptoBot?start=IVx",
    "http://192.0.2.1/pay/x",
    "http://localhost.example/pay/x",
    "https://",
    "https://localhost/x",
    "https:///x",
    "https://a.b@c.example/",
    "https://[::1/x",
    "https://t.me:99999/",
    "https://t.me/a b",
    "https://t.me/\n",
    "https://t.me/ö",
    "https://t.me/" + "x" * 500,
    "javascript:alert(1)",
    "tg://resolve?domain=x",
    "//t.me/x",
    "",
    None,
    5,
    ["https://t.me/x"],
    ...,
]


@pytest.mark.parametrize("page", BAD_PAGES, ids=[str(page)[:30] for page in BAD_PAGES])
async def test_a_page_is_https(desk: Desk, page: object) -> None:
    """No customer is sent elsewhere; what was paid already counts all the same."""
    way = desk.way()
    desk.pay.fail("createInvoice", says(item(bot_invoice_url=page)))
    with pytest.raises(ProviderDown):
        await way.create(CODE, ONE)
    desk.pay.fail("getInvoices", says({"items": [item(bot_invoice_url=page, status="paid")]}))
    assert [(each.fate, each.url) for each in await way.look(["5"])] == [(Fate.PAID, "")]


# -- the token -------------------------------------------------------------------------------------------------

ECHOES: dict[str, Fault] = {
    "in an error": Fault.says(
        json.dumps({"ok": False, "error": {"code": 400, "name": TOKEN}}), taken=False, status=400
    ),
    "in a page": Fault.says(f"<h1>{TOKEN}</h1>", taken=False),
    "as JSON": Fault.says(json.dumps(TOKEN), taken=False),
    "as a result": Fault.says(json.dumps({"ok": True, "result": {"items": [TOKEN], "name": TOKEN}}), taken=False),
    "in a redirect": Fault.redirect(f"https://elsewhere.example/{TOKEN[:9]}", taken=False),
    "reset": Fault.reset(taken=True),
    "cut": Fault.cut(taken=True),
    "silent": Fault.silent(taken=True),
}


@pytest.mark.parametrize("fault", ECHOES.values(), ids=ECHOES)
async def test_the_token_is_in_no_log_and_no_error(desk: Desk, fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    way = desk.way(deadline=0.15)
    desk.pay.fail("any", fault, times=3)
    with pytest.raises((ProviderDown, ProviderRefused)) as caught:
        await way.create(CODE, ONE)
    trouble = await way.trouble()
    assert TOKEN not in f"{trouble} {way!r} {vars(way)!r}"
    assert isinstance(caught.value, ShopError)
    chain: BaseException | None = caught.value
    while chain is not None:
        assert TOKEN not in f"{chain!r} {vars(chain)!r}"
        chain = chain.__cause__ or chain.__context__
    assert caplog.records
    assert all(TOKEN not in f"{record.getMessage()} {vars(record)!r}" for record in caplog.records)
