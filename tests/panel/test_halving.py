"""A panel that refuses all for the sake of one: the others are heard of, and the search is not repeated."""

import json
from collections.abc import Callable

import pytest

from bot.domain.outcomes import Rejected, StatusReport
from bot.panel import PanelAnswerLostError, PanelClient, PanelRefusedError
from tests.panel.conftest import Bench
from tests.panel.server import Behaviour, RawServer, Reader, Writer, http

IDS = [str(number) for number in range(1, 101)]
PENDING = {"status": "Pending"}


def strict(spoils: Callable[[list[str]], object]) -> Behaviour:
    """Answers about all that are asked for, unless ``spoils`` has an answer for the whole question."""

    async def play(server: RawServer, reader: Reader, writer: Writer) -> None:
        fields = server.requests[-1].fields
        ids = (fields.get("orders") or fields["order"]).split(",")
        answer = spoils(ids) or (PENDING if "order" in fields else dict.fromkeys(ids, PENDING))
        writer.write(answer if isinstance(answer, bytes) else http(json.dumps(answer), headers=("Connection: close",)))
        await writer.drain()

    return play


def bad(*ids: str) -> Callable[[list[str]], object]:
    """Refuses a question that holds one of these."""
    return lambda asked: {"error": "Incorrect order ID"} if set(ids) & set(asked) else None


def questions(server: RawServer) -> list[list[str]]:
    return [(each.fields.get("orders") or each.fields["order"]).split(",") for each in server.requests]


@pytest.mark.parametrize("spoilers", [("1",), ("100",), ("50", "51"), ("3", "33", "77", "99")])
async def test_the_others_are_heard_of(bench: Bench, spoilers: tuple[str, ...]) -> None:
    """Each good id has its report, each bad one its refusal; from then on the bad ones are asked about alone, later."""
    panel, server = await bench.pair(strict(bad(*spoilers)))
    answers = await panel.status(IDS)
    assert {each for each, answer in answers.items() if isinstance(answer, Rejected)} == set(spoilers)
    assert {each for each, answer in answers.items() if isinstance(answer, StatusReport)} == set(IDS) - set(spoilers)
    good = [each for each in IDS if each not in spoilers]
    asked = len(server.requests)
    for waited, alone in ((0, False), (300, True), (300, False), (300, True)):
        bench.time.seconds += waited
        assert set(await panel.status(IDS)) == {*good, *(spoilers if alone else ())}
        assert questions(server)[asked:] == [good, *([each] for each in spoilers if alone)]
        asked = len(server.requests)


async def test_what_is_said_of_one_id_alone_is_not_said_of_the_shop(bench: Bench) -> None:
    """ "Access denied to order 5" reads like a matter of the account, also when that order is asked about alone."""
    denied = {"error": "Access denied to order 5"}
    panel, _ = await bench.pair(strict(lambda asked: denied if "5" in asked else None))
    for _ in range(2):
        answers = await panel.status(IDS)
        assert answers["5"] == Rejected("Access denied to order 5")
        assert len(answers) == 100
        bench.time.seconds += 3600


async def test_a_crowd_of_bad_ids_keeps_the_others_waiting_for_a_round(bench: Bench) -> None:
    """So many in a row look like a panel that refuses everything; what was found out by then is kept."""
    panel, _ = await bench.pair(strict(bad(*IDS[:20])))
    with pytest.raises(PanelRefusedError):
        await panel.status(IDS)
    answers = await panel.status(IDS)
    assert set(IDS[20:]) <= set(answers)


async def test_an_id_that_is_answered_again_spoils_nothing(bench: Bench) -> None:
    """What the panel refused for an hour is asked about with the others afterwards."""
    down = True
    panel, server = await bench.pair(strict(lambda asked: bad("7")(asked) if down else None))
    await panel.status(IDS)
    down = False
    bench.time.seconds += 300
    await panel.status(IDS)
    before = len(server.requests)
    assert len(await panel.status(IDS)) == 100
    assert questions(server)[before:] == [IDS]


@pytest.mark.parametrize(("most", "first", "then"), [(1, 199, 100), (25, 7, 4), (50, 3, 2)])
async def test_the_size_that_a_panel_takes_is_found_and_kept(bench: Bench, most: int, first: int, then: int) -> None:
    """A panel that knows no batches is asked one by one, one that takes fifty at once is asked about fifty."""
    panel, server = await bench.pair(strict(lambda asked: {"error": "Too many"} if len(asked) > most else None))
    for calls in (first, first + then):
        answers = await panel.status(IDS)
        assert all(isinstance(answers[each], StatusReport) for each in IDS)
        assert len(server.requests) == calls


async def test_one_by_one_a_panel_that_fails_is_left_alone_too(bench: Bench) -> None:
    down = False
    panel, server = await bench.pair(strict(lambda asked: {"error": "Later"} if down or len(asked) > 1 else None))
    await panel.status(IDS)
    down, before = True, len(server.requests)
    await panel.status(IDS)
    assert len(server.requests) - before == 30


async def test_a_panel_that_refuses_everything_is_left_alone(bench: Bench) -> None:
    """Whatever is asked is refused: that is no bad id, and the search ends."""
    panel, server = await bench.pair(strict(lambda asked: {"error": "Try again later"}))
    with pytest.raises(PanelRefusedError, match="Try again later"):
        await panel.status(IDS)
    assert len(server.requests) == 30


async def test_a_refused_key_is_not_searched_for(bench: Bench) -> None:
    panel, server = await bench.pair(strict(lambda asked: {"error": "Invalid API key"}))
    with pytest.raises(PanelRefusedError):
        await panel.status(IDS)
    assert len(server.requests) == 1


async def test_what_was_heard_before_the_panel_failed_counts(bench: Bench) -> None:
    """The half that was lost is the next round's."""
    panel, _ = await bench.pair(strict(lambda asked: http(b"", 502) if "100" in asked[1:] else bad("2")(asked)))
    with pytest.raises(PanelAnswerLostError):
        await panel.status(IDS)
    panel, _ = await bench.pair(
        strict(lambda asked: http(b"", 502) if asked[0] == "51" else bad("2")(asked)),
    )
    answers = await panel.status(IDS)
    assert set(answers) == set(IDS[:50])
    assert isinstance(answers["2"], Rejected)


async def test_refills_are_asked_about_in_the_same_way(bench: Bench) -> None:
    async def play(server: RawServer, reader: Reader, writer: Writer) -> None:
        fields = server.requests[-1].fields
        ids = (fields.get("refills") or fields["refill"]).split(",")
        one = [{"refill": each, "status": "Completed"} for each in ids]
        answer = {"error": "Refill not found"} if "2" in ids else one if len(ids) > 1 else {"status": "Completed"}
        writer.write(http(json.dumps(answer), headers=("Connection: close",)))
        await writer.drain()

    panel, _ = await bench.pair(play)
    assert isinstance(panel, PanelClient)
    answers = await panel.refill_status(["1", "2", "3"])
    assert {each: isinstance(answer, Rejected) for each, answer in answers.items()} == {
        "1": False,
        "2": True,
        "3": False,
    }
