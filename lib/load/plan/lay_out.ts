import type { PlannedStage } from "../../run/load_event.ts";
import type { Stage } from "../profile/stage.ts";
import type { RateSegment } from "./rate_segment.ts";

/** How many straight segments approximate one period of a wave. */
const SEGMENTS_OF_A_PERIOD = 24;
/** The most segments of one wave. */
const MOST_WAVE_SEGMENTS = 20_000;

/** Lays stages out in time. `fullRate` is the rate of all groups at 100 %, `clients` the number of clients. */
export function layOut(
  stages: readonly Stage[],
  fullRate: number,
  clients: number,
): { readonly segments: readonly RateSegment[]; readonly planned: readonly PlannedStage[] } {
  const segments: RateSegment[] = [];
  const planned: PlannedStage[] = [];
  let at = 0;
  let rate = 0;
  const [first] = stages;
  // A load that starts with a ramp of clients starts with none.
  let online = first?.kind === "ramp" && first.clients !== undefined ? 0 : first?.clients ?? 1;
  for (const stage of stages) {
    const endMs = at + stage.ms;
    const share = stage.clients ?? online;
    const made = segmentsOf(stage, share, at, { rate, online });
    segments.push(...made);
    const [begin] = made;
    planned.push({
      kind: stage.kind,
      startMs: at,
      endMs,
      fromRate: (begin?.fromRate ?? 0) * fullRate,
      toRate: stage.rate * fullRate,
      fromClients: Math.round((begin?.fromClients ?? 0) * clients),
      toClients: Math.round(share * clients),
    });
    at = endMs;
    if (stage.kind !== "spike" && stage.kind !== "wave") rate = stage.rate;
    online = share;
  }
  return { segments, planned };
}

function segmentsOf(
  stage: Stage,
  clients: number,
  startMs: number,
  before: { readonly rate: number; readonly online: number },
): readonly RateSegment[] {
  const { ms, rate } = stage;
  const flat = (from: number, to: number, share: number): RateSegment => ({
    startMs: from,
    endMs: to,
    fromRate: share,
    toRate: share,
    fromClients: clients,
    toClients: clients,
  });
  switch (stage.kind) {
    case "hold":
    case "spike":
      return [flat(startMs, startMs + ms, rate)];
    case "ramp":
      return [{
        startMs,
        endMs: startMs + ms,
        fromRate: before.rate,
        toRate: rate,
        fromClients: before.online,
        toClients: clients,
      }];
    case "step": {
      const length = ms / stage.steps;
      return Array.from({ length: stage.steps }, (_, index) => {
        const share = before.rate + (rate - before.rate) * (index + 1) / stage.steps;
        return flat(startMs + index * length, startMs + (index + 1) * length, share);
      });
    }
    case "wave": {
      const count = Math.min(MOST_WAVE_SEGMENTS, Math.ceil(ms / stage.periodMs * SEGMENTS_OF_A_PERIOD));
      const height = (t: number) =>
        before.rate + (rate - before.rate) * (1 - Math.cos(2 * Math.PI * t / stage.periodMs)) / 2;
      return Array.from({ length: count }, (_, index) => {
        const from = ms * index / count;
        const to = ms * (index + 1) / count;
        return { ...flat(startMs + from, startMs + to, 0), fromRate: height(from), toRate: height(to) };
      });
    }
  }
}
