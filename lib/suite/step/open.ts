import { PROTOCOL_VERSIONS, type ProtocolVersion } from "../../mqtt/packet.ts";
import { byShape, text, value, word } from "../../spec/form.ts";
import { list, mapForm, object } from "../../spec/form_parts.ts";
import type { Value } from "../../spec/value.ts";
import { laneFor } from "./lane.ts";
import type { StepBase, Verb } from "./verb.ts";

/**
 * Opens the lane's connection and sends nothing. With `subprotocols`, opens a WebSocket that offers them.
 * With `protocol`, the lane speaks that MQTT version from then on, whatever the case's version.
 */
export interface OpenStep extends StepBase {
  readonly kind: "open";
  readonly lane: string;
  readonly subprotocols?: readonly Value[] | undefined;
  readonly protocol?: ProtocolVersion | undefined;
}

/** The most subprotocols that a client may offer. */
const MOST_OFFERED = 20;
/** The syntax of a subprotocol in RFC 6455: an HTTP token. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;

const WHY = {
  dte: ": the serial line has no connection",
  broker: ": the module opens it",
  client: undefined,
};

/** `open: pub`, `open: { lane: pub, subprotocols: [mqtt] }` */
export const open: Verb<OpenStep> = {
  kind: "open",
  about: "opens the lane's connection and sends nothing",
  written: [
    ["open: pub"],
    [
      "open: { lane: pub, subprotocols: [mqtt] }",
      "requests a WebSocket and offers these; the response comes as `pub <- upgraded`",
    ],
    [
      'open: { lane: old, protocol: "3.1.1" }',
      "the lane speaks this version from then on, whatever the case's version; skipped if the target " +
      "does not speak it",
    ],
  ],
  form(grammar) {
    const lane = laneFor("open", grammar.lane, (kind) => WHY[kind]);
    const token = text({ what: "a subprotocol of letters, digits and -._", pattern: TOKEN });
    const offered = list(asValue(token), { most: MOST_OFFERED, what: "a list of subprotocols" });
    const map = object("open", (keys) => {
      const named = keys.required("lane", lane, "the lane");
      const subprotocols = keys.optional("subprotocols", offered, "requests a WebSocket and offers these");
      const protocol = keys.optional(
        "protocol",
        word(PROTOCOL_VERSIONS, "protocol"),
        "the MQTT version that the lane speaks",
      );
      return named === undefined ? undefined : { lane: named, subprotocols, protocol };
    });
    return byShape(
      "a lane",
      { scalar: mapForm(lane, (named) => ({ lane: named })), map },
      "write open: lane",
    );
  },
  map: (step, { lane, value }) => ({
    ...step,
    lane: lane(step.lane),
    subprotocols: step.subprotocols?.map(value),
  }),
  connects: true,
  speaks: ({ protocol }) => protocol,
};

/** Converts what `form` reads to a value. */
function asValue(form: ReturnType<typeof text>): ReturnType<typeof value> {
  const any = value();
  return {
    read: (node, report) => form.read(node, report) === undefined ? undefined : any.read(node, report),
    schema: (definitions) => form.schema(definitions),
  };
}
