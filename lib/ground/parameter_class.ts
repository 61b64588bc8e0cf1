/** A class of values of one parameter of a command, such as the value above the highest of a port. */
export interface ParameterClass {
  /** `ECMTOPEN`, or with an option `ECMTCFG keepalive`. */
  readonly command: string;
  /** The parameter of the command. */
  readonly parameter: string;
  /** `above`, `one-longer`, … */
  readonly class: string;
}
