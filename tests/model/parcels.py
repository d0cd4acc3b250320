"""What a made-up panel has taken, and what will become of it: decided by chance when it is taken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from bot.domain.outcomes import PanelStatus, Rejected, StatusReport

Report = StatusReport | Rejected | None
ENDINGS = {PanelStatus.COMPLETED, PanelStatus.PARTIAL, PanelStatus.CANCELED, PanelStatus.EXPIRED}
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass
class Parcel:
    """One ``add`` that the panel took. ``plan``: what its status says from when on."""

    id: str
    fields: Mapping[str, str]
    taken: datetime
    cost: Decimal
    plan: list[tuple[datetime, Report]]

    @property
    def about(self) -> str:
        """What it is for."""
        return about(self.fields)

    def report(self, now: datetime) -> Report:
        """Its status at this time."""
        found: Report = None
        for since, report in self.plan:
            if since <= now:
                found = report
        return found

    @property
    def end(self) -> StatusReport | None:
        """The word with which it ends, if it ever says one."""
        reports = [report for _, report in self.plan if isinstance(report, StatusReport)]
        return next((report for report in reports if report.status in ENDINGS), None)

    def over(self, now: datetime) -> bool:
        """Whether nothing will come of it any more."""
        report = self.report(now)
        return isinstance(report, StatusReport) and report.status in ENDINGS

    def settled(self, now: datetime) -> bool:
        """Whether the panel has said its last word."""
        return self.plan[-1][0] <= now


def about(fields: Mapping[str, str]) -> str:
    """The link, or a subscription's username."""
    return fields.get("link") or fields.get("username") or ""


def units(fields: Mapping[str, str], *, package: bool) -> int:
    """How many units these fields of an ``add`` ask for."""
    if package:
        return 1
    if "username" in fields:
        return int(fields["max"]) * (int(fields["posts"]) + int(fields.get("old_posts", "0")))
    if "comments" in fields:
        return len(fields["comments"].split("\n"))
    return int(fields["quantity"]) * int(fields.get("runs", "1"))


@dataclass
class Planner:
    """Draws what becomes of a parcel."""

    chance: Random

    def plan(self, fields: Mapping[str, str], now: datetime, count: int) -> list[tuple[datetime, Report]]:
        """From pending to its end, with what may come in between."""
        say = self._speaker(fields, count)
        steps: list[tuple[timedelta, Report]] = [(timedelta(0), say("Pending", PanelStatus.PENDING))]
        steps += self._interludes(say)
        steps.append((self._some(8 * MINUTE), say("In progress", PanelStatus.IN_PROGRESS)))
        steps += self._interludes(say)
        steps += self._ending(say, fields, count)
        plan: list[tuple[datetime, Report]] = []
        for wait, report in steps:
            now += wait
            plan.append((now, report))
        return plan

    def stop(self, parcel: Parcel, now: datetime) -> None:
        """What is to come is that it is canceled, where it was to end at all."""
        if parcel.over(now) or parcel.end is None:
            return
        said = [step for step in parcel.plan if step[0] <= now]
        left = self.chance.choice([None, 0, *[self.chance.randint(1, 20) for _ in range(3)]])
        canceled = replace(parcel.end, word="Canceled", status=PanelStatus.CANCELED, remains=left)
        parcel.plan = [*said, (now + self._some(10 * MINUTE), canceled)]

    def _some(self, mean: timedelta) -> timedelta:
        return min(mean * self.chance.expovariate(1), 2 * DAY)

    def _interludes(self, say: "Speaker") -> list[tuple[timedelta, Report]]:
        draw = self.chance.random()
        back = (self._some(4 * HOUR), say("In progress", PanelStatus.IN_PROGRESS))
        wait = self._some(10 * MINUTE)
        if draw < 0.04:
            return [(wait, say("Robots at work", None)), back]
        if draw < 0.08:
            return [(wait, say("Fail", PanelStatus.FAILED)), back]
        if draw < 0.11:
            return [(wait, say("Paused", PanelStatus.PAUSED)), back]
        if draw < 0.14:
            return [(wait, Rejected("Incorrect order ID")), (self._some(2 * DAY) + DAY, back[1])]
        return []

    def _ending(self, say: "Speaker", fields: Mapping[str, str], count: int) -> list[tuple[timedelta, Report]]:
        after = self._some(2 * HOUR)
        draw = self.chance.random()
        if draw < 0.03:
            return [(after, None)]  # never heard of again
        if draw < 0.08:
            return [(after, say("Error", PanelStatus.FAILED))]
        word, status = ("Completed", PanelStatus.COMPLETED)
        if draw < 0.20:
            word, status = ("Partial", PanelStatus.PARTIAL)
        elif draw < 0.30:
            word, status = ("Canceled", PanelStatus.CANCELED)
        elif draw < 0.40 and "username" in fields:
            word, status = ("Expired", PanelStatus.EXPIRED)
        remains = self.chance.choice([None, 0, count * 2, *[self.chance.randint(0, count) for _ in range(7)]])
        steps: list[tuple[timedelta, Report]] = [(after, say(word, status, remains))]
        if self.chance.random() < 0.03:  # a change of mind
            steps.append((36 * HOUR, say("Canceled", PanelStatus.CANCELED)))
        return steps

    def _speaker(self, fields: Mapping[str, str], count: int) -> "Speaker":
        posts = self.chance.choice([None, 0, 1, 2, 9]) if "username" in fields else None
        runs = self.chance.randint(0, 2) if "runs" in fields else None

        def say(word: str, status: PanelStatus | None, remains: int | None = None) -> StatusReport:
            return StatusReport(word, status, Decimal("0.1"), remains=remains, posts=posts, runs=runs)

        return say


Speaker = Callable[..., StatusReport]
