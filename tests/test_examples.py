"""The examples do what their expected reports say. After a wanted change: python tests/test_examples.py writes them anew; read the diff."""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path

import pytest

from claimcheck.batch import check_all, open_checker
from claimcheck.checking import Checker
from claimcheck.discovery import discover
from claimcheck.kb import load
from claimcheck.model import KnowledgeBase
from claimcheck.reports.json_report import JsonReport
from claimcheck.reports.renderer import Options, rendered
from claimcheck.reports.summary import Summary
from claimcheck.reports.text_report import TextReport
from claimcheck.reports.writing import console_for

ROOT = Path(__file__).parent.parent
EXAMPLES = {"article": "examples/article.txt", "draft": "examples/draft.md", "posts": "examples/posts"}
SHOWN = ("claim", "label", "framing", "severity", "line", "column", "text")


def text_of(path: str, checker: Checker, knowledge: KnowledgeBase) -> str:
    stream = io.StringIO()
    console = console_for(stream, 80)
    summary = Summary(knowledge)
    for part in rendered(check_all(discover([path]), checker), TextReport(summary, Options()), summary):
        console.print(part)
    return "".join(line.rstrip() + "\n" for line in stream.getvalue().splitlines())


def findings_of(path: str, checker: Checker, knowledge: KnowledgeBase) -> dict[str, list[dict[str, object]]]:
    summary = Summary(knowledge)
    report = json.loads("".join(rendered(check_all(discover([path]), checker), JsonReport(summary, Options()), summary)))
    return {
        document["path"]: [{key: finding[key] for key in SHOWN} for finding in document["findings"]] for document in report["documents"]
    }


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_expected_reports_hold(name: str, checker: Checker, knowledge: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    expected = ROOT / "examples" / "expected"
    assert text_of(EXAMPLES[name], checker, knowledge) == (expected / f"{name}.txt").read_text(encoding="utf-8")
    assert findings_of(EXAMPLES[name], checker, knowledge) == json.loads((expected / f"{name}.json").read_text(encoding="utf-8"))


def test_the_excerpt_in_the_readme_is_the_real_output(checker: Checker, knowledge: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (excerpt,) = re.findall(r"```console\n\$ claimcheck check examples/article\.txt\n(.*?)```", readme, re.DOTALL)
    assert excerpt == text_of("examples/article.txt", checker, knowledge)


def write() -> None:
    """Write the expected reports and the README's excerpt anew."""
    os.chdir(ROOT)
    knowledge = load()
    checker = open_checker(knowledge)
    folder = ROOT / "examples" / "expected"
    folder.mkdir(exist_ok=True)
    for name, path in EXAMPLES.items():
        (folder / f"{name}.txt").write_text(text_of(path, checker, knowledge), encoding="utf-8")
        rows = json.dumps(findings_of(path, checker, knowledge), indent=1, ensure_ascii=False)
        (folder / f"{name}.json").write_text(rows + "\n", encoding="utf-8")
    readme = ROOT / "README.md"
    excerpt = f"```console\n$ claimcheck check examples/article.txt\n{text_of(EXAMPLES['article'], checker, knowledge)}```"
    text = re.sub(
        r"```console\n\$ claimcheck check examples/article\.txt\n.*?```",
        lambda _: excerpt,
        readme.read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
    readme.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
