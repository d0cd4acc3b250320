"""How much is tried: a little by default, much more with ``SHOP_PROFILE=prove``; ``SHOP_SEED`` sets the chance."""

import os
import sys
from dataclasses import dataclass

# Any number: the default life is the same every time, so that a red test was caused by a change.
USUAL_SEED = 20_260_314


@dataclass(frozen=True, slots=True)
class Profile:
    """``examples`` runs of the machine with ``steps`` rules each; a life of ``orders`` orders, begun from ``seed``."""

    name: str
    examples: int
    steps: int
    orders: int
    seed: int

    @property
    def proving(self) -> bool:
        """Whether time is given for a proof."""
        return self.name == "prove"


def chosen() -> Profile:
    """The profile of this run, as the environment says. ValueError for one that does not exist."""
    name = os.environ.get("SHOP_PROFILE") or "test"
    seed = int(os.environ.get("SHOP_SEED") or USUAL_SEED)
    sizes = {"test": (15, 30, 150), "prove": (450, 60, 3_000)}
    if name not in sizes:
        raise ValueError(f"SHOP_PROFILE should be one of {', '.join(sizes)}, not {name!r}")
    examples, steps, orders = sizes[name]
    return Profile(name, examples, steps, int(os.environ.get("SHOP_ORDERS") or orders), seed)


def say(line: str) -> None:
    """Print a line of a proof's progress or figures."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
