"""Work for the processes of test_jobs, in a module of its own so that they start without a test library."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from claimcheck.errors import KnowledgeError, Problem


def worker() -> Callable[[str], str]:
    """Gives the work; runs in each process."""
    return work


def work(item: str) -> str:
    """What an item says it does."""
    match item.partition(" "):
        case "die", _, _:
            os.kill(os.getpid(), signal.SIGKILL)
        case "die-once", _, mark:
            if not Path(mark).exists():
                Path(mark).touch()
                os.kill(os.getpid(), signal.SIGKILL)
        case "fail", _, _:
            raise KnowledgeError("base", (Problem("file", 3, "is wrong"),))
        case "wait", _, seconds:
            time.sleep(float(seconds))
        case "pid", _, _:
            return str(os.getpid())
        case "threads", _, _:
            return os.environ["OMP_NUM_THREADS"]
    return f"{item} done"


def no_worker() -> Callable[[str], str]:
    """A process that cannot begin."""
    os._exit(3)
