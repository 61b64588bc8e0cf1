import type { PlannedStage } from "../../run/load_event.ts";
import type { Stage } from "../profile/profile.ts";

/** A stretch of the load in which rate and clients change evenly. Milliseconds since the load began; shares of 1. */
export interface Piece {
  readonly startMs: number;
  readonly endMs: number;
  readonly fromRate: number;
  readonly toRate: number;
  readonly fromClients: number;
  readonly toClients: number;
}

/** How many straight pieces a wave is made of. */
const PIECES_OF_A_WAVE = 24;
/** The most pieces that all waves of a load are made of. */
const MOST_WAVE_PIECES = 20_000;

/** The stages laid out in time. `fullRate` is what all groups send at 100 %, `clients` how many there are. */
export function layOut(
  stages: readonly Stage[],
  fullRate: number,
  clients: number,
): { readonly pieces: readonly Piece[]; readonly planned: readonly PlannedStage[] } {
  const pieces: Piece[] = [];
  const planned: PlannedStage[] = [];
  let at = 0;
  let rate = 0;
  const [first] = stages;
  // A load that begins by a ramp of clients has none at first.
  let online = first?.kind === "ramp" && first.clients !== undefined ? 0 : first?.clients ?? 1;
  for (const stage of stages) {
    const endMs = at + stage.ms;
    const share = stage.clients ?? online;
    const made = piecesOf(stage, share, at, { rate, online });
    pieces.push(...made);
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
  return { pieces, planned };
}

function piecesOf(
  stage: Stage,
  clients: number,
  startMs: number,
  before: { readonly rate: number; readonly online: number },
): readonly Piece[] {
  const { ms, rate } = stage;
  const flat = (from: number, to: number, share: number): Piece => ({
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
      const count = Math.min(MOST_WAVE_PIECES, Math.ceil(ms / stage.periodMs * PIECES_OF_A_WAVE));
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

/**
 * When the messages of one group are due. The k-th, counted from 0, is due when k and a half messages should have been
 * sent by the rate's integral, so that every worker and shard knows the moments of all without asking.
 */
export class Schedule {
  /** Messages per millisecond at a share of 1. */
  readonly #full: number;
  readonly #pieces: Piece[] = [];
  /** How many messages are due before each piece. */
  readonly #before: number[] = [];
  #total = 0;
  #at = 0;

  /** `rate` is in messages per second. */
  constructor(rate: number, pieces: readonly Piece[]) {
    this.#full = rate / 1000;
    for (const piece of pieces) this.add(piece);
  }

  /** Adds a stretch behind those that are there. */
  add(piece: Piece): void {
    this.#pieces.push(piece);
    this.#before.push(this.#total);
    this.#total += (piece.fromRate + piece.toRate) / 2 * this.#full * (piece.endMs - piece.startMs);
  }

  /** How many messages are due in all. */
  get total(): number {
    return Math.floor(this.#total + 0.5 + 1e-9);
  }

  /** When the k-th message is due, in milliseconds since the load began; Infinity behind the last. */
  dueAt(k: number): number {
    const wanted = k + 0.5;
    if (k >= this.total) return Infinity;
    // The questions mostly come in order, so the answer is here or in the next piece.
    let at = this.#at;
    while (at > 0 && (this.#before[at] ?? 0) > wanted) at--;
    while (at + 1 < this.#pieces.length && (this.#before[at + 1] ?? Infinity) <= wanted) at++;
    this.#at = at;
    const piece = this.#pieces[at];
    if (!piece) return Infinity;
    const left = wanted - (this.#before[at] ?? 0);
    const from = piece.fromRate * this.#full;
    const length = piece.endMs - piece.startMs;
    const grows = (piece.toRate * this.#full - from) / length;
    const root = Math.sqrt(Math.max(0, from * from + 2 * grows * left));
    const within = Math.abs(grows) < 1e-15 ? left / from : 2 * left / (from + root);
    return piece.startMs + Math.min(length, within);
  }
}

/** The share of clients that is to be connected at a moment, in milliseconds since the load began. */
export function clientsAt(pieces: readonly Piece[], ms: number): number {
  const piece = pieces.find((one) => ms < one.endMs) ?? pieces.at(-1);
  if (!piece) return 1;
  const part = Math.min(1, Math.max(0, (ms - piece.startMs) / (piece.endMs - piece.startMs)));
  return piece.fromClients + (piece.toClients - piece.fromClients) * part;
}
