"""Which call fails next, and how."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.demo.panel.faults import ON_ACCEPT, Fault

ANY = "any"  # a plan for this action is for every action that has none of its own
CONNECT = "connect"


@dataclass(slots=True)
class _Counted:
    fault: Fault
    left: int
    link: str | None


@dataclass(slots=True)
class FaultPlan:
    """The faults to come, by action: counted ones first, in the order given, then the standing one."""

    _counted: dict[str, deque[_Counted]] = field(default_factory=dict)
    _standing: dict[str, dict[str | None, Fault]] = field(default_factory=dict)

    def add(self, action: str, fault: Fault, times: int | None, link: str | None) -> None:
        """Plan a fault for the next ``times`` calls of ``action``, or all until ``clear`` where None."""
        action = CONNECT if fault.how in ON_ACCEPT else action
        if times is None:
            self._standing.setdefault(action, {})[link] = fault
        elif times > 0:
            self._counted.setdefault(action, deque()).append(_Counted(fault, times, link))

    def clear(self, action: str | None) -> None:
        """Plan nothing for ``action`` any more, or for anything where it is None."""
        for plan in (self._counted, self._standing):
            if action is None:
                plan.clear()
            else:
                plan.pop(action, None)

    def next(self, action: str, fields: Mapping[str, str]) -> Fault | None:
        """The fault of this call, used up by asking."""
        names = (action,) if action == CONNECT else (action, ANY)
        for name in names:
            fault = self._take(name, fields.get("link"))
            if fault is not None:
                return fault
        return None

    def _take(self, action: str, link: str | None) -> Fault | None:
        queue = self._counted.get(action, deque())
        for planned in queue:
            if planned.link is None or planned.link == link:
                planned.left -= 1
                if planned.left == 0:
                    queue.remove(planned)
                return planned.fault
        standing = self._standing.get(action, {})
        return standing.get(link) or standing.get(None)
