"""Every ```python block of the README runs by itself and prints what the ```text block right after it says."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

import claimcheck.component  # noqa: F401 - in a checkout that is not installed, no entry point leads spaCy to it

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"^```python\n(.*?)^```$(?:\n\n^```text\n(.*?)^```$)?", re.DOTALL | re.MULTILINE)


def test_the_python_blocks_run_and_print_what_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    readme = Path("README.md").read_text(encoding="utf-8")
    blocks = BLOCK.findall(readme)
    assert len(blocks) == len(re.findall(r"^\s*(?:```|~~~)\s*py", readme, re.MULTILINE)), "a block that this test does not see"
    assert blocks or "import claimcheck" not in readme
    for code, output in blocks:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "README.md", "exec"), {"__name__": "__readme__"})
        assert printed.getvalue() == output, code
