/**
 * The points at which a defect or a quirk can change the module. Each is consulted at one place in the code;
 * {@link HONEST} has the values of a module without defects and quirks.
 */
import type { Draft, Packet, PublishPacket } from "../mqtt/packet.ts";
import type { Command, Fault, Form } from "./command_line.ts";
import type { Range, Written } from "./parameters.ts";
import type { Rule, Ruled, Shown, State } from "./states.ts";

/** An unsolicited result. Its fields are numbers or binary texts as printed, including quotes. */
export interface Urc {
  /** The name without the sign: `ECMTPUB`. */
  readonly name: string;
  readonly fields: readonly (number | string)[];
}

/** The event at which the success of a publish is reported. */
export type Completion = "sent" | "PUBACK" | "PUBREC" | "PUBCOMP";

/** The moments at which a module may send a URC that is unrelated to the current command. */
export type Moment =
  | "power-on"
  | "within-echo"
  | "behind-prompt"
  | "before-final"
  | "before-urc"
  | "behind-urc"
  | "behind-message"
  | "now-and-then";

/** The kinds of lines; a message is a URC that ends with a payload, whose end only its line end shows. */
export type Said = "information" | "final" | "urc" | "message";

/** The hooks of a module; `HONEST` has the correct ones. */
export interface Hooks {
  /** Called after the power was switched off and on, to clear all state. */
  readonly poweredOn: () => void;
  // The serial line.
  readonly echoes: (on: boolean) => boolean;
  /** Whether results are suppressed, given `ATQ`. */
  readonly quiets: (on: boolean) => boolean;
  readonly prompt: string;
  /** Converts a final result to lines to print; `urcFollows` if the command's own URC will follow. */
  readonly final: (line: string, urcFollows: boolean) => readonly string[];
  /** Returns the lines before the refusal of a command that explain it. */
  readonly explains: (command: string) => readonly string[];
  readonly errorCode: (code: number) => number;
  /** The error form in use (`AT+CMEE`). */
  readonly errorForm: (form: 0 | 1 | 2) => 0 | 1 | 2;
  /** Whether OK is held back until the command's own URC is sent. */
  readonly okWaitsForUrc: boolean;
  readonly urc: (urc: Urc) => readonly Urc[];
  /** Converts the text of a URC to the text to print. */
  readonly urcText: (urc: Urc, text: string) => string;
  /** Turns the lines of a URC into those that are printed. */
  readonly urcLines: (urc: Urc, lines: readonly string[]) => readonly string[];
  /** Puts line ends around lines. */
  readonly framed: (lines: readonly string[], said: Said) => string;
  /** Returns unrelated URCs to print at this moment, as lines. */
  readonly besides: (moment: Moment) => readonly string[];
  /** Converts the information lines of a command to those to print. */
  readonly information: (command: string, form: Form, lines: readonly string[]) => readonly string[];
  /** Selects the commands of a line to execute. */
  readonly commands: (commands: readonly (Command | Fault)[]) => readonly (Command | Fault)[];
  readonly stopsAtError: boolean;
  readonly knows: (command: string) => boolean;
  readonly hasForm: (command: string, form: Form) => boolean;
  readonly skipsSpaces: boolean;
  /**
   * Changes the parameters of a write command; `read` is undefined if `text` cannot be parsed, `restAt` is
   * where the rest begins.
   */
  readonly parameters: (
    read: readonly Written[] | undefined,
    text: string,
    restAt: number | undefined,
  ) => readonly Written[] | undefined;
  // Parameters, named as `ECMTPUB.qos`.
  readonly mandatory: (parameter: string) => boolean;
  readonly range: (parameter: string, range: Range) => Range;
  readonly refusesExtra: boolean;
  readonly takesQuotedNumbers: boolean;
  readonly refusesIdZero: boolean;
  /** Whether a command that would violate MQTT is refused. */
  readonly refusesViolations: boolean;
  /** Converts a payload in the command line to the payload to send. */
  readonly inlinePayload: (payload: string) => string;
  // Data entry.
  readonly dataEnd: (byte: number) => "send" | "cancel" | undefined;
  /** Whether a byte ends data with a given length early. */
  readonly endsCountedData: (byte: number) => boolean;
  readonly enteredData: (data: string, terminator: number) => string;
  /** Turns what was entered for one command into what is used of it. */
  readonly entered: (command: string, data: string) => string;
  // States.
  readonly rule: (command: Ruled, state: State, rule: Rule) => Rule;
  readonly shownState: (shown: Shown) => number;
  readonly forgetsContext: (after: "CLOSE" | "DISC" | "OPEN") => boolean;
  // MQTT.
  readonly send: (packet: Draft) => readonly Draft[];
  /** The delay of a packet in ms; later packets wait too. */
  readonly sendDelayMs: (packet: Draft) => number;
  readonly receive: (packet: Packet) => Packet;
  readonly deliver: (message: PublishPacket) => readonly PublishPacket[];
  readonly completes: (qos: 1 | 2) => Completion;
  /** Whether an acknowledgement counts only at the right stage of its message's handshake. */
  readonly keepsHandshakes: boolean;
  /** Whether UNS sends UNSUBSCRIBE. */
  readonly unsubscribes: boolean;
  readonly connectReportedAt: "CONNACK" | "CONNECT";
  readonly filtersDuplicates: boolean;
  readonly resends: (what: "PUBLISH" | "PUBREL") => boolean;
  readonly closesTcp: boolean;
  readonly reconnects: boolean;
  readonly closesOnViolation: boolean;
}

/** The hooks of a module without defects and quirks. */
export const HONEST: Hooks = {
  poweredOn: () => {},
  echoes: (on) => on,
  quiets: (on) => on,
  prompt: "\r\n> ",
  final: (line) => [line],
  explains: () => [],
  errorCode: (code) => code,
  errorForm: (form) => form,
  okWaitsForUrc: false,
  urc: (urc) => [urc],
  urcText: (_urc, text) => text,
  urcLines: (_urc, lines) => lines,
  framed: (lines) => `\r\n${lines.join("\r\n")}\r\n`,
  besides: () => [],
  information: (_command, _form, lines) => lines,
  commands: (commands) => commands,
  stopsAtError: true,
  knows: () => false,
  hasForm: () => true,
  skipsSpaces: true,
  parameters: (read) => read,
  mandatory: () => true,
  range: (_parameter, range) => range,
  refusesExtra: true,
  takesQuotedNumbers: false,
  refusesIdZero: true,
  refusesViolations: true,
  inlinePayload: (payload) => payload,
  dataEnd: (byte) => byte === 0x1a ? "send" : byte === 0x1b ? "cancel" : undefined,
  endsCountedData: () => false,
  enteredData: (data) => data,
  entered: (_command, data) => data,
  rule: (_command, _state, rule) => rule,
  shownState: (shown) => shown,
  forgetsContext: () => true,
  send: (packet) => [packet],
  sendDelayMs: () => 0,
  receive: (packet) => packet,
  deliver: (message) => [message],
  completes: (qos) => qos === 1 ? "PUBACK" : "PUBCOMP",
  keepsHandshakes: true,
  unsubscribes: true,
  connectReportedAt: "CONNACK",
  filtersDuplicates: true,
  resends: () => true,
  closesTcp: true,
  reconnects: true,
  closesOnViolation: true,
};
