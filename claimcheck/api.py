"""The Python interface: texts, files and folders in, reports out. The package `claimcheck` offers it by these names.

>>> import claimcheck
>>> report = claimcheck.check_text("Psilocybin resets the default mode network.")
>>> for finding in report.findings:
...     print(f"{finding.line}:{finding.column} {finding.claim} {finding.framing} {finding.severity}: {report.readable(finding.span)}")
1:12 dmn-reset asserted warning: resets the default mode network
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, islice
from threading import Lock

from claimcheck.batch import at_least, check_all, open_checker, sure_of
from claimcheck.checking import Checker
from claimcheck.discovery import discover
from claimcheck.documents import document_from_text
from claimcheck.errors import ClaimcheckError, UnreadableError
from claimcheck.kb import KnowledgeBase
from claimcheck.model import DocumentReport

_BUILDING = Lock()  # threads that start together wait for one checker


def check_text(
    text: str, *, name: str = "text.txt", knowledge: KnowledgeBase | None = None, fast: bool = False, min_confidence: float = 0.0
) -> DocumentReport:
    """What a text claims and how. Offsets are code points of `text`, markup included.

    `name` is the path to report, and its suffix says what the markup is (plain text if unknown). `knowledge` is the built-in one by
    default. `fast` leaves out the slow trained model and misses more. Findings less sure than `min_confidence` (0 to 1) are left out.
    Raises KnowledgeError, or ClaimcheckError for a confidence that is none.

    >>> report = check_text("Could microdosing boost *creativity*?", name="draft.md", min_confidence=0.5)
    >>> [(finding.claim, str(finding.framing), str(finding.severity)) for finding in report.findings]
    [('creativity', 'questioned', 'ok')]
    """
    require_share(min_confidence)
    return sure_of(_checker(knowledge, fast).check(document_from_text(text, name)), min_confidence)


def check_path(
    path: str | os.PathLike[str], *, knowledge: KnowledgeBase | None = None, fast: bool = False, min_confidence: float = 0.0
) -> Iterator[DocumentReport]:
    """A report for a file, or for each document of a folder and the folders in it, as it is finished; options as in `check_text`.

    A document that cannot be read has the sentence that says why in its report's `error`, and the others are still checked.
    Raises UnreadableError at once if there is nothing at `path` to check.

    >>> for report in check_path("examples/posts"):
    ...     overstated = sorted({finding.claim for finding in report.findings if finding.severity == "warning"})
    ...     if report.error or overstated:
    ...         print(report.path, report.error or ", ".join(overstated))
    examples/posts/02-science-corner.md brain-desynchronisation
    examples/posts/03-retreat-offer.md addiction, anxiety-relief, depression-relief, neuroplasticity, ptsd, social-connection, stress-relief
    examples/posts/05-clinic-faq.md not-addictive, safe-no-risks
    """
    require_share(min_confidence)
    name = os.fspath(path)
    inputs = discover(["./-" if name == "-" else name])  # a file called "-" is a file here, not standard input
    first = list(islice(inputs, 2))
    if len(first) == 1 and first[0].error:
        raise UnreadableError(first[0].error)
    return at_least(min_confidence, check_all(chain(first, inputs), _checker(knowledge, fast)))


def _checker(knowledge: KnowledgeBase | None, fast: bool) -> Checker:
    with _BUILDING:
        return _built(knowledge or _built_in(), fast)


@lru_cache(maxsize=1)
def _built_in() -> KnowledgeBase:
    return KnowledgeBase.load()


# a checker takes a second to build and 120 MB to keep: the two that were used last stay, so that texts may come one by one
@lru_cache(maxsize=2)
def _built(knowledge: KnowledgeBase, fast: bool) -> Checker:
    return open_checker(knowledge, quick=fast)


def require_share(confidence: float) -> None:
    """Raises ClaimcheckError if a confidence is not a number from 0 to 1."""
    if not 0 <= confidence <= 1:
        raise ClaimcheckError(f"a confidence lies between 0 and 1, and min_confidence is {confidence}")
