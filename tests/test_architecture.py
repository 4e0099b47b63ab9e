"""The house rules that a machine can hold: layers, and what a light command may import."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "claimcheck"

# each layer may import itself and what stands to its right
LAYERS = {
    "cli": {"batch", "interrupts", "progress", "discovery", "settings", "baseline", "globs", "reports", "files"}
    | {"evaluation", "linting", "kb", "suggestions", "errors", "model"},
    "batch": {"jobs", "results", "discovery", "checking", "documents", "kb", "matching", "cache", "errors", "model"},
    "jobs": {"errors"},
    "results": {"cache", "model"},
    "interrupts": set(),
    "progress": {"errors", "model"},
    "settings": {"globs", "reports", "suggestions", "errors"},
    "baseline": {"files", "fingerprint", "errors", "model"},
    "discovery": {"globs", "documents", "errors", "model"},
    "globs": {"errors"},
    "component": {"api", "kb", "model"},
    "api": {"batch", "discovery", "checking", "documents", "kb", "errors", "model"},
    "linting": {"checking", "documents", "kb", "matching", "errors", "model"},
    "evaluation": {"checking", "documents", "errors", "model"},
    "reports": {"evaluation", "files", "fingerprint", "documents", "kb", "errors", "model"},
    "checking": {"framing", "matching", "language", "model"},
    "framing": {"matching", "model"},
    "matching": {"patterns", "errors", "model"},
    "language": {"patterns", "model"},
    "documents": {"errors", "model"},
    "kb": {"patterns", "cache", "errors", "model"},
    "patterns": set(),
    "cache": set(),
    "files": set(),
    "fingerprint": set(),
    "suggestions": set(),
    "errors": set(),
    "model": set(),
}


HOMES = {
    "spacy": {"component.py", "language.py"},
    "rapidfuzz": {"matching/repair.py"},
    "yaml": {"kb/nodes.py"},
    "pathspec": {"globs.py"},
    "pyperclip": {"batch.py"},
    "tomllib": {"settings.py"},
    "sqlite3": {"results.py"},
    "multiprocessing": {"jobs.py"},
}


def imports(path: Path) -> set[str]:
    """The parts of claimcheck that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
        if names == ["claimcheck"] and isinstance(node, ast.ImportFrom):
            names = [f"claimcheck.{alias.name}" for alias in node.names if alias.name != "__version__"]
        found |= {name.split(".")[1] for name in names if name.startswith("claimcheck.")}
    return found


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    layer = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if layer not in ("__init__", "__main__"):
        assert imports(path) <= LAYERS[layer] | {layer}


@pytest.mark.parametrize("library", HOMES)
def test_a_library_has_one_home(library: str) -> None:
    homes = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if any(f"{word} {library}" in path.read_text(encoding="utf-8") for word in ("import", "from"))
    }
    assert homes == HOMES[library]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["check", "--help"],
        ["explain", "dmn-reset"],
        ["knowledge", "list"],
        ["knowledge", "list", "--format", "json"],
        ["check", "examples/draft.md"],
        ["check", "examples/draft.md", "examples/article.txt", "--jobs", "2", "--format", "jsonl"],
    ],
)
def test_light_commands_import_neither_spacy_nor_a_validator(arguments: list[str]) -> None:
    code = (
        "import sys; from claimcheck.cli import app; "
        "\ntry: app(sys.argv[1:])\nexcept SystemExit: pass\n"
        "heavy = {'spacy', 'numpy', 'rapidfuzz', 'pathspec', 'jinja2', 'claimcheck.kb.schema', 'lxml', 'docx', 'pypdf'}\n"
        "print(sorted(heavy & sys.modules.keys()), file=sys.stderr)"
    )
    # the first fills the caches: what is light the second time is meant
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    assert done.stderr.strip().splitlines()[-1] == "[]"
