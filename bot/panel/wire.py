"""From the bytes of an answer to JSON values, past what servers put around them."""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import NoReturn

# What PHP prints before or after the answer when a notice is not silenced. Only these tags belong to it: any
# other makes the body a page, and a page says nothing even where JSON is embedded in it.
_TAG = re.compile(r"<[/!]?([a-zA-Z][a-zA-Z0-9]*|--)")
_NOTICE_TAGS = frozenset({"br", "b", "i", "a"})
_NOTICE = re.compile(
    r"\s*(?:<br\s*/?>\s*)?(?:<b>)?(?:PHP )?"
    r"(?:Notice|Warning|Deprecated|Strict Standards|Fatal error)(?:</b>)?:",
    re.IGNORECASE,
)

# How a JSON object or list of ours can begin; "[0]" or "{main}" in a notice do not.
_BEGINNING = re.compile(r"""\{\s*["}]|\[\s*[\[{"\]]""")


class NotJsonError(ValueError):
    """The body holds no JSON document, or not only one; the text says what it looks like instead."""


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent beyond what Decimal holds
        return Decimal("NaN")


def _no_constant(name: str) -> NoReturn:
    raise NotJsonError(f"the answer holds {name}, which is not JSON")


# strict=False lets raw line breaks stand in strings: descriptions have them.
_DECODER = json.JSONDecoder(parse_float=_number, parse_constant=_no_constant, strict=False)


def decode(body: bytes) -> object:
    """Return the JSON object or list in the body, numbers with a point as Decimal.

    A BOM and text such as a PHP notice before the document are passed over, a PHP notice after it too. A
    document that does not parse is never searched for smaller ones inside it, because a cut error could
    hold something that looks like an order. Raises NotJsonError.
    """
    text = body.decode("utf-8", errors="replace").lstrip("\ufeff \t\r\n")
    if not text:
        raise NotJsonError("the answer is empty")
    start = 0 if text[0] in "{[" else _after_noise(text)
    value, end = _parse(text, start)
    rest = text[end:].strip("\ufeff \t\r\n\0")
    if rest and (not _NOTICE.match(rest) or _is_page(rest)):
        raise NotJsonError("the answer is more than one JSON document")
    return value


def _after_noise(text: str) -> int:
    beginning = _BEGINNING.search(text)
    if beginning is None:
        raise NotJsonError("the answer is not JSON")
    noise = text[: beginning.start()]
    if _is_page(noise):
        raise NotJsonError("the answer is a page, not JSON")
    if "{" in noise.replace("{main}", "").replace("{closure}", ""):
        raise NotJsonError("the answer is not JSON")  # what was found may stand inside a broken document
    return beginning.start()


def _parse(text: str, start: int) -> tuple[object, int]:
    try:
        return _DECODER.raw_decode(text, start)
    except NotJsonError:
        raise
    except (ValueError, RecursionError):  # ValueError also for integers of thousands of digits
        pass
    raise NotJsonError("the answer is cut or not JSON")


def _is_page(noise: str) -> bool:
    return any(tag.group(1).lower() not in _NOTICE_TAGS for tag in _TAG.finditer(noise))
