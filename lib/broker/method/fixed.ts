import { sameBytes } from "../../ground/bytes.ts";
import {
  type AuthData,
  type AuthenticationMethod,
  type AuthFault,
  FAILED,
  type Manner,
  type ServerExchange,
  utf8,
} from "./method.ts";

/** An exchange of the same bytes each time, for clients that are to be let in. */
export interface FixedScript {
  /** The data of CONNECT. */
  readonly first: AuthData;
  /** What the server asks, and what the client has to answer. */
  readonly steps: readonly { readonly ask: AuthData; readonly answer: AuthData }[];
  /** The data of the packet that tells success. */
  readonly success: AuthData;
}

/** A method of authentication by a script. */
export function fixedMethod(name: string, script: FixedScript): AuthenticationMethod {
  return { name, begin: ({ passes }) => begin(script, passes) };
}

function begin(
  { first, steps, success }: FixedScript,
  passes: Manner["passes"],
): ServerExchange {
  const wanted = [first, ...steps.map(({ answer }) => answer)];
  let taken = 0;
  return {
    take(data) {
      const fault = faultOf(wanted[taken], data, taken === 0);
      if (fault && !passes(fault)) return FAILED;
      const next = steps[taken++];
      return next ? { kind: "ask", data: next.ask } : { kind: "success", data: success };
    },
  };
}

function faultOf(wanted: AuthData, data: AuthData, isFirst: boolean): AuthFault | undefined {
  if (wanted === undefined ? data === undefined : data !== undefined && sameBytes(wanted, data)) {
    return undefined;
  }
  if (isFirst) return "first";
  if (data === undefined || data.length === 0) return "empty";
  return wanted && sameBytes(wanted.subarray(0, data.length), data) ? "cut" : "proof";
}

/** One question, "ping", and one answer, "pong". */
export const PAIR_METHOD = fixedMethod("x-attest-pair", {
  first: undefined,
  steps: [{ ask: utf8("ping"), answer: utf8("pong") }],
  success: undefined,
});

/** Two questions, data in CONNECT and CONNACK, and bytes that are no text. */
export const STEPS_METHOD = fixedMethod("x-attest-steps", {
  first: utf8("hello"),
  steps: [
    { ask: Uint8Array.of(0x00, 0x01), answer: Uint8Array.of(0xff, 0x00) },
    { ask: utf8("and?"), answer: utf8("done") },
  ],
  success: utf8("welcome"),
});
