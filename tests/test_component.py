"""The spaCy component in blank and loaded pipelines: nothing is lost on the way to another process, a file, or a longer Doc."""

from __future__ import annotations

import doctest
import pickle
from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, DocBin

import claimcheck
from claimcheck import component

FLAT = "Psilocybin resets the default mode network."
POST = """\
What microdosing does

The morning was quiet 😀, and psilocybin may calm the amygdala. Microdosing boosts creativity and mood.

Benefits:

- Improved mood
- Sharper focus

Does psilocybin reset the default mode network? In mice, psilocybin grew new dendritic spines.
"""
FAST = {"fast": True}


@pytest.fixture
def nlp() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("claimcheck", config=FAST)
    return nlp


def found(doc: Doc, key: str = "claimcheck") -> list[tuple[str, str, str, component.FoundClaim]]:
    return [(span.text, span.label_, span.kb_id_, span._.claimcheck) for span in doc.spans[key]]


def test_the_example_in_the_docstring_holds() -> None:
    result = doctest.testmod(component)
    assert result.attempted > 4
    assert result.failed == 0


def test_a_doc_has_the_findings_of_its_text(nlp: Language) -> None:
    known = claimcheck.KnowledgeBase.load().claims
    report = claimcheck.check_text(POST, fast=True)
    doc = nlp(POST)
    assert len({finding.claim for finding in report.findings}) >= 5
    assert {finding.framing for finding in report.findings} >= {"asserted", "hedged", "questioned", "scoped"}
    for span, finding, record in zip(doc.spans["claimcheck"], report.findings, doc._.claimcheck_findings, strict=True):
        assert span._.claimcheck == record
        assert (span.label_, span.kb_id_) == (known[finding.claim].label, finding.claim)
        assert (record.claim, record.label) == (finding.claim, known[finding.claim].label)
        assert (record.framing, record.severity, record.confidence) == (finding.framing, finding.severity, finding.confidence)
        assert (record.start, record.end, record.because) == (finding.span.start, finding.span.end, finding.because)
        assert span.start_char <= record.start
        assert record.end <= span.end_char
    assert isinstance(doc._.claimcheck_findings[0].label, claimcheck.Label)
    with pytest.raises(AttributeError):
        doc._.claimcheck_findings[0].claim = "other"


def test_lists_are_read_as_in_plain_text(nlp: Language) -> None:
    doc = nlp("Microdosing brings:\n\n- improved mood\n- sharper focus\n")
    assert {span.text for span in doc.spans["claimcheck"]} == {"improved mood", "sharper focus"}


def test_what_is_no_claim_has_no_record(nlp: Language) -> None:
    doc = nlp(f"{FLAT} The tulips are in.")
    (span,) = doc.spans["claimcheck"]
    assert doc[span.start : span.end]._.claimcheck is None
    assert doc[-4:]._.claimcheck is None
    for text in ("", "   \n", "The tulips are in."):
        quiet = nlp(text)
        assert (len(quiet.spans["claimcheck"]), quiet._.claimcheck_findings) == (0, ())


@pytest.mark.parametrize("processes", [1, 2])
def test_pipe_gives_what_single_calls_give(nlp: Language, processes: int) -> None:
    texts = [POST, "", FLAT, "The tulips are in.", "Microdosing boosts creativity and mood."]
    docs = list(nlp.pipe(texts, n_process=processes, batch_size=2))
    assert [found(doc) for doc in docs] == [found(nlp(text)) for text in texts]
    assert [len(doc._.claimcheck_findings) for doc in docs] == [len(found(doc)) for doc in docs]


def test_claims_in_the_same_words_keep_records_of_their_own(folder: Path) -> None:
    claim = (folder / "claims/amygdala-calming.yaml").read_text(encoding="utf-8")
    (folder / "claims/twin.yaml").write_text(claim.replace("id: amygdala-calming", "id: twin"), encoding="utf-8")
    nlp = spacy.blank("en")
    nlp.add_pipe("claimcheck", config={"knowledge": str(folder)})
    doc = nlp("Psilocybin calms the amygdala.")
    first, second = doc.spans["claimcheck"]
    assert (first.start, first.end) == (second.start, second.end)
    assert [first._.claimcheck.claim, second._.claimcheck.claim] == ["amygdala-calming", "twin"]


def test_docs_keep_their_claims_in_bytes_bins_copies_and_pieces(nlp: Language) -> None:
    doc = nlp(POST)
    fresh = spacy.blank("en").vocab
    (unpacked,) = DocBin(docs=[doc], store_user_data=True).get_docs(fresh)
    for copy in (Doc(fresh).from_bytes(doc.to_bytes()), doc.copy(), pickle.loads(pickle.dumps(doc)), unpacked):
        assert found(copy) == found(doc)
        assert copy._.claimcheck_findings == doc._.claimcheck_findings


def test_claims_move_with_the_text_when_docs_are_joined(nlp: Language) -> None:
    joined = Doc.from_docs([nlp("The tulips are in."), nlp(FLAT), nlp("Psilocybin may calm the amygdala.")])
    records = joined._.claimcheck_findings
    assert [joined.text[record.start : record.end] for record in records] == ["resets the default mode network", "calm the amygdala"]
    assert [span._.claimcheck for span in joined.spans["claimcheck"]] == list(records)
    for record in records:
        assert all(" ".join(joined.text[reason.start : reason.end].split()) == reason.cue for reason in record.because)


@given(cuts=st.sets(st.integers(1, len(POST) - 1), max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_claim_is_lost_whatever_the_tokens_are(nlp: Language, cuts: set[int]) -> None:
    """Tokens that end anywhere, even inside words and over whole paragraphs."""
    edges = [0, *sorted(cuts), len(POST)]
    words = [POST[start:end] for start, end in pairwise(edges)]
    doc = nlp(Doc(nlp.vocab, words=words, spaces=[False] * len(words)))
    findings = claimcheck.check_text(POST, fast=True).findings
    for span, finding in zip(doc.spans["claimcheck"], findings, strict=True):
        assert span.kb_id_ == finding.claim
        assert span.start_char <= finding.span.start < finding.span.end <= span.end_char


def loaded(tmp_path: Path) -> Language:
    """A pipeline of other components with ours last, from its files."""
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "DRUG", "pattern": "Psilocybin"}])
    nlp.to_disk(tmp_path / "other")
    nlp = spacy.load(tmp_path / "other")
    nlp.add_pipe("claimcheck", config=FAST | {"min_confidence": 0.3, "spans_key": "claims"})
    nlp.to_disk(tmp_path / "pipeline")
    return spacy.load(tmp_path / "pipeline")


def test_a_loaded_pipeline_keeps_its_options_and_its_neighbours(tmp_path: Path, nlp: Language) -> None:
    other = loaded(tmp_path)
    assert other.pipe_names == ["sentencizer", "entity_ruler", "claimcheck"]
    assert other.get_pipe_config("claimcheck")["spans_key"] == "claims"
    doc = other(f"{FLAT} It rained.")
    assert [(entity.text, entity.label_) for entity in doc.ents] == [("Psilocybin", "DRUG")]
    assert len(list(doc.sents)) == 2
    assert list(doc.spans) == ["claims"]
    assert found(doc, "claims") == found(nlp(doc.text))
    again = spacy.blank("en")
    again.add_pipe("sentencizer")
    again.add_pipe("entity_ruler")
    again.add_pipe("claimcheck", config=FAST)
    assert found(again.from_bytes(other.to_bytes())(doc.text), "claimcheck") == found(doc, "claims")


@pytest.mark.parametrize("model", ["blank", *spacy.util.get_installed_models()])
def test_every_pipeline_that_is_installed_takes_it(model: str, nlp: Language) -> None:
    other = spacy.blank("en") if model == "blank" else spacy.load(model)
    other.add_pipe("claimcheck", config=FAST)
    assert found(other(POST)) == found(nlp(POST))
    assert other.analyze_pipes()["problems"]["claimcheck"] == []


def test_two_components_fill_two_groups(nlp: Language, folder: Path) -> None:
    nlp.add_pipe("claimcheck", name="own", config={"knowledge": str(folder), "spans_key": "own"})
    doc = nlp(f"Psilocybin calms the amygdala. {FLAT}")
    assert [span.kb_id_ for span in doc.spans["claimcheck"]] == ["amygdala-calming", "dmn-reset"]
    assert [span.kb_id_ for span in doc.spans["own"]] == ["amygdala-calming"]


def test_the_component_goes_through_pickle(nlp: Language) -> None:
    data = pickle.dumps(nlp.get_pipe("claimcheck"))
    assert found(pickle.loads(data)(spacy.blank("en")(POST))) == found(nlp(POST))


def test_the_least_confidence_reaches_the_check(nlp: Language) -> None:
    records = nlp(POST)._.claimcheck_findings
    most = max(record.confidence for record in records)
    strict = spacy.blank("en")
    strict.add_pipe("claimcheck", config=FAST | {"min_confidence": most})
    kept = strict(POST)._.claimcheck_findings
    assert kept == tuple(record for record in records if record.confidence == most)
    assert 0 < len(kept) < len(records)


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"knowledge": "no/such/folder"}, "no/such/folder has 1 problem"),
        ({"min_confidence": 1.5}, "between 0 and 1, and min_confidence is 1.5"),
    ],
)
def test_a_wrong_option_fails_when_the_component_is_added(config: dict[str, object], sentence: str) -> None:
    with pytest.raises(claimcheck.ClaimcheckError, match=sentence):
        spacy.blank("en").add_pipe("claimcheck", config=config)
    with pytest.raises(ValueError, match=r"unexpected|not permitted"):
        spacy.blank("en").add_pipe("claimcheck", config={"fats": True})


def test_an_authors_wish_is_kept_and_a_misspelt_one_warned_of(nlp: Language) -> None:
    assert found(nlp(f"<!-- claimcheck: ignore dmn-reset -->\n{FLAT}")) == []
    with pytest.warns(UserWarning, match=r"Doc, line 2: there is no claim 'dmn-rest' to ignore"):
        doc = nlp(f"<!-- claimcheck: ignore dmn-rest -->\n{FLAT}")
    assert len(doc.spans["claimcheck"]) == 1
