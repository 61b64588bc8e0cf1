import type { LoadResult } from "../../lib/run/load_result.ts";
import { type Figure, figuresOf } from "./figures.ts";
import { rankTest } from "./mann_whitney.ts";

/** Repeated runs of the same load; comparisons use their median. */
export interface LoadSet {
  readonly name: string;
  readonly loads: readonly LoadResult[];
}

/** A figure in one set. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly shown: string;
  /** `least to most`; absent if there is only one run. */
  readonly range?: string | undefined;
}

/** A figure in all sets, with the difference from the first set in the others. */
export interface ComparedFigure {
  readonly name: string;
  readonly wanted: Figure["wanted"];
  readonly spreads: readonly (Spread | undefined)[];
  readonly differences: readonly (FigureDifference | undefined)[];
}

/** How a figure of one set differs from that of the first set. */
export interface FigureDifference {
  /** As a share of the first set's median; undefined if that is 0. */
  readonly share?: number | undefined;
  readonly shown: string;
  /**
   * `significant` if the rank test gives less than {@link ALPHA}, `not significant` if it gives more, `too few runs` if so few
   * runs can never show a difference, however far apart they are.
   */
  readonly evidence: "significant" | "not significant" | "too few runs";
  /** The probability that chance alone separates the sets this far. */
  readonly p: number;
  readonly judgement: "better" | "worse" | "none shown" | "differs";
}

/** A difference with a lower probability by chance counts as significant. */
export const ALPHA = 0.05;

/** Compares sets of runs with the first set, figure by figure. */
export function compareLoads(sets: readonly LoadSet[]): readonly ComparedFigure[] {
  const figures = sets.map(({ loads }) =>
    loads.map((load) => new Map(figuresOf(load).map((one) => [one.name, one])))
  );
  const names = new Set(figures.flatMap((loads) => loads.flatMap((load) => [...load.keys()])));
  // Leave out faults that no run has.
  const seen = [...names].filter((name) =>
    figures.some((loads) => loads.some((load) => (load.get(name)?.value ?? 0) !== 0))
  );
  return seen.map((name) => {
    const of = figures.map((loads) => loads.flatMap((load) => load.get(name) ?? []));
    const [first = []] = of;
    return {
      name,
      wanted: of.flat()[0]?.wanted ?? "same",
      spreads: of.map(spread),
      differences: of.slice(1).map((other) => difference(first, other)),
    };
  });
}

function spread(figures: readonly Figure[]): Spread | undefined {
  const sorted = figures.toSorted((a, b) => a.value - b.value);
  const [low] = sorted;
  const high = sorted.at(-1);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (!low || !high || !middle) return undefined;
  return {
    median: middle.value,
    least: low.value,
    most: high.value,
    shown: middle.shown,
    range: sorted.length < 2
      ? undefined
      : low.shown === high.shown
      ? low.shown
      : `${low.shown} to ${high.shown}`,
  };
}

function difference(first: readonly Figure[], other: readonly Figure[]): FigureDifference | undefined {
  const [a, b] = [spread(first), spread(other)];
  if (!a || !b) return undefined;
  const p = rankTest(first.map(({ value }) => value), other.map(({ value }) => value));
  const apart = leastP(first.length, other.length);
  const evidence = apart >= ALPHA ? "too few runs" : p < ALPHA ? "significant" : "not significant";
  const share = a.median === 0 ? undefined : b.median / a.median - 1;
  const shown = a.median === b.median
    ? "none"
    : share === undefined
    ? `from 0 to ${b.shown}`
    : `${share > 0 ? "+" : "−"}${Number((Math.abs(share) * 100).toPrecision(2))} %`;
  return {
    share,
    shown,
    evidence,
    p,
    judgement: judgement(first, a, b, evidence),
  };
}

function judgement(
  [figure]: readonly Figure[],
  a: Spread,
  b: Spread,
  evidence: FigureDifference["evidence"],
): FigureDifference["judgement"] {
  if (a.median === b.median || evidence === "not significant") return "none shown";
  if (!figure || figure.wanted === "same" || evidence === "too few runs") return "differs";
  return (b.median < a.median) === (figure.wanted === "less") ? "better" : "worse";
}

/** The result of the rank test for samples of these sizes that do not overlap at all. */
function leastP(m: number, n: number): number {
  return rankTest(Array.from({ length: m }, (_, i) => i), Array.from({ length: n }, (_, i) => m + i));
}
