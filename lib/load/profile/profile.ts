import type { ProtocolVersion, QoS } from "../../mqtt/packet.ts";
import type { LoadMode } from "../../run/load_event.ts";
import type { Threshold } from "../../run/threshold.ts";
import type { Execution } from "../executor/executor.ts";
import type { Group } from "./group.ts";
import type { Stage } from "./stage.ts";

/** How the clients of a load connect. */
export interface ConnectSettings {
  /** Connections started per second; Infinity for as fast as the broker answers. */
  readonly rate: number;
  /** The most connections that may be opening at once, over all workers. */
  readonly outstanding: number;
  /** How long a connection may take until its CONNACK, in milliseconds. */
  readonly withinMs: number;
  /** Whether a connection that failed or was lost is retried. */
  readonly again: boolean;
  /** The wait before the first retry, doubled with each retry up to the second number; in milliseconds. */
  readonly backOffMs: readonly [first: number, most: number];
  /** Whether a client whose connection failed or was lost tries the next broker. */
  readonly failover: boolean;
}

/** A broker that is stopped while the load runs. */
export interface BrokerStop {
  /** Which target, counted from 1. */
  readonly broker: number;
  /** When, in milliseconds since the stages began. */
  readonly atMs: number;
}

/** Messages in one direction between a module's host and its broker. */
export interface DirectionPlan {
  /** Per second at 100 %. */
  readonly rate: number;
  /** Of each message in turn. */
  readonly qos: readonly QoS[];
  /** Bytes of a payload. */
  readonly size: number;
}

/** How a module is driven, instead of groups of clients: attest is its host and its broker. */
export interface ModulePlan {
  readonly publish?: DirectionPlan | undefined;
  readonly deliver?: DirectionPlan | undefined;
  /** How long the module may take to answer, in milliseconds; the default is what its dialect says. */
  readonly answerMs?: number | undefined;
}

/** A load profile as its file describes it. */
export interface Profile {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly file: string;
  /** The file's whole text, to record it. */
  readonly text: string;
  readonly protocol: ProtocolVersion;
  readonly mode: LoadMode;
  /** The executor that drives the load, with its settings. */
  readonly executor: Execution;
  readonly connect: ConnectSettings;
  /** Empty if the profile drives a module. */
  readonly groups: readonly Group[];
  readonly module?: ModulePlan | undefined;
  readonly stages: readonly Stage[];
  readonly stops: readonly BrokerStop[];
  readonly warmUpMs: number;
  /** The longest wait at the end for messages in transit. */
  readonly drainMs: number;
  /** A message that takes longer counts as late. */
  readonly lateAfterMs: number;
  readonly thresholds: readonly Threshold[];
  /** Those of the thresholds that end the load as soon as they do not hold. */
  readonly aborts: readonly Threshold[];
}
