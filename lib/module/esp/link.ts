import type { Urc } from "../hooks.ts";

/** What USERCFG was given. */
export interface EspUser {
  readonly clientId: string;
  readonly userName?: string | undefined;
  readonly password?: string | undefined;
}

/** The parameters of CONNCFG from the keep-alive on, as values of a context's options. */
export interface EspConnection {
  readonly keepAlive: number;
  readonly clean: boolean;
  readonly will?: {
    readonly topic: string;
    readonly message: string;
    readonly qos: number;
    readonly retain: number;
  };
}

/** A command that waits for the broker before it is answered. */
interface Waiting {
  /** The context's result that ends it. */
  readonly result: string;
  readonly end: (ok: boolean) => void;
}

const DEFAULTS: EspConnection = { keepAlive: 120, clean: true };

/** The one link of an ESP-AT module: its settings, its subscriptions, and the command that waits. */
export class EspLink {
  user: EspUser | undefined;
  connection = DEFAULTS;
  /** The parameters of MQTTCONN after the link id, for display. */
  address = "";
  readonly filters = new Set<string>();
  #waiting: Waiting | undefined;

  /** Waits for the result that answers a command, and returns whether it is a success. */
  wait(result: string): Promise<boolean> {
    const waiting = Promise.withResolvers<boolean>();
    this.#waiting = { result, end: waiting.resolve };
    return waiting.promise;
  }

  /** Handles a result of the context; returns false if it must be printed. */
  take({ name, fields }: Urc): boolean {
    const waiting = this.#waiting;
    if (name === "ECMTOPEN") {
      if (fields[1] !== 0) this.#end(false);
      return true;
    }
    if (waiting?.result === name) {
      const at = name === "ECMTCONN" || name === "ECMTDISC" ? 1 : 2;
      const refused = name === "ECMTSUB" && Number(fields[3]) >= 128;
      this.#end(fields[at] === 0 && !refused);
      return true;
    }
    if (name !== "ECMTSTAT") return name !== "ECMTPUB" && name !== "ECMTRECV";
    this.filters.clear();
    this.#end(false);
    return false;
  }

  /** Forgets everything, as CLEAN and a power cut do. */
  clear(): void {
    this.user = undefined;
    this.connection = DEFAULTS;
    this.filters.clear();
    this.#end(false);
  }

  #end(ok: boolean): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.end(ok);
  }
}
