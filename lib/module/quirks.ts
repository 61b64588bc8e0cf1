import { suggest } from "../ground/nearest.ts";
import type { ModuleBehaviour } from "./behaviour.ts";
import { isConsulted } from "./consulted.ts";
import { HONEST, type Hooks } from "./hooks.ts";
import { ANSWER_QUIRKS } from "./quirks/answers.ts";
import { CLIENT_QUIRKS } from "./quirks/client.ts";
import { LIMIT_QUIRKS } from "./quirks/limits.ts";
import { LINE_QUIRKS } from "./quirks/line.ts";
import type { ModuleQuirk } from "./quirks/quirk.ts";
import { RESULT_QUIRKS } from "./quirks/results.ts";
import { SESSION_QUIRKS } from "./quirks/session.ts";
import { ESP_QUIRKS } from "./quirks/esp.ts";
import { SIMCOM_QUIRKS } from "./quirks/simcom.ts";
import { TIMING_QUIRKS } from "./quirks/timing.ts";
import { URC_QUIRKS } from "./quirks/urcs.ts";

export type { ModuleQuirk } from "./quirks/quirk.ts";

/** Quirks by theme; each theme has its title as key. */
export const QUIRKS_BY_THEME: ReadonlyMap<string, readonly ModuleQuirk[]> = new Map([
  ["The serial line", LINE_QUIRKS],
  ["Answers to commands", ANSWER_QUIRKS],
  ["Results", RESULT_QUIRKS],
  ["Unsolicited results", URC_QUIRKS],
  ["Time", TIMING_QUIRKS],
  ["The MQTT client", CLIENT_QUIRKS],
  ["Connection and session", SESSION_QUIRKS],
  ["Limits", LIMIT_QUIRKS],
  ["SIMCom's commands", SIMCOM_QUIRKS],
  ["ESP-AT's commands", ESP_QUIRKS],
]);

/** All quirks of the virtual module. */
export const QUIRKS: readonly ModuleQuirk[] = [...QUIRKS_BY_THEME.values()].flat();

/** The behaviour and the hooks of a module. */
export interface Ways {
  readonly behaviour: ModuleBehaviour;
  readonly hooks: Hooks;
}

/**
 * Returns the behaviour and the hooks of a module with these quirks. Throws a RangeError with a sentence for
 * an unknown id, and for a quirk of the other command set.
 */
export function withQuirks(ids: readonly string[], ways: Ways): Ways {
  return ids.map((id) => found(id, ways.behaviour.commands)).reduce(changed, ways);
}

/** Returns the points that a run consults when it encounters a quirk; see `consulted.ts`. */
export function pointsOf({ points, behaviour = {}, change }: ModuleQuirk): readonly string[] {
  if (points) return points;
  const { limits = {}, ...others } = behaviour;
  return [
    ...Object.keys(others),
    ...Object.keys(limits).map((name) => `limits.${name}`),
    ...Object.keys(change?.(HONEST) ?? {}),
  ];
}

/** Whether a run that consulted these points can have encountered the quirk. */
export function meets(quirk: ModuleQuirk, consulted: ReadonlySet<string>): boolean {
  return pointsOf(quirk).some((point) => isConsulted(point, consulted));
}

function changed({ behaviour, hooks }: Ways, quirk: ModuleQuirk): Ways {
  const { limits, ...others } = quirk.behaviour ?? {};
  return {
    behaviour: { ...behaviour, ...others, limits: { ...behaviour.limits, ...limits } },
    hooks: { ...hooks, ...quirk.change?.(hooks) },
  };
}

function found(id: string, commands: ModuleBehaviour["commands"]): ModuleQuirk {
  const quirk = QUIRKS.find((known) => known.id === id);
  if (!quirk) {
    const hint = suggest(id, QUIRKS.map((known) => known.id));
    throw new RangeError(
      `Unknown quirk ${JSON.stringify(id)} of the virtual module${hint ? `; ${hint}` : ""}`,
    );
  }
  if (quirk.commands && quirk.commands !== commands) {
    throw new RangeError(
      `The quirk "${id}" is only for modules with AT+${quirk.commands} commands, but this one has ` +
        `AT+${commands}`,
    );
  }
  return quirk;
}
