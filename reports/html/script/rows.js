import { addressOf } from "./address.js";
import { make } from "./make.js";

/** The rows of the index with their search text, and their places by address. */
export function rowsOf(data) {
  const rows = data.cases.map((one, number) => {
    const clauses = one.k.map((k) => data.clauses[k][1]);
    const words = [one.id, one.t, one.p, one.level, one.purpose, one.reason, ...one.warnings, ...one.tags];
    return {
      number,
      one,
      address: addressOf([one.id, one.t, one.p, ...(one.i === undefined ? [] : [String(one.i)])]),
      words: [...words, ...clauses].join("\n").toLowerCase(),
      hit: true,
      open: false,
      row: null,
      detail: null,
    };
  });
  const places = new Map();
  for (const entry of rows) if (!places.has(entry.address)) places.set(entry.address, entry);
  return { rows, places };
}

/** The sign of a standing, with its name as a label if the name is not shown as text. */
export function markOf(data, standing, named) {
  const [, sign, name] = data.standings.find(([key]) => key === standing);
  const mark = make("span", `mark ${standing}`, sign);
  if (named) {
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", name);
    mark.title = name;
  } else mark.setAttribute("aria-hidden", "true");
  return mark;
}

/** The name of a standing for a reader. */
export function nameOf(data, standing) {
  return data.standings.find(([key]) => key === standing)[2];
}

/** The rank of a standing; the worst is 0. */
export function gravity(data, standing) {
  return data.standings.findIndex(([key]) => key === standing);
}
