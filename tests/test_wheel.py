"""The wheel alone: built, unpacked outside the checkout, and put to work."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the wheel, as an installer would lay them."""
    work = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(work), str(ROOT)]
    subprocess.run(build, capture_output=True, check=True)
    (wheel,) = work.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(work / "site")
    return work / "site"


def run(unpacked: Path, code: str, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Python code that finds the unpacked wheel before all else, and the checkout not at all."""
    start = "import sys; sys.path.insert(0, sys.argv.pop(1)); import claimcheck; print(claimcheck.__file__, file=sys.stderr); "
    done = subprocess.run(
        [sys.executable, "-c", start + code, str(unpacked), *arguments],
        input=text,
        capture_output=True,
        text=True,
        cwd=unpacked.parent,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | {"XDG_CACHE_HOME": str(unpacked.parent / "cache")},
        check=False,
    )
    assert str(unpacked) in done.stderr
    return done


def test_the_bare_wheel_carries_the_knowledge_and_works(unpacked: Path) -> None:
    for shelf in ("claims", "sources", "lexicon", "cues"):
        there = {path.name for path in (unpacked / "claimcheck/_knowledge" / shelf).iterdir()}
        assert there == {path.name for path in (ROOT / "knowledge" / shelf).glob("*.yaml")}
    assert (unpacked / "claimcheck/_knowledge/about.yaml").is_file()
    templates = {path.name for path in (unpacked / "claimcheck/reports/html").iterdir()}
    assert templates == {path.name for path in (ROOT / "claimcheck/reports/html").iterdir()}
    code = "from claimcheck.cli import main; main()"
    done = run(unpacked, code, "check", "--format", "json", text="Psilocybin resets the default mode network.")
    assert done.returncode == 1, done.stderr
    assert '"claim": "dmn-reset"' in done.stdout


def test_the_wheel_says_what_it_offers(unpacked: Path) -> None:
    (metadata,) = unpacked.glob("*.dist-info")
    points = {(point.group, point.name): point.load() for point in PathDistribution(metadata).entry_points}
    assert points.keys() == {("console_scripts", "claimcheck"), ("spacy_factories", "claimcheck")}
    assert all(callable(point) for point in points.values())
    assert (unpacked / "claimcheck/py.typed").is_file()


def test_spacy_finds_the_component_of_the_wheel(unpacked: Path) -> None:
    """By its entry point alone: nothing imports the module first."""
    code = (
        "import spacy; assert 'claimcheck.component' not in sys.modules; nlp = spacy.blank('en'); nlp.add_pipe('claimcheck'); "
        "doc = nlp('Psilocybin resets the default mode network.'); print(*[span.kb_id_ for span in doc.spans['claimcheck']])"
    )
    done = run(unpacked, code)
    assert (done.returncode, done.stdout) == (0, "dmn-reset\n"), done.stderr
