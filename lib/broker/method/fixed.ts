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

/** A fixed exchange: the same bytes each time for every accepted client. */
export interface FixedScript {
  /** The data of CONNECT. */
  readonly first: AuthData;
  /** The server's questions, and the answers that it expects. */
  readonly steps: readonly { readonly ask: AuthData; readonly answer: AuthData }[];
  /** The data of the packet that reports success. */
  readonly success: AuthData;
}

/** A method of authentication with a fixed exchange. */
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

/** Two questions, data in CONNECT and CONNACK, and bytes that are not text. */
export const STEPS_METHOD = fixedMethod("x-attest-steps", {
  first: utf8("hello"),
  steps: [
    { ask: Uint8Array.of(0x00, 0x01), answer: Uint8Array.of(0xff, 0x00) },
    { ask: utf8("and?"), answer: utf8("done") },
  ],
  success: utf8("welcome"),
});
