"""The page on which an invoice is paid: one button, and no script."""

import base64
import hashlib
from html import escape

from bot.demo.cryptopay.invoices import DemoInvoice, plain
from bot.demo.panel.wire import HTML_TYPE, Answer

_STYLE = """
:root { color-scheme: light dark; --page: light-dark(#e4e9ef, #0b0f14); --card: light-dark(#fff, #17212b);
  --ink: light-dark(#0f1a24, #eef3f7); --soft: light-dark(#5a6b7a, #8a9dae); --accent: light-dark(#2472c8, #5fb0f5);
  --on: light-dark(#fff, #08131d); }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { box-sizing: border-box; width: min(26rem, calc(100vw - 2rem)); padding: 2rem; border-radius: 20px;
  background: var(--card); box-shadow: 0 8px 28px rgb(10 25 40 / 24%); text-align: center; }
h1 { margin: 0; font-size: 2rem; overflow-wrap: anywhere; }
p { margin: .5rem 0 0; color: var(--soft); overflow-wrap: anywhere; }
.state { margin-top: 1.5rem; color: var(--ink); font-size: 1.15rem; font-weight: 600; }
button { width: 100%; margin-top: 1.5rem; padding: .9rem; border: 0; border-radius: 14px; background: var(--accent);
  color: var(--on); font: inherit; font-size: 1.15rem; font-weight: 600; cursor: pointer; }
button:hover { filter: brightness(1.08); }
button:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body><main>{main}</main></body>
</html>
"""
_STATES = {
    "active": '<form method="post"><button>Pay (demo)</button></form>',
    "paid": '<p class="state" role="status">Paid ✓</p><p>Go back to the chat.</p>',
    "expired": '<p class="state" role="status">This invoice has expired.</p><p>Go back to the chat for a new one.</p>',
}


def page_of(invoice: DemoInvoice | None) -> Answer:
    """The page of an invoice, or one that says there is none."""
    if invoice is None:
        return _page("No such invoice", "<h1>No such invoice</h1>", 404)
    sum_asked = escape(f"{plain(invoice.amount)} {invoice.currency}")
    about = f"<p>{escape(invoice.description)}</p>" if invoice.description else ""
    note = "<p>A made-up invoice: no money moves.</p>"
    return _page(f"Pay {sum_asked}", f"<h1>{sum_asked}</h1>{about}{note}{_STATES[invoice.status]}", 200)


def back_to(invoice: DemoInvoice) -> Answer:
    """Send the browser to the page again, so that loading it anew pays nothing twice."""
    return Answer(303, b"", HTML_TYPE, {**HEADERS, "Location": f"/pay/{invoice.hash}"})


def _page(title: str, main: str, status: int) -> Answer:
    text = _PAGE.format(title=title, style=_STYLE, main=main)
    return Answer(status, text.encode(), HTML_TYPE, dict(HEADERS))
