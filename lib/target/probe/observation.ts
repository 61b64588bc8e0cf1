import type { ProtocolVersion } from "../../mqtt/packet.ts";
import type { ProbeReach } from "./client.ts";

/** What a probe observed with one question to a broker. */
export interface Observation {
  /** What was asked, in a word or two: `QoS 2`, `client id length`. */
  readonly about: string;
  /** The answer as a sentence for the reader, without a full stop. */
  readonly found: string;
  /** The feature that the answer is about, and whether it is there; a target file lists those that are. */
  readonly feature?: { readonly name: string; readonly there: boolean } | undefined;
  /** The answer as a number or a word, for programs. */
  readonly value?: number | string | boolean | undefined;
}

/** What a question may use. */
export interface Asking {
  readonly reach: ProbeReach;
  /** The version that is asked in: 3.1.1 where the broker speaks it. */
  readonly version: ProtocolVersion;
  /** Whether the broker speaks 5.0 too. */
  readonly speaks5: boolean;
  /** Begins every client id and topic of this probe; of letters and digits alone. */
  readonly prefix: string;
  /** The largest payload that is tried, in bytes. */
  readonly largest: number;
  /** How long the broker is watched for a close of its own, in milliseconds. */
  readonly watchMs: number;
}

/** Asks a broker something. */
export type Question = (asking: Asking) => Promise<readonly Observation[]>;

/** An observation that tells whether a feature is there. */
export function feature(name: string, there: boolean, about: string, found: string): Observation {
  return { about, found, feature: { name, there }, value: there };
}

/** The greatest of `least` to `most` that `works`, if all below it do too; undefined when `least` does not. */
export async function greatest(
  least: number,
  most: number,
  works: (n: number) => Promise<boolean>,
): Promise<number | undefined> {
  if (!await works(least)) return undefined;
  if (await works(most)) return most;
  let good = least;
  let bad = most;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (await works(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
