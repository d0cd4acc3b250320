"""How much is tried: a little by default, much more with ``SHOP_PROFILE=prove``; ``SHOP_SEED`` sets the chance.

What a proof came to is said again at the end of the run (``tests/conftest.py``).
"""

import os
import sys
from dataclasses import dataclass

# Any number: the default life is the same every time, so that a red test was caused by a change.
USUAL_SEED = 20_260_314
# What was proved in this run, a line each.
FIGURES: list[str] = []


@dataclass(frozen=True, slots=True)
class Profile:
    """``examples`` runs of the machine with ``steps`` rules each; a life of ``orders`` orders; ``kills`` at each point
    and ``accidents`` at random. All of it begins from ``seed``.
    """

    name: str
    examples: int
    steps: int
    orders: int
    kills: int
    accidents: int
    seed: int

    @property
    def proving(self) -> bool:
        """Whether time is given for a proof."""
        return self.name == "prove"


def chosen() -> Profile:
    """The profile of this run, as the environment says. ValueError for one that does not exist."""
    name = os.environ.get("SHOP_PROFILE") or "test"
    seed = int(os.environ.get("SHOP_SEED") or USUAL_SEED)
    sizes = {"test": (15, 30, 60, 1, 1), "prove": (450, 60, 3_000, 10, 60)}
    if name not in sizes:
        raise ValueError(f"SHOP_PROFILE should be one of {', '.join(sizes)}, not {name!r}")
    examples, steps, orders, kills, accidents = sizes[name]
    return Profile(name, examples, steps, int(os.environ.get("SHOP_ORDERS") or orders), kills, accidents, seed)


def say(line: str) -> None:
    """Print a line of a proof's progress or figures."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def proved(line: str) -> None:
    """Keep a line of figures for the end of the run."""
    FIGURES.append(line)
