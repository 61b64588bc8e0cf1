import type { Visitor } from "./visitor.ts";

/** A broker or a module that does harm on purpose. */
export interface HostilePeer {
  /** What it is called on the command line and in the table. */
  readonly name: string;
  /** What it does, as the rest of a sentence that begins with its name. */
  readonly about: string;
  readonly plays: "broker" | "module";
  /**
   * Whether it answers as a broker does: CONNACK, SUBACK, UNSUBACK, PINGRESP and the acknowledgements of QoS 1 and 2. Default true
   * for a broker; a module says nothing by itself.
   */
  readonly answers?: boolean;
  /** Called with each connection at its begin. */
  readonly opened?: (visitor: Visitor) => void | Promise<void>;
  /** Called behind the CONNACK. */
  readonly connected?: (visitor: Visitor) => void | Promise<void>;
  /** Called behind a SUBACK, with the filters. */
  readonly subscribed?: (visitor: Visitor, filters: readonly string[]) => void | Promise<void>;
  /** Called with what a host types. */
  readonly typed?: (visitor: Visitor, text: string) => void | Promise<void>;
}
