"""The wheel alone: built, unpacked outside the checkout, and put to work."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_bare_wheel_carries_the_knowledge_and_works(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    unpacked = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        archive.extractall(unpacked)
    for shelf in ("claims", "sources", "lexicon", "cues"):
        there = {Path(name).name for name in names if name.startswith(f"claimcheck/_knowledge/{shelf}/")}
        assert there == {path.name for path in (ROOT / "knowledge" / shelf).glob("*.yaml")}
    templates = {path.name for path in (ROOT / "claimcheck/reports/html").iterdir()}
    assert {Path(name).name for name in names if name.startswith("claimcheck/reports/html/")} == templates
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); import claimcheck; print(claimcheck.__file__, file=sys.stderr); "
        "from claimcheck.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(unpacked), "check", "--format", "json"],
        input="Psilocybin resets the default mode network.",
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | {"XDG_CACHE_HOME": str(tmp_path / "cache")},
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert str(unpacked) in done.stderr
    assert '"claim": "dmn-reset"' in done.stdout
