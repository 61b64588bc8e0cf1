/**
 * A time span for a reader: `840 ms`, `5.2 s`, `3 min 20 s`, `2 h 5 min`.
 * @param {number} ms
 * @returns {string}
 */
export function duration(ms) {
  if (ms < 1000) return `${ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.round(ms % 60_000 / 1000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
