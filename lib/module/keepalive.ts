import type { ModuleBehaviour } from "./behaviour.ts";
import type { Schedule } from "./schedule.ts";

/** The actions of a keep-alive timer. */
export interface KeepaliveActions {
  readonly ping: () => void;
  /** Reports that a ping got no answer. */
  readonly dead: () => void;
}

/**
 * Sends PINGREQ when a connection was quiet in either direction, and detects a broker that no longer answers
 * [MQTT-3.1.2-23].
 */
export class Keepalive {
  readonly #schedule: Schedule;
  readonly #behaviour: ModuleBehaviour;
  readonly #actions: KeepaliveActions;
  #periodMs = 0;
  #lastSent = 0;
  #lastReceived = 0;
  #stopTimer = () => {};
  #stopBesides = () => {};
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

  /** Records CONNACK, after which additional pings may be sent. */
  connected(): void {
    const { pingEveryMs, pingsAtOnce } = this.#behaviour;
    if (pingsAtOnce) this.#ping();
    if (pingEveryMs > 0) this.#pingAfter(pingEveryMs);
  }

  /** Records a sent packet. */
  sent(): void {
    this.#lastSent = performance.now();
  }

  /** Records a received packet. */
  received(): void {
    this.#lastReceived = performance.now();
  }

  /** Records a PINGRESP. */
  answered(): void {
    this.#stopWait?.();
    this.#stopWait = undefined;
  }

  /** Stops all timers. */
  stop(): void {
    this.#stopTimer();
    this.#stopBesides();
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

  #pingAfter(ms: number): void {
    this.#stopBesides = this.#schedule.after(ms, () => {
      this.#ping();
      this.#pingAfter(ms);
    });
  }

  #ping(): void {
    this.#lastSent = this.#lastReceived = performance.now();
    this.#actions.ping();
    // Without a keep-alive time there is no timeout for the answer.
    if (this.#periodMs === 0) return;
    this.#stopWait ??= this.#schedule.after(
      Math.min(this.#behaviour.pingTimeoutMs, this.#periodMs),
      this.#actions.dead,
    );
  }
}
