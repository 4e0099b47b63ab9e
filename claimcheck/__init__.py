"""claimcheck: popular claims about psychedelics and microdosing in a text, labelled by the strength of their evidence."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claimcheck.api import check_path, check_text
    from claimcheck.errors import ClaimcheckError, KnowledgeError, Problem, UnreadableError
    from claimcheck.kb import KnowledgeBase
    from claimcheck.model import Claim, DocumentReport, Evidence, Finding, Framing, Label, Reason, Severity, Source, Span, Unassessed

__version__ = "0.1.0"
__all__ = [
    "Claim",
    "ClaimcheckError",
    "DocumentReport",
    "Evidence",
    "Finding",
    "Framing",
    "KnowledgeBase",
    "KnowledgeError",
    "Label",
    "Problem",
    "Reason",
    "Severity",
    "Source",
    "Span",
    "Unassessed",
    "UnreadableError",
    "check_path",
    "check_text",
]

_HOMES = {
    "api": ("check_path", "check_text"),
    "errors": ("ClaimcheckError", "KnowledgeError", "Problem", "UnreadableError"),
    "kb": ("KnowledgeBase",),
}

if not TYPE_CHECKING:  # a type checker would take any name for known

    def __getattr__(name: str) -> object:
        """A public name from its module, imported now: `import claimcheck` itself costs nothing."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        home = next((module for module, names in _HOMES.items() if name in names), "model")
        return getattr(import_module(f"claimcheck.{home}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
