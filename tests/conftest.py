"""Shared fixtures: the built-in knowledge, a checker on it, and a builder of small knowledge folders."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from claimcheck.batch import open_checker
from claimcheck.checking import Checker
from claimcheck.documents import document_from_text
from claimcheck.kb import load
from claimcheck.model import Finding, KnowledgeBase

# a busy machine is no failure
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests neither read nor fill the user's cache."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture(scope="session")
def knowledge() -> KnowledgeBase:
    return load()


@pytest.fixture(scope="session")
def checker(knowledge: KnowledgeBase) -> Checker:
    return open_checker(knowledge)


@pytest.fixture(scope="session")
def find(checker: Checker) -> Callable[[str], dict[str, Finding]]:
    """Claim id to finding, for a piece of plain text."""

    def run(text: str) -> dict[str, Finding]:
        return {finding.claim: finding for finding in checker.check(document_from_text(text, "text.txt")).findings}

    return run


CLAIM = """\
id: {id}
group: brain
statement: Psychedelics calm the amygdala.
label: macrodose-only
explanation: It was seen at full doses. It was not seen at microdoses.
fair_wording: At full doses, psilocybin lowered the amygdala's response.
match:
  frames:
    - effects: [calm]
      targets: [amygdala]
evidence:
  - source: one-2020
    stance: supports
    species: human
    dose: macro
    tier: A
    finding: Lower response.
    limit: Healthy people.
examples:
  matches:
    - text: Psilocybin calms the amygdala.
      framing: asserted
    - text: Psilocybin may calm the amygdala.
      framing: hedged
    - text: Does psilocybin calm the amygdala?
      framing: questioned
  near_misses:
    - text: Ketamine calms the amygdala.
      why: another agent
    - text: The amygdala has two halves.
      why: topic only
    - text: Psilocybin is found in mushrooms.
      why: no effect
"""
SOURCE = "id: one-2020\nkind: trial\ndesign: randomized-placebo-controlled\ntier: A\ntitle: A study\nyear: 2020\n"
LEXICON = """\
- id: psilocybin
  kind: agent
  repair: true
  terms: [psilocybin, the mushrooms]
- id: ketamine
  kind: other-agent
  terms: [ketamine]
- id: calm
  kind: effect
  verbs: [calm/v, soothe/v]
  intransitive: [settle/v]
  nouns: [calming of]
  adjectives: [calmer]
- id: excite
  kind: effect
  verbs: [excite/v]
- id: amygdala
  kind: target
  repair: true
  terms: [amygdala, fear center]
  anaphora: [the almond]
- id: heart
  kind: target
  terms: [heart/n]
- id: anaphor
  kind: context
  terms: [it]
"""
CUES = """\
- id: hedges
  role: hedge
  scope: both
  terms: [may]
- id: negations
  role: negation
  scope: forward
  terms: [not, never]
- id: breaks
  role: break
  scope: both
  terms: [but]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small sound knowledge folder, to be broken by a test."""
    root = tmp_path / "base"
    files = {
        "claims/amygdala-calming.yaml": CLAIM.format(id="amygdala-calming"),
        "sources/one-2020.yaml": SOURCE,
        "lexicon/words.yaml": LEXICON.replace("- id: heart\n  kind: target\n  terms: [heart/n]\n", "").replace(
            "- id: excite\n  kind: effect\n  verbs: [excite/v]\n", ""
        ),
        "cues/cues.yaml": CUES,
        "about.yaml": "updated: 2026-01-31\n",
    }
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return root
