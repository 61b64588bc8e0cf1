/** Writes a tar archive in npm's form: ustar, compressed by gzip, with every file below `package/`. */
import { gzipSync } from "node:zlib";

/** A file of the archive. */
export interface Entry {
  /** Its path in the package, with slashes; at most 92 bytes, or 247 with a slash at a suitable place. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Whether it is a program. */
  readonly runs?: boolean;
}

const BLOCK = 512;
/** The same time in every archive, so the same files produce the same bytes; npm uses it too. */
const TIME_S = 499_162_500;

/** Returns the bytes of an archive of the files, sorted by path. Throws for a path that is too long. */
export function tarball(entries: readonly Entry[]): Uint8Array {
  const sorted = [...entries].sort((a, b) => a.path < b.path ? -1 : 1);
  const parts: Uint8Array[] = [];
  for (const entry of sorted) {
    const { bytes } = entry;
    parts.push(header(entry), bytes, new Uint8Array((BLOCK - bytes.length % BLOCK) % BLOCK));
  }
  // Two empty blocks mark the end.
  parts.push(new Uint8Array(2 * BLOCK));
  const zipped = gzipSync(joined(parts), { level: 9 });
  return new Uint8Array(zipped);
}

function header({ path, bytes, runs }: Entry): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string) => block.set(new TextEncoder().encode(text), at);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, "0")}\0`;
  const { prefix, name } = splitPath(`package/${path}`);
  put(0, name);
  put(100, octal(runs ? 0o755 : 0o644, 7));
  put(108, octal(0, 7));
  put(116, octal(0, 7));
  put(124, octal(bytes.length, 11));
  put(136, octal(TIME_S, 11));
  // The checksum counts its own field as spaces.
  put(148, " ".repeat(8));
  put(156, "0");
  put(257, "ustar\x0000");
  put(345, prefix);
  put(148, `${octal(block.reduce((sum, byte) => sum + byte, 0), 6)} `);
  return block;
}

/** Splits a path for ustar: up to 155 bytes, an omitted slash, up to 100 bytes. */
function splitPath(path: string): { readonly prefix: string; readonly name: string } {
  const fits = (text: string, most: number) => new TextEncoder().encode(text).length <= most;
  if (fits(path, 100)) return { prefix: "", name: path };
  for (let at = path.indexOf("/"); at > 0; at = path.indexOf("/", at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (fits(prefix, 155) && fits(name, 100)) return { prefix, name };
  }
  throw new Error(
    `The path "${path}" is too long for a tar archive: expected at most 100 bytes after a slash`,
  );
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
