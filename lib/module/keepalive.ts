import type { ModuleBehaviour } from "./behaviour.ts";
import type { Schedule } from "./schedule.ts";

/** What keep-alive makes happen. */
export interface KeepaliveActions {
  readonly ping: () => void;
  /** No answer to a ping. */
  readonly dead: () => void;
}

/** Sends PINGREQ when a connection was quiet in either direction, and notices a broker that no longer answers [MQTT-3.1.2-23]. */
export class Keepalive {
  readonly #schedule: Schedule;
  readonly #behaviour: ModuleBehaviour;
  readonly #actions: KeepaliveActions;
  #periodMs = 0;
  #lastSent = 0;
  #lastReceived = 0;
  #stopTimer = () => {};
  #stopWait: (() => void) | undefined;

  constructor(schedule: Schedule, behaviour: ModuleBehaviour, actions: KeepaliveActions) {
    this.#schedule = schedule;
    this.#behaviour = behaviour;
    this.#actions = actions;
  }

  /** The keep-alive time; 0 is off. */
  set seconds(seconds: number) {
    this.stop();
    this.#periodMs = seconds * 1000;
    this.#lastSent = this.#lastReceived = performance.now();
    if (seconds > 0) this.#arm();
  }

  /** A packet has left. */
  sent(): void {
    this.#lastSent = performance.now();
  }

  /** A packet has come. */
  received(): void {
    this.#lastReceived = performance.now();
  }

  /** PINGRESP has come. */
  answered(): void {
    this.#stopWait?.();
    this.#stopWait = undefined;
  }

  /** Does nothing any more. */
  stop(): void {
    this.#stopTimer();
    this.answered();
  }

  #arm(): void {
    const quietMs = performance.now() - Math.min(this.#lastSent, this.#lastReceived);
    const leftMs = this.#periodMs * this.#behaviour.pingAt - quietMs;
    this.#stopTimer = this.#schedule.after(Math.max(leftMs, 1), () => {
      if (
        performance.now() - Math.min(this.#lastSent, this.#lastReceived) >=
          this.#periodMs * this.#behaviour.pingAt
      ) {
        this.#ping();
      }
      this.#arm();
    });
  }

  #ping(): void {
    this.#lastSent = this.#lastReceived = performance.now();
    this.#actions.ping();
    this.#stopWait ??= this.#schedule.after(
      Math.min(this.#behaviour.pingTimeoutMs, this.#periodMs),
      this.#actions.dead,
    );
  }
}
