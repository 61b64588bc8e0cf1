/** The project's own folder, from which suites, targets, profiles and dialects are read. */
export const HOME = new URL("../../", import.meta.url);

/** A file as a path that the user can open: relative to the working folder if it lies below that. */
export function shownPath(url: URL): string {
  const path = decodeURIComponent(url.pathname);
  const here = `${Deno.cwd()}/`;
  return path.startsWith(here) ? path.slice(here.length) : path;
}
