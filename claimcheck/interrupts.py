"""Ctrl-C in a run over many documents: what is done is still written."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator
from types import FrameType, TracebackType
from typing import TypeVar

T = TypeVar("T")


class Interrupts:
    """Lets Ctrl-C end the work on the next item, and nothing else: a report that is just being written is written to its end.

    Outside of `until_interrupted` a second Ctrl-C interrupts at once, as ever. Of the main thread only.
    """

    def __init__(self) -> None:
        self.happened = False
        self._working = False

    def __enter__(self) -> Interrupts:
        self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        signal.signal(signal.SIGINT, self._before)

    def until_interrupted(self, items: Iterable[T]) -> Iterator[T]:
        """The items up to an interrupt; `happened` says afterwards whether there was one.

        Raises KeyboardInterrupt if it comes before the first.
        """
        source = iter(items)
        nothing_yet = True
        while not self.happened:
            try:
                self._working = True
                item = next(source)
                self._working = False
            except StopIteration:
                return
            except KeyboardInterrupt:
                if nothing_yet:
                    raise
                return
            finally:
                self._working = False
            nothing_yet = False
            yield item

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        again, self.happened = self.happened, True
        if self._working or again:
            raise KeyboardInterrupt
