/** The outcome of one input. */
export type Outcome =
  | { readonly kind: "accepted" }
  /** Refused with the project's own error, with a place. */
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "finding"; readonly what: string; readonly detail: string };

/** The errors by which attest reports a user's mistake in a file. */
const OWN: ReadonlySet<string> = new Set(["UsageError", "TargetError", "ValueError", "AddressError"]);

/** A line and a column, or for data the item of a list: `cases[7]`. */
const PLACE = /-->.*:\d+:\d+$|^[^\n]*:\d+:\d+: |\([^()]*:\d+:\d+\)$|\bcases\[\d+\]/m;

/**
 * Characters that control a terminal or change the text direction; a line feed and a tab belong to the
 * message.
 */
// deno-lint-ignore no-control-regex
const UNSEEN = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

/** Judges an error thrown while reading or using a file. */
export function outcomeOf(error: unknown, place = PLACE): Outcome {
  if (!(error instanceof Error)) {
    return { kind: "finding", what: "no error is thrown", detail: String(error) };
  }
  const { name, message } = error;
  if (!OWN.has(name)) return { kind: "finding", what: `${name} is thrown`, detail: error.stack ?? message };
  return ofMessage(message, place);
}

/** Judges the message of a refusal, which must contain a place. */
function ofMessage(message: string, place: RegExp): Outcome {
  if (!place.test(message)) return { kind: "finding", what: "a message without a place", detail: message };
  const unseen = UNSEEN.exec(message);
  if (!unseen) return { kind: "refused", message };
  return {
    kind: "finding",
    what: "a message with an invisible character",
    detail: JSON.stringify(message),
  };
}

/** The output of a command line, and its exit status. */
export interface Printed {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/**
 * Judges a command line. A valid one gets to the network or to writing on disk, for which it has no
 * permission.
 */
export function outcomeOfCommand({ status, err }: Printed): Outcome {
  const finding = (what: string): Outcome => ({ kind: "finding", what, detail: err });
  if (/^\s+at .*:\d+:\d+\)?$/m.test(err)) return finding("a stack trace");
  if (status === 2) return err.trim() === "" ? finding("exit 2 without a message") : ofMessage(err, /./);
  if (status === 0 || status === 1) return { kind: "accepted" };
  if (status === 3 && /not granted|not permitted|No permission|NotCapable|Requires \w+ access/.test(err)) {
    return { kind: "accepted" };
  }
  return finding(`exit ${status}`);
}
