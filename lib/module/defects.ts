import { closest, distance } from "fastest-levenshtein";
import type { Defect } from "./defect.ts";
import { CLIENT_DEFECTS } from "./defects_client.ts";
import { HONEST, type Hooks } from "./hooks.ts";
import { LINE_DEFECTS } from "./defects_line.ts";
import { MQTT_DEFECTS } from "./defects_mqtt.ts";
import { PARAMETER_DEFECTS } from "./defects_parameter.ts";
import { RESULT_DEFECTS } from "./defects_result.ts";

export type { Defect } from "./defect.ts";

/** All defects of the virtual module. */
export const DEFECTS: readonly Defect[] = [
  ...LINE_DEFECTS,
  ...PARAMETER_DEFECTS,
  ...RESULT_DEFECTS,
  ...MQTT_DEFECTS,
  ...CLIENT_DEFECTS,
];

/** The hooks of a module with these defects. Throws a RangeError with a sentence for an id that does not exist. */
export function hooksFor(ids: readonly string[]): Hooks {
  let hooks = HONEST;
  for (const id of ids) {
    const defect = DEFECTS.find((known) => known.id === id);
    if (!defect) throw new RangeError(unknown(id));
    hooks = { ...hooks, ...defect.change(hooks) };
  }
  return hooks;
}

function unknown(id: string): string {
  const nearest = closest(id, DEFECTS.map((defect) => defect.id));
  const hint = distance(id, nearest) <= Math.max(3, id.length / 3) ? `; did you mean "${nearest}"?` : "";
  return `The virtual module has no defect ${JSON.stringify(id)}${hint}`;
}
