/** The project's own folder, which contains suites, targets, profiles and dialects. */
export const HOME = new URL("../../", import.meta.url);

/** Returns a path that the user can open: relative if the file is below the working folder. */
export function shownPath(url: URL): string {
  const path = decodeURIComponent(url.pathname);
  const here = `${Deno.cwd()}/`;
  return path.startsWith(here) ? path.slice(here.length) : path;
}
