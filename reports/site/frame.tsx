import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import { visible } from "../../lib/ground/text.ts";
import { htmlDocument } from "../html/document.tsx";
import mediaCss from "../html/media.css" with { type: "text" };
import pageCss from "../html/page.css" with { type: "text" };
import tablesCss from "../html/tables.css" with { type: "text" };
import siteCss from "./site.css" with { type: "text" };
import type { Site } from "./site.ts";

const style = [pageCss, tablesCss, siteCss, mediaCss].join("");

/** A page of the site, with links to its other pages. */
export interface Frame {
  /** Its path from the root of the site; its links are relative to it. */
  readonly path: string;
  readonly title: string;
  readonly site: Site;
  readonly children: ComponentChildren;
}

/** The complete text of a page. */
export function framed({ path, title, site, children }: Frame): string {
  const body = renderToString(
    <>
      <a class="skip-link" href="#main">To the results</a>
      <nav aria-label="Pages">
        <a class="word-mark" href={link(path, "index.html")}>attest</a>
        <a href={link(path, "index.html")}>Results</a>
        {site.documents.length === 0 ? null : <a href={`${link(path, "index.html")}#clauses`}>Clauses</a>}
        <a href={link(path, "history.html")}>History</a>
      </nav>
      <main id="main" tabindex={-1}>{children}</main>
    </>,
  );
  return htmlDocument({
    title: `${visible(title)} · attest`,
    icon: "data:,",
    style,
    scripts: [],
    data: [],
    body,
  });
}

/** The link from one page of the site to another. Both are paths from its root, at most one folder deep. */
export function link(from: string, to: string): string {
  return from.includes("/") ? `../${to}` : to;
}

/** A table that scrolls sideways, also by keyboard, if it is wider than the window. */
export function Wide({ label, children }: { label: string; children: ComponentChildren }) {
  return <div class="wide" role="region" aria-label={label} tabindex={0}>{children}</div>;
}
