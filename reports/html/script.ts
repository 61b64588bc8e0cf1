import address from "./script/address.js" with { type: "text" };
import chart from "./script/chart.js" with { type: "text" };
import detail from "./script/detail.js" with { type: "text" };
import duration from "./script/duration.js" with { type: "text" };
import make from "./script/make.js" with { type: "text" };
import page from "./script/page.js" with { type: "text" };
import rows from "./script/rows.js" with { type: "text" };
import suites from "./script/suites.js" with { type: "text" };
import table from "./script/table.js" with { type: "text" };
import unpack from "./script/unpack.js" with { type: "text" };

/**
 * The script of the report: the modules of `script/` as one text in one scope, each below its imports. It creates elements and
 * sets text, never markup, because the data comes from a target.
 */
export const script = `(() => {
"use strict";
${[address, duration, make, unpack, rows, table, chart, detail, suites, page].map(joined).join("\n")}
})();`;

/** A module without its imports and exports, because the page loads nothing. */
function joined(module: string): string {
  return module.replaceAll(/^import [^;]*;\n/gm, "").replaceAll(/^export /gm, "");
}
