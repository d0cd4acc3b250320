"""Whatever people, panels and time do to the shop, in whichever order, its books say what the plain model says."""

from contextlib import nullcontext

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model import (
    steps_asking,
    steps_buying,
    steps_deciding,
    steps_massing,
    steps_passing,
    steps_paying,
    steps_sending,
)
from tests.model.machine import HAPPENINGS, TALLY, Machine
from tests.model.profile import Profile, chosen, proved, say

STEPS = (
    *(steps_buying, steps_sending, steps_deciding, steps_passing),
    *(steps_paying, steps_asking, steps_massing),
)
# Examples of one round, after which a proof says how far it is.
ROUND = 15
# What a run has to have seen to be worth anything.
RARE = (
    *("claim: done", "Placed in time: settled", "Unknown in time: settled", "resend: done", "restart: opened"),
    *("refill yes in time: settled", "cancel yes in time: settled", "paid: done", "mass order, standing: done"),
)
# What a long run has to have seen beside that: every outcome, every way out of a question, what comes in between.
RARE_AT_LENGTH = (
    *("NotSent in time: settled", "Refused in time: settled", "Throttled in time: settled", "Placed late: settled"),
    *("confirm: done", "confirm: doubt", "confirm: ServiceGone", "placed: done", "close: done", "take back: done"),
    *("sync: synced", "agree: done", "gate: paused", "gate: resumed", "track: done", "housekeeping: kept"),
    *(f"status pending to {state}: looked" for state in ("active", "canceled", "completed", "failed", "in_progress")),
    *("refills followed: done", "reversal, owed: taken back"),
    *("refill lost in time: settled", "cancel lost in time: settled", "refill yes late: settled"),
    *("refund of a payment refunding: done", "refund confirmed: confirmed", "mass order, list: done"),
)


def play(profile: Profile, place: int) -> None:
    """One round of examples. The seed makes it the same every time."""
    run_state_machine_as_test(
        seed(profile.seed + place)(Machine),
        settings=settings(
            max_examples=ROUND,
            stateful_step_count=profile.steps,
            # Making a failure shorter takes minutes; thirty steps can be read as they are.
            phases=[Phase.generate, *([Phase.shrink] if profile.proving else [])],
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_shop_is_as_the_model_says(capsys: pytest.CaptureFixture[str]) -> None:
    """After every step the audit finds nothing, and balances, orders, calls and messages are the model's."""
    profile = chosen()
    TALLY.clear()
    assert {each.do.__module__ for each in HAPPENINGS} == {each.__name__ for each in STEPS}
    for place in range(profile.examples // ROUND):
        play(profile, place)
        with capsys.disabled() if profile.proving else nullcontext():
            say(f"  machine: {(place + 1) * ROUND} of {profile.examples} runs, {TALLY.total()} steps")
    with capsys.disabled() if profile.proving else nullcontext():
        say(f"seed {profile.seed}")
        for what, times in sorted(TALLY.items()):
            say(f"{times:7} {what}")
    proved(f"{profile.examples} runs of the machine, {TALLY.total()} steps: as the model says (seed {profile.seed})")
    missed = [what for what in (*RARE, *(RARE_AT_LENGTH if profile.proving else ())) if not TALLY[what]]
    assert not missed, f"what was never tried: {missed}, of {TALLY}"
