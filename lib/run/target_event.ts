/** What happens with the targets of a run, as plain values. */

/** What a target is. */
export const TARGET_KINDS = ["broker", "module", "client"] as const;
/** One of {@link TARGET_KINDS}. */
export type TargetKind = (typeof TARGET_KINDS)[number];

/** A module has identified itself. */
export interface IdentityTold {
  /** Says which event this is. */
  readonly kind: "identity";
  /** When it happened, in milliseconds since the run began. */
  readonly t: number;
  /** The name of the target. */
  readonly target: string;
  /** `manufacturer`, `model`, `revision`, `serial`: what it said. */
  readonly identity: Readonly<Record<string, string>>;
  /** The parts that it was asked for and did not tell. */
  readonly untold: readonly string[];
}

/** What a target claims in one protocol. */
export interface ProtocolClaims {
  /** The protocol: `3.1`, `3.1.1`, `5.0`, or that of a command set. */
  readonly protocol: string;
  /** The features that it claims. */
  readonly supports: readonly string[];
  /** The features that attest has asked for and that are not claimed. */
  readonly lacks?: readonly string[] | undefined;
  /** How much it takes, as a target file says it, `64` or `at least 1000`, by the name of the capacity. */
  readonly capacities: Readonly<Record<string, string>>;
  /** How attest has found each claim that it has asked for, by the name of the feature or capacity. */
  readonly found?: Readonly<Record<string, string>> | undefined;
}

/** Where a value comes from: the default of the suites, the target file, or the command line. */
export const VALUE_SOURCES = ["suites", "target", "command line"] as const;
/** One of {@link VALUE_SOURCES}. */
export type ValueSource = (typeof VALUE_SOURCES)[number];

/** A value that the cases of a target use. */
export interface ValueUsed {
  /** Its name, as cases write it behind a dollar sign. */
  readonly name: string;
  /** The value as text. */
  readonly value: string;
  /** Where it comes from. */
  readonly from: ValueSource;
}

/** A target is reached and ready. */
export interface TargetStarted {
  /** Says which event this is. */
  readonly kind: "target-started";
  /** When it happened, in milliseconds since the run began. */
  readonly t: number;
  /** The name of the target. */
  readonly name: string;
  /** Where it was reached, as an address. */
  readonly address: string;
  /** The features that it claims in any protocol. */
  readonly supports: readonly string[];
  /** The protocols that it speaks. */
  readonly protocols: readonly string[];
  /** What it claims in each protocol, where that differs or attest has asked for it. */
  readonly claims?: readonly ProtocolClaims[] | undefined;
  /** How long attest has asked for its claims, in milliseconds. */
  readonly askedMs?: number | undefined;
  /** What it says of its version. */
  readonly version?: string | undefined;
  /** Whether it is a broker or a module. */
  readonly tests?: TargetKind | undefined;
  /** The measured round trip to a broker in milliseconds, where it is worth waiting for. */
  readonly roundTripMs?: number | undefined;
  /** What a module said of itself: manufacturer, model, revision. */
  readonly identity?: Readonly<Record<string, string>> | undefined;
  /** The values that its cases use; absent in journals of earlier versions. */
  readonly values?: readonly ValueUsed[] | undefined;
}

/** How long the cases of a target on a line will take, reported when the round trip to it is measured. */
export interface TimeEstimated {
  /** Says which event this is. */
  readonly kind: "estimate";
  /** When it happened, in milliseconds since the run began. */
  readonly t: number;
  /** The name of the target. */
  readonly target: string;
  /** How many case runs it is about. */
  readonly cases: number;
  /** How long a packet and its answer take, in milliseconds. */
  readonly roundTripMs: number;
  /** How long the cases will take together, in milliseconds. */
  readonly durationMs: number;
}
