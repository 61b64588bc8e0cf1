import type { Draft, Packet } from "../mqtt/packet.ts";
import type { Traffic } from "./traffic.ts";

/** The first of the packet ids reserved for fences, away from those that a case uses. */
const FIRST_ID = 64_000;

/** One fence. Its number in the case determines its packet id and its topic. */
export interface Fence {
  readonly packetId: number;
  readonly topic: string;
}

/** Creates the fence with this number. */
export function fence(number: number, traffic: Traffic): Fence {
  return { packetId: FIRST_ID + number % 1_000, topic: traffic.fenceTopic(number) };
}

/**
 * Plays the fences of one lane, as their publisher or subscriber: answers their packets, hides them from the case, and
 * reports when a stage is reached.
 */
export class LaneFences implements Disposable {
  readonly #answer: (draft: Draft) => void;
  readonly #ids = new Set<number>();
  readonly #waits = new Set<
    { readonly fence: Fence; readonly stage: "suback" | "publish"; readonly done: (problem?: string) => void }
  >();

  /** `answer` sends a packet on the lane. */
  constructor(answer: (draft: Draft) => void) {
    this.#answer = answer;
  }

  /** Registers the fence's packet id as one that this lane answers for. */
  join(fence: Fence): void {
    this.#ids.add(fence.packetId);
  }

  /** Waits for the fence's SUBACK or its message. Returns what went wrong, or undefined. */
  wait(
    fence: Fence,
    stage: "suback" | "publish",
    withinMs: number,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    this.join(fence);
    return new Promise((resolve) => {
      const done = (problem?: string) => {
        clearTimeout(timer);
        signal.removeEventListener("abort", aborted);
        this.#waits.delete(entry);
        resolve(problem);
      };
      const entry = { fence, stage, done };
      const aborted = () => done("The case was ended");
      const late = stage === "suback"
        ? "The fence's SUBSCRIBE had no SUBACK"
        : "The fence's message did not arrive";
      const timer = setTimeout(() => done(`${late} within ${withinMs} ms`), withinMs);
      signal.addEventListener("abort", aborted);
      this.#waits.add(entry);
      if (signal.aborted) aborted();
    });
  }

  /** Records that the message of a fence has arrived. */
  arrived(topic: string): void {
    for (const wait of this.#waits) if (wait.stage === "publish" && wait.fence.topic === topic) wait.done();
  }

  /** Handles a packet that answers one of a fence's packets. Returns whether it was one. */
  intercept(packet: Packet): boolean {
    switch (packet.type) {
      case "SUBACK": {
        if (!this.#ids.has(packet.packetId)) return false;
        const refused = packet.reasons.some((reason) => reason >= 0x80);
        for (const wait of this.#waits) {
          if (wait.stage === "suback" && wait.fence.packetId === packet.packetId) {
            wait.done(refused ? "The fence's subscription was refused" : undefined);
          }
        }
        return true;
      }
      case "PUBREC":
        if (!this.#ids.has(packet.packetId)) return false;
        this.#answer({ type: "PUBREL", packetId: packet.packetId });
        return true;
      case "PUBACK":
      case "PUBCOMP":
        return this.#ids.has(packet.packetId);
      default:
        return false;
    }
  }

  /** Records that the lane's connection is closed, so no fence will arrive. */
  closed(): void {
    for (const wait of this.#waits) wait.done("The connection was closed before the fence");
  }

  [Symbol.dispose](): void {
    this.closed();
  }
}
