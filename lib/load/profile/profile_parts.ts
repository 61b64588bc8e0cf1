import type { QoS } from "../../mqtt/packet.ts";
import { flag, type Form, integer, scalarOf } from "../../spec/form.ts";
import { mapOf, object } from "../../spec/form_parts.ts";
import { describeNode } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import { suggest } from "../../ground/nearest.ts";
import { parseThreshold, type Threshold } from "../../run/threshold.ts";
import { CLIENT_WORDS, type DataTables, MESSAGE_WORDS, parseTemplate, type Template } from "./template.ts";

/** The place of a part of a scalar; the whole scalar if its source is not written as it reads. */
function within(place: Place, source: string, start: number, length: number): Place {
  return place.length === [...source].length
    ? { ...place, column: place.column + start, length: Math.max(1, length) }
    : place;
}

/**
 * The form of a template with the words of a client, and with `message` also those of a message; `tables` are data
 * files.
 */
export function template(
  what: string,
  options: { readonly message?: boolean; readonly tables?: DataTables } = {},
): Form<Template> {
  const words = options.message ? [...CLIENT_WORDS, ...MESSAGE_WORDS] : CLIENT_WORDS;
  return {
    read(node, report) {
      const scalar = scalarOf(node, what, report);
      if (!scalar) return undefined;
      if (scalar.source === "" || scalar.source.length > 60_000) {
        report.add(
          scalar.source === "" ? `an empty text where ${what} is expected` : `${what} that is too long`,
          node.place,
        );
        return undefined;
      }
      const read = parseTemplate(scalar.source, words, options.tables);
      if ("template" in read) return read.template;
      const { message, start, length, hint } = read.problem;
      report.add(message, within(node.place, scalar.source, start, length), hint);
      return undefined;
    },
    schema: () => ({ type: ["string", "number"], description: what }),
  };
}

/** The form of a QoS: 0, 1 or 2. */
export function qos(): Form<QoS> {
  const number = integer({ most: 2, what: "a QoS" });
  return {
    read(node, report) {
      const value = number.read(node, report);
      return value === 0 || value === 1 || value === 2 ? value : undefined;
    },
    schema: (definitions) => number.schema(definitions),
  };
}

/** The form of the number of a target, counted from 1. */
export function brokerNumber(): Form<number> {
  return integer({ least: 1, most: 1_000, what: "the number of a target" });
}

/** The form of a number above 0 and up to `most`. */
export function amount(what: string, most: number): Form<number> {
  return {
    read(node, report) {
      const value = node.kind === "scalar" ? node.value : undefined;
      if (typeof value !== "number" || !Number.isFinite(value)) {
        report.add(`${describeNode(node)} where ${what} is due`, node.place, "a number");
      } else if (value <= 0 || value > most) {
        report.add(`${value} is out of range`, node.place, `above 0, at most ${most}`);
      } else return value;
      return undefined;
    },
    schema: () => ({ type: "number", exclusiveMinimum: 0, maximum: most }),
  };
}

/** The form of a share such as `50%`, at most 10,000 %; it is read as a number, where 1 is all. */
export function share(): Form<number> {
  return {
    read(node, report) {
      const [, digits] = (node.kind === "scalar" && /^(\d{1,5}(?:\.\d{1,3})?)%$/.exec(node.source)) || [];
      const value = Number(digits);
      if (digits !== undefined && value <= 10_000) return value / 100;
      report.add(`${describeNode(node)} where a share is expected`, node.place, "such as 50% or 150%");
      return undefined;
    },
    schema: () => ({ type: "string", pattern: "^\\d{1,5}(\\.\\d{1,3})?%$" }),
  };
}

/** The form of a threshold such as `latency.p99 < 250ms`. */
export function threshold(): Form<Threshold> {
  return {
    read(node, report) {
      const scalar = scalarOf(node, "a threshold", report);
      if (!scalar) return undefined;
      const read = parseThreshold(scalar.source);
      if ("threshold" in read) return read.threshold;
      const { message, start, length, wanted, hint } = read.problem;
      const meant = scalar.source.slice(start, start + length);
      report.add(
        message,
        within(node.place, scalar.source, start, length),
        hint ?? (wanted ? suggest(meant, wanted) : undefined),
      );
      return undefined;
    },
    schema: () => ({
      type: "string",
      pattern: "^\\s*[A-Za-z0-9.-]+\\s*(<=|>=|==|!=|<|>)\\s*[0-9].*$",
      description: "such as latency.p99 < 250ms, lost == 0, received.rate >= 990, lost.share < 0.1%",
    }),
  };
}

/** A condition of a profile, and whether the load ends as soon as it does not hold. */
export interface ProfileThreshold {
  readonly threshold: Threshold;
  readonly abort: boolean;
}

/** The form of a condition: a threshold, or a map that says whether a load that misses it ends at once. */
export function profileThreshold(): Form<ProfileThreshold> {
  const plain = threshold();
  const whole = object("a threshold", (keys): ProfileThreshold | undefined => {
    const read = keys.required("threshold", plain, "the condition");
    const abort = keys.optional(
      "abort",
      flag(),
      "whether the load ends at the first second in which it does not hold",
    );
    return read && { threshold: read, abort: abort ?? false };
  });
  return {
    read(node, report) {
      if (node.kind === "map") return whole.read(node, report);
      const read = plain.read(node, report);
      return read && { threshold: read, abort: false };
    },
    schema: (definitions) => ({ anyOf: [plain.schema(definitions), whole.schema(definitions)] }),
  };
}

/** The form of user properties: a map of texts. */
export function userProperties(): Form<readonly (readonly [string, string])[]> {
  const pairs = mapOf({ what: "the name of a user property", pattern: /^.{1,200}$/ }, plainText());
  return {
    read: (node, report) => pairs.read(node, report)?.map(({ name, value }) => [name, value] as const),
    schema: (definitions) => pairs.schema(definitions),
  };
}

function plainText(): Form<string> {
  return {
    read: (node, report) => scalarOf(node, "a text", report)?.source.slice(0, 10_000),
    schema: () => ({ type: ["string", "number", "boolean"] }),
  };
}
