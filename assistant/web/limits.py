"""How much one visitor, and all of them together, may ask."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from assistant.errors import BusyError

AT_ONCE = 4
"""Questions that are answered at the same time; the others wait their turn."""
MINUTE = 60.0
_KNOWN = 10_000
"""Visitors that are remembered before those who asked nothing in the last minute are forgotten."""


class RateLimit:
    """At most so many events of one visitor in any minute.

    Args:
        most: events a minute.
        clock: seconds, never going back.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._lock = Lock()
        self._times: dict[str, deque[float]] = {}

    def wait(self, visitor: str) -> int:
        """Whole seconds until this visitor may go on; 0 if that is now."""
        with self._lock:
            return self._seconds(visitor)

    def take(self, visitor: str) -> int:
        """Like `wait`; when it is 0 the event is counted."""
        with self._lock:
            if seconds := self._seconds(visitor):
                return seconds
            now = self._clock()
            if len(self._times) >= _KNOWN:
                self._times = {name: times for name, times in self._times.items() if times[-1] > now - MINUTE}
            self._times.setdefault(visitor, deque(maxlen=self._most)).append(now)
            return 0

    def _seconds(self, visitor: str) -> int:
        times = self._times.get(visitor)
        if times is None or len(times) < self._most:
            return 0
        return max(0, math.ceil(times[0] + MINUTE - self._clock()))


class Limits:
    """Lets questions in, some at a time.

    Args:
        questions_per_minute: of one visitor.
        max_visitors: questions that are being answered or wait for it, together.
        clock: see `RateLimit`.
    """

    def __init__(
        self, questions_per_minute: int, max_visitors: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = RateLimit(questions_per_minute, clock)
        self._places = BoundedSemaphore(max_visitors)
        self._turns = BoundedSemaphore(AT_ONCE)

    @contextmanager
    def admit(self, visitor: str) -> Iterator[None]:
        """Wait for this question's turn.

        Raises:
            BusyError: this visitor asked too much in the last minute, or too many visitors are waiting.
        """
        if not self._places.acquire(blocking=False):
            raise BusyError("Het is nu erg druk. Wacht een minuut en stel uw vraag dan opnieuw.")
        try:
            if seconds := self._rate.take(visitor):
                raise BusyError(
                    "Even wachten: u hebt kort na elkaar veel vragen gesteld. "
                    f"Over {seconds} {'seconde' if seconds == 1 else 'seconden'} kunt u verder."
                )
            with self._turns:
                yield
        finally:
            self._places.release()
