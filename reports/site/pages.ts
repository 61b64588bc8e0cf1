import type { RunResult } from "../../lib/run/result.ts";
import { renderHtml } from "../html/page.tsx";
import { documentPage } from "./clauses.tsx";
import { historyPage } from "./history.tsx";
import { indexPage } from "./index.tsx";
import { siteOf } from "./site.ts";
import { targetPage } from "./target.tsx";

/** A file of a site. */
export interface SitePage {
  /** Its path from the root of the site: ASCII, and at most one folder deep. */
  readonly path: string;
  /** Renders the text. */
  readonly render: () => string;
}

/**
 * The pages of a site of conformance runs: an index with suites against targets, a page for each target and each document of
 * clauses, the history, and with `full` the full report of each run. Loads and proofs are left out.
 */
export function sitePages(results: readonly RunResult[], { full }: { full: boolean }): readonly SitePage[] {
  const site = siteOf(results);
  return [
    ...(full
      ? site.runs.map(({ report, result }) => ({ path: report, render: () => renderHtml(result) }))
      : []),
    ...site.targets.map((target) => ({ path: target.page, render: () => targetPage(site, target, full) })),
    ...site.documents.map((document) => ({
      path: document.page,
      render: () => documentPage(site, document),
    })),
    { path: "history.html", render: () => historyPage(site, full) },
    // The index comes last, so once it exists, all pages that it links to exist.
    { path: "index.html", render: () => indexPage(site) },
  ];
}
