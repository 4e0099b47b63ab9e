"""The HTML report as its reader meets it, in a real headless Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from test_html_report import HOSTILE, finding, html_of

from claimcheck.batch import check_all
from claimcheck.checking import Checker
from claimcheck.discovery import discover
from claimcheck.documents import document_from_text
from claimcheck.model import DocumentReport, KnowledgeBase, Severity, Span, Unassessed

ROOT = Path(__file__).parent.parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
MISSING = "no Chromium is installed (apt-get install chromium)"
pytestmark = pytest.mark.skipif(CHROMIUM is None and "CLAIMCHECK_NEEDS_BROWSER" not in os.environ, reason=MISSING)

PATIENCE = 30_000  # milliseconds, for a machine that has other work
expect.set_options(timeout=PATIENCE)

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, MISSING
    with sync_playwright() as playwright:
        # no sandbox: it does not start as root, and the pages are our own
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="module")
def files(checker: Checker, knowledge: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Reports by name: the examples; overlapping findings; a hostile text; 200 posts."""
    folder = tmp_path_factory.mktemp("reports")
    patch = pytest.MonkeyPatch()
    patch.chdir(ROOT)
    article, posts = (list(check_all(discover([path]), checker)) for path in ("examples/article.txt", "examples/posts"))
    patch.undo()
    overlap = document_from_text("Microdosing lifts mood and creativity in the long run. Psilocybin mends socks.", "overlap.txt")
    reports = {
        "article": article,
        "posts": [*posts, DocumentReport(path="gone.md", error="cannot read gone.md: no such file")],
        "overlap": [
            DocumentReport(
                "overlap.txt",
                overlap,
                findings=(finding("mood-improvement", 12, 53, Severity.OK), finding("creativity", 27, 37)),
                unassessed=(Unassessed(Span(55, 78), 1, 56, "effect that no claim covers"),),
                notes=("page 2 holds no text",),
            )
        ],
        "hostile": [checker.check(document_from_text(HOSTILE, '"><script>window.hacked=1</script>.txt')), posts[0]],
        "archive": [replace(posts[number % 5], path=f"archive/{number:03}.md") for number in range(200)],
    }
    for name, found in reports.items():
        (folder / f"{name}.html").write_text(html_of(found, knowledge), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in reports}


@pytest.fixture
def visit(browser: Browser, files: dict[str, Path]) -> Iterator[Open]:
    """Opens a report. Afterwards: it said nothing on the console, asked nothing of the network, and opened no dialog."""
    trouble: list[str] = []
    contexts: list[BrowserContext] = []

    def run(name: str, address: str = "", **options: object) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: trouble.append(message.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("dialog", lambda dialog: trouble.append(dialog.message))
        page.on("request", lambda request: trouble.append(request.url) if not request.url.startswith("file:") else None)
        page.goto(files[name].as_uri() + address)
        return page

    yield run
    for context in contexts:
        context.close()
    assert trouble == []


def shown_marks(page: Page) -> list[str]:
    return page.locator("mark[data-findings]:not(.off)").all_inner_texts()


def test_a_click_on_a_mark_opens_its_details(visit: Open, knowledge: KnowledgeBase) -> None:
    page = visit("article")
    expect(page.locator("#guide")).to_be_visible()
    page.locator("mark[data-findings]", has_text="calms the amygdala").click()
    details = page.locator("#details")
    claim = knowledge.claims["amygdala-calming"]
    for said in (
        "overstated",
        "macrodose-only, contested",
        "flat",
        "line 5, column 187",
        claim.statement,
        claim.explanation,
        claim.fair_wording,
    ):
        expect(details).to_contain_text(said)
    expect(details.locator(".reason")).to_contain_text(["Psilocybin", "calms", "amygdala"])
    assert details.locator(".evidence li").count() == len(claim.evidence)
    row = details.locator(".evidence li").first
    expect(row).to_contain_text("supports human, full dose, controlled, n=25")
    expect(row.locator("a")).to_have_attribute("href", f"https://doi.org/{knowledge.sources[claim.evidence[0].source].doi}")
    expect(page.locator("#position")).to_have_text("7 of 16")
    expect(page.locator("#status")).to_contain_text("7 of 16: ")
    expect(page.locator(".chip[aria-current]")).to_have_count(1)
    assert page.evaluate("location.hash") == "#finding=f1-7"


def test_overlapping_findings_are_reached_by_clicking_again(visit: Open) -> None:
    page = visit("overlap")
    both = page.locator("mark[data-many]")
    both.click()
    expect(page.locator("#details .verdict")).to_have_text("!overstated")
    both.click()
    expect(page.locator("#details .verdict")).to_have_text("=fine")
    expect(page.locator("mark.current")).to_have_count(3)
    expect(both).to_have_attribute("data-severity", "ok")


def test_what_was_not_assessed_and_remarks_are_shown(visit: Open) -> None:
    page = visit("overlap")
    expect(page.locator(".post .remark")).to_have_text("page 2 holds no text")
    page.locator(".unsure").click()
    expect(page.locator("#details")).to_contain_text("Psilocybin mends socks.")
    expect(page.locator("#details")).to_contain_text("effect that no claim covers")


def test_filters_work_together_and_are_kept_in_the_address(visit: Open) -> None:
    page = visit("article")
    every = shown_marks(page)
    page.locator("#filters summary").click()

    def count(value: str) -> str:
        return page.locator(f"label:has(input[value='{value}']) output").inner_text()

    assert (count("warning"), count("ok"), count("anecdotal")) == ("5", "11", "6")
    page.get_by_label("overstated").check()
    assert (count("warning"), count("ok"), count("anecdotal"), count("animal-only")) == ("5", "11", "3", "0")
    page.locator("input[value='anecdotal']").check()
    assert shown_marks(page) == ["boosts creativity", "sharpens focus", "lifts the mood"]
    assert (count("macrodose-only"), count("warning")) == ("2", "3")
    expect(page.locator("#shown")).to_have_text("3 of 16 claims shown")
    page.locator("#filters select").select_option("creativity")
    assert shown_marks(page) == ["boosts creativity"]
    assert page.evaluate("location.hash") == "#severity=warning&label=anecdotal&claim=creativity"
    page.reload()
    assert shown_marks(page) == ["boosts creativity"]
    page.locator("#next").click()
    expect(page.locator("#position")).to_have_text("1 of 1")
    page.locator("#filters summary").click()
    page.locator("#clear").click()
    assert shown_marks(page) == every
    expect(page.locator("#details")).to_contain_text("creativity")


def test_a_filter_closes_what_it_hides(visit: Open) -> None:
    page = visit("article", "#finding=f1-1")
    expect(page.locator("#details")).to_be_visible()
    page.locator("#filters summary").click()
    page.get_by_label("overstated").check()
    expect(page.locator("#details")).to_be_hidden()


def test_an_address_from_a_stranger_is_harmless(visit: Open) -> None:
    page = visit("article", "#finding=%3Cimg%20src%3Dx%3E&post=99&severity=warning,<b>&label=x&claim=__proto__")
    expect(page.locator("#shown")).to_have_text("5 of 16 claims shown")
    expect(page.locator("#guide")).to_be_visible()


def test_the_keyboard_reaches_everything(visit: Open) -> None:
    page = visit("article")
    names = []
    for _ in range(5):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.className || document.activeElement.localName"))
    assert names == ["skip", "summary", "chip", "chip", "chip"]
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#details")).to_be_focused()
    expect(page.locator("#position")).to_have_text("3 of 16")
    page.keyboard.press("j")
    expect(page.locator("#m1-4")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("k")
    expect(page.locator("#position")).to_have_text("2 of 16")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#position")).to_have_text("4 of 16")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#m1-3")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#guide")).to_be_visible()
    expect(page.locator("#m1-3")).to_be_focused()


def test_the_letter_keys_can_be_switched_off(visit: Open) -> None:
    page = visit("article")
    page.locator("#filters summary").click()
    page.locator("#keys").uncheck()
    page.keyboard.press("j")
    expect(page.locator("#guide")).to_be_visible()


def test_the_fair_wording_can_be_copied(visit: Open, knowledge: KnowledgeBase) -> None:
    page = visit("article", "#finding=f1-6", permissions=["clipboard-read", "clipboard-write"])
    page.locator("#details .copy").click()
    expect(page.locator("#details .copy")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == knowledge.claims["dmn-reset"].fair_wording


def test_the_index_sorts_filters_and_opens_documents(visit: Open) -> None:
    page = visit("posts")
    paths = page.locator(".posts tbody tr:visible th a")
    assert len(paths.all_inner_texts()) == 8
    expect(page.locator(".post:visible")).to_have_count(0)
    page.get_by_role("button", name="overstated").click()
    assert paths.all_inner_texts()[0] == "examples/posts/03-retreat-offer.md"
    expect(page.locator("th[aria-sort=descending]")).to_have_text("overstated")
    page.locator("#filters summary").click()
    page.get_by_label("overstated").check()
    assert len(paths.all_inner_texts()) == 3
    expect(page.locator(".posts td[data-name=claims]:visible").first).to_have_text("7 of 7")
    paths.first.click()
    expect(page.locator(".post:visible h2")).to_have_text("examples/posts/03-retreat-offer.md")
    expect(page.locator(".post:visible h2")).to_be_focused()
    assert page.title() == "examples/posts/03-retreat-offer.md: claimcheck report"
    page.go_back()
    expect(page.locator("#index")).to_be_visible()
    page.go_forward()
    page.locator("#back").click()
    expect(page.locator("#index-title")).to_be_focused()


def test_next_and_previous_lead_from_document_to_document(visit: Open) -> None:
    page = visit("posts", "#severity=warning")
    page.keyboard.press("j")
    expect(page.locator(".post:visible h2")).to_have_text("examples/posts/02-science-corner.md")
    page.keyboard.press("j")
    expect(page.locator(".post:visible h2")).to_have_text("examples/posts/03-retreat-offer.md")
    expect(page.locator("#position")).to_have_text("2 of 10")
    expect(page.locator(".chip[aria-current]")).to_be_in_viewport()
    page.go_back()
    expect(page.locator(".post:visible h2")).to_have_text("examples/posts/02-science-corner.md")


def test_a_hostile_text_does_nothing(visit: Open) -> None:
    page = visit("hostile", "#p1")
    expect(page.locator(".post:visible")).to_contain_text("<script>window.hacked=1</script>")
    page.locator("mark[data-findings]:visible").first.click()
    expect(page.locator("#details")).to_contain_text("default mode network")
    page.wait_for_timeout(100)
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.images.length") == 0


def test_two_hundred_documents_are_no_burden(visit: Open) -> None:
    page = visit("archive")
    expect(page.locator(".posts tbody tr")).to_have_count(200)
    before = page.evaluate("performance.now()")
    for _ in range(10):
        page.keyboard.press("j")
    expect(page.locator("#position")).to_contain_text("10 of")
    assert page.evaluate("performance.now()") - before < 10_000


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "address"), [("overlap", "#finding=f1-2"), ("posts", "")])
def test_nothing_serious_bars_anybody(visit: Open, name: str, address: str, scheme: str, width: int) -> None:
    page = visit(name, address, viewport={"width": width, "height": 812}, color_scheme=scheme)
    page.locator("#filters summary").click()
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []


@pytest.mark.parametrize("name", ["article", "posts", "hostile"])
@pytest.mark.parametrize("width", [320, 768, 2560])
def test_nothing_sticks_out_sideways(visit: Open, name: str, width: int) -> None:
    page = visit(name, viewport={"width": width, "height": 700})
    for _ in range(2):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.keyboard.press("j")


def test_on_a_phone_the_details_are_a_sheet_that_leaves_the_mark_in_sight(visit: Open) -> None:
    page = visit("article", viewport={"width": 375, "height": 812}, has_touch=True)
    page.locator("mark[data-findings]", has_text="calms the amygdala").tap()
    sheet = page.locator("#panel").bounding_box()
    chosen = page.locator("mark.current").first.bounding_box()
    assert sheet and chosen
    assert sheet["height"] <= 0.65 * 812
    assert 0 <= chosen["y"] < chosen["y"] + chosen["height"] < sheet["y"]
    page.locator("#close").tap()
    expect(page.locator("#details")).to_be_hidden()


def test_on_paper_the_notes_say_all_once(visit: Open, knowledge: KnowledgeBase) -> None:
    page = visit("article")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    first, again = page.locator(".note[data-claim=dendritic-growth]").all()
    for said in (knowledge.claims["dendritic-growth"].explanation, "https://doi.org/"):
        expect(first).to_contain_text(said)
    expect(again).to_contain_text("see note 14")
    for hidden in ("#panel", "#filters", "#claims", ".copy >> nth=0"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(".chip .number").first).to_be_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".printed")).to_have_count(0)
    assert page.pdf().startswith(b"%PDF")


def test_without_a_script_everything_can_be_read(visit: Open) -> None:
    page = visit("posts", java_script_enabled=False)
    expect(page.locator(".post:visible")).to_have_count(8)
    expect(page.locator("#filters")).to_be_hidden()
    page.locator("#p3 .chip").first.click()
    expect(page.locator("#f3-1")).to_be_in_viewport()
    page.locator("#f3-1 .more a").click()
    expect(page.locator("#claims .known:visible").first).to_contain_text("Fair wording")
    expect(page.locator(".posts")).to_be_visible()
