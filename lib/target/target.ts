import type { Dialect } from "../at/dialect.ts";
import type { ScriptedOver } from "../broker/scripted.ts";
import type { Adapter } from "../client/adapter.ts";
import type { AllClaims } from "../suite/claim/claims.ts";
import type { Step } from "../suite/step/step.ts";
import type { Transport } from "../transport/transport.ts";
import type { UpgradeAnswer } from "../transport/websocket_upgrade.ts";
import type { LineCare } from "./line_form.ts";
import type { Probed } from "./probe/probe.ts";

/** The common properties of both kinds of target. */
export interface TargetBase extends AsyncDisposable, AllClaims {
  /** Its name on the command line. */
  readonly name: string;
  /** Its address, for the reader. */
  readonly address: string;
  /** The protocols it speaks: MQTT versions, or `ECMT`. */
  readonly protocols: readonly string[];
  readonly version?: string | undefined;
  /** The default timeout of an expectation, and the time limit of a case, in milliseconds. */
  readonly withinMs: number;
  readonly limitMs: number;
}

/** The user name and password for every CONNECT to a broker that sets none itself. No report contains them. */
export interface Credentials {
  readonly userName?: string | undefined;
  readonly password?: string | undefined;
}

/**
 * How a client authenticates itself by AUTH packets of 5.0, as declared in the target file. No report shows
 * its secrets.
 */
export type DeclaredAuth =
  /** Computed according to RFC 5802 and RFC 7677. */
  | {
    readonly kind: "scram";
    readonly method: "SCRAM-SHA-1" | "SCRAM-SHA-256";
    readonly userName: string;
    readonly password: string;
  }
  /** The same bytes each time; undefined data is not sent, or not checked. */
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

/** A connection after a WebSocket handshake, whatever the broker's response. */
export interface UpgradedTransport {
  readonly answer: UpgradeAnswer;
  readonly transport: Transport;
}

/** A reached broker. Disposing it stops what was started for it. */
export interface BrokerTarget extends TargetBase {
  readonly kind: "broker";
  readonly credentials?: Credentials | undefined;
  readonly auth?: DeclaredAuth | undefined;
  /** The findings of a probe, if its file leaves its claims open. */
  readonly found?: Probed | undefined;
  /** Requests a WebSocket with these subprotocols; absent if the target has none. Throws TransportError. */
  readonly upgrade?:
    | ((subprotocols: readonly string[], signal: AbortSignal) => Promise<UpgradedTransport>)
    | undefined;
  /** Stops the broker and starts it again; absent if attest cannot. Throws {@link TargetError}. */
  readonly restart?: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** Opens a network connection. Throws TransportError with a sentence. */
  connect(signal: AbortSignal): Promise<Transport>;
  /** Whether it responds; checked after a connection was lost. */
  alive(): Promise<boolean>;
  /** How long to wait, in milliseconds, when it does not respond. */
  readonly backMs: number;
  /** Starts it again if attest has started it and it has exited. Returns whether it runs again. Never throws. */
  readonly revive?: ((signal: AbortSignal) => Promise<boolean>) | undefined;
}

/** A serial line to one module. Disposing it closes the line and stops a module that was started for it. */
export interface ModulePort extends AsyncDisposable {
  readonly transport: Transport;
  /** Returns the module to its power-on state; absent if only the user can. */
  readonly powerCycle?: (() => Promise<void>) | undefined;
  /** Drops DTR for `ms` milliseconds; absent if the line has no DTR. Throws TransportError. */
  readonly pulseDtr?: ((ms: number) => Promise<void>) | undefined;
}

/** A module, or a kind of virtual module that can be started several times. */
export interface ModuleTarget extends TargetBase {
  readonly kind: "module";
  readonly dialect: Dialect;
  /** How many lines can be open at once: 1 for a real module. */
  readonly mostPorts: number;
  /** The host that the module is given for the scripted broker. */
  readonly brokerHost: string;
  /** The port that the module is given; 0 for a new one in each case. */
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

/** How a client library reaches the broker that attest plays. */
export interface ClientRoute {
  readonly over: ScriptedOver;
  /** The path of the authority's certificate, for TLS. */
  readonly ca?: string | undefined;
}

/** A client library behind an adapter, of which several processes can be started. */
export interface ClientTarget extends TargetBase {
  readonly kind: "client";
  readonly route: ClientRoute;
  /** Starts a process of the adapter and waits for its hello. Throws {@link TargetError} with a sentence. */
  openAdapter(signal: AbortSignal): Promise<RunningAdapter>;
}

/** An implementation under test, reached and ready. */
export type Target = BrokerTarget | ModuleTarget | ClientTarget;

/** Thrown when a target cannot be reached or started; the message is one sentence for the user. */
export class TargetError extends Error {
  override readonly name = "TargetError";
}
