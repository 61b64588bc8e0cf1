/**
 * A period of a load in which the rate and the number of clients change linearly. Times are in milliseconds since the load
 * began; rates and clients are shares of the groups' full numbers.
 */
export interface RateSegment {
  readonly startMs: number;
  readonly endMs: number;
  readonly fromRate: number;
  readonly toRate: number;
  readonly fromClients: number;
  readonly toClients: number;
}

/** The share of clients that are connected at `ms` since the load began. */
export function clientsAt(segments: readonly RateSegment[], ms: number): number {
  const segment = segments.find((one) => ms < one.endMs) ?? segments.at(-1);
  if (!segment) return 1;
  const part = Math.min(1, Math.max(0, (ms - segment.startMs) / (segment.endMs - segment.startMs)));
  return segment.fromClients + (segment.toClients - segment.fromClients) * part;
}
