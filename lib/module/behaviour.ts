/** The points in which modules of this family differ, as data. A variant is another set of values. */
import type { Segments } from "./segments.ts";

/** The identity that a module reports. */
export interface Identity {
  readonly manufacturer: string;
  readonly model: string;
  readonly revision: string;
  /** The IMEI, 15 digits. */
  readonly serial: string;
}

/** The longest texts that a command accepts, in bytes. */
export interface Limits {
  readonly host: number;
  readonly clientId: number;
  readonly userName: number;
  readonly password: number;
  readonly topic: number;
  readonly willMessage: number;
  /** The longest payload in a command line. */
  readonly textPayload: number;
  /** The longest payload after a prompt. */
  readonly dataPayload: number;
  /**
   * The largest packet: a larger one from the broker closes the connection, a larger PUBLISH is not sent
   * [ECMT-PUB-W25].
   */
  readonly packet: number;
}

/**
 * The behaviour of a module where sources, firmware or vendors differ; brackets name rows of the command
 * manual.
 */
export interface ModuleBehaviour {
  /** The command set: `AT+ECMT…`, Quectel's `AT+QMT…`, SIMCom's `AT+CMQTT…` or ESP-AT's `AT+MQTT…`. */
  readonly commands: "ECMT" | "QMT" | "CMQTT" | "MQTT";
  readonly identity: Identity;
  /** The number and the text of `+CME ERROR` for a refusal [ECMT-AT-31]. */
  readonly refusal: { readonly code: number; readonly text: string };
  /** Echo and error form after power-on [ECMT-AT-5, ECMT-AT-33]. */
  readonly powerOn: { readonly echo: boolean; readonly errors: 0 | 1 | 2 };
  /** Whether the echo is sent for each character, or for the line after its CR. */
  readonly echoesBy: "character" | "line";
  /** The characters that echo a received CR. */
  readonly echoedLineEnd: string;
  /** Whether data after a prompt is echoed [ECMT-AT-5, ECMT-CFG-W10]. */
  readonly echoesData: boolean;
  /** The time from power-on to network registration, as `AT+CEREG?` shows, in ms. */
  readonly registersAfterMs: number;
  /** The highest `tcpconnectID`; the lowest is 0 [ECMT-OPEN-W2]. */
  readonly highestId: number;
  readonly limits: Limits;
  /** Whether a space follows the colon of an unsolicited result [ECMT-AT-7]. */
  readonly spaceAfterColon: boolean;
  /** Whether a space follows the colon in the responses to `AT+ECMTOPEN?` and `AT+ECMTCONN?` [ECMT-OPEN-R1]. */
  readonly spaceInReadForm: boolean;
  /** The result of a failed OPEN [ECMT-OPEN-U2]. */
  readonly openFailure: number;
  /** The timeout of a TCP connection in ms [ECMT-OPEN-U3]. */
  readonly openTimeoutMs: number;
  /** The delay of the OK of OPEN in ms [ECMT-OPEN-W8]. */
  readonly openDelayMs: number;
  /** The delay of every final result in ms; the manual allows 5 s [ECMT-AT-41]. */
  readonly finalDelayMs: number;
  /** The pause between the information lines of a response and its final result in ms. */
  readonly informationGapMs: number;
  /** The delay of the prompt in ms. */
  readonly promptDelayMs: number;
  /** The delay of the result URC of a command in ms [ECMT-AT-42]. */
  readonly resultDelayMs: number;
  /** The delay of `+ECMTRECV` and `+ECMTSTAT` in ms. */
  readonly unsolicitedDelayMs: number;
  /** The interval between two URCs that are unrelated to MQTT in ms; 0 for none. */
  readonly chatterMs: number;
  /** The result for a CONNACK code other than 0 [ECMT-CONN-U5]. */
  readonly refusalResult: 0 | 1;
  /**
   * The action after a refusal: close, or treat the broker's close as a lost link and reconnect
   * [ECMT-CONN-U9].
   */
  readonly afterRefusal: "close" | "reconnect";
  /** Whether client id, user name and password are used only if all three are given [ECMT-CONN-W5]. */
  readonly credentialsOnlyTogether: boolean;
  /** Result and code of a CONNECT without a CONNACK [ECMT-CONN-U6, ECMT-CONN-U7]. */
  readonly connectFailure: readonly number[];
  /** The packet after which SUB and PUB are accepted [ECMT-S-2]. */
  readonly connectedAt: "CONNACK" | "CONNECT";
  /** Whether CONNECT omits a user name or password given as an empty text. */
  readonly leavesOutEmptyCredentials: boolean;
  /** The fourth field of `+ECMTSUB` [ECMT-SUB-U3]. */
  readonly subValue: "granted" | "one" | "none";
  /** Result and value of a subscription that the broker refuses [ECMT-SUB-U4]. */
  readonly subRefused: readonly [result: number, value: number];
  /** The values of PUB's `retain`; the last digit is the flag [ECMT-PUB-W6]. */
  readonly retainValues: readonly number[];
  /** Whether PUB at QoS 1 and 2 refuses msgID 0 [ECMT-PUB-W3]. */
  readonly refusesIdZero: boolean;
  /** Whether the module chooses the id of a PUB at QoS 1 and 2 with msgID 0 [ECMT-PUB-W3]. */
  readonly choosesId: boolean;
  /** Which of the ids that are free the module chooses: the lowest, or the one behind the last. */
  readonly chosenIds: "lowest" | "next";
  /** Whether PUB at QoS 0 takes msgID 0 only [ECMT-PUB-W3]. */
  readonly idZeroOnlyAtQos0: boolean;
  /** Whether a backslash in a text in quotes takes the next character literally. */
  readonly escapes: boolean;
  /** Whether an empty text in quotes is refused, except as payload and will message [ECMT-AT-23]. */
  readonly refusesEmptyText: boolean;
  /** Whether an empty quoted will topic or message is refused [ECMT-CFG-W15]. */
  readonly refusesEmptyWill: boolean;
  /**
   * Whether a command that would violate MQTT is refused: ill-formed UTF-8, invalid topics, an id in use, an
   * empty client id with a persistent session.
   */
  readonly refusesMqttViolations: boolean;
  /** Whether PUB without a connection prompts, and is refused after the data [ECMT-PUB-W31]. */
  readonly promptWhenOffline: boolean;
  /**
   * Whether data that is too long is refused at its end, or causes an error after the guard time
   * [ECMT-PUB-W35].
   */
  readonly dataOverflow: "refuse" | "expire";
  /** The guard time after which data entry ends with an error, in ms [ECMT-PUB-W36]. */
  readonly dataGuardMs: number;
  /** Whether Ctrl-Z and ESC count only as the last byte of one read [ECMT-PUB-W33]. */
  readonly terminatorOnlyLast: boolean;
  /** Whether the payload of `+ECMTRECV` is quoted [ECMT-RECV-U2]. */
  readonly recvQuoted: boolean;
  /** How many bytes of a received payload follow one line, where a command set shows it in several. */
  readonly payloadPiece: number;
  /** Whether a payload ends at its first NUL, leading ones skipped [ECMT-RECV-U4]. */
  readonly recvCutAtNul: boolean;
  /** The id in `+ECMTRECV` at QoS 0 [ECMT-RECV-U5]. */
  readonly recvIdAtQos0: number;
  /** Whether a repeated QoS 2 PUBLISH is dropped [ECMT-RECV-U6]. */
  readonly duplicateFilter: boolean;
  /** The packet at which a QoS 2 message is reported; MQTT 3.1.1 allows both in figure 4.3. */
  readonly showsQos2At: "PUBLISH" | "PUBREL";
  /** Whether a persistent session is resumed: PUBLISH with DUP, PUBREL [ECMT-PUB-U5]. */
  readonly resumes: boolean;
  /** The delay between CONNACK and the resumption of a persistent session in ms. */
  readonly resumeDelayMs: number;
  /** Whether an unanswered PUBLISH or PUBREL is resent, at the times that `timeout` sets [ECMT-CFG-W14]. */
  readonly resendsUnanswered: boolean;
  /** Whether an unresponsive broker leads to result 2 after `timeout`, or to no result [ECMT-AT-42]. */
  readonly unanswered: "report" | "silent";
  /** The range of `timeout`'s second value [ECMT-CFG-W14]. */
  readonly retryRange: readonly [number, number];
  /** Whether the query of an option that was never set returns the effective default, or 0. */
  readonly unsetQuery: "default" | "zero";
  /** How many QoS 1 and 2 messages may be unacknowledged; further ones are refused. */
  readonly inFlight: number;
  /** How many SUB, UNS and PUB commands may wait for their results; further ones are refused. */
  readonly requestsAtOnce: number;
  /** How many topics one SUB or UNS accepts, in a command set that allows several. */
  readonly topicsPerCommand: number;
  /** Whether the read form of CONN lists every context, or only those in use. */
  readonly listsContexts: "all" | "used";
  /** The fraction of the keep-alive time after which PINGREQ is sent, 0 to 1. */
  readonly pingAt: number;
  /** The interval of additional PINGREQs, whatever the keep-alive time, in ms; 0 for none. */
  readonly pingEveryMs: number;
  /** Whether a PINGREQ follows CONNACK immediately. */
  readonly pingsAtOnce: boolean;
  /** The time without PINGRESP after which the link counts as lost, at most the keep-alive time, in ms. */
  readonly pingTimeoutMs: number;
  /** The time within which a packet must be sent before the link counts as lost, in ms. */
  readonly sendTimeoutMs: number;
  /** The code of `+ECMTSTAT` for a missing PINGRESP; any other loss is 1 [ECMT-STAT-U1]. */
  readonly pingLossCode: number;
  /** Whether the loss of a connection without a CONNECT is reported. */
  readonly reportsLossUnconnected: boolean;
  /** Whether CLOSE sends DISCONNECT if there is a client [ECMT-CLOSE-W3]. */
  readonly disconnectsOnClose: boolean;
  /** How long the module waits after DISCONNECT for the broker to close first, in ms. */
  readonly closeWaitMs: number;
  /** The delay between the result of DISC or CLOSE and the close of the TCP connection in ms. */
  readonly closeLagMs: number;
  /** Whether the module reconnects by itself after a loss [ECMT-S-3]. */
  readonly reconnects: boolean;
  /** Whether settings survive the end of the connection, or are lost with the context [ECMT-S-1]. */
  readonly keepsSettings: boolean;
  /** Whether a malformed packet from the broker closes the connection [MQTT-4.8.0-1]. */
  readonly closesOnViolation: boolean;
  /**
   * Whether an acknowledgement is reported with its own id, whatever was requested at which QoS [ECMT-SUB-U6,
   * ECMT-PUB-U6].
   */
  readonly reportsUnknownIds: boolean;
  /**
   * The size of the pieces in which output is sent, as by a slow UART or a USB adapter, in bytes; 0 for
   * unsplit.
   */
  readonly pieceBytes: number;
  /** The pause between two pieces in ms. */
  readonly pieceGapMs: number;
  /** Whether output is split between the CR and the LF of each line end. */
  readonly splitsLineEnds: boolean;
  /** How long output is collected before it is sent in one piece, in ms. */
  readonly burstMs: number;
  /** Garbage on the serial line before each line, as hex; never after a payload, whose end only silence shows. */
  readonly noise: string;
  /** The time without input after which the UART sleeps, in ms; 0 for never. */
  readonly sleepsAfterMs: number;
  /** How many characters a sleeping UART loses when they wake it. */
  readonly lostAsleep: number;
  /** Whether only HDSK wakes the UART, which responds with KSDH [ECMT-AT-9]; otherwise any character does. */
  readonly wakesByGreeting: boolean;
  /** Whether the UART sleeps from power-on. */
  readonly asleepAtPowerOn: boolean;
  /** The delays before the attempts of the automatic reconnect in ms, one per attempt [ECMT-S-3]. */
  readonly reconnectDelaysMs: readonly number[];
  /** How long a connection must last to restore all reconnect attempts, in ms. */
  readonly steadyMs: number;
  /** The round trip of the radio in ms; bytes to and from the broker take half of it. */
  readonly roundTripMs: number;
  /** How packets are split into TCP segments. */
  readonly segments: Segments;
}

/** The behaviour that the manual and MQTT 3.1.1 describe; known firmware with differences has other values. */
export const MANUAL: ModuleBehaviour = {
  commands: "ECMT",
  identity: {
    manufacturer: "ATTEST",
    model: "VIRTUAL-ECMT",
    revision: "1.0",
    serial: "860000000000001",
  },
  refusal: { code: 3, text: "operation not allowed" },
  powerOn: { echo: true, errors: 1 },
  echoesBy: "character",
  echoedLineEnd: "\r",
  echoesData: true,
  registersAfterMs: 0,
  highestId: 0,
  limits: {
    host: 100,
    clientId: 48,
    userName: 48,
    password: 96,
    topic: 255,
    willMessage: 255,
    textPayload: 700,
    dataPayload: 1024,
    packet: 64 * 1024,
  },
  spaceAfterColon: true,
  spaceInReadForm: false,
  openFailure: -1,
  openTimeoutMs: 30_000,
  openDelayMs: 0,
  finalDelayMs: 0,
  informationGapMs: 0,
  promptDelayMs: 0,
  resultDelayMs: 0,
  unsolicitedDelayMs: 0,
  chatterMs: 0,
  refusalResult: 1,
  afterRefusal: "close",
  credentialsOnlyTogether: false,
  connectFailure: [2, 6],
  connectedAt: "CONNACK",
  leavesOutEmptyCredentials: false,
  subValue: "granted",
  subRefused: [0, 128],
  retainValues: [0, 1],
  refusesIdZero: true,
  choosesId: false,
  chosenIds: "lowest",
  idZeroOnlyAtQos0: false,
  escapes: false,
  refusesEmptyText: true,
  refusesEmptyWill: false,
  refusesMqttViolations: true,
  promptWhenOffline: true,
  dataOverflow: "refuse",
  dataGuardMs: 20_000,
  terminatorOnlyLast: false,
  recvQuoted: false,
  payloadPiece: 1_500,
  recvCutAtNul: false,
  recvIdAtQos0: 0,
  duplicateFilter: true,
  showsQos2At: "PUBLISH",
  resumes: true,
  resumeDelayMs: 0,
  resendsUnanswered: false,
  unanswered: "report",
  retryRange: [0, 10],
  unsetQuery: "default",
  inFlight: 32,
  requestsAtOnce: 65_535,
  topicsPerCommand: 5,
  listsContexts: "used",
  pingAt: 0.8,
  pingEveryMs: 0,
  pingsAtOnce: false,
  pingTimeoutMs: 5_000,
  sendTimeoutMs: 10_000,
  pingLossCode: 1,
  reportsLossUnconnected: true,
  disconnectsOnClose: true,
  closeWaitMs: 0,
  closeLagMs: 0,
  reconnects: true,
  keepsSettings: false,
  closesOnViolation: true,
  reportsUnknownIds: false,
  pieceBytes: 0,
  pieceGapMs: 1,
  splitsLineEnds: false,
  burstMs: 0,
  noise: "",
  sleepsAfterMs: 0,
  lostAsleep: 4,
  wakesByGreeting: false,
  asleepAtPowerOn: false,
  reconnectDelaysMs: [20, 500, 2_000],
  steadyMs: 5_000,
  roundTripMs: 0,
  segments: "packet",
};
