"""What is found to check: folders, ignore files, globs, links, and names nobody would choose."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from claimcheck.discovery import STDIN_NAME, Origin, Selection, Skipped, discover, folder_of, in_words
from claimcheck.errors import ClaimcheckError
from claimcheck.globs import Globs
from claimcheck.model import Skip


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(*names: str, text: str = "x\n") -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")


def found(*arguments: str, include: str = "", exclude: str = "", ignore_files: bool = True) -> tuple[list[str], Skipped]:
    """The names in order, and what was skipped. Patterns are split at blanks."""
    globs = [Globs(tuple(lines.split()), Path.cwd()) if lines else None for lines in (include, exclude)]
    skipped: Skipped = Counter()
    inputs = list(discover(arguments, Selection(*globs, ignore_files), skipped))
    assert [item.error for item in inputs] == [None] * len(inputs)
    return [item.name for item in inputs], skipped


def error(*arguments: str) -> str:
    (only,) = discover(arguments)
    assert only.origin is Origin.NOWHERE
    return only.error or ""


def test_a_folder_is_its_texts_in_order_and_the_rest_is_counted() -> None:
    write("b.md", "a.TXT", "deep/er/c.markdown", "photo.png", ".hidden.md", ".notes/d.md", "deep/data.csv")
    assert found(".") == (["a.TXT", "b.md", "deep/er/c.markdown"], {Skip.FORMAT: 2, Skip.HIDDEN: 2})


def test_each_file_once_however_it_is_named() -> None:
    write("posts/a.md", "posts/b.md")
    names, skipped = found("posts/b.md", "posts", "./posts/a.md", "posts/../posts", "posts/*.md")
    assert (names, skipped) == (["posts/b.md", "posts/a.md"], {})


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        ({".gitignore": "drafts/\n"}, ["a.md", "posts/b.md", "posts/keep.md"]),
        ({".gitignore": "*.md\n!keep.md\n"}, ["drafts/keep.md", "posts/keep.md"]),
        ({".gitignore": "*\n!*/\n!keep.md\n"}, ["drafts/keep.md", "posts/keep.md"]),
        ({".gitignore": "/posts/*\n!/posts/keep.md\n"}, ["a.md", "drafts/c.md", "drafts/keep.md", "posts/keep.md"]),
        ({".gitignore": "posts/\n!posts/keep.md\n"}, ["a.md", "drafts/c.md", "drafts/keep.md"]),
        ({".gitignore": "drafts/**\n"}, ["a.md", "posts/b.md", "posts/keep.md"]),
        ({".gitignore": "/b.md\n"}, ["a.md", "drafts/c.md", "drafts/keep.md", "posts/b.md", "posts/keep.md"]),
        ({".gitignore": "*.md\n", "posts/.gitignore": "!b.md\n"}, ["posts/b.md"]),
        ({".gitignore": "*.md\n", ".claimcheckignore": "!posts/*.md\n"}, ["posts/b.md", "posts/keep.md"]),
        ({"drafts/.claimcheckignore": "*\n", "posts/.claimcheckignore": "# none\n\n/b.md"}, ["a.md", "posts/keep.md"]),
        ({".gitignore": "\ufeffdrafts/\r\nposts/ \r\n"}, ["a.md"]),
        ({".gitignore": "\\\n!\n[z-a]\ndrafts\n"}, ["a.md", "posts/b.md", "posts/keep.md"]),
    ],
)
def test_ignore_files_hold_as_in_git(rules: dict[str, str], left: list[str]) -> None:
    write("a.md", "drafts/c.md", "drafts/keep.md", "posts/b.md", "posts/keep.md")
    for name, text in rules.items():
        Path(name).write_text(text, encoding="utf-8")
    assert found(".")[0] == left
    assert len(found(".", ignore_files=False)[0]) == 5


def test_each_ignore_file_answers_for_what_it_leaves_out() -> None:
    write("a.md", "b.md", "drafts/c.md")
    write(".gitignore", text="drafts\n")
    write(".claimcheckignore", text="b.md\n")
    assert found(".")[1] == {Skip.HIDDEN: 2, Skip.GITIGNORE: 1, Skip.CLAIMCHECKIGNORE: 1}


def test_rules_from_above_hold_up_to_the_root_of_the_repository() -> None:
    write("repository/posts/a.md", "repository/posts/b.md")
    write(".gitignore", text="a.md\n")
    write("repository/.gitignore", text="/posts/b.md\n")
    assert found("repository/posts")[0] == ["repository/posts/a.md", "repository/posts/b.md"]
    Path("repository/.git").mkdir()
    assert found("repository/posts")[0] == ["repository/posts/a.md"]


def test_what_is_named_is_checked_though_it_is_ignored() -> None:
    write("drafts/a.md", "drafts/b.log.md")
    write(".gitignore", text="drafts/\n")
    Path(".git").mkdir()
    assert found("drafts/a.md", exclude="a.md")[0] == ["drafts/a.md"]
    assert found("drafts")[0] == ["drafts/a.md", "drafts/b.log.md"]
    assert found("drafts", exclude="drafts/")[0] == ["drafts/a.md", "drafts/b.log.md"]


@pytest.mark.parametrize(
    ("include", "exclude", "left"),
    [
        ("*.md", "", ["a.md", "old/b.md", "posts/c.md"]),
        ("posts/ a.md", "", ["a.md", "posts/c.md", "posts/d.txt"]),
        ("./posts/*.md", "", ["posts/c.md"]),
        ("", "old/", ["a.md", "posts/c.md", "posts/d.txt"]),
        ("", "*.md !c.md", ["posts/c.md", "posts/d.txt"]),
        ("*.md", "/a.md old", ["posts/c.md"]),
    ],
)
def test_include_and_exclude(include: str, exclude: str, left: list[str]) -> None:
    write("a.md", "old/b.md", "posts/c.md", "posts/d.txt")
    assert found(".", include=include, exclude=exclude)[0] == left


def test_patterns_reach_from_the_working_folder_or_else_from_the_checked_one(monkeypatch: pytest.MonkeyPatch) -> None:
    write("site/posts/old/a.md", "site/posts/b.md", "elsewhere/c.md")
    assert found("site", exclude="site/posts/old/")[0] == ["site/posts/b.md"]
    monkeypatch.chdir("elsewhere")
    assert found("../site", exclude="/posts/old/")[0] == ["../site/posts/b.md"]


def test_a_pattern_that_is_none_is_one_sentence_before_anything_is_checked(here: Path) -> None:
    with pytest.raises(ClaimcheckError, match=r"--exclude: '!' is no pattern"):
        discover(["."], Selection(exclude=Globs(("a", "!"), here)))


@pytest.mark.parametrize(
    ("glob", "left"),
    [
        ("posts/*.md", ["posts/a.md"]),
        ("posts/**/*.md", ["posts/a.md", "posts/deep/b.md", "posts/deep/er/c.md"]),
        ("p*/d*/?.md", ["posts/deep/b.md"]),
        ("posts/[!a]*", ["posts/deep/b.md", "posts/deep/er/c.md"]),
        ("*/a.txt", ["posts/a.txt"]),
    ],
)
def test_globs_that_no_shell_expanded(glob: str, left: list[str]) -> None:
    write("posts/a.md", "posts/a.txt", "posts/deep/b.md", "posts/deep/er/c.md", "posts/.hidden/d.md", "other.md")
    assert found(glob)[0] == left


def test_a_glob_passes_over_what_folders_do_but_does_not_look_elsewhere() -> None:
    write("posts/a.md", "posts/b.md", "posts/c.md", "other/.x", "other/y.bin", "posts/deep/z.bin", "posts/photo.png")
    write(".gitignore", text="b.md\n")
    Path(".git").mkdir()
    assert found("posts/*.md", exclude="c.md") == (["posts/a.md"], {Skip.GITIGNORE: 1, Skip.EXCLUDED: 1})


def test_a_file_whose_name_looks_like_a_glob_is_that_file() -> None:
    write("a[1].md", "a1.md")
    assert found("a[1].md")[0] == ["a[1].md"]


def test_links_are_followed_once_and_never_in_circles(here: Path) -> None:
    write("posts/z.md", "outside/o.md", "outside/deep/p.md")
    Path("posts/a-link.md").symlink_to("z.md")
    Path("posts/again").symlink_to(here / "outside")
    Path("posts/once").symlink_to(here / "outside")
    Path("posts/self").symlink_to(".")
    Path("posts/up").symlink_to("..")
    Path("outside/back").symlink_to(here / "posts")
    os.link("posts/z.md", "posts/zz.md")
    names, skipped = found("posts")
    assert names == ["posts/z.md", "posts/again/o.md", "posts/again/deep/p.md"]
    # z.md by two more names; once, self, up and back
    assert skipped == {Skip.REPEATED: 6}


def test_links_that_lead_nowhere_and_pipes() -> None:
    write("posts/a.md")
    os.mkfifo("posts/pipe.md")
    Path("posts/gone.md").symlink_to("nothing")
    Path("posts/round.md").symlink_to("round.md")
    Path("posts/gone.png").symlink_to("nothing")
    skipped: Skipped = Counter()
    assert {item.name: item.error for item in discover(["posts"], skipped=skipped)} == {
        "posts/a.md": None,
        "posts/gone.md": "posts/gone.md is a link that leads nowhere; mend or remove it",
        "posts/round.md": "posts/round.md is a link that leads nowhere; mend or remove it",
    }
    assert skipped == {Skip.SPECIAL: 1, Skip.FORMAT: 1}


def test_names_nobody_would_choose() -> None:
    names = [
        "new\nline.md",
        "esc\x1b[31m.md",
        "\udcff\udcfe.md",
        " .md",
        "-.md",
        "a b/c\n/d.md",
        "x" * 200 + ".md",
        "[red].md",
        "!a.md",
        "#.md",
    ]
    for name in names:
        write(name)
    assert sorted(found(".")[0]) == sorted(names)
    assert found(".", include="*.md")[0] == found(".")[0]
    assert "a b/c\n/d.md" not in found(".", exclude="a*/")[0]
    assert found("./-.md", "[[]red*", "-")[0] == ["./-.md", "[red].md", STDIN_NAME]


def test_very_deep_folders_are_walked_or_named() -> None:
    write("a.md")
    deep = os.open(".", os.O_RDONLY)
    for _ in range(25):  # their names together are longer than the system takes
        os.mkdir("deeper" * 40, dir_fd=deep)
        deep, old = os.open("deeper" * 40, os.O_RDONLY, dir_fd=deep), deep
        os.close(old)
    os.close(deep)
    inputs = list(discover(["."]))
    assert inputs[0].name == "a.md"
    assert [item.error and item.error.rpartition(": ")[2] for item in inputs[1:]] == ["file name too long"]


@pytest.mark.parametrize(
    ("make", "argument", "sentence"),
    [
        ((), "posts", "the folder posts holds no text to check (.txt, "),
        (("posts/a.png", "posts/.b.md", "posts/c.png"), "posts", "; skipped: 2 no text by the suffix, 1 hidden"),
        (("posts/a.md",), "posts/*.txt", "no text to check fits posts/*.txt"),
        (("posts/a.md",), "pots/*.md", "there is no file or folder pots/*.md; check the path"),
        ((), "", "an empty path was given; name a file or a folder"),
        ((), "po\0sts", "there is no file or folder po\0sts"),
        ((), "x" * 5_000, "cannot look at 'xxx"),
    ],
)
def test_nothing_to_check_is_one_sentence_that_says_what_was_skipped(make: tuple[str, ...], argument: str, sentence: str) -> None:
    Path("posts").mkdir()
    write(*make)
    assert sentence in error(argument)


def test_an_unreadable_folder_is_named_and_the_rest_is_found(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("posts/a.md", "posts/closed/b.md")
    scandir = os.scandir

    def closed(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    assert [(item.name, item.error) for item in discover(["posts"])] == [
        ("posts/a.md", None),
        ("posts/closed", f"cannot look at {here}/posts/closed: permission denied"),
    ]


def test_what_cannot_be_looked_at_hides_nothing_beside_it(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("posts/a.md", "posts/b/c.md", "posts/shut.md", "posts/z.md")
    for name in ("link", "link.md", "link.png", ".link"):  # no system follows so long a name
        Path("posts", name).symlink_to("x" * 300)
    stat = os.stat

    def shut(path: Path, **options: bool) -> object:
        if Path(path).name == "shut.md":
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, **options)

    monkeypatch.setattr(os, "stat", shut)
    skipped: Skipped = Counter()
    assert [(item.name, item.error) for item in discover(["posts"], skipped=skipped)] == [
        ("posts/a.md", None),
        ("posts/shut.md", f"cannot look at {here}/posts/shut.md: permission denied"),
        ("posts/z.md", None),
        ("posts/b/c.md", None),
        ("posts/link", f"cannot look at {here}/posts/link: file name too long"),
        ("posts/link.md", f"cannot look at {here}/posts/link.md: file name too long"),
    ]
    assert skipped == {Skip.FORMAT: 1, Skip.HIDDEN: 1}


@pytest.mark.parametrize(
    ("argument", "folder"), [("posts", "posts"), ("posts/a.md", "posts"), ("posts/*/x.md", "posts"), ("nothing/here.md", "."), ("-", ".")]
)
def test_the_folder_where_the_search_for_an_argument_starts(here: Path, argument: str, folder: str) -> None:
    write("posts/a.md")
    assert folder_of(argument) == here / folder


def test_what_was_skipped_in_words() -> None:
    assert in_words(Counter({Skip.HIDDEN: 1, Skip.GITIGNORE: 12})) == "12 ignored by .gitignore, 1 hidden"
    assert in_words(Counter()) == ""
