/** What `AT+CMQTT…` commands leave for later ones: the service, the clients, the entered texts. */

/** A text and its QoS for the next CONNECT. */
export interface EnteredWill {
  readonly topic?: string | undefined;
  readonly message?: string | undefined;
  readonly qos: number;
}

/** A client from its ACCQ to its REL. */
export interface CmqttClient {
  readonly clientId: string;
  will: EnteredWill;
  /** What TOPIC and PAYLOAD entered for the next PUB. */
  topic?: string | undefined;
  payload?: string | undefined;
  /** The address of the last CONNECT, as given. */
  server?: string | undefined;
}

/** The MQTT service of a SIMCom module with its clients. */
export class CmqttClients {
  /** Whether START has been executed, and STOP has not. */
  started = false;
  readonly #byIndex = new Map<number, CmqttClient>();

  /** Finds the client with an index. */
  find(index: number): CmqttClient | undefined {
    return this.#byIndex.get(index);
  }

  /** Whether there is any client. */
  get any(): boolean {
    return this.#byIndex.size > 0;
  }

  /** Makes the client with an index. */
  acquire(index: number, clientId: string): void {
    this.#byIndex.set(index, { clientId, will: { qos: 0 } });
  }

  /** Removes the client with an index. */
  release(index: number): void {
    this.#byIndex.delete(index);
  }

  /** Forgets everything, as a power cut does. */
  clear(): void {
    this.started = false;
    this.#byIndex.clear();
  }
}
