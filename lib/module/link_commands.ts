import { type Answer, type CommandTable, type Desk, OK, REFUSED, refusesViolations, says } from "./answer.ts";
import { asUtf8 } from "./binary.ts";
import type { Credentials } from "./drafts.ts";
import type { Arguments, Parameter } from "./parameters.ts";
import { type Ruled, ruleFor, shownFor } from "./states.ts";

/** The commands OPEN, CLOSE, CONN and DISC. */
export const LINK_COMMANDS: CommandTable = {
  "+ECMTOPEN": {
    test: () => says("+ECMTOPEN: (0),<host_name>,<port>"),
    read: (desk) => says(...addresses(desk)),
    write: (desk) => ({
      parameters: [
        connectId(desk),
        { name: "host_name", type: "text", mandatory: true, range: [1, desk.behaviour.limits.host] },
        { name: "port", type: "number", mandatory: true, range: [1, 65535] },
      ],
      run: open,
    }),
  },
  "+ECMTCLOSE": {
    test: () => says("+ECMTCLOSE: (0)"),
    write: (desk) => ({
      parameters: [connectId(desk)],
      run: (desk, given) => ruled(desk, given, "CLOSE", (id) => desk.contexts.make(id).close()),
    }),
  },
  "+ECMTCONN": {
    test: () => says('+ECMTCONN: (0),"<clientID>"[,"<username>"[,,"<password>"]]'),
    read: (desk) => says(...states(desk)),
    write: (desk) => ({ parameters: connParameters(desk), run: connect }),
  },
  "+ECMTDISC": {
    test: () => says("+ECMTDISC: (0)"),
    write: (desk) => ({
      parameters: [connectId(desk)],
      run: (desk, given) => ruled(desk, given, "DISC", (id) => desk.contexts.make(id).disconnect()),
    }),
  },
};

/** Returns the lines of `AT+ECMTOPEN?` [ECMT-OPEN-R1]. */
export function addresses(desk: Desk): readonly string[] {
  return desk.contexts.all().flatMap(({ id, address }) =>
    address ? [`+${desk.behaviour.commands}OPEN:${gap(desk)}${id},"${address.host}",${address.port}`] : []
  );
}

/** Returns the lines of `AT+ECMTCONN?` [ECMT-CONN-R1]. */
export function states(desk: Desk): readonly string[] {
  const { behaviour, contexts, hooks } = desk;
  // If settings outlive connections, settings alone do not count as a context.
  const used = contexts.all().filter(({ address }) => address || !behaviour.keepsSettings).map(({ id }) =>
    id
  );
  const all = Array.from({ length: behaviour.highestId + 1 }, (_, id) => id);
  return (behaviour.listsContexts === "all" ? all : used).map((id) =>
    `+${behaviour.commands}CONN:${gap(desk)}${id},${hooks.shownState(shownFor(contexts.state(id)))}`
  );
}

/** The `tcpconnectID`, which is the first parameter of every command. */
export function connectId(desk: Desk): Parameter {
  return { name: "tcpconnectID", type: "number", mandatory: true, range: [0, desk.behaviour.highestId] };
}

/** Executes `run` after OK if the state of the context allows the command. */
export function ruled(
  desk: Desk,
  given: Arguments,
  command: Ruled,
  run: (id: number) => void,
): Answer {
  const id = given.number("tcpconnectID");
  const state = desk.contexts.state(id);
  switch (desk.hooks.rule(command, state, ruleFor(command, state))) {
    case "refuse":
      return REFUSED;
    case "ignore":
      return OK;
    case "run":
      return { kind: "ok", after: () => run(id) };
  }
}

function gap(desk: Desk): string {
  return desk.behaviour.spaceInReadForm ? " " : "";
}

export function connParameters(desk: Desk): readonly Parameter[] {
  const { clientId, userName, password } = desk.behaviour.limits;
  return [
    connectId(desk),
    { name: "clientID", type: "text", mandatory: false, range: [0, clientId] },
    { name: "username", type: "text", mandatory: false, range: [0, userName] },
    { name: "password", type: "text", mandatory: false, range: [0, password] },
  ];
}

export function open(desk: Desk, given: Arguments): Answer {
  const host = given.text("host_name") ?? "";
  const port = given.number("port", 1883);
  const answer = ruled(desk, given, "OPEN", (id) => desk.contexts.make(id).open(host, port));
  return answer.kind === "ok" ? { ...answer, delayMs: desk.behaviour.openDelayMs } : answer;
}

export function connect(desk: Desk, given: Arguments): Answer {
  const partial = ["clientID", "username", "password"].some((name) => given.text(name) === undefined);
  const unused = partial && desk.behaviour.credentialsOnlyTogether;
  const clientId = unused ? "" : given.text("clientID") ?? "";
  const empty = desk.behaviour.leavesOutEmptyCredentials ? "" : undefined;
  const text = (name: string) => unused || given.text(name) === empty ? undefined : given.text(name);
  const userName = text("username");
  const password = text("password");
  const credentials: Credentials = { clientId, userName, password };
  const answer = ruled(desk, given, "CONN", (id) => desk.contexts.make(id).connect(credentials));
  const runs = answer.kind === "ok" && answer.after !== undefined;
  return runs && !fitsConnect(desk, given, credentials) ? REFUSED : answer;
}

/** Whether a CONNECT keeps the rules of MQTT. */
function fitsConnect(desk: Desk, given: Arguments, { clientId, userName, password }: Credentials): boolean {
  if (!refusesViolations(desk)) return true;
  if ([clientId, userName, password].some((text) => text !== undefined && asUtf8(text) === undefined)) {
    return false;
  }
  // A password needs a user name [MQTT-3.1.2-22], an empty client id a clean session [MQTT-3.1.3-7].
  if (password !== undefined && userName === undefined) return false;
  const settings = desk.contexts.find(given.number("tcpconnectID"))?.settings;
  return clientId !== "" || !settings || settings.cleanSession;
}
