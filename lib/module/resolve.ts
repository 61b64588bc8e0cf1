/**
 * Parses `host:port=address:port` entries, which redirect a connection to another address. Throws a
 * RangeError with a sentence for an entry in another form.
 */
export function readResolve(entries: readonly string[]): ReadonlyMap<string, string> {
  const resolve = new Map<string, string>();
  for (const entry of entries) {
    const [from = "", to = "", ...more] = entry.split("=");
    if (more.length > 0 || !isEndpoint(from) || !isEndpoint(to)) {
      throw new RangeError(
        `expected an entry of the form "host:port=address:port", such as ` +
          `"test.mosquitto.org:1883=127.0.0.1:1883", found ${JSON.stringify(entry)}`,
      );
    }
    resolve.set(from, to);
  }
  return resolve;
}

function isEndpoint(text: string): boolean {
  const found = /^(\[[0-9a-fA-F:]+\]|[^\s:[\]]+):(\d{1,5})$/.exec(text);
  const port = Number(found?.[2] ?? 0);
  return port >= 1 && port <= 65535;
}
