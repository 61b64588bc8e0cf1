const UNITS: ReadonlyMap<string, number> = new Map([["ms", 1], ["s", 1000], ["m", 60_000], ["h", 3_600_000]]);

/** The longest duration in milliseconds: one day. */
export const LONGEST_DURATION_MS = 24 * 3_600_000;

/** Examples of a duration, for messages. */
export const DURATION_EXAMPLES = "500ms, 2s, 1.5s or 2m";

/**
 * Parses `500ms`, `2s`, `1.5s`, `2m` or `1h` to milliseconds. Returns undefined for any other text and for
 * more than one day.
 */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h)$/.exec(text);
  if (!match) return undefined;
  const ms = Number(match[1]) * (UNITS.get(match[2] ?? "") ?? NaN);
  return ms <= LONGEST_DURATION_MS ? Math.round(ms * 1000) / 1000 : undefined;
}

/**
 * Formats milliseconds in the form that {@link parseDuration} reads, in the largest unit that keeps the text
 * short.
 */
export function formatDuration(ms: number): string {
  for (const [unit, size] of [["h", 3_600_000], ["m", 60_000], ["s", 1000]] as const) {
    if (ms >= size && (ms % size === 0 || unit === "s")) {
      return `${Math.round((ms / size) * 1000) / 1000}${unit}`;
    }
  }
  return `${Math.round(ms * 1000) / 1000}ms`;
}
