import { asText } from "../../spec/evaluate.ts";
import type { OpenStep } from "../../suite/step/open.ts";
import type { Player } from "../player.ts";

/** Opens the lane's connection. */
export const open: Player<OpenStep> = ({ lane, subprotocols, protocol }, { context, party }) =>
  party(lane).open(subprotocols?.map((one) => asText(one, context.scope)), protocol);
