"""Mistakes in the settings, in words for the owner, and without repeating a secret."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError

SECRET = {"BOT_TOKEN", "DATABASE_URL", "CRYPTO_PAY_TOKEN"}  # and every panel's key
PANEL = "PANELS__<NAME>__URL, __KEY, __RATE or __CALLS_PER_MINUTE"

# A secret pasted into the wrong line: a bot token, a long key, what stands before @ or after ? in a URL.
MASKED = re.compile(r"[0-9]{5,}:[\w-]{20,}|[\w-]{24,}|(?<=://)[^/@\s]*@|\?.*", re.DOTALL)


class SettingsError(Exception):
    """``problems`` has a sentence for each variable that is missing or wrong."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def in_words(
    error: ValidationError, given: Mapping[str, str], settings: type[BaseModel], panel: type[BaseModel]
) -> list[str]:
    """Return one sentence for each variable that ``error`` is about."""
    found = [(each["type"], each["loc"]) for each in error.errors()]
    nameless = {where[:2] for _, where in found if where[-1:] == ("[key]",)}  # what else is wrong there is noise
    told = [each for each in found if each[1][:2] not in nameless or each[1][-1:] == ("[key]",)]
    return [_sentence(kind, where, given, settings, panel) for kind, where in told]


def _sentence(
    kind: str,
    where: tuple[int | str, ...],
    given: Mapping[str, str],
    settings: type[BaseModel],
    panel: type[BaseModel],
) -> str:
    path = [str(part) for part in where]
    if not path:
        return _limits(given, settings)
    name = "__".join(part.upper() for part in path[:3] if part and part != "[key]")
    value = next((given[key] for key in given if key.upper() == name), None)
    if path[0] != "panels":
        if path[-1] == "[key]":
            base = path[0].upper()
            return f"{name}: should be {base}, or {base}__ with a language's code behind it, such as {base}__RU"
        return _wanted(name, str(settings.model_fields[path[0]].description), value)
    if path[-1] == "[key]":
        return f"{name}__…: should have a panel's name, 1 to 32 letters, digits or _, as in PANELS__MAIN__URL"
    if kind == "extra_forbidden":
        return f"{name}: nothing reads this; a panel has {PANEL}"
    return _wanted(name, str(panel.model_fields[path[2]].description), value)


def _limits(given: Mapping[str, str], settings: type[BaseModel]) -> str:
    """The one thing that can be wrong about two of them at once; named is the one that was set."""
    values = {name.upper(): value for name, value in given.items()}
    most = values.get("TOP_UP_MAXIMUM")
    if most is not None:
        return f"TOP_UP_MAXIMUM: should be at least TOP_UP_MINIMUM; got '{masked(most)}'"
    usual = settings.model_fields["top_up_maximum"].default
    least = masked(values.get("TOP_UP_MINIMUM", ""))
    return f"TOP_UP_MINIMUM: should be at most TOP_UP_MAXIMUM, which is {usual} unless you set it; got '{least}'"


def _wanted(name: str, description: str, value: str | None) -> str:
    if value is None:
        return f"{name} is missing: it should be {description}"
    if name in SECRET or name.endswith("__KEY"):
        return f"{name}: should be {description}; what is there now is not (it is secret and not shown)"
    return f"{name}: should be {description}; got '{masked(value)}'"


def masked(value: str) -> str:
    """Return ``value`` in one short line, without what looks like a secret."""
    line = "".join(c if c.isprintable() else "?" for c in MASKED.sub("…", value))
    return line if len(line) <= 60 else line[:60] + "…"


def lookalikes(in_file: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Return a sentence for each name in ``.env`` that nothing reads but that looks like one that is read."""
    names = list(known)
    guesses = ((name, _meant(name.upper(), names)) for name in in_file if name not in names)
    return tuple(f"{name}: nothing reads this; did you mean {guess}?" for name, guess in guesses if guess)


def _meant(name: str, known: list[str]) -> str | None:
    if name.startswith("PANELS__"):
        return None  # these are read, and what is wrong with them is told as an error
    begun = [each for each in known if each.startswith(f"{name}_")]
    close = begun or get_close_matches(name, known, n=1, cutoff=0.8)
    if not close and name.startswith("PANEL"):
        close = [PANEL]
    return close[0] if close else None
