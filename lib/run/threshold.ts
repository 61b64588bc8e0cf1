import {
  type Counter,
  COUNTER_NAMES,
  type Gauge,
  GAUGE_NAMES,
  type Metric,
  METRIC_NAMES,
  SHARE_OF,
} from "./metrics.ts";

/** How a measured value is compared with a limit. */
export const COMPARISONS = ["<=", ">=", "==", "!=", "<", ">"] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** The value that a threshold limits. */
export type Subject =
  /** A percentile of a timing in microseconds; 0 is the smallest value, 100 the largest. */
  | { readonly kind: "percentile"; readonly metric: Metric; readonly percent: number }
  /** The number of timed values. */
  | { readonly kind: "values"; readonly metric: Metric }
  /** A count over the whole run. */
  | { readonly kind: "count"; readonly counter: Counter }
  /** A count per second, without the warm-up. */
  | { readonly kind: "rate"; readonly counter: Counter }
  /** A count in relation to that of {@link SHARE_OF}, 0 to 1. */
  | { readonly kind: "share"; readonly counter: Counter; readonly of: Counter }
  | { readonly kind: "gauge"; readonly gauge: Gauge };

/** A condition on a measurement. */
export interface Threshold {
  /** As written. */
  readonly expression: string;
  readonly subject: Subject;
  readonly comparison: Comparison;
  /** In the unit of the subject. */
  readonly limit: number;
}

/** The error of an invalid threshold, and its place in the text. */
export interface ThresholdProblem {
  readonly message: string;
  /** Offset in the text and length, in UTF-16 units. */
  readonly start: number;
  readonly length: number;
  /** The words allowed there, for a suggestion. */
  readonly wanted?: readonly string[];
  /** What to write instead. */
  readonly hint?: string;
}

const TEXT = /^\s*([A-Za-z0-9.-]+)(\s*)(<=|>=|==|!=|<|>|=)?(\s*)(.*?)\s*$/s;
const UNITS_US: Readonly<Record<string, number>> = { us: 1, ms: 1_000, s: 1_000_000, m: 60_000_000 };

/** Parses a threshold such as `latency.p99 < 250ms`, `lost == 0` or `received.rate >= 990`. */
export function parseThreshold(
  text: string,
): { readonly threshold: Threshold } | { readonly problem: ThresholdProblem } {
  const [whole, name = "", gap = "", sign, gap2 = "", limitText = ""] = TEXT.exec(text) ?? [];
  if (whole === undefined || text.length > 200) {
    return {
      problem: {
        message: "a threshold without a measurement",
        start: 0,
        length: Math.max(1, Math.min(text.length, 200)),
        hint: "such as latency.p99 < 250ms or lost == 0",
      },
    };
  }
  const start = text.indexOf(name);
  const subject = subjectOf(name);
  if ("message" in subject) return { problem: { ...subject, start, length: name.length } };
  const signAt = start + name.length + gap.length;
  const comparison = COMPARISONS.find((one) => one === sign);
  if (comparison === undefined) {
    return {
      problem: {
        message: sign === undefined ? `"${name}" without a comparison` : 'the comparison "="',
        start: sign === undefined ? start : signAt,
        length: sign === undefined ? name.length : 1,
        hint: sign === undefined ? `one of ${COMPARISONS.join(" ")}` : "write ==",
      },
    };
  }
  const limitAt = signAt + comparison.length + gap2.length;
  const limit = limitOf(subject, limitText);
  if (typeof limit === "string") {
    const message = limitText === ""
      ? "a threshold without a limit"
      : `"${limitText.slice(0, 60)}" as a limit`;
    const place = limitText === "" ? { start: signAt, length: comparison.length } : {
      start: limitAt,
      length: limitText.length,
    };
    return { problem: { message, ...place, hint: limit } };
  }
  return { threshold: { expression: text.trim().replaceAll(/\s+/g, " "), subject, comparison, limit } };
}

/** Whether a value satisfies the threshold. */
export function holds(threshold: Pick<Threshold, "comparison" | "limit">, value: number): boolean {
  const { comparison, limit } = threshold;
  switch (comparison) {
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
    case "==":
      return value === limit;
    case "!=":
      return value !== limit;
  }
}

/** Formats a value in the unit of a subject: `12.3 ms`, `0.5%`, `1000/s`, `7`. */
export function formatValue(subject: Subject, value: number): string {
  switch (subject.kind) {
    case "percentile":
      return formatUs(value);
    case "share":
      return `${Number((value * 100).toPrecision(4))}%`;
    case "rate":
      return `${Number(value.toFixed(1))}/s`;
    case "count":
    case "values":
      return String(value);
    case "gauge":
      return String(Number(value.toPrecision(4)));
  }
}

/** Formats microseconds. */
export function formatUs(us: number): string {
  if (us < 1_000) return `${us} µs`;
  if (us < 1_000_000) return `${Number((us / 1_000).toPrecision(4))} ms`;
  return `${Number((us / 1_000_000).toPrecision(4))} s`;
}

type SubjectProblem = Pick<ThresholdProblem, "message" | "wanted" | "hint">;

function subjectOf(name: string): Subject | SubjectProblem {
  const gauge = GAUGE_NAMES.find((one) => one === name);
  if (gauge !== undefined) return { kind: "gauge", gauge };
  const counter = COUNTER_NAMES.find((one) => one === name);
  if (counter !== undefined) return { kind: "count", counter };
  const metric = longest(METRIC_NAMES, name);
  if (metric !== undefined) return metricSubject(metric, name.slice(metric.length + 1));
  const counted = longest(COUNTER_NAMES, name);
  if (counted !== undefined) {
    const of = SHARE_OF[counted];
    const reading = name.slice(counted.length + 1);
    if (reading === "rate") return { kind: "rate", counter: counted };
    if (reading === "share" && of !== undefined) return { kind: "share", counter: counted, of };
    return {
      message: `unknown reading "${reading}" of the count "${counted}"`,
      hint: `write ${counted}, ${counted}.rate${of === undefined ? "" : ` or ${counted}.share`}`,
    };
  }
  return {
    message: `unknown measurement "${name}"`,
    wanted: [...METRIC_NAMES.map((one) => `${one}.p99`), ...METRIC_NAMES, ...COUNTER_NAMES, ...GAUGE_NAMES],
  };
}

function metricSubject(metric: Metric, reading: string): Subject | SubjectProblem {
  if (reading === "min") return { kind: "percentile", metric, percent: 0 };
  if (reading === "max") return { kind: "percentile", metric, percent: 100 };
  if (reading === "count") return { kind: "values", metric };
  const percent = /^p(\d{1,2}(?:\.\d{1,5})?|100)$/.exec(reading)?.[1];
  if (percent !== undefined) return { kind: "percentile", metric, percent: Number(percent) };
  return {
    message: reading === "" ? `"${metric}" without a reading` : `unknown reading "${reading}" of "${metric}"`,
    hint: `write ${metric}.p99, ${metric}.max, ${metric}.min or ${metric}.count`,
  };
}

function longest<T extends string>(names: readonly T[], name: string): T | undefined {
  return names.filter((one) => name === one || name.startsWith(`${one}.`))
    .reduce<T | undefined>(
      (best, one) => best === undefined || one.length > best.length ? one : best,
      undefined,
    );
}

/** Returns the limit in the subject's unit, or what was expected, in words. */
function limitOf(subject: Subject, text: string): number | string {
  const [, digits = "", unit = ""] = /^(\d{1,12}(?:\.\d{1,6})?)\s*([A-Za-zµ%/]*)$/.exec(text) ?? [];
  const number = digits === "" ? NaN : Number(digits);
  switch (subject.kind) {
    case "percentile": {
      const size = UNITS_US[unit === "µs" ? "us" : unit];
      return Number.isNaN(number) || size === undefined
        ? "write a duration with its unit, such as 250ms, 500us or 2s"
        : Math.round(number * size);
    }
    case "share":
      return Number.isNaN(number) || unit !== "%" ? "write a percentage, such as 0.1%" : number / 100;
    case "rate":
      return Number.isNaN(number) || (unit !== "" && unit !== "/s")
        ? "write a number per second, such as 1000"
        : number;
    case "count":
    case "values":
      return Number.isNaN(number) || unit !== "" ? "write a number" : number;
    case "gauge":
      return Number.isNaN(number) || !["", "MB", "MB/h", "/s"].includes(unit) ? "write a number" : number;
  }
}
