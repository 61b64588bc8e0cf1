/** A piece of work for each tool, in numbers that all tools accept. */
export type Work =
  /** Publish as fast as possible, without subscribers. */
  | { readonly kind: "publish"; readonly clients: number; readonly seconds: number }
  /** `pairs` publishers, each with its own subscriber, as fast as possible. */
  | {
    readonly kind: "flow";
    readonly pairs: number;
    readonly qos: 0 | 1 | 2;
    readonly window: number;
    readonly seconds: number;
  }
  /** Connect, and hold the connections until told to stop. */
  | { readonly kind: "idle"; readonly clients: number }
  /** `pairs` publishers that share `rate` messages per second, timed from the planned moment of each. */
  | {
    readonly kind: "rate";
    readonly pairs: number;
    readonly rate: number;
    readonly qos: 0 | 1;
    readonly window: number;
    readonly seconds: number;
  };

/** The size of every payload in bytes. */
export const PAYLOAD = 64;
