/** The largest file of data of a profile, in bytes. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Reads a file of data that the profile at `profile` names. Throws what the system throws, and Error for one that is too large. */
export function readDataFile(path: string, profile: URL): string {
  const url = new URL(encodeURI(path), profile);
  const { size } = Deno.statSync(url);
  if (size > MOST_BYTES) throw new Error(`it has ${size} bytes; at most ${MOST_BYTES}`);
  return Deno.readTextFileSync(url);
}
