import { renderToString } from "preact-render-to-string";
import { contentPolicy } from "./policy.ts";

/** A text that a page's script reads from an element with this id. */
export interface PageData {
  readonly id: string;
  /** JSON as {@link scriptJson} writes it, or packed data in base64. */
  readonly text: string;
}

/** The parts of an HTML report. */
export interface HtmlDocument {
  readonly title: string;
  /** The address of the page's icon, a `data:` URL. */
  readonly icon: string;
  readonly style: string;
  /** Scripts that run in order, after the body and the data. */
  readonly scripts: readonly string[];
  /** The data for the scripts: each a text without `<` in its own element. */
  readonly data: readonly PageData[];
  /** The markup of the body. */
  readonly body: string;
}

/** A complete HTML page that needs no network and runs only its own scripts. */
export function htmlDocument({ title, icon, style, scripts, data, body }: HtmlDocument): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(scripts, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
${renderToString(<title>{title}</title>)}
<link rel="icon" href="${icon}">
<style>${style}</style>
</head>
<body>
${body}
${data.map(({ id, text }) => `<script type="text/plain" id="${id}">${text}</script>`).join("\n")}
${scripts.map((script) => `<script>${script}</script>`).join("\n")}
</body>
</html>
`;
}

/** Data as JSON for a `<script>`: nothing in it can end the element or open a comment. */
export function scriptJson(data: unknown): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}
