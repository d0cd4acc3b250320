"""Crypto Pay by https, as it is in earnest."""

import ssl

import pytest
import trustme
from pydantic import SecretStr

from bot.domain.payments import Quote
from bot.paying.cryptopay import CryptoPay
from bot.paying.seam import ProviderDown
from tests.panel.server import RawServer, http
from tests.paying.told import CODE, item

ONE = Quote(10_000, "USD")
Ends = tuple[ssl.SSLContext, ssl.SSLContext]


@pytest.fixture(scope="module")
def ends() -> Ends:
    """A server's side of TLS, and a client's that trusts it."""
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return server, client


async def made(server: RawServer, verify: ssl.SSLContext | bool) -> str:
    """The page of a new invoice."""
    way = CryptoPay(SecretStr("1:a"), url=server.url, currency="USD", timeout=5, verify=verify)
    try:
        return (await way.create(CODE, ONE)).url
    finally:
        await way.aclose()


async def test_an_invoice_is_made_by_https(ends: Ends) -> None:
    async with RawServer([http({"ok": True, "result": item()})], tls=ends[0]) as server:
        assert await made(server, ends[1]) == "https://t.me/CryptoBot?start=IVx"
    [request] = server.requests
    assert request.line == "POST /api/v2/createInvoice HTTP/1.1"
    assert request.headers["crypto-pay-api-token"] == "1:a"
    assert request.headers["content-type"] == "application/json"


async def test_the_real_crypto_pay_has_no_page_on_this_machine(ends: Ends) -> None:
    """Plain http is for a stand-in, which is itself asked by plain http."""
    answer = http({"ok": True, "result": item(bot_invoice_url="http://127.0.0.1:8000/pay/IVx")})
    async with RawServer([answer], tls=ends[0]) as server:
        with pytest.raises(ProviderDown):
            await made(server, ends[1])


async def test_a_certificate_that_nobody_vouches_for_gets_no_token(ends: Ends) -> None:
    async with RawServer([http({"ok": True, "result": item()})], tls=ends[0]) as server:
        with pytest.raises(ProviderDown, match="could not connect"):
            await made(server, verify=True)
    assert server.requests == []
