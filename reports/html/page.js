// The script of the report. It makes elements and sets text, never markup: the data is what a target sent.
(() => {
  "use strict";
  const source = document.getElementById("data");
  if (source === null) return;
  const data = JSON.parse(source.textContent);
  const table = document.querySelector("table.cases");
  const find = document.getElementById("find");
  const shown = document.getElementById("shown");
  const none = document.getElementById("none");
  const selects = ["target", "protocol"].map((id) => document.getElementById(id));
  document.documentElement.classList.add("script");

  /** Makes an element: `children` are elements or text. */
  function make(name, className, ...children) {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...children);
    return element;
  }

  const rows = data.cases.map((one, number) => {
    const clauses = one.k.map((k) => data.clauses[k][1]);
    const words = [
      one.id,
      one.t,
      one.p,
      one.level,
      one.purpose,
      one.reason,
      ...one.warnings,
      ...one.tags,
      ...clauses,
    ];
    const row = document.getElementById(`c${number}`);
    return {
      number,
      one,
      row,
      body: row.parentElement,
      words: words.join("\n").toLowerCase(),
      detail: null,
      hit: true,
    };
  });
  const suites = Array.from(table.tBodies, (body) => ({
    body,
    head: body.querySelector("tr.suite"),
    fold: body.querySelector("button.fold"),
    rows: rows.filter((entry) => entry.body === body),
    open: true,
  }));

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
    const all = filtering();
    let count = 0;
    for (const entry of rows) {
      entry.hit = matches(entry, wanted);
      if (entry.hit) count++;
    }
    for (const suite of suites) {
      const any = suite.rows.some((entry) => entry.hit);
      suite.head.hidden = sorted.name !== "case" || !any;
      suite.fold.setAttribute("aria-expanded", String(suite.open || all));
      for (const entry of suite.rows) {
        const hidden = !entry.hit || sorted.name === "case" && !suite.open && !all;
        entry.row.hidden = hidden;
        if (entry.detail !== null) entry.detail.hidden = hidden;
      }
    }
    shown.textContent = count === rows.length ? `${count} shown` : `${count} of ${rows.length} shown`;
    none.hidden = count > 0;
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
  for (const suite of suites) {
    suite.fold.addEventListener("click", () => {
      suite.open = !suite.open;
      update();
    });
  }
  for (const link of document.querySelectorAll("a[data-find]")) {
    link.addEventListener("click", () => {
      find.value = link.dataset.find;
      update();
    });
  }

  // Sort: by case keeps the suites together, by anything else lists all rows in one.

  const sorted = { name: "case", down: false };
  const gravity = ["fail", "error", "inconclusive", "unexpected-pass", "expected-fail", "skip", "pass"];
  const keys = {
    verdict: ({ one }) => gravity.indexOf(one.v),
    target: ({ one }) => one.t,
    protocol: ({ one }) => one.p,
    time: ({ one }) => -one.ms,
  };

  function place(entry, body) {
    body.append(entry.row);
    if (entry.detail !== null) body.append(entry.detail);
  }

  function sort() {
    const way = sorted.down ? -1 : 1;
    if (sorted.name === "case") {
      const ordered = sorted.down ? suites.toReversed() : suites;
      for (const suite of ordered) {
        table.append(suite.body);
        for (const entry of sorted.down ? suite.rows.toReversed() : suite.rows) place(entry, suite.body);
      }
    } else {
      const key = keys[sorted.name];
      const ordered = rows.toSorted((a, b) => {
        const [x, y] = [key(a), key(b)];
        return (x < y ? -1 : x > y ? 1 : 0) * way || a.number - b.number;
      });
      for (const entry of ordered) place(entry, table.tBodies[0]);
    }
    for (const head of table.tHead.querySelectorAll("th")) {
      const own = head.firstElementChild.dataset.sort === sorted.name;
      head.setAttribute("aria-sort", own ? sorted.down ? "descending" : "ascending" : "none");
    }
    update();
  }

  for (const button of table.tHead.querySelectorAll("button[data-sort]")) {
    button.addEventListener("click", () => {
      sorted.down = sorted.name === button.dataset.sort && !sorted.down;
      sorted.name = button.dataset.sort;
      sort();
    });
  }

  // Sequence chart

  const TIME = "4.5rem";

  function chart(one) {
    const count = one.lanes.length;
    const target = one.lanes.indexOf("target");
    const columns = `${TIME} repeat(${count * 2}, minmax(0, 1fr))`;
    const head = make("div", "chart-head");
    head.style.gridTemplateColumns = columns;
    one.lanes.forEach((lane, index) => {
      const name = make("span", index === target ? "lane target" : "lane", lane);
      name.style.gridColumn = `${2 + index * 2} / span 2`;
      head.append(name);
    });
    const list = make("div", "chart-rows");
    one.lanes.forEach((_, index) => {
      const line = make("i", index === target ? "life target" : "life");
      line.style.left = `calc(${TIME} + (100% - ${TIME}) * ${(index * 2 + 1) / (count * 2)})`;
      list.append(line);
    });
    const failing = one.steps.findIndex((step) => step[2] === 1);
    one.chart.forEach((item, index) => {
      if (one.cut > 0 && index === Math.floor(one.chart.length / 2)) {
        list.append(make("p", "gap", `${one.cut} entries are left out here; the journal holds them`));
      }
      list.append(...entry(item, one, target, columns, failing));
    });
    if (failing >= 0) {
      const [text, line] = one.steps[failing];
      list.append(make("p", "failing", make("b", "", "✕ "), `${line} | ${text}`));
    }
    return make("div", "chart", head, list);
  }

  function entry(
    [at, lane, direction, step, text, hex, size, foreign, violations],
    one,
    target,
    columns,
    failing,
  ) {
    const note = direction === 2 || lane === target;
    const [from, to] = direction === 0 ? [lane, target] : [target, lane];
    const kind = note ? "note" : from < to ? "right" : "left";
    const row = make("div", "entry");
    row.style.gridTemplateColumns = columns;
    if (foreign === 1) row.classList.add("foreign");
    if (violations.length > 0) row.classList.add("bad");
    if (step >= 0 && step === failing) row.classList.add("failed");
    row.append(make("span", "at", at < 10 ? String(Math.round(at * 10) / 10) : String(Math.round(at))));
    const arrow = make("button", kind, make("span", "label", text));
    arrow.type = "button";
    arrow.style.gridColumn = note
      ? `${2 + lane * 2} / span 2`
      : `${3 + Math.min(from, to) * 2} / ${3 + Math.max(from, to) * 2}`;
    if (foreign === 1) arrow.append(make("span", "aside", "not of this case, passed over"));
    for (const violation of violations) arrow.append(make("span", "aside violation", violation));
    row.append(arrow);
    if (hex === "" && step < 0) {
      arrow.disabled = true;
      return [row];
    }
    const more = make("div", "more");
    more.hidden = true;
    const name = one.lanes[lane];
    if (step >= 0 && step < one.steps.length) {
      more.append(make("span", "step", `${one.steps[step][1]} | ${one.steps[step][0]}`));
    }
    if (hex !== "") {
      const way = direction === 0 ? "sent by" : "received by";
      more.append(make("span", "size", `${size} ${size === 1 ? "byte" : "bytes"} ${way} ${name}`));
      more.append(make("code", "hex", hex));
    }
    arrow.setAttribute("aria-expanded", "false");
    arrow.addEventListener("click", () => {
      more.hidden = !more.hidden;
      row.classList.toggle("open", !more.hidden);
      arrow.setAttribute("aria-expanded", String(!more.hidden));
    });
    return [row, more];
  }

  // A case opens below its row, with the failure as the page has it above.

  function details(entry) {
    const { one, number } = entry;
    const part = make("div", "opened");
    part.append(make("p", "purpose", one.purpose));
    const facts = make("p", "at", one.at, one.level === "must" ? "" : ` · level ${one.level}`);
    if (one.tags.length > 0) facts.append(` · ${one.tags.join(", ")}`);
    part.append(facts);
    const written = document.querySelector(`#f${number} > .body`);
    if (written !== null) {
      const copy = written.cloneNode(true);
      copy.querySelectorAll(".purpose, .chart, .chart-text").forEach((element) => element.remove());
      part.append(copy);
    } else if (one.text !== undefined) part.append(make("pre", "source", one.text));
    if (one.k.length > 0) {
      const list = make("ul", "covers");
      for (const k of one.k) {
        list.append(make("li", "", make("b", "", data.clauses[k][1]), ` ${data.clauses[k][2]}`));
      }
      part.append(list);
    }
    if (written === null) { for (const warning of one.warnings) part.append(make("p", "warning", warning)); }
    if (one.chart.length > 0) part.append(chart(one));
    if (one.steps.length > 0) part.append(steps(one));
    const cell = make("td", "", part);
    cell.colSpan = 5;
    return make("tr", "detail", cell);
  }

  function steps(one) {
    const list = make("ol", "steps");
    for (const [text, line, failed, opening] of one.steps) {
      const item = make("li", failed === 1 ? "failed" : "", make("span", "dim", `${line} | `), text);
      if (opening !== "") item.append(make("span", "chip", opening));
      list.append(item);
    }
    return make("details", "step-list", make("summary", "", `Steps (${one.steps.length})`), list);
  }

  function toggle(entry, open) {
    const link = entry.row.querySelector("td.case a");
    if (!open && entry.detail !== null) {
      entry.detail.remove();
      entry.detail = null;
    } else if (open && entry.detail === null) {
      entry.detail = details(entry);
      entry.row.after(entry.detail);
    }
    entry.row.classList.toggle("is-open", open);
    link.setAttribute("aria-expanded", String(open));
  }

  table.addEventListener("click", (event) => {
    const row = event.target.closest("tr.case");
    if (row === null || event.target.closest("button") !== null) return;
    const selection = getSelection();
    if (selection !== null && !selection.isCollapsed) return;
    event.preventDefault();
    const entry = rows[Number(row.id.slice(1))];
    toggle(entry, entry.detail === null);
  });

  /** Opens the case that the address names, also where a filter or a folded suite hides it. */
  function follow() {
    const found = /^#c(\d+)$/.exec(location.hash);
    const entry = found === null ? undefined : rows[Number(found[1])];
    if (entry === undefined) return;
    const suite = suites.find((one) => one.body === entry.body);
    suite.open = true;
    if (!entry.hit) {
      find.value = "";
      for (const select of selects) if (select !== null) select.value = "";
      verdicts.clear();
      for (const button of buttons) button.setAttribute("aria-pressed", "false");
    }
    update();
    toggle(entry, true);
    entry.row.scrollIntoView({ block: "start" });
  }
  addEventListener("hashchange", follow);
  // The address does not change when its own link is followed again.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#c']");
    if (link !== null && link.closest("table.cases") === null && link.hash === location.hash) follow();
  });

  // The charts of the failures are text until they are seen; then they can be clicked.
  const upgrade = (text) => {
    const one = data.cases[Number(text.dataset.case)];
    if (one !== undefined && one.chart.length > 0) text.replaceWith(chart(one));
  };
  const texts = document.querySelectorAll("pre.chart-text[data-case]");
  const watch = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      watch.unobserve(target);
      upgrade(target);
    }
  }, { rootMargin: "600px" });
  for (const text of texts) watch.observe(text);
  // On paper nothing can be opened: what it takes to run this again must stand there.
  addEventListener("beforeprint", () => {
    document.querySelectorAll("pre.chart-text[data-case]").forEach(upgrade);
    for (const part of document.querySelectorAll("details.facts, details.failure")) part.open = true;
  });

  // In a long run the suites where all is well are folded, so that the others are seen.
  if (rows.length > 80) {
    for (const suite of suites) {
      suite.open = suite.rows.some(({ one }) => one.v !== "pass" && one.v !== "skip");
    }
  }
  update();
  follow();
})();
