import { make } from "./make.js";
import { gravity, markOf } from "./rows.js";

/** How many rows the filter for differences opens at once; if there are more, a reader opens suites one by one. */
const OPENED = 400;

/** Makes the table of suites open a suite to its cases, and filter for differences between its columns. */
export function openableSuites(rows, data) {
  const table = document.querySelector(".suites table");
  if (table === null) return;
  const bySuite = Map.groupBy(rows, ({ one }) => one.u);
  const suites = Array.from(table.tBodies[0].rows, (row) => {
    const name = row.querySelector(".name");
    const own = casesOf(bySuite.get(name.textContent) ?? [], data);
    const suite = {
      row,
      name,
      own,
      button: make("button", "fold", name.textContent),
      rows: null,
      open: false,
    };
    suite.button.type = "button";
    suite.button.setAttribute("aria-expanded", "false");
    suite.button.addEventListener("click", () => {
      suite.open = !suite.open;
      show(suite);
    });
    name.replaceChildren(suite.button);
    return suite;
  });
  const only = document.getElementById("differences");

  function show(suite) {
    const differing = only !== null && only.checked;
    suite.row.hidden = differing && !suite.own.some(({ differs }) => differs);
    suite.button.setAttribute("aria-expanded", String(suite.open));
    if (suite.open && suite.rows === null) {
      suite.rows = suite.own.map((one) => ({ one, element: caseRow(one, data) }));
      suite.row.after(...suite.rows.map(({ element }) => element));
    }
    for (const { one, element } of suite.rows ?? []) {
      element.hidden = !suite.open || differing && !one.differs;
    }
  }

  only?.addEventListener("change", () => {
    const differing = suites.filter(({ own }) => own.some(({ differs }) => differs));
    const few = differing.reduce((sum, { own }) => sum + own.length, 0) <= OPENED;
    for (const suite of suites) {
      suite.open = only.checked && few && differing.includes(suite);
      show(suite);
    }
  });
}

/** The cases of a suite with their worst run in each column. */
function casesOf(own, data) {
  return Array.from(Map.groupBy(own, ({ one }) => one.id), ([id, runs]) => {
    const cells = data.columns.map(([target, protocol]) =>
      runs.filter(({ one }) => one.t === target && one.p === protocol)
        .toSorted((a, b) => gravity(data, a.one.v) - gravity(data, b.one.v))
    );
    const standings = new Set(cells.flatMap(([gravest]) => gravest === undefined ? [] : [gravest.one.v]));
    return { id, suite: runs[0].one.u, cells, differs: standings.size > 1 };
  });
}

function caseRow({ id, suite, cells }, data) {
  const name = make("th", "", id.startsWith(`${suite}/`) ? id.slice(suite.length + 1) : id);
  name.scope = "row";
  const row = make("tr", "one", name, make("td", "time"));
  for (const [gravest, ...others] of cells) {
    const cell = make("td", "");
    if (gravest === undefined) cell.append(make("span", "dim", "·"));
    else {
      const link = make("a", "", markOf(data, gravest.one.v, true));
      link.href = `#${gravest.address}`;
      if (others.length > 0) link.append(make("small", "", `×${others.length + 1}`));
      cell.append(link);
    }
    row.append(cell);
  }
  return row;
}
