import assert from "node:assert/strict";
import { clauses as moduleClauses } from "../../lib/at/clauses.ts";
import { clauses as mqttClauses } from "../../lib/mqtt/clauses.ts";
import { golden } from "../golden.ts";
import { ecmtClausesPage, mqttClausesPage, qmtClausesPage } from "./clauses.ts";
import { defectsPage } from "./defects.ts";
import { PAGES } from "./pages.ts";
import { paragraph, table } from "./markdown.ts";
import { quirksPage } from "./quirks.ts";

for (const [name, page] of PAGES) {
  Deno.test(
    `docs/reference/${name} is fresh`,
    async () => golden(new URL(`../../docs/reference/${name}`, import.meta.url), await page()),
  );
}

Deno.test("the pages of the clauses hold every clause once", () => {
  const rows = (page: string) => page.split("\n").filter((line) => /^\| (MQTT|ECMT|QMT)-/.test(line)).length;
  assert.equal(rows(mqttClausesPage()), mqttClauses("3.1.1").length + mqttClauses("5.0").length);
  assert.equal(rows(ecmtClausesPage()), moduleClauses("ECMT").length);
  assert.equal(rows(qmtClausesPage()), moduleClauses("QMT").length);
});

Deno.test("the defects that the page of defects shows by example are there", () => {
  const page = defectsPage();
  for (const [, id = ""] of page.matchAll(/--defect ([a-z0-9-]+)/g)) {
    assert.match(page, new RegExp(`^\\| ${id} \\|`, "m"));
  }
});

Deno.test("the quirks that the page of quirks shows by example are there", () => {
  const page = quirksPage();
  for (const [, id = ""] of page.matchAll(/--quirk ([a-z0-9-]+)/g)) {
    assert.match(page, new RegExp(`^\\| ${id} \\|`, "m"));
  }
});

Deno.test("a table shows Markdown characters unchanged", () => {
  assert.equal(table(["a"], [["x|y <b> *z*"]]), "| a |\n|---|\n| x\\|y \\<b\\> \\*z\\* |");
});

Deno.test("a paragraph is broken between words, and a long word is on its own line", () => {
  const long = "x".repeat(120);
  assert.equal(paragraph(`a  b\n ${long} c`), `a b\n${long}\nc`);
});
