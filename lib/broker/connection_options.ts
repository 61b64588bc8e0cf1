/** The settings of a connection's broker. */
export interface ConnectionOptions {
  /** The largest packet in bytes; a larger one ends the connection. */
  readonly maximumPacketSize: number;
  /** The highest topic alias that a 5.0 client may use. */
  readonly topicAliasMaximum: number;
  /** How long a connection may stay without CONNECT; ms. */
  readonly connectWithinMs: number;
  /** Takes a line on what happens. */
  readonly log: (line: string) => void;
}
