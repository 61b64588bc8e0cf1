/** A class of values for one parameter of a command, such as a port above the highest allowed. */
export interface ParameterClass {
  /** `ECMTOPEN`, or with its option, such as `ECMTCFG keepalive`. */
  readonly command: string;
  /** The parameter of the command. */
  readonly parameter: string;
  /** `above`, `one-longer`, … */
  readonly class: string;
}
