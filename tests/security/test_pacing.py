"""Who presses faster than people can is slowed down, hears so each time, and loses nothing by it."""

from pathlib import Path

from bot.telegram.pacing import BURST, Pacing
from tests.clock import FakeClock
from tests.security.desk import Desk, open_desk
from tests.services.stage import BORIS, FUNDS, LIKES_333, PRICE

PRESSES = 100
TOO_FAST = "Too fast"


class Seconds:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_holds_a_burst_and_fills_again() -> None:
    """So many at once, then so many a second, and never more than a burst however long one waits."""
    seconds = Seconds()
    pacing = Pacing(seconds, burst=20, a_second=2)
    for pause in (0, 3_600):
        seconds.now += pause
        assert [pacing.take(1) for _ in range(20)] == [0] * 20
        assert [pacing.take(1) for _ in range(50)] == [1] * 50
        seconds.now += 0.5
        assert [pacing.take(1), pacing.take(1)] == [0, 1]
    assert pacing.take(2) == 0


def test_what_is_too_fast_does_not_count() -> None:
    """Pressing on and on keeps nobody out longer."""
    seconds = Seconds()
    pacing = Pacing(seconds, burst=1, a_second=0.25)
    assert pacing.take(1) == 0
    waits = []
    for _ in range(4):
        waits.append(pacing.take(1))
        seconds.now += 1
    assert waits == [4, 3, 2, 1]
    assert pacing.take(1) == 0


def test_people_who_have_all_their_room_are_forgotten() -> None:
    """A million passers-by take no more memory than those who are here; who was slowed down stays so."""
    seconds = Seconds()
    pacing = Pacing(seconds, burst=1, a_second=0.1)
    for person in range(25_000):
        seconds.now += 0.01
        pacing.take(person)
    assert pacing.take(24_999) == 10
    assert pacing.remembered < 25_000


async def confirm_by(desk: Desk) -> int:
    """Bob's form, with nothing left to do but Confirm; its id."""
    await desk.bob.send("/start")
    await desk.handled()
    return await desk.stage.draft({**LIKES_333, "link": "@bob"}, user=BORIS)


async def test_a_hundred_presses_at_once_are_all_answered(tmp_path: Path, clock: FakeClock) -> None:
    """Those beyond the burst hear that they were too fast, and nothing else happens; later the button works again."""
    seconds = Seconds()
    async with open_desk(tmp_path, clock, pacing=Pacing(seconds)) as desk:
        draft = await confirm_by(desk)
        confirm = f"f:{draft}:confirm:{await desk.stage.mark(draft, user=BORIS)}"
        menu = desk.bob.heard_messages[-1]
        # The burst is used up by harmless presses (and the /start), so that each Confirm comes too fast.
        harmless = [desk.bob.forge("go:wallet", menu) for _ in range(BURST - 1)]
        await desk.handled()
        presses = [desk.bob.forge(confirm, menu) for _ in range(PRESSES)]
        before = [
            await desk.money(),
            await desk.rows("SELECT * FROM conversations"),
            await desk.rows("SELECT * FROM drafts"),
        ]
        await desk.handled()
        assert all(press.answer and TOO_FAST not in press.answer.text for press in harmless)
        assert {press.answer.text if press.answer else None for press in presses} == {
            "Too fast, so nothing was done. Try again in 1 second."
        }
        after = [
            await desk.money(),
            await desk.rows("SELECT * FROM conversations"),
            await desk.rows("SELECT * FROM drafts"),
        ]
        assert after == before
        assert await desk.rows("SELECT 1 FROM inbox WHERE done_at IS NULL") == []
        seconds.now += 1
        again = [desk.bob.forge(confirm, menu) for _ in range(3)]
        await desk.handled()
        assert [press.answer is not None and TOO_FAST in press.answer.text for press in again] == [False, False, True]
        assert await desk.rows("SELECT user_id, price FROM orders") == [(BORIS, PRICE)]
        assert await desk.stage.available(BORIS) == FUNDS - PRICE


async def test_typing_too_fast_is_answered_once(tmp_path: Path, clock: FakeClock) -> None:
    """The first of what came too fast, however much it was; and again when there was room in between."""
    seconds = Seconds()
    async with open_desk(tmp_path, clock, pacing=Pacing(seconds, burst=3)) as desk:
        for told in (1, 2):
            for _ in range(PRESSES):
                await desk.bob.send("/wallet")
            await desk.handled()
            assert sum(TOO_FAST in message.text for message in desk.bob.heard_messages) == told
            seconds.now += 60
        assert len(desk.bob.heard_messages) == 2 * (3 + 1)


async def test_an_admin_is_never_too_fast(tmp_path: Path, clock: FakeClock) -> None:
    """An owner who clears up after a panel presses as often as it takes."""
    async with open_desk(tmp_path, clock, pacing=Pacing(Seconds(), burst=1)) as desk:
        for _ in range(10):
            await desk.owner.send("/uncertain")
        await desk.handled()
        assert len(desk.owner.heard_messages) == 10


async def test_one_person_s_haste_is_nobody_else_s(tmp_path: Path, clock: FakeClock) -> None:
    """Each has a bucket of their own."""
    async with open_desk(tmp_path, clock, pacing=Pacing(Seconds(), burst=2)) as desk:
        for _ in range(20):
            await desk.bob.send("/start")
        await desk.anna.send("/start")
        await desk.handled()
        assert all(TOO_FAST not in message.text for message in desk.anna.heard_messages)
        assert len(desk.anna.heard_messages) == 1


async def test_leaving_and_coming_back_is_always_heard(tmp_path: Path, clock: FakeClock) -> None:
    """Who blocks the bot after a burst is not written to."""
    async with open_desk(tmp_path, clock, pacing=Pacing(Seconds(), burst=1)) as desk:
        for _ in range(3):
            await desk.bob.send("/start")
        await desk.bob.block()
        await desk.handled()
        assert await desk.rows("SELECT blocked FROM users WHERE id = :bob", bob=BORIS) == [(1,)]
