import { chart } from "./chart.js";
import { make } from "./make.js";

/** The details of an opened case: its purpose, the failure, the clauses, the chart, the steps, and the copy buttons. */
export function detailOf(entry, details, data) {
  const { one, number } = entry;
  const part = make("div", "opened");
  part.append(make("p", "purpose", one.purpose));
  const facts = make("p", "at", details.at, one.level === "must" ? "" : ` · level ${one.level}`);
  if (one.tags.length > 0) facts.append(` · ${one.tags.join(", ")}`);
  part.append(facts, copies(entry, details));
  const written = document.querySelector(`#f${number} > .body`);
  if (written !== null) {
    const copy = written.cloneNode(true);
    copy.querySelectorAll(".purpose, .chart, .chart-text, .others").forEach((element) => element.remove());
    part.append(copy);
  } else {
    if (details.text !== undefined) part.append(make("pre", "source", details.text));
    for (const warning of one.warnings) part.append(make("p", "warning", warning));
  }
  if (one.k.length > 0) part.append(covers(one, data));
  if (details.chart.length > 0) part.append(chart(details));
  else part.append(make("p", "no-chart", "No packet was recorded in this case run"));
  if (details.steps.length > 0) part.append(steps(details));
  const cell = make("td", "", part);
  cell.colSpan = 5;
  return make("tr", "detail", cell);
}

function covers(one, data) {
  const list = make("ul", "covers");
  for (const k of one.k) {
    const [, clause, text, link] = data.clauses[k];
    const name = make(link === "" ? "b" : "a", link === "" ? "" : "clause-link", clause);
    if (link !== "") name.href = link;
    list.append(make("li", "", name, ` ${text}`));
  }
  return list;
}

function steps(details) {
  const list = make("ol", "steps");
  for (const [text, line, failed, opening] of details.steps) {
    const item = make("li", failed === 1 ? "failed" : "", make("span", "dim", `${line} | `), text);
    if (opening !== "") item.append(make("span", "chip", opening));
    list.append(item);
  }
  return make("details", "step-list", make("summary", "", `Steps (${details.steps.length})`), list);
}

/** Buttons that copy the case in several forms. */
function copies(entry, details) {
  const list = make("p", "copies");
  const add = (name, text) => list.append(copyButton(name, text));
  add("Copy the command", details.command);
  add("Copy the address", `${location.href.replace(/#.*$/, "")}#${entry.address}`);
  const bytes = byteLines(details);
  if (bytes !== "") add("Copy the bytes", bytes);
  if (details.report !== undefined) add("Copy as a bug report", details.report);
  return list;
}

/** The packets as lines: lane, direction, bytes in hex, and how many bytes are left out. */
function byteLines({ chart, lanes }) {
  return chart.filter(([, , , , , hex]) => hex !== "").map(([, lane, direction, , , hex, size]) => {
    const left = size - hex.length / 2;
    return `${lanes[lane]} ${direction === 0 ? "->" : "<-"} ${hex}${
      left > 0 ? ` and ${left} bytes more` : ""
    }`;
  }).join("\n");
}

function copyButton(name, text) {
  const button = make("button", "copy", name);
  button.type = "button";
  button.addEventListener("click", async () => {
    button.textContent = await copied(text) ? "Copied" : "The browser does not allow copying";
    setTimeout(() => button.textContent = name, 1500);
  });
  return button;
}

/** Copies a text. Outside a secure context only the older API works. */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = make("textarea", "copy-field");
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
