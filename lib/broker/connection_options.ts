/** The broker's settings for a connection. */
export interface ConnectionOptions {
  /** The largest packet in bytes; a larger one ends the connection. */
  readonly maximumPacketSize: number;
  /** The highest topic alias that a 5.0 client may use. */
  readonly topicAliasMaximum: number;
  /** How long a connection may stay without CONNECT; ms. */
  readonly connectWithinMs: number;
  /** Called with log lines. */
  readonly log: (line: string) => void;
}
