import type { ModuleBehaviour } from "./behaviour.ts";
import { MANUAL } from "./behaviour.ts";

/**
 * The kinds of module that the virtual one can be, each as its differences from {@link MANUAL}.
 *
 * - `seed`: as public notes on the command set have it, where these differ from the manual and both are right.
 * - `ec616s`: as the vendor's published source for EC616S behaves, with all that is wrong with it.
 * - `qmt`: Quectel's AT+QMT commands, as the application note of its NB-IoT modules has them.
 * - `esp`: the AT+MQTT commands of ESP-AT, as Espressif documents them.
 * - `simcom`: SIMCom's AT+CMQTT commands, as the manuals of its LTE modules have them.
 */
export const VARIANTS: Readonly<Record<string, Partial<ModuleBehaviour>>> = {
  seed: { openFailure: 1, spaceAfterColon: false, subValue: "none" },
  ec616s: {
    identity: { manufacturer: "EIGENCOMM", model: "EC616S", revision: "V1", serial: "860000000616000" },
    limits: {
      ...MANUAL.limits,
      host: 127,
      password: 128,
      textPayload: 1024,
      dataPayload: 1026,
      packet: 1157,
    },
    openDelayMs: 1_000,
    refusalResult: 0,
    afterRefusal: "reconnect",
    credentialsOnlyTogether: true,
    connectFailure: [2, 2],
    connectedAt: "CONNECT",
    subValue: "one",
    subRefused: [0, 1],
    retainValues: [0, 1, 10, 11, 20, 21, 30, 31],
    refusesIdZero: false,
    refusesEmptyWill: true,
    refusesMqttViolations: false,
    dataOverflow: "expire",
    terminatorOnlyLast: true,
    recvCutAtNul: true,
    recvIdAtQos0: 987,
    duplicateFilter: false,
    resumes: false,
    unanswered: "silent",
    retryRange: [1, 10],
    unsetQuery: "zero",
    inFlight: 65_535,
    pingAt: 1,
    pingTimeoutMs: 8_000,
    closesOnViolation: false,
    reportsUnknownIds: true,
  },
  qmt: {
    commands: "QMT",
    identity: {
      manufacturer: "Quectel_Ltd",
      model: "VIRTUAL-QMT",
      revision: "1.0",
      serial: "860000000000019",
    },
    refusal: { code: 8507, text: "invalid parameter" },
    highestId: 4,
    limits: {
      ...MANUAL.limits,
      clientId: 128,
      userName: 256,
      password: 256,
      textPayload: 1460,
      dataPayload: 1460,
    },
    spaceInReadForm: true,
    refusalResult: 0,
    connectFailure: [2],
    refusesEmptyText: false,
    promptWhenOffline: false,
    dataGuardMs: 60_000,
    recvQuoted: true,
    reconnects: false,
    keepsSettings: true,
  },
  esp: {
    commands: "MQTT",
    identity: {
      manufacturer: "Espressif",
      model: "VIRTUAL-ESP-AT",
      revision: "1.0",
      serial: "860000000000035",
    },
    limits: {
      ...MANUAL.limits,
      host: 128,
      clientId: 256,
      userName: 64,
      password: 64,
      topic: 64,
      willMessage: 64,
      textPayload: 200,
      dataPayload: 4096,
    },
    spaceAfterColon: false,
    powerOn: { echo: true, errors: 0 },
    escapes: true,
    choosesId: true,
    chosenIds: "next",
    refusesEmptyText: false,
    promptWhenOffline: false,
    reconnects: false,
    keepsSettings: true,
  },
  simcom: {
    commands: "CMQTT",
    identity: {
      manufacturer: "SIMCOM INCORPORATED",
      model: "VIRTUAL-CMQTT",
      revision: "1.0",
      serial: "860000000000027",
    },
    highestId: 1,
    limits: {
      ...MANUAL.limits,
      host: 256,
      clientId: 128,
      userName: 256,
      password: 256,
      topic: 1024,
      willMessage: 10_240,
      dataPayload: 10_240,
    },
    powerOn: { echo: true, errors: 0 },
    choosesId: true,
    chosenIds: "next",
    connectFailure: [2, 17],
    refusesEmptyText: false,
    promptWhenOffline: false,
    reconnects: false,
    keepsSettings: true,
  },
};

/**
 * Returns the behaviour of a variant with a target's changes. Throws a RangeError with a sentence for an
 * unknown variant.
 */
export function behaviourOf(
  variant: string | undefined,
  changed: Partial<ModuleBehaviour> = {},
): Partial<ModuleBehaviour> {
  if (variant === undefined) return changed;
  const found = Object.hasOwn(VARIANTS, variant) ? VARIANTS[variant] : undefined;
  if (!found) {
    throw new RangeError(
      `Unknown variant "${variant}"; the variants are ${Object.keys(VARIANTS).join(", ")}`,
    );
  }
  return { ...found, ...changed };
}
