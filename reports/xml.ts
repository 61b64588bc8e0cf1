import { visible, visibleLines } from "../lib/ground/text.ts";

/** Text as the value of an XML attribute, between double quotes; characters that XML 1.0 forbids are written by name. */
export function attribute(text: string): string {
  return escapeMarkup(visible(text));
}

/** Text as the content of an XML element, with its line feeds; characters that XML 1.0 forbids are written by name. */
export function content(text: string): string {
  return escapeMarkup(visibleLines(text));
}

function escapeMarkup(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(
    '"',
    "&quot;",
  );
}
