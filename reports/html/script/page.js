import { chart } from "./chart.js";
import { detailOf } from "./detail.js";
import { duration } from "./duration.js";
import { make } from "./make.js";
import { gravity, markOf, nameOf, rowsOf } from "./rows.js";
import { openableSuites } from "./suites.js";
import { virtualTable } from "./table.js";
import { detailsOf, unpack } from "./unpack.js";

theme();
unpack("index").then((data) => {
  if (data !== undefined && document.querySelector("table.cases") !== null) start(data);
  document.documentElement.classList.add("ready");
});

function start(data) {
  const table = document.querySelector("table.cases");
  const find = document.getElementById("find");
  const shown = document.getElementById("shown");
  const none = document.getElementById("none");
  const selects = ["target", "protocol"].map((id) => document.getElementById(id));
  document.documentElement.classList.add("script");
  const { rows, places } = rowsOf(data);
  const suites = Array.from(Map.groupBy(rows, ({ one }) => one.u), ([name, own]) => ({
    name,
    own,
    // In a long run, fold the suites without a failure so that the others are visible.
    open: rows.length <= 80 || own.some(({ one }) => one.v !== "pass" && one.v !== "skip"),
  })).sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  const view = virtualTable(table, (item, at) => item.own ? [headRow(item, at)] : caseRows(item, at));

  // Rows

  function headRow(suite, at) {
    const fold = make("button", "fold", suite.name);
    fold.type = "button";
    fold.setAttribute("aria-expanded", String(suite.open || filtering()));
    fold.addEventListener("click", () => {
      suite.open = !suite.open;
      update();
      table.querySelectorAll("tr.suite .fold").forEach((own) => {
        if (own.textContent === suite.name) own.focus({ preventScroll: true });
      });
    });
    const hits = suite.own.filter(({ hit }) => hit);
    const tally = make("span", "tally");
    for (const [standing] of data.standings) {
      const n = hits.filter(({ one }) => one.v === standing).length;
      if (n > 0) tally.append(make("span", standing, markOf(data, standing, true), ` ${n}`));
    }
    tally.append(make("span", "time", duration(hits.reduce((sum, { one }) => sum + one.ms, 0))));
    const cell = make("th", "", fold, tally);
    cell.colSpan = 5;
    cell.scope = "rowgroup";
    const row = make("tr", "suite", cell);
    row.setAttribute("aria-rowindex", String(at + 2));
    return row;
  }

  function caseRows(entry, at) {
    const { one } = entry;
    const word = make("span", `word ${one.v}`, nameOf(data, one.v));
    const link = make("a", "", make("span", "in-suite", prefix(one)), one.id.slice(prefix(one).length));
    link.href = `#${entry.address}`;
    link.setAttribute("aria-expanded", String(entry.open));
    const name = make("td", "case", link);
    if (one.level !== "must") name.append(make("span", "chip", one.level));
    if (one.i !== undefined) name.append(make("span", "chip", `run ${one.i}`));
    if (one.reason !== "") name.append(make("span", "why", short(one.reason)));
    for (const warning of one.warnings) name.append(make("span", "why warning", short(warning)));
    const row = make(
      "tr",
      entry.open ? "case is-open" : "case",
      make("td", "verdict", markOf(data, one.v, false), " ", word),
      name,
      make("td", "target", one.t),
      make("td", "protocol", one.p),
      make("td", "time", duration(one.ms)),
    );
    row.setAttribute("aria-rowindex", String(at + 2));
    row.addEventListener("click", (event) => {
      if (event.target.closest("button") !== null) return;
      const selection = getSelection();
      if (selection !== null && !selection.isCollapsed) return;
      event.preventDefault();
      toggle(entry, !entry.open);
    });
    entry.row = row;
    return entry.detail === null ? [row] : [row, entry.detail];
  }

  function prefix({ id, u }) {
    return id.startsWith(`${u}/`) ? `${u}/` : "";
  }

  function short(text) {
    return text.length <= 300 ? text : `${text.slice(0, 299)}…`;
  }

  async function toggle(entry, open) {
    entry.open = open;
    if (open && entry.detail === null) {
      const details = await detailsOf(entry.number, data.block);
      if (!entry.open || entry.detail !== null) return;
      entry.detail = detailOf(entry, details, data);
      if (entry.row.isConnected) entry.row.after(entry.detail);
    } else if (!open && entry.detail !== null) {
      entry.detail.remove();
      entry.detail = null;
    }
    entry.row?.classList.toggle("is-open", open);
    entry.row?.querySelector("td.case a").setAttribute("aria-expanded", String(open));
  }

  // Filter

  const verdicts = new Set();
  const buttons = Array.from(document.querySelectorAll("button[data-verdict]"));

  function filtering() {
    return find.value.trim() !== "" || verdicts.size > 0 ||
      selects.some((select) => select !== null && select.value !== "");
  }

  function matches({ one, words }, wanted) {
    const [target, protocol] = selects.map((select) => select === null ? "" : select.value);
    if (target !== "" && one.t !== target) return false;
    if (protocol !== "" && one.p !== protocol) return false;
    const byVerdict = verdicts.size === 0 || verdicts.has(one.v) ||
      verdicts.has("warnings") && one.warnings.length > 0;
    return byVerdict && wanted.every((word) => words.includes(word));
  }

  function update() {
    const wanted = find.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    let count = 0;
    for (const entry of rows) {
      entry.hit = matches(entry, wanted);
      if (entry.hit) count++;
    }
    view.show(items());
    shown.textContent = count === rows.length ? `${count} shown` : `${count} of ${rows.length} shown`;
    none.hidden = count > 0;
  }

  // Sorted by case, the rows are below their suites; by anything else they are one list.

  const sorted = { name: "case", down: false };
  const keys = {
    verdict: ({ one }) => gravity(data, one.v),
    target: ({ one }) => one.t,
    protocol: ({ one }) => one.p,
    time: ({ one }) => -one.ms,
  };

  function items() {
    if (sorted.name === "case") {
      const all = filtering();
      return (sorted.down ? suites.toReversed() : suites).flatMap((suite) => {
        const hits = suite.own.filter(({ hit }) => hit);
        if (hits.length === 0) return [];
        return [suite, ...(suite.open || all ? sorted.down ? hits.toReversed() : hits : [])];
      });
    }
    const key = keys[sorted.name];
    const way = sorted.down ? -1 : 1;
    return rows.filter(({ hit }) => hit).sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      return (x < y ? -1 : x > y ? 1 : 0) * way || a.number - b.number;
    });
  }

  find.addEventListener("input", update);
  for (const select of selects) if (select !== null) select.addEventListener("change", update);
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const verdict = button.dataset.verdict;
      if (!verdicts.delete(verdict)) verdicts.add(verdict);
      button.setAttribute("aria-pressed", String(verdicts.has(verdict)));
      update();
    });
  }
  for (const link of document.querySelectorAll("a[data-find]")) {
    link.addEventListener("click", () => {
      find.value = link.dataset.find;
      update();
    });
  }
  for (const button of table.tHead.querySelectorAll("button[data-sort]")) {
    button.addEventListener("click", () => {
      sorted.down = sorted.name === button.dataset.sort && !sorted.down;
      sorted.name = button.dataset.sort;
      for (const head of table.tHead.querySelectorAll("th")) {
        const own = head.firstElementChild.dataset.sort === sorted.name;
        head.setAttribute("aria-sort", own ? sorted.down ? "descending" : "ascending" : "none");
      }
      update();
    });
  }

  // Addresses

  /** Opens the case that the address names, even if a filter or a folded suite hides it. */
  async function follow() {
    const entry = places.get(location.hash.slice(1));
    if (entry === undefined) return;
    suites.find(({ own }) => own.includes(entry)).open = true;
    if (!entry.hit) {
      find.value = "";
      for (const select of selects) if (select !== null) select.value = "";
      verdicts.clear();
      for (const button of buttons) button.setAttribute("aria-pressed", "false");
    }
    update();
    view.reveal(entry);
    entry.row.scrollIntoView({ block: "start" });
    await toggle(entry, true);
    entry.row.scrollIntoView({ block: "start" });
    entry.row.querySelector("a").focus({ preventScroll: true });
  }
  addEventListener("hashchange", follow);
  // Following the same link again does not change the address.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#case=']");
    if (link !== null && link.closest("table.cases") === null && link.hash === location.hash) follow();
  });

  drawnCharts(data);
  openableSuites(rows, data);
  update();
  follow();
}

/** Replaces the text charts of the failures by interactive ones when they become visible. On paper the text is used. */
function drawnCharts(data) {
  const watch = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      watch.unobserve(target);
      detailsOf(Number(target.dataset.case), data.block).then((details) => {
        if (details.chart.length === 0) return;
        target.after(chart(details));
        target.classList.add("on-paper");
      });
    }
  }, { rootMargin: "600px" });
  for (const text of document.querySelectorAll("pre.chart-text[data-case]")) watch.observe(text);
  // On paper nothing can be opened, so open how to run this again and all failures.
  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details.run-facts, details.failure")) part.open = true;
  });
}

/** The page follows the system's theme until the reader chooses the other one. */
function theme() {
  const button = document.getElementById("theme");
  if (button === null) return;
  const dark = () =>
    document.documentElement.dataset.theme === undefined
      ? matchMedia("(prefers-color-scheme: dark)").matches
      : document.documentElement.dataset.theme === "dark";
  const name = () => button.textContent = dark() ? "Light" : "Dark";
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = dark() ? "light" : "dark";
    name();
  });
  button.hidden = false;
  name();
}
