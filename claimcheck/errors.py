"""The failures that a user can act on. Each message is one sentence: what, where, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class ClaimcheckError(Exception):
    """Base of all expected failures; `str(error)` is ready to print."""


class UnreadableError(ClaimcheckError):
    """A document that cannot be read as text."""


def reason_of(error: OSError | ValueError) -> str:
    """Why the system would not do something, as the end of a sentence: without numbers and paths."""
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)).lower()


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault in the knowledge base: where it is, what it is, and what to do."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class KnowledgeError(ClaimcheckError):
    """A knowledge base that cannot be used; `problems` lists all faults found."""

    def __init__(self, where: Path | str, problems: tuple[Problem, ...]) -> None:
        self.where = where
        self.problems = problems
        first = f"; the first is {problems[0]}" if problems else ""
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(f"the knowledge base {where} has {count}{first} (claimcheck knowledge lint lists them all)")

    def __reduce__(self) -> tuple[type[KnowledgeError], tuple[Path | str, tuple[Problem, ...]]]:
        return type(self), (self.where, self.problems)  # so that it comes through from a worker process
