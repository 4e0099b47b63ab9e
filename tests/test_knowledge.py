"""The built-in knowledge base: complete, sound, and every example of every claim judged by the whole base."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from claimcheck.kb import built_in_folder, derive, load
from claimcheck.linting import lint
from claimcheck.model import Claim, Finding, KnowledgeBase, Label

# counted in the taxonomy by hand, so that a label cannot drift unseen
COUNTS = {Label.SUPPORTED: 17, Label.MACRODOSE_ONLY: 29, Label.ANIMAL_ONLY: 12, Label.ANECDOTAL: 19}
CLAIMS = tuple(load().claims.values())


def test_nothing_to_mend() -> None:
    assert [str(problem) for problem in lint(built_in_folder())] == []


def test_the_counts_of_labels_are_those_of_the_taxonomy(knowledge: KnowledgeBase) -> None:
    counts = {label: sum(claim.label is label for claim in knowledge.claims.values()) for label in Label}
    assert counts == COUNTS


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_the_label_is_the_one_the_evidence_gives(claim: Claim) -> None:
    verdict = derive(claim.evidence)
    assert (verdict.label, verdict.contested) == (claim.label, claim.contested)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_examples_are_found_and_framed_and_near_misses_are_not(claim: Claim, find: Callable[[str], dict[str, Finding]]) -> None:
    for example in claim.examples.matches:
        found = find(example.text)
        assert claim.id in found, example.text
        assert found[claim.id].framing is example.framing, example.text
    for miss in claim.examples.near_misses:
        assert claim.id not in find(miss.text), miss.text


def test_what_the_founding_documents_cite_wrongly_is_kept(knowledge: KnowledgeBase) -> None:
    citations = [citation for source in knowledge.sources.values() for citation in source.cited_by]
    assert len(citations) == 47
    assert {citation.document for citation in citations} == {f"doc-00{number}" for number in range(5)}
