/** The points in which modules of this family differ, as data. A variant is a set of other values. */
import type { Segments } from "./segments.ts";

/** What a module says of itself. */
export interface Identity {
  readonly manufacturer: string;
  readonly model: string;
  readonly revision: string;
  /** The IMEI, 15 digits. */
  readonly serial: string;
}

/** The longest texts that a command takes, in bytes. */
export interface Limits {
  readonly host: number;
  readonly clientId: number;
  readonly userName: number;
  readonly password: number;
  readonly topic: number;
  readonly willMessage: number;
  /** Of a payload in the command line. */
  readonly textPayload: number;
  /** Of a payload behind the prompt. */
  readonly dataPayload: number;
  /** A larger packet from the broker ends the connection; a larger PUBLISH is not sent [ECMT-PUB-W25]. */
  readonly packet: number;
}

/** How a module behaves where sources, firmware or makers differ. The rows of the command manual are named in brackets. */
export interface ModuleBehaviour {
  /** The command set: `AT+ECMT…`, or Quectel's `AT+QMT…`. */
  readonly commands: "ECMT" | "QMT";
  readonly identity: Identity;
  /** What a refusal is called: the number and the text of `+CME ERROR` [ECMT-AT-31]. */
  readonly refusal: { readonly code: number; readonly text: string };
  /** Echo and error form after power-on [ECMT-AT-5, ECMT-AT-33]. */
  readonly powerOn: { readonly echo: boolean; readonly errors: 0 | 1 | 2 };
  /** The echo comes back as it is typed, or a line at once when its CR was typed. */
  readonly echoesBy: "character" | "line";
  /** A typed CR is echoed as these characters. */
  readonly echoedLineEnd: string;
  /** What is typed behind the prompt is echoed too [ECMT-AT-5, ECMT-CFG-W10]. */
  readonly echoesData: boolean;
  /** The network is there so long after power-on, as `AT+CEREG?` tells, ms. */
  readonly registersAfterMs: number;
  /** The highest `tcpconnectID`; there is a context for each from 0 [ECMT-OPEN-W2]. */
  readonly highestId: number;
  readonly limits: Limits;
  /** A space behind the colon of an unsolicited result [ECMT-AT-7]. */
  readonly spaceAfterColon: boolean;
  /** A space behind the colon in the answer to `AT+ECMTOPEN?` and `AT+ECMTCONN?` [ECMT-OPEN-R1]. */
  readonly spaceInReadForm: boolean;
  /** The result of an OPEN that failed [ECMT-OPEN-U2]. */
  readonly openFailure: number;
  /** How long a TCP connection may take, ms [ECMT-OPEN-U3]. */
  readonly openTimeoutMs: number;
  /** OPEN's OK comes so much later, ms [ECMT-OPEN-W8]. */
  readonly openDelayMs: number;
  /** Every final result comes so long after its command, ms; the manual allows 5 s [ECMT-AT-41]. */
  readonly finalDelayMs: number;
  /** The pause between the information lines of an answer and its final result, ms. */
  readonly informationGapMs: number;
  /** The prompt comes so long after its command, ms. */
  readonly promptDelayMs: number;
  /** Results that a command announced come so much later, ms [ECMT-AT-42]. */
  readonly resultDelayMs: number;
  /** `+ECMTRECV` and `+ECMTSTAT` come so much later, ms. */
  readonly unsolicitedDelayMs: number;
  /** URCs that have nothing to do with MQTT come every so many ms; 0 never. */
  readonly chatterMs: number;
  /** The result that goes with a CONNACK code other than 0 [ECMT-CONN-U5]. */
  readonly refusalResult: 0 | 1;
  /** What follows a refusal: the module closes, or takes the close as a lost link and tries again [ECMT-CONN-U9]. */
  readonly afterRefusal: "close" | "reconnect";
  /** Client id, user name and password are used only when all three are given [ECMT-CONN-W5]. */
  readonly credentialsOnlyTogether: boolean;
  /** Result and code of a CONNECT that got no CONNACK [ECMT-CONN-U6, ECMT-CONN-U7]. */
  readonly connectFailure: readonly number[];
  /** SUB and PUB are taken from here on [ECMT-S-2]. */
  readonly connectedAt: "CONNACK" | "CONNECT";
  /** A user name or password that is given as an empty text is left out of CONNECT. */
  readonly leavesOutEmptyCredentials: boolean;
  /** The fourth field of `+ECMTSUB` [ECMT-SUB-U3]. */
  readonly subValue: "granted" | "one" | "none";
  /** Result and value of a subscription that the broker refused [ECMT-SUB-U4]. */
  readonly subRefused: readonly [result: number, value: number];
  /** The values of PUB's `retain`; the last digit is the flag [ECMT-PUB-W6]. */
  readonly retainValues: readonly number[];
  /** QoS 1 and 2 with msgID 0 are refused [ECMT-PUB-W3]. */
  readonly refusesIdZero: boolean;
  /** QoS 1 and 2 with msgID 0 let the module choose the id [ECMT-PUB-W3]. */
  readonly choosesId: boolean;
  /** QoS 0 takes msgID 0 only [ECMT-PUB-W3]. */
  readonly idZeroOnlyAtQos0: boolean;
  /** A quoted empty string is refused (not as payload, nor as will message) [ECMT-AT-23]. */
  readonly refusesEmptyText: boolean;
  /** A will topic or message in quotes and empty is refused; else it is taken as an empty one [ECMT-CFG-W15]. */
  readonly refusesEmptyWill: boolean;
  /** What MQTT forbids a client is refused: ill-formed UTF-8, bad topics, an id in use, an empty client id with a kept session. */
  readonly refusesMqttViolations: boolean;
  /** The prompt comes although there is no connection, and the refusal after the data [ECMT-PUB-W31]. */
  readonly promptWhenOffline: boolean;
  /** Data that is too long is refused at its end, or ends data entry silently until the guard time is over [ECMT-PUB-W35]. */
  readonly dataOverflow: "refuse" | "expire";
  /** Data entry ends with an error after this time, ms [ECMT-PUB-W36]. */
  readonly dataGuardMs: number;
  /** Ctrl-Z and ESC count only as the last byte of what was received at once [ECMT-PUB-W33]. */
  readonly terminatorOnlyLast: boolean;
  /** The payload of `+ECMTRECV` stands in quotes [ECMT-RECV-U2]. */
  readonly recvQuoted: boolean;
  /** A payload ends at its first NUL, leading ones passed over [ECMT-RECV-U4]. */
  readonly recvCutAtNul: boolean;
  /** The id that `+ECMTRECV` shows at QoS 0 [ECMT-RECV-U5]. */
  readonly recvIdAtQos0: number;
  /** A repeated QoS 2 PUBLISH is not delivered again [ECMT-RECV-U6]. */
  readonly duplicateFilter: boolean;
  /** A QoS 2 message is shown when it comes, or when its PUBREL does; MQTT 3.1.1 draws both in figure 4.3. */
  readonly showsQos2At: "PUBLISH" | "PUBREL";
  /** A kept session is resumed: PUBLISH with DUP, PUBREL [ECMT-PUB-U5]. */
  readonly resumes: boolean;
  /** A kept session is resumed so long after CONNACK, ms. */
  readonly resumeDelayMs: number;
  /** A PUBLISH or PUBREL that is not answered within `timeout` is sent again as often as it says [ECMT-CFG-W14]. */
  readonly resendsUnanswered: boolean;
  /** What a broker that does not answer leads to: result 2 after `timeout`, or nothing ever [ECMT-AT-42]. */
  readonly unanswered: "report" | "silent";
  /** The range of `timeout`'s second value [ECMT-CFG-W14]. */
  readonly retryRange: readonly [number, number];
  /** What the query of an option that was never set shows: the effective default, or 0. */
  readonly unsetQuery: "default" | "zero";
  /** How many QoS 1 and 2 publishes may be on their way; more are refused. */
  readonly inFlight: number;
  /** How many SUB, UNS and PUB commands may wait for their results; more are refused. */
  readonly requestsAtOnce: number;
  /** How many topics one SUB or UNS takes, where a command set takes several. */
  readonly topicsPerCommand: number;
  /** The read form of CONN lists every context, or those that are in use. */
  readonly listsContexts: "all" | "used";
  /** PINGREQ goes out after this part of the keep-alive time, 0 to 1. */
  readonly pingAt: number;
  /** PINGREQ goes out every so many ms besides, keep-alive or not; 0 never. */
  readonly pingEveryMs: number;
  /** The first PINGREQ follows CONNACK. */
  readonly pingsAtOnce: boolean;
  /** Without PINGRESP the link counts as lost after this time (or the keep-alive time where that is less), ms. */
  readonly pingTimeoutMs: number;
  /** A packet that cannot be sent within this time ends the link, ms. */
  readonly sendTimeoutMs: number;
  /** The code of `+ECMTSTAT` where PINGRESP did not come; any other loss is 1 [ECMT-STAT-U1]. */
  readonly pingLossCode: number;
  /** The loss of a connection on which no CONNECT was sent is reported too. */
  readonly reportsLossUnconnected: boolean;
  /** CLOSE sends DISCONNECT where there is a client [ECMT-CLOSE-W3]. */
  readonly disconnectsOnClose: boolean;
  /** The broker has so long to close first after DISCONNECT, ms. */
  readonly closeWaitMs: number;
  /** The TCP connection is closed so long after DISC or CLOSE is reported, ms. */
  readonly closeLagMs: number;
  /** A lost connection is opened again by the module itself [ECMT-S-3]. */
  readonly reconnects: boolean;
  /** The settings stay when the connection ends; else they go with the context [ECMT-S-1]. */
  readonly keepsSettings: boolean;
  /** A wrong packet of the broker ends the connection [MQTT-4.8.0-1]; else what can be read of it counts. */
  readonly closesOnViolation: boolean;
  /** An acknowledgement is reported with the id that it has, whatever was asked and at which QoS [ECMT-SUB-U6, ECMT-PUB-U6]. */
  readonly reportsUnknownIds: boolean;
  /** What it says leaves in pieces of so many bytes, as a slow UART or a USB adapter cuts it; 0 whole. */
  readonly pieceBytes: number;
  /** The pause between two pieces, ms. */
  readonly pieceGapMs: number;
  /** The LF of a line end leaves as a piece of its own. */
  readonly splitsLineEnds: boolean;
  /** What it says is gathered for so long and leaves at once, ms. */
  readonly burstMs: number;
  /** Garbage on the line between two lines that it says, as hex; never behind a payload, whose end only silence shows. */
  readonly noise: string;
  /** Its UART sleeps when nothing was typed for so long, ms; 0 never. */
  readonly sleepsAfterMs: number;
  /** So many characters are lost to a UART that sleeps, as they wake it. */
  readonly lostAsleep: number;
  /** Only HDSK wakes it, and it says KSDH then [ECMT-AT-9]; else any character does. */
  readonly wakesByGreeting: boolean;
  /** It sleeps from power-on. */
  readonly asleepAtPowerOn: boolean;
  /** Waits before the tries of the automatic reconnect, ms; as many tries as waits [ECMT-S-3]. */
  readonly reconnectDelaysMs: readonly number[];
  /** The round trip of its radio, ms: what it sends to the broker and gets from there is under way for half of it. */
  readonly roundTripMs: number;
  /** How packets are cut into TCP segments. */
  readonly segments: Segments;
}

/** What the manual and MQTT 3.1.1 say. Where the two and a known firmware differ, the firmware's way is another value. */
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
  idZeroOnlyAtQos0: false,
  refusesEmptyText: true,
  refusesEmptyWill: false,
  refusesMqttViolations: true,
  promptWhenOffline: true,
  dataOverflow: "refuse",
  dataGuardMs: 20_000,
  terminatorOnlyLast: false,
  recvQuoted: false,
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
  roundTripMs: 0,
  segments: "packet",
};
