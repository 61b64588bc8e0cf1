import { topicNameFault } from "../mqtt/topic.ts";
import {
  type Answer,
  type CommandTable,
  type Desk,
  ERROR,
  OK,
  REFUSED,
  refusesViolations,
  says,
} from "./answer.ts";
import { asUtf8 } from "./binary.ts";
import type { Written } from "./parameters.ts";

/** The command CFG [ECMT-CFG-T1, ECMT-CFG-W1]. */
export const SETTING_COMMANDS: CommandTable = {
  "+ECMTCFG": {
    test: ({ behaviour: { retryRange: [low, high] } }) =>
      says(
        '+ECMTCFG:"keepalive",(0),(0-3600),',
        '+ECMTCFG:"session",(0),(0,1)',
        `+ECMTCFG:"timeout",(0),(1-60),(${low}-${high}),(0,1)`,
        '+ECMTCFG:"will",(0),(0,1),(0-2),(0,1),"will_topic","will_msg"',
        '+ECMTCFG:"version",(0),(3,4)',
        '+ECMTCFG:"aliauth",(0),"productkey","devicename","devicesecret"',
        '+ECMTCFG:"cloud",(0-255),(0-255)',
      ),
    writeFreely: configure,
  },
};

export function configure(desk: Desk, written: readonly Written[]): Answer {
  const [name, id, ...values] = written;
  if (!name || name.kind === "omitted") return ERROR;
  if (!id || id.kind === "omitted") return ERROR;
  if (id.kind !== "bare" || !/^\d+$/.test(id.text)) return REFUSED;
  const { behaviour, hooks, contexts } = desk;
  const [low, high] = hooks.range("ECMTCFG.tcpconnectID", [0, behaviour.highestId]);
  const number = Number(id.text);
  if (number < low || number > high) return REFUSED;
  if (values.length === 0) {
    const settings = contexts.find(number)?.settings;
    const option = settings?.option(name.text);
    return settings && option ? says(`+${behaviour.commands}CFG: ${settings.query(option)}`) : REFUSED;
  }
  // The context itself is created only after the values are checked [ECMT-CFG-W1].
  const settings = contexts.find(number)?.settings ?? contexts.fresh();
  const option = settings.option(name.text);
  if (!option || !fitsMqtt(desk, option, values)) return REFUSED;
  const empty = (value: Written | undefined) => value?.kind === "quoted" && value.text === "";
  if (option === "will" && behaviour.refusesEmptyWill && values.slice(3).some(empty)) return REFUSED;
  if (!settings.set(option, values, hooks.range)) return REFUSED;
  contexts.make(number, settings);
  return OK;
}

/** Whether a will has a topic that MQTT allows [MQTT-3.1.3-10]. */
function fitsMqtt(desk: Desk, option: string, values: readonly Written[]): boolean {
  const [, , , topic] = values;
  if (option !== "will" || !topic || topic.kind === "omitted" || !refusesViolations(desk)) return true;
  const text = asUtf8(topic.text);
  return text !== undefined && topicNameFault(text) === undefined;
}
