/** The page of the adapter protocol. */
import { ADAPTER_FEATURES, ADAPTER_PROTOCOL, EVENTS, REQUESTS } from "../../lib/client/protocol.ts";
import type { ShapedFields } from "../../lib/client/shape.ts";
import { paragraph, table } from "./markdown.ts";

const EXAMPLE = `\`\`\`
<- {"hello":"mylib","adapter":1,"version":"2.1","protocols":["3.1.1"],"transports":["tcp"],"supports":[]}
-> {"id":1,"do":"connect","client":"c1","server":"127.0.0.1","port":40123,"protocol":"3.1.1","clientId":"c1","cleanStart":true,"keepAlive":60}
<- {"id":1,"ok":true}
<- {"on":"connected","client":"c1","sessionPresent":false}
-> {"id":2,"do":"publish","client":"c1","topic":"a/b","payload":{"hex":"00ff"},"qos":1,"retain":false}
<- {"id":2,"ok":true,"token":4}
<- {"on":"published","client":"c1","token":4}
-> {"id":3,"do":"subscribe","client":"c1","filters":[{"filter":"a/#","qos":3}]}
<- {"id":3,"refused":"Invalid QoS level."}
-> {"id":4,"do":"reset"}
<- {"id":4,"ok":true}
\`\`\``;

const RULES = [
  "The adapter's first line is its hello. Its standard error is a log; attest shows the last lines when something goes wrong.",
  "Each request has an `id`, and is answered once: `ok` if the library took it, `refused` with the library's own words if it did not, `unsupported` if the library has no such thing. A refusal is a lawful answer to what must not be sent. What is unsupported makes the case a `skip`.",
  "A reply comes at once. The adapter never waits for the broker; what comes later is an event. Time limits are attest's: 20 s for the hello, 5 s for a reply, 1 s for `reset`.",
  "The reply to `publish`, `subscribe` and `unsubscribe` has a `token`, a number that the adapter chooses. Most libraries have one: their packet identifier. Events name it. An event may come ahead of the reply with its token.",
  "A broker may acknowledge what nobody sent. If the library reports that, the adapter leaves it out: a token that it never gave is a mistake.",
  'Texts and payloads are JSON strings, or `{ "hex": "…" }` for bytes that are not UTF-8. A library whose strings are Unicode answers such a text with `unsupported`.',
  "`connect` says everything, and the adapter keeps no default of the library. The library must not connect again by itself. A client that is known connects again with the session that it has, until `reset`.",
  "`connect` has a `transport` if the target file says `over:`, and only one that the hello names. attest makes the certificates for each run; `ca` is the file with that of their authority.",
  "A program that must know at its start what it is for claims `one-shot`. Its `connect` then says what the case asks for `next`, if it can be known by then. The request itself follows as always.",
  "An unknown field is a mistake of either side. So are a second reply, an unknown `id`, an event of an unknown client, more than 10,000 events that nobody waits for, a line of more than 4 MiB, silence, and an end of the process. The case is then an `error` that shows what the adapter wrote, and the adapter is started again.",
  "Verdicts come from the packets on the wire. Events count where a case is about them, such as a message that is delivered once. If a reply says `ok` and nothing is sent, the failure says so.",
];

/** docs/reference/adapter.md */
export function adapterPage(): string {
  const parts = [
    "<!-- Made by `deno task docs` from lib/client/protocol.ts and tools/docs/adapter.ts. Change those, not this page. -->",
    "# The adapter protocol",
    paragraph(
      `attest tests a client library through an adapter: a small program that calls the library as attest asks, and reports
      what the library tells. attest itself is the broker that the library connects to. The two talk in lines of JSON, attest to
      the adapter's standard input, the adapter to its standard output. This is version ${ADAPTER_PROTOCOL}; the
      [JSON Schema](../schema/adapter.schema.json) of a line says the same as the tables below.`,
    ),
    paragraph(
      "The adapters in `adapters/` have 150 to 300 lines each. [The how-to](../how-to/client.md) writes one.",
    ),
    EXAMPLE,
    "## Rules",
    RULES.map((rule, at) => paragraph(`${at + 1}. ${rule}`)).join("\n"),
    "## Hello",
    table(["field", "is"], [
      ["hello", "the name of the library"],
      ["adapter", `the version of this protocol: ${ADAPTER_PROTOCOL}`],
      ["version", "the version of the library"],
      ["protocols", "the versions of MQTT that it speaks: 3.1, 3.1.1, 5.0"],
      ["transports", "how it connects: tcp, tls, ws, wss"],
      ["supports", "words of the table below"],
    ]),
    table(["word", "the library"], [...ADAPTER_FEATURES]),
    "## Requests",
    table(
      ["do", "asks to", "fields; those in brackets may be left out"],
      Object.entries(REQUESTS).map(([name, { about, fields }]) => [name, about, fieldsText(fields)]),
    ),
    "## Events",
    table(
      ["on", "tells that", "fields"],
      Object.entries(EVENTS).map(([name, { about, fields }]) => [name, about, fieldsText(fields)]),
    ),
  ];
  return `${parts.join("\n\n")}\n`;
}

function fieldsText(fields: ShapedFields): string {
  return Object.entries(fields).map(([name, { required }]) => required ? name : `(${name})`).join(", ");
}
