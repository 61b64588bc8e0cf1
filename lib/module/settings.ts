import type { ModuleBehaviour } from "./behaviour.ts";
import type { Range, Written } from "./parameters.ts";

/** One value of an option of `AT+ECMTCFG`. */
interface SettingValue {
  readonly name: string;
  readonly type: "number" | "text";
  /** The range of a number, or of the length of a text in bytes. */
  readonly range: Range;
  readonly preset: number | string;
  readonly mandatory: boolean;
}

/** The options of `AT+ECMTCFG`; some are only stored. */
export type Option =
  | "keepalive"
  | "session"
  | "timeout"
  | "will"
  | "version"
  | "echomode"
  | "dataformat"
  | "cloud"
  | "aliauth";

function number(name: string, range: Range, preset: number, mandatory = true): SettingValue {
  return { name, type: "number", range, preset, mandatory };
}

function text(name: string, longest: number, mandatory: boolean): SettingValue {
  return { name, type: "text", range: [0, longest], preset: "", mandatory };
}

/** The options with their values [ECMT-CFG-W10 to ECMT-CFG-W18]. */
function optionTable(behaviour: ModuleBehaviour): Readonly<Record<Option, readonly SettingValue[]>> {
  const { topic, willMessage } = behaviour.limits;
  return {
    keepalive: [number("keep_alive_time", [0, 3600], 120)],
    session: [number("clean_session", [0, 1], 1)],
    timeout: [
      number("pkt_timeout", [1, 60], 10),
      number("retry_times", behaviour.retryRange, 3, false),
      number("timeout_notice", [0, 1], 0, false),
    ],
    will: [
      number("will_fg", [0, 1], 0),
      number("will_qos", [0, 2], 0, false),
      number("will_retain", [0, 1], 0, false),
      text("will_topic", topic, false),
      text("will_msg", willMessage, false),
    ],
    version: [number("vsn", [3, 4], 4)],
    echomode: [number("echo_mode", [0, 1], 0)],
    dataformat: [number("send_mode", [0, 1], 0), number("recv_mode", [0, 1], 0, false)],
    cloud: [number("cloud_type", [0, 255], 255), number("data_type", [0, 255], 255)],
    aliauth: [text("product_key", 32, true), text("device_name", 32, true), text("device_secret", 64, true)],
  };
}

/** The will as configured; texts are binary. */
export interface WillSetting {
  readonly topic: string;
  readonly message: string;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
}

/** Returns the range of a parameter, which a defect may change. */
export type RangeOf = (parameter: string, range: Range) => Range;

/** The settings that `AT+ECMTCFG` made for a context; they are lost with it [ECMT-CFG-W5]. */
export class Settings {
  readonly #table: Readonly<Record<Option, readonly SettingValue[]>>;
  readonly #unset: ModuleBehaviour["unsetQuery"];
  readonly #values = new Map<Option, readonly (number | string)[]>();

  constructor(behaviour: ModuleBehaviour) {
    this.#table = optionTable(behaviour);
    this.#unset = behaviour.unsetQuery;
  }

  /** Returns the option with this exact name [ECMT-CFG-W3]. */
  option(name: string): Option | undefined {
    for (const option of OPTIONS) if (option === name) return option;
    return undefined;
  }

  /**
   * Stores values as written. Returns false if one is missing, of the wrong type or out of range
   * [ECMT-CFG-W7].
   */
  set(option: Option, written: readonly Written[], rangeOf: RangeOf): boolean {
    const table = this.#table[option];
    if (written.length > table.length) return false;
    const values: (number | string)[] = [];
    for (const [index, value] of table.entries()) {
      const given = written[index] ?? { kind: "omitted" };
      if (given.kind === "omitted") {
        if (value.mandatory) return false;
        values.push(value.preset);
        continue;
      }
      // Unquoted digits are a number, and everything else is text [ECMT-AT-27].
      const isNumber = given.kind === "bare" && /^\d+$/.test(given.text);
      if (isNumber !== (value.type === "number")) return false;
      const read = isNumber ? Number(given.text) : given.text;
      const [low, high] = rangeOf(`ECMTCFG.${option}.${value.name}`, value.range);
      const measure = typeof read === "number" ? read : read.length;
      if (measure < low || measure > high) return false;
      values.push(read);
    }
    this.#values.set(option, values);
    return true;
  }

  /** Returns the values as a query prints them: `"keepalive",120`; texts of a will are unquoted. */
  query(option: Option): string {
    const unset = this.#table[option].map(({ preset }) =>
      this.#unset === "zero" && typeof preset === "number" ? 0 : preset
    );
    return `"${option}",${(this.#values.get(option) ?? unset).join(",")}`;
  }

  /** The keep-alive time in seconds. */
  get keepAlive(): number {
    return this.#number("keepalive", 0);
  }

  get cleanSession(): boolean {
    return this.#number("session", 0) === 1;
  }

  /** The protocol level of CONNECT, 3 or 4. */
  get version(): number {
    return this.#number("version", 0);
  }

  /** The timeout of a broker's answer in ms: the packet's time, once and for each retry. */
  get answerMs(): number {
    return this.#number("timeout", 0) * (this.#number("timeout", 1) + 1) * 1000;
  }

  /** When and how often an unanswered packet is resent, if that is done at all. */
  get retry(): { readonly everyMs: number; readonly times: number } {
    return { everyMs: this.#number("timeout", 0) * 1000, times: this.#number("timeout", 1) };
  }

  /** The will, if it is enabled and has a topic. */
  get will(): WillSetting | undefined {
    const [flag, qos, retain, topic, message] = this.#values.get("will") ?? [];
    if (flag !== 1 || typeof topic !== "string" || topic === "") return undefined;
    return {
      topic,
      message: typeof message === "string" ? message : "",
      qos: qos === 1 || qos === 2 ? qos : 0,
      retain: retain === 1,
    };
  }

  #number(option: Option, index: number): number {
    const value = this.#values.get(option)?.[index] ?? this.#table[option][index]?.preset;
    return typeof value === "number" ? value : 0;
  }
}

const OPTIONS: readonly Option[] = [
  "keepalive",
  "session",
  "timeout",
  "will",
  "version",
  "echomode",
  "dataformat",
  "cloud",
  "aliauth",
];
