/** A piece of work that each tool is given, in numbers that all of them understand. */
export type Work =
  /** Publish as fast as it goes; nobody subscribes. */
  | { readonly kind: "publish"; readonly clients: number; readonly seconds: number }
  /** `pairs` publishers, each with a subscriber of its own, as fast as it goes. */
  | {
    readonly kind: "flow";
    readonly pairs: number;
    readonly qos: 0 | 1 | 2;
    readonly window: number;
    readonly seconds: number;
  }
  /** Connect, and hold the connections until told to end. */
  | { readonly kind: "idle"; readonly clients: number }
  /** `pairs` publishers that share `rate` messages a second, timed from the moment each was due. */
  | {
    readonly kind: "rate";
    readonly pairs: number;
    readonly rate: number;
    readonly qos: 0 | 1;
    readonly window: number;
    readonly seconds: number;
  };

/** The payload of every message, in bytes. */
export const PAYLOAD = 64;
