"use strict";
// The page can be read whole without this script. It brings the panel, filters, one document at a time, sorting and keys.
// The state of the view stands in the address: #post=2&finding=f2-3&label=animal-only
document.documentElement.classList.add("js");

document.addEventListener("DOMContentLoaded", () => {
  const FACETS = ["severity", "label", "framing", "claim"];
  const element = (id) => document.getElementById(id);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const plural = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;

  const posts = all("section.post");
  const many = posts.length > 1;
  const findings = all("li.note").map((note) => ({ id: note.id, note, chip: element(`m${note.id.slice(1)}`), ...note.dataset }));
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  const marks = all("mark[data-findings]").map((mark) => ({ mark, findings: mark.dataset.findings.split(" ").map((id) => byId.get(id)) }));
  const marksOf = new Map();
  for (const { mark, findings: covering } of marks) {
    for (const finding of covering) marksOf.set(finding, [...(marksOf.get(finding) ?? []), mark]);
  }
  const rows = all("#index tr[data-post]");
  const boxes = all("#filters input[name]");
  const select = element("filters").querySelector("select");
  const claims = all("article.claim");
  const known = {
    claim: new Set(claims.map((card) => card.id.slice("claim-".length))),
    ...Object.fromEntries(FACETS.slice(0, 3).map((facet) => [facet, new Set(boxes.filter((box) => box.name === facet).map((box) => box.value))])),
  };
  const state = { wanted: Object.fromEntries(FACETS.map((facet) => [facet, new Set()])), post: "", item: "" };

  // --- the address ---------------------------------------------------------------------------------------------------

  function readAddress() {
    const anchor = /^#([pfu])(\d+)(-\d+)?$/.exec(location.hash);
    if (anchor) {
      if (element(location.hash.slice(1))) show(anchor[2], anchor[1] === "p" ? "" : location.hash.slice(1));
      return;
    }
    const values = new URLSearchParams(location.hash.slice(1));
    for (const facet of FACETS) {
      state.wanted[facet] = new Set((values.get(facet) ?? "").split(",").filter((value) => known[facet].has(value)));
    }
    const item = /^[fu]\d+-\d+$/.test(values.get("finding") ?? "") && element(values.get("finding"));
    state.item = item ? item.id : "";
    const post = item ? item.closest(".post").dataset.post : values.get("post");
    state.post = many && posts.some((section) => section.dataset.post === post) ? post : "";
    render();
    if (state.item) choose(state.item);
  }

  function writeAddress(push) {
    const values = new URLSearchParams();
    if (state.post) values.set("post", state.post);
    if (state.item) values.set("finding", state.item);
    for (const facet of FACETS) if (state.wanted[facet].size) values.set(facet, [...state.wanted[facet]].join(","));
    const address = `#${values}`.replaceAll("%2C", ",");
    if (address === (location.hash || "#")) return;
    try {
      history[push ? "pushState" : "replaceState"](null, "", address);
    } catch {
      // a sandboxed preview has no address to keep
    }
  }

  // --- what is shown -------------------------------------------------------------------------------------------------

  const filtering = () => FACETS.some((facet) => state.wanted[facet].size);
  const passes = (finding, except) => FACETS.every((facet) => facet === except || !state.wanted[facet].size || state.wanted[facet].has(finding[facet]));

  function render() {
    const shown = findings.filter((finding) => passes(finding));
    const visible = new Set(shown);
    if (byId.has(state.item) && !visible.has(byId.get(state.item))) state.item = "";
    renderFilters(shown);
    for (const finding of findings) {
      finding.note.classList.toggle("off", !visible.has(finding));
      finding.chip?.classList.toggle("off", !visible.has(finding));
      finding.chip?.toggleAttribute("aria-current", finding.id === state.item);
    }
    for (const { mark, findings: covering } of marks) {
      const top = covering.find((finding) => finding.id === state.item) ?? covering.find((finding) => visible.has(finding));
      mark.classList.toggle("off", !top);
      mark.classList.toggle("current", top !== undefined && top.id === state.item);
      if (top) Object.assign(mark.dataset, { label: top.label, severity: top.severity });
    }
    renderDocuments(shown);
    renderPanel(shown);
  }

  function renderFilters(shown) {
    for (const box of boxes) {
      const number = findings.filter((finding) => finding[box.name] === box.value && passes(finding, box.name)).length;
      box.checked = state.wanted[box.name].has(box.value);
      box.parentElement.querySelector("output").value = number;
    }
    const counts = new Map();
    for (const finding of findings) if (passes(finding, "claim")) counts.set(finding.claim, (counts.get(finding.claim) ?? 0) + 1);
    for (const option of [...select.options].slice(1)) option.text = `${option.dataset.statement} (${counts.get(option.value) ?? 0})`;
    select.value = [...state.wanted.claim][0] ?? "";
    const active = FACETS.reduce((sum, facet) => sum + state.wanted[facet].size, 0);
    element("active").textContent = active ? `(${active})` : "";
    element("clear").disabled = !active;
    element("shown").hidden = !active;
    const where = new Set(shown.map((finding) => finding.post)).size;
    const text = `${shown.length} of ${plural(findings.length, "claim")} shown` + (many ? `, in ${where} of ${plural(posts.length, "document")}` : "");
    if (active && element("shown").textContent !== text) say(text);
    element("shown").textContent = text;
  }

  function renderDocuments(shown) {
    const counts = new Map();
    for (const finding of shown) counts.set(finding.post, (counts.get(finding.post) ?? 0) + 1);
    document.body.dataset.view = many && !state.post ? "index" : "post";
    for (const section of posts) {
      section.classList.toggle("away", many && section.dataset.post !== state.post);
      section.classList.toggle("none", filtering() && !counts.has(section.dataset.post));
    }
    for (const row of rows) {
      const number = counts.get(row.dataset.post) ?? 0;
      const cell = row.querySelector("[data-name=claims]");
      row.hidden = filtering() && !number;
      cell.textContent = filtering() ? `${number} of ${cell.dataset.value}` : cell.dataset.value;
    }
    element("back").hidden = !many || !state.post;
    const path = state.post && element(`t${state.post}`).textContent;
    document.title = path ? `${path}: claimcheck report` : "claimcheck report";
  }

  function renderPanel(shown) {
    const item = state.item && element(state.item);
    const place = shown.findIndex((finding) => finding.id === state.item);
    element("position").textContent = place >= 0 ? `${place + 1} of ${shown.length}` : item ? "not assessed" : plural(shown.length, "claim");
    element("previous").disabled = element("next").disabled = !shown.length;
    element("close").hidden = element("details").hidden = !item;
    element("guide").hidden = Boolean(item);
    element("panel").classList.toggle("open", Boolean(item));
    if (!item) {
      element("details").replaceChildren();
    } else if (element("details").dataset.item !== item.id || !element("details").hasChildNodes()) {
      const card = item.dataset.claim && element(`claim-${item.dataset.claim}`);
      const parts = card ? [item, card.querySelector(".known")] : [item];
      element("details").replaceChildren(...parts.flatMap((part) => [...part.cloneNode(true).childNodes]));
      element("details").querySelector(".more")?.remove();
      element("details").scrollTop = element("panel").scrollTop = 0;
    }
    element("details").dataset.item = state.item;
  }

  function say(text) {
    element("status").textContent = text;
  }

  // --- moving about --------------------------------------------------------------------------------------------------

  /** Show a document ("" for the index) with a finding or unassessed sentence chosen ("" for none). */
  function show(post, item = "", push = false) {
    state.post = many ? post : "";
    state.item = item;
    render();
    writeAddress(push);
    if (item) choose(item);
  }

  function choose(item, focus = "") {
    const target = byId.get(item)?.chip ?? element(`v${item.slice(1)}`);
    const mark = marksOf.get(byId.get(item))?.[0] ?? target;
    const sheet = matchMedia("(max-width: 959px)").matches;
    mark?.scrollIntoView({ block: sheet ? "start" : "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    if (focus === "chip") target?.focus({ preventScroll: true });
    if (focus === "panel") element("details").focus({ preventScroll: true });
    const chosen = element(item);
    say(`${element("position").textContent}: ${chosen.querySelector(".headline").textContent.trim()}. ${chosen.querySelector("h4, blockquote").textContent}`);
  }

  function open(item, focus) {
    const post = element(item).closest(".post").dataset.post;
    const moved = many && post !== state.post;
    state.item = item;
    if (many) state.post = post;
    render();
    writeAddress(moved);
    choose(item, focus);
  }

  function step(by, focus) {
    const shown = findings.filter((finding) => passes(finding));
    if (!shown.length) return;
    let place = shown.findIndex((finding) => finding.id === state.item);
    if (place < 0) {
      const here = shown.findIndex((finding) => finding.post === state.post);
      place = (here < 0 ? 0 : here) - (by > 0 ? 1 : 0);
    }
    open(shown[(place + by + shown.length) % shown.length].id, focus);
  }

  function close() {
    const target = byId.get(state.item)?.chip ?? (state.item && element(`v${state.item.slice(1)}`));
    state.item = "";
    render();
    writeAddress();
    target?.focus({ preventScroll: true });
  }

  function goTo(post) {
    show(post, "", true);
    scrollTo(0, 0);
    element(post ? `t${post}` : "index-title").focus({ preventScroll: true });
  }

  // --- events --------------------------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const chip = event.target.closest(".chip, .unsure");
    const mark = event.target.closest("mark[data-findings]");
    const post = event.target.closest("#index a[href^='#p']");
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (chip) {
      event.preventDefault();
      open(chip.hash.slice(1), "panel");
    } else if (mark && getSelection().isCollapsed) {
      // where findings overlap, each click goes on to the next that lies here
      const here = marks.find((found) => found.mark === mark).findings.filter((finding) => passes(finding));
      const place = here.findIndex((finding) => finding.id === state.item);
      if (here.length) open(here[(place + 1) % here.length].id);
    } else if (post) {
      event.preventDefault();
      goTo(post.closest("tr").dataset.post);
    } else if (event.target.closest("#back")) {
      event.preventDefault();
      goTo("");
    } else if (event.target.closest(".copy")) {
      copy(event.target.closest(".copy"));
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select, textarea")) return;
    const onChip = event.target.closest(".chip");
    const forward = onChip && ["ArrowDown", "ArrowRight"].includes(event.key);
    const backward = onChip && ["ArrowUp", "ArrowLeft"].includes(event.key);
    const letters = element("keys").checked;
    if (event.key === "Escape" && state.item) close();
    else if (forward || (letters && event.key === "j")) step(1, "chip");
    else if (backward || (letters && event.key === "k")) step(-1, "chip");
    else return;
    event.preventDefault();
  });

  element("previous").addEventListener("click", () => step(-1));
  element("next").addEventListener("click", () => step(1));
  element("close").addEventListener("click", close);

  element("filters").addEventListener("change", (event) => {
    if (!event.target.name) return;
    const wanted = state.wanted[event.target.name];
    if (event.target === select) wanted.clear();
    if (event.target === select ? select.value : event.target.checked) wanted.add(event.target.value);
    else wanted.delete(event.target.value);
    render();
    writeAddress();
  });
  element("clear").addEventListener("click", () => {
    for (const facet of FACETS) state.wanted[facet].clear();
    render();
    writeAddress();
    say(`All ${plural(findings.length, "claim")} shown`);
  });

  async function copy(button) {
    const wording = button.parentElement.querySelector(".wording");
    let done = true;
    try {
      await navigator.clipboard.writeText(wording.textContent);
    } catch {
      // no clipboard for this page: select the words, and copy as an old browser does
      getSelection().selectAllChildren(wording);
      done = document.execCommand("copy");
    }
    button.textContent = done ? "Copied" : "Selected: copy it now";
    say(button.textContent);
    setTimeout(() => (button.textContent = "Copy"), 2000);
  }

  function sortBy(heading) {
    const column = heading.cellIndex;
    const up = heading.getAttribute("aria-sort") === "descending" || (column === 0 && !heading.hasAttribute("aria-sort"));
    const value = (row) => (column ? Number(row.cells[column].dataset.value) : row.cells[0].textContent);
    const compare = column ? (one, other) => value(one) - value(other) : (one, other) => value(one).localeCompare(value(other), undefined, { numeric: true });
    for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", up ? "ascending" : "descending");
    rows.sort((one, other) => (up ? 1 : -1) * compare(one, other));
    rows[0].parentElement.append(...rows);
    say(`Sorted by ${heading.textContent}, ${up ? "ascending" : "descending"}`);
  }

  // --- paper: every note with all that is known of its claim, once a document -----------------------------------------

  addEventListener("beforeprint", () => {
    for (const section of posts) {
      const first = new Map();
      for (const note of all(".note:not(.off)", section)) {
        const { claim } = note.dataset;
        const more = note.querySelector(".more");
        more.hidden = true;
        const copied = document.createElement("div");
        copied.className = "printed";
        if (first.has(claim)) copied.textContent = `Why, fair wording and evidence: see note ${first.get(claim)}.`;
        else copied.append(element(`claim-${claim}`).querySelector(".known").cloneNode(true));
        if (!first.has(claim)) first.set(claim, note.id.split("-")[1]);
        more.after(copied);
      }
    }
  });
  addEventListener("afterprint", () => {
    for (const printed of all(".printed")) printed.remove();
    for (const more of all(".more")) more.hidden = false;
  });

  // --- start ---------------------------------------------------------------------------------------------------------

  element("main").querySelector("#shown").after(element("index"));
  for (const card of claims.toSorted((one, other) => one.dataset.statement.localeCompare(other.dataset.statement))) {
    const option = new Option(card.dataset.statement, card.id.slice("claim-".length));
    option.dataset.statement = card.dataset.statement;
    select.append(option);
  }
  for (const row of rows) for (const cell of [...row.cells].slice(1)) cell.dataset.value = cell.textContent.replaceAll(",", "");
  for (const heading of all("th[data-sort]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sortBy(heading));
    heading.append(button);
  }
  const roomy = matchMedia("(min-width: 1400px)");
  const unfold = () => (element("filters").querySelector("details").open = roomy.matches);
  roomy.addEventListener("change", unfold);
  unfold();
  element("filters").hidden = element("panel").hidden = !findings.length;
  addEventListener("popstate", readAddress);
  readAddress();
});
