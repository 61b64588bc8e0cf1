/** The project's own folder, from which its suites and targets are read. */
export const HOME = new URL("../../", import.meta.url);

/** A file of the project as a path that the user can open: short where it lies below the working folder. */
export function shownPath(url: URL): string {
  const path = decodeURIComponent(url.pathname);
  const here = `${Deno.cwd()}/`;
  return path.startsWith(here) ? path.slice(here.length) : path;
}
