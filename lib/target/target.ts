import type { Dialect } from "../at/dialect.ts";
import type { Adapter } from "../client/adapter.ts";
import type { AllClaims } from "../suite/claim/claims.ts";
import type { Step } from "../suite/step/step.ts";
import type { Transport } from "../transport/transport.ts";
import type { UpgradeAnswer } from "../transport/websocket_upgrade.ts";
import type { LineCare } from "./line_form.ts";
import type { Probed } from "./probe/probe.ts";

/** What both kinds of target have. */
export interface TargetBase extends AsyncDisposable, AllClaims {
  /** Its name on the command line. */
  readonly name: string;
  /** Where it is, for the reader. */
  readonly address: string;
  /** The protocols it speaks: MQTT versions, or `ECMT`. */
  readonly protocols: readonly string[];
  readonly version?: string | undefined;
  /** How long an expectation waits where nothing else is said, and a case may take, in milliseconds. */
  readonly withinMs: number;
  readonly limitMs: number;
}

/** The user name and password of every CONNECT to a broker that sets none itself. They stand in no report. */
export interface Credentials {
  readonly userName?: string | undefined;
  readonly password?: string | undefined;
}

/** How a client authenticates itself by AUTH packets of 5.0, as the target file declares it. No report shows its secrets. */
export type DeclaredAuth =
  /** Computed by RFC 5802 and RFC 7677. */
  | {
    readonly kind: "scram";
    readonly method: "SCRAM-SHA-1" | "SCRAM-SHA-256";
    readonly userName: string;
    readonly password: string;
  }
  /** The same bytes each time; data that is undefined is not sent, or not looked at. */
  | {
    readonly kind: "fixed";
    readonly method: string;
    readonly connect: Uint8Array | undefined;
    readonly steps: readonly {
      readonly challenge: Uint8Array | undefined;
      readonly answer: Uint8Array | undefined;
    }[];
    readonly success: Uint8Array | undefined;
  };

/** A connection after a WebSocket handshake, whatever the broker's answer. */
export interface UpgradedTransport {
  readonly answer: UpgradeAnswer;
  readonly transport: Transport;
}

/** A broker that was reached. Disposing it ends what was started for it. */
export interface BrokerTarget extends TargetBase {
  readonly kind: "broker";
  readonly credentials?: Credentials | undefined;
  readonly auth?: DeclaredAuth | undefined;
  /** What asking it has found, where its file leaves its claims open. */
  readonly found?: Probed | undefined;
  /** Asks for a WebSocket with these subprotocols; absent where the target has none. Throws TransportError. */
  readonly upgrade?:
    | ((subprotocols: readonly string[], signal: AbortSignal) => Promise<UpgradedTransport>)
    | undefined;
  /** Ends the broker and starts it again; absent where attest can't. Throws {@link TargetError}. */
  readonly restart?: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** Opens a network connection. Throws TransportError with a sentence. */
  connect(signal: AbortSignal): Promise<Transport>;
  /** Whether it answers; asked when a connection was lost. */
  alive(): Promise<boolean>;
  /** Milliseconds that it is waited for once it does not. */
  readonly backMs: number;
  /** Starts it again where attest has started it and it has ended; true where it runs again. Never throws. */
  readonly revive?: ((signal: AbortSignal) => Promise<boolean>) | undefined;
}

/** A serial line to one module. Disposing it closes the line and ends a module that was started for it. */
export interface ModulePort extends AsyncDisposable {
  readonly transport: Transport;
  /** Brings the module to where power-on leaves it; absent where only the user can. */
  readonly powerCycle?: (() => Promise<void>) | undefined;
  /** Drops DTR for so many milliseconds; absent where the line has none. Throws TransportError. */
  readonly pulseDtr?: ((ms: number) => Promise<void>) | undefined;
}

/** A module, or a kind of virtual one of which several can be started. */
export interface ModuleTarget extends TargetBase {
  readonly kind: "module";
  readonly dialect: Dialect;
  /** How many lines can be open at once: 1 for a real one. */
  readonly mostPorts: number;
  /** The host that the module is told for the scripted broker. */
  readonly brokerHost: string;
  /** Its port; 0 for a new one each case. */
  readonly brokerPort: number;
  /** The address that the scripted broker listens on. */
  readonly listenHost: string;
  /** The times of a line. */
  readonly line: LineCare;
  /** The steps after a line was opened or the module was reset, and those before the line is closed. */
  readonly setup: readonly Step[];
  readonly teardown: readonly Step[];
  /** Opens a line. Throws TransportError with a sentence. */
  openPort(signal: AbortSignal): Promise<ModulePort>;
}

/** An adapter that runs. Disposing it ends its process. */
export interface RunningAdapter extends AsyncDisposable {
  readonly adapter: Adapter;
}

/** A client library behind an adapter, of which several processes can be started. */
export interface ClientTarget extends TargetBase {
  readonly kind: "client";
  /** Starts a process of the adapter and waits for its hello. Throws {@link TargetError} with a sentence. */
  openAdapter(signal: AbortSignal): Promise<RunningAdapter>;
}

/** An implementation under test, reached and ready. */
export type Target = BrokerTarget | ModuleTarget | ClientTarget;

/** A target could not be reached or started; the message is one sentence for the user. */
export class TargetError extends Error {
  override readonly name = "TargetError";
}
