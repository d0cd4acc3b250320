"""The Crypto Pay stand-in: as strict as the real one, with a page to pay on."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from bot.demo.cryptopay import DemoCryptoPay, Fault, refused
from tests.clock import FakeClock

FIAT = {"currency_type": "fiat", "fiat": "USD", "amount": "10.50"}
# Made once: reading the machine's authorities takes longer than a test.
TRUST = ssl.create_default_context()


@dataclass(frozen=True)
class Caller:
    pay: DemoCryptoPay
    client: httpx.AsyncClient
    clock: FakeClock

    async def call(self, method: str, params: object = None, **headers: str) -> httpx.Response:
        token = {"Crypto-Pay-API-Token": self.pay.token}
        return await self.client.post(f"{self.pay.url}/{method}", json=params or {}, headers={**token, **headers})

    async def result(self, method: str, params: object = None) -> dict[str, object]:
        answer = (await self.call(method, params)).json()
        assert answer["ok"] is True, answer
        result: dict[str, object] = answer["result"]
        return result


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    clock = FakeClock()
    pay = DemoCryptoPay(clock=clock)
    async with pay.serve(), httpx.AsyncClient(timeout=5, verify=TRUST) as client:
        yield Caller(pay, client, clock)


def error(answer: httpx.Response) -> tuple[int, str]:
    told = answer.json()
    assert told["ok"] is False
    assert told["error"]["code"] == answer.status_code
    return answer.status_code, told["error"]["name"]


async def test_without_its_token_nothing_is_told(caller: Caller) -> None:
    for method in ("getMe", "createInvoice", "noSuchMethod"):
        assert error(await caller.call(method, FIAT, **{"Crypto-Pay-API-Token": "1:other"})) == (401, "UNAUTHORIZED")
    assert error(await caller.client.post(f"{caller.pay.url}/getMe")) == (401, "UNAUTHORIZED")
    assert [call.known for call in caller.pay.calls] == [False] * 4
    assert not caller.pay.invoices


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"currency_type": "gold"}, "CURRENCY_TYPE_INVALID"),
        ({"currency_type": None}, "ASSET_INVALID"),
        ({"fiat": "CHF"}, "FIAT_INVALID"),
        ({"fiat": None}, "FIAT_INVALID"),
        ({"amount": None}, "AMOUNT_INVALID"),
        ({"amount": "0.00"}, "AMOUNT_INVALID"),
        ({"amount": "-1"}, "AMOUNT_INVALID"),
        ({"amount": "1.005"}, "AMOUNT_INVALID"),
        ({"amount": "1e3"}, "AMOUNT_INVALID"),
        ({"amount": True}, "AMOUNT_INVALID"),
        ({"expires_in": 0}, "EXPIRES_IN_INVALID"),
        ({"expires_in": 2_678_401}, "EXPIRES_IN_INVALID"),
        ({"expires_in": "soon"}, "EXPIRES_IN_INVALID"),
        ({"description": "x" * 1025}, "DESCRIPTION_INVALID"),
        ({"payload": "x" * 4097}, "PAYLOAD_INVALID"),
        ({"payload": {}}, "PAYLOAD_INVALID"),
        ({"allow_comments": "maybe"}, "ALLOW_COMMENTS_INVALID"),
    ],
)
async def test_a_wrong_parameter_is_named(caller: Caller, wrong: dict[str, object], name: str) -> None:
    assert error(await caller.call("createInvoice", FIAT | wrong)) == (400, name)
    assert not caller.pay.invoices


async def test_other_calls_are_as_strict(caller: Caller) -> None:
    assert error(await caller.call("noSuchMethod")) == (405, "METHOD_NOT_FOUND")
    assert error(await caller.call("getInvoices", {"invoice_ids": "1,a"})) == (400, "INVOICE_IDS_INVALID")
    assert error(await caller.call("getInvoices", {"status": "expired"})) == (400, "STATUS_INVALID")
    assert error(await caller.call("getInvoices", {"count": 1001})) == (400, "COUNT_INVALID")
    assert error(await caller.call("deleteInvoice", {"invoice_id": 7})) == (400, "INVOICE_NOT_FOUND")
    assert (await caller.client.get(caller.pay.url.removesuffix("/api"))).status_code == 404


async def test_parameters_come_in_every_form(caller: Caller) -> None:
    """In the URL, as a form and as JSON with a bare number."""
    headers = {"Crypto-Pay-API-Token": caller.pay.token}
    url = f"{caller.pay.url}/createInvoice"
    answers = [
        await caller.client.get(url, params=FIAT, headers=headers),
        await caller.client.post(url, data=FIAT, headers=headers),
        await caller.client.post(url, json=FIAT | {"amount": 10.5}, headers=headers),
    ]
    assert [answer.json()["result"]["amount"] for answer in answers] == ["10.5"] * 3


async def test_invoices_are_found(caller: Caller) -> None:
    made = [await caller.result("createInvoice", FIAT | {"payload": str(number)}) for number in range(3)]
    coin = await caller.result("createInvoice", {"asset": "TON", "amount": "0.001"})
    ids = [int(str(each["invoice_id"])) for each in (*made, coin)]
    caller.pay.settle(ids[1])

    async def found(**params: object) -> list[object]:
        items = (await caller.result("getInvoices", params))["items"]
        assert isinstance(items, list)
        return [each["invoice_id"] for each in items]

    assert await found() == ids[::-1]
    assert await found(invoice_ids=f"{ids[0]},{ids[2]},999") == [ids[2], ids[0]]
    assert await found(status="paid") == [ids[1]]
    assert await found(fiat="USD", count=2) == [ids[2], ids[1]]
    assert await found(fiat="USD", offset=2) == [ids[0]]
    assert await found(asset="TON") == [ids[3]]
    assert (await caller.call("deleteInvoice", {"invoice_id": ids[0]})).json() == {"ok": True, "result": True}
    assert error(await caller.call("deleteInvoice", {"invoice_id": ids[1]})) == (400, "INVOICE_NOT_FOUND")
    assert await found(fiat="USD") == [ids[2], ids[1]]


async def test_time_and_the_test_decide_what_becomes_of_an_invoice(caller: Caller) -> None:
    first = await caller.result("createInvoice", FIAT | {"expires_in": 60})
    assert (first["status"], first["created_at"]) == ("active", "2026-03-14T15:09:26.535Z")
    assert first["expiration_date"] == "2026-03-14T15:10:26.535Z"
    number = int(str(first["invoice_id"]))
    caller.clock.advance(60)
    assert caller.pay.invoices[number].status == "expired"
    paid = caller.pay.settle(number, amount="3", fiat="EUR")
    assert (paid.status, str(paid.amount), paid.currency) == ("paid", "3", "EUR")
    assert caller.pay.expire(number).status == "expired"
    with pytest.raises(KeyError):
        caller.pay.settle(1)


async def test_the_page_takes_the_payment_once(caller: Caller) -> None:
    made = await caller.result("createInvoice", FIAT | {"description": "<b>Top-up</b> & more"})
    page = str(made["bot_invoice_url"])
    shown = await caller.client.get(page)
    assert shown.status_code == 200
    assert "10.5 USD" in shown.text
    assert "Pay (demo)" in shown.text
    assert "&lt;b&gt;Top-up&lt;/b&gt; &amp; more" in shown.text
    policy = shown.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "script-src" not in policy
    assert "unsafe" not in policy

    noticed = asyncio.create_task(caller.pay.changed.wait())
    await asyncio.sleep(0)
    pressed = await caller.client.post(page)
    await asyncio.wait_for(noticed, 5)
    assert (pressed.status_code, pressed.headers["location"]) == (303, f"/pay/{made['hash']}")
    [invoice] = caller.pay.invoices.values()
    paid_at = invoice.paid_at
    assert (invoice.status, paid_at) == ("paid", caller.clock.now)
    caller.clock.advance(5)
    after = await caller.client.post(page, follow_redirects=True)
    assert "Paid" in after.text
    assert "<button" not in after.text
    assert invoice.paid_at == paid_at


async def test_the_page_of_what_cannot_be_paid(caller: Caller) -> None:
    made = await caller.result("createInvoice", FIAT)
    caller.pay.expire(int(str(made["invoice_id"])))
    page = str(made["bot_invoice_url"])
    after = await caller.client.post(page, follow_redirects=True)
    assert "has expired" in after.text
    [invoice] = caller.pay.invoices.values()
    assert invoice.status == "expired"
    assert (await caller.client.get(page + "x")).status_code == 404
    assert (await caller.client.put(page)).status_code == 404


async def test_it_fails_as_it_is_told(caller: Caller) -> None:
    """As many calls as were said, with or without the invoice being made; then all is well again."""
    caller.pay.fail("createInvoice", Fault.reset(taken=True))
    caller.pay.fail("createInvoice", Fault.http_error(502, taken=False))
    caller.pay.fail("getMe", refused(403, "METHOD_DISABLED"), times=None)
    with pytest.raises(httpx.ReadError):
        await caller.call("createInvoice", FIAT)
    assert (await caller.call("createInvoice", FIAT)).status_code == 502
    assert len(caller.pay.invoices) == 1
    assert (await caller.call("createInvoice", FIAT)).status_code == 200
    for _ in range(2):
        assert error(await caller.call("getMe")) == (403, "METHOD_DISABLED")
    caller.pay.heal()
    assert (await caller.result("getMe"))["app_id"] == 1
    assert (caller.pay.count("createInvoice"), caller.pay.count("getMe")) == (3, 3)
    assert [call.fault is None for call in caller.pay.calls] == [False, False, True, False, False, True]


async def test_it_comes_back_where_it_was_and_remembers(caller: Caller) -> None:
    made = await caller.result("createInvoice", FIAT)
    url = caller.pay.url
    await caller.pay.stop()
    with pytest.raises(httpx.ConnectError):
        await caller.call("getMe")
    assert await caller.pay.start() == url
    assert (await caller.result("getInvoices"))["items"] == [made]
