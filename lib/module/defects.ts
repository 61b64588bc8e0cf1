import { suggest } from "../ground/nearest.ts";
import type { Defect } from "./defects/defect.ts";
import { AFTERWARDS_DEFECTS } from "./defects/afterwards.ts";
import { CLIENT_DEFECTS } from "./defects/client.ts";
import { HONEST, type Hooks } from "./hooks.ts";
import { LINE_DEFECTS } from "./defects/line.ts";
import { MQTT_DEFECTS } from "./defects/mqtt.ts";
import { PARAMETER_DEFECTS } from "./defects/parameter.ts";
import { RESULT_DEFECTS } from "./defects/result.ts";
import { ESP_DEFECTS } from "./defects/esp.ts";
import { SIMCOM_DEFECTS } from "./defects/simcom.ts";
import { DATA_DEFECTS, TEXT_DEFECTS } from "./defects/text.ts";

export type { Defect } from "./defects/defect.ts";

/** All defects of the virtual module. */
export const DEFECTS: readonly Defect[] = [
  ...LINE_DEFECTS,
  ...PARAMETER_DEFECTS,
  ...RESULT_DEFECTS,
  ...MQTT_DEFECTS,
  ...CLIENT_DEFECTS,
  ...TEXT_DEFECTS,
  ...DATA_DEFECTS,
  ...AFTERWARDS_DEFECTS,
  ...SIMCOM_DEFECTS,
  ...ESP_DEFECTS,
];

/** Returns the hooks of a module with these defects. Throws a RangeError with a sentence for an unknown id. */
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
  const hint = suggest(id, DEFECTS.map((defect) => defect.id));
  return `Unknown defect ${JSON.stringify(id)} of the virtual module${hint ? `; ${hint}` : ""}`;
}
