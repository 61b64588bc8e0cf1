import { make } from "./make.js";

const TIME = "4.5rem";

/** The sequence chart of a case: a column for each lane, and an arrow for each packet, which opens to its bytes. */
export function chart(one) {
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
      list.append(make("p", "gap", `${one.cut} entries are left out here; see the journal`));
    }
    list.append(...entry(item, one, target, columns, failing));
  });
  if (failing >= 0) {
    const [text, line] = one.steps[failing];
    list.append(make("p", "failing", make("b", "", "✕ "), `${line} | ${text}`));
  }
  const whole = make("div", "chart", head, list);
  whole.tabIndex = 0;
  whole.setAttribute("role", "group");
  whole.setAttribute("aria-label", "Sequence chart; arrow keys move from entry to entry");
  walkable(whole);
  return whole;
}

/** Makes one entry of the chart reachable by the Tab key; arrow keys, Home and End move from there. */
function walkable(whole) {
  const arrows = Array.from(whole.querySelectorAll(".entry button:not(:disabled)"));
  arrows.forEach((arrow, index) => arrow.tabIndex = index === 0 ? 0 : -1);
  whole.addEventListener("keydown", (event) => {
    const at = arrows.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: arrows.length - 1 }[event.key];
    const next = to === undefined ? undefined : arrows[to];
    if (next === undefined) return;
    event.preventDefault();
    for (const arrow of arrows) arrow.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
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
  if (foreign === 1) arrow.append(make("span", "aside", "not part of this case, ignored"));
  for (const violation of violations) arrow.append(make("span", "aside violation", violation));
  row.append(arrow);
  if (hex === "" && step < 0) {
    arrow.disabled = true;
    return [row];
  }
  const more = make("div", "more");
  more.hidden = true;
  arrow.setAttribute("aria-expanded", "false");
  arrow.addEventListener("click", () => {
    if (more.childElementCount === 0) more.append(...bytes(one, step, direction, lane, hex, size));
    more.hidden = !more.hidden;
    row.classList.toggle("open", !more.hidden);
    arrow.setAttribute("aria-expanded", String(!more.hidden));
  });
  return [row, more];
}

function bytes(one, step, direction, lane, hex, size) {
  const parts = [];
  if (step >= 0 && step < one.steps.length) {
    parts.push(make("span", "step", `${one.steps[step][1]} | ${one.steps[step][0]}`));
  }
  if (hex !== "") {
    const way = direction === 0 ? "sent by" : "received by";
    parts.push(make("span", "size", `${size} ${size === 1 ? "byte" : "bytes"} ${way} ${one.lanes[lane]}`));
    parts.push(make("code", "hex", spaced(hex, size)));
  }
  return parts;
}

/** Hex digits as pairs separated by spaces, with the total number of bytes if some are left out. */
export function spaced(hex, size) {
  const pairs = hex.match(/../g) ?? [];
  return pairs.join(" ") + (size > pairs.length ? ` … (${size} bytes in all)` : "");
}
