import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  type Address,
  AddressError,
  formatAddress,
  looksLikeAddress,
  meantAddress,
  parseAddress,
} from "./address.ts";
import { DEFAULT_LINE, SPEEDS } from "./termios.ts";

const GOOD: readonly (readonly [string, Address])[] = [
  ["mqtt://localhost:1884", { kind: "mqtt", host: "localhost", port: 1884 }],
  ["mqtt://broker", { kind: "mqtt", host: "broker", port: 1883 }],
  ["MQTT://10.0.0.1/", { kind: "mqtt", host: "10.0.0.1", port: 1883 }],
  ["mqtt://[::1]:1883", { kind: "mqtt", host: "::1", port: 1883 }],
  ["mqtts://broker", { kind: "mqtts", host: "broker", port: 8883 }],
  ["ws://broker:8080", { kind: "ws", host: "broker", port: 8080, path: "/" }],
  ["wss://[::1]/mqtt?a=b", { kind: "wss", host: "::1", port: 443, path: "/mqtt?a=b" }],
  ["unix:/run/a%20b.sock", { kind: "unix", path: "/run/a b.sock" }],
  ["unix:///run/x.sock", { kind: "unix", path: "/run/x.sock" }],
  ["tcp-serial://gateway:4001", { kind: "tcp-serial", host: "gateway", port: 4001 }],
  ["serial:/dev/ttyUSB0", { kind: "serial", path: "/dev/ttyUSB0", settings: DEFAULT_LINE }],
  [
    "serial:/dev/a%20b?baud=9600&data=7&parity=even&stop=2&rtscts=on&xonxoff=off",
    {
      kind: "serial",
      path: "/dev/a b",
      settings: {
        baud: 9600,
        dataBits: 7,
        parity: "even",
        stopBits: 2,
        rtscts: true,
        xonxoff: false,
        dtr: true,
        rts: true,
      },
    },
  ],
  [
    "serial:/dev/x?dtr=off&rts=off",
    { kind: "serial", path: "/dev/x", settings: { ...DEFAULT_LINE, dtr: false, rts: false } },
  ],
];

const CREDENTIALS =
  "An address must not contain a user name or password, because reports show it; give --user NAME and --password-file FILE, or credentials: in a target file";

const WRONG: readonly (readonly [string, string, string])[] = [
  [
    "broker",
    "broker",
    '"broker" is not an address; write mqtt://host:port, mqtts://, ws://, wss://, unix:/path, serial:/dev/ttyUSB0?baud=115200 or tcp-serial://host:port',
  ],
  ["mqtt://h:0", "0", '"0" is not a port; ports are 1 to 65535'],
  ["mqtt://h:65536", "65536", '"65536" is not a port; ports are 1 to 65535'],
  ["mqtt://", "//", '"//" is not a host and a port; write mqtt://host or …//host:port'],
  ["mqtt://a b:1", "//a b:1", '"//a b:1" is not a host and a port; write mqtt://host or …//host:port'],
  ["mqtt://u:p@h", "u:p", CREDENTIALS],
  ["mqtts://u:p/w?d@h:1", "u:p/w?d", CREDENTIALS],
  ["ws://u:p@h/mqtt", "u:p", CREDENTIALS],
  ["wss://u:p/w@h/x", "u:p/w", CREDENTIALS],
  ["http://u@h", "u", CREDENTIALS],
  ["ws://h/a b", " ", '" " is not allowed in the path of a WebSocket; write it as %XX'],
  ["wss://h:0/x", "0", '"0" is not a port; ports are 1 to 65535'],
  ["unix:x.sock", "x.sock", '"unix:x.sock" has no path of a socket; write unix:/run/broker.sock'],
  ["unix:/", "/", '"unix:/" has no path of a socket; write unix:/run/broker.sock'],
  ["tcp-serial://h", "//h", '"tcp-serial://h" has no port; write tcp-serial://h:4001, for example'],
  ["serial:", "", '"serial:" has no device; write serial:/dev/ttyUSB0'],
  ["serial:///dev/x", "///dev/x", '"serial:///dev/x" has two extra slashes; write serial:/dev/ttyUSB0'],
  [
    "serial:/dev/x?bud=1",
    "bud",
    'unknown serial setting "bud"; the settings are baud, data, parity, stop, rtscts, xonxoff, dtr, rts',
  ],
  ["serial:/dev/x?parity=mark", "mark", '"mark" is not a value of parity; expected one of none, odd, even'],
  ["serial:/dev/x?stop=1&data=9", "9", '"9" is not a value of data; expected one of 5, 6, 7, 8'],
  ["serial:/dev/x?dtr=low", "low", '"low" is not a value of dtr; expected one of on, off'],
  [
    "serial:/dev/x?rts=off&rtscts=on",
    "rts=off",
    '"rts=off" contradicts rtscts=on, which lets the driver control RTS',
  ],
  [
    "tcp-serial://h:1?baud=9600",
    "?baud=9600",
    "Set the speed and framing of a line behind a device server at the server, not in the address",
  ],
  ["serial:/dev/%zz", "/dev/%zz", '"/dev/%zz" has a "%" without two hex digits after it; write "%25"'],
];

Deno.test("parseAddress() takes an @ in the path of a WebSocket for no password", () => {
  deepStrictEqual(parseAddress("ws://h:1/a@b"), { kind: "ws", host: "h", port: 1, path: "/a@b" });
});

Deno.test("parseAddress() reads each kind of address", () => {
  for (const [text, address] of GOOD) deepStrictEqual(parseAddress(text), address, text);
});

Deno.test("parseAddress() says what is wrong and where", () => {
  for (const [text, part, message] of WRONG) {
    throws(() => parseAddress(text), (error: unknown) => {
      strictEqual(error instanceof AddressError && error.message, message);
      strictEqual(error instanceof AddressError && text.slice(error.start, error.start + error.length), part);
      return true;
    });
  }
});

Deno.test("formatAddress() writes what parseAddress() reads back", () => {
  const settings = fc.record({
    baud: fc.constantFrom(...SPEEDS),
    dataBits: fc.constantFrom(5 as const, 6 as const, 7 as const, 8 as const),
    parity: fc.constantFrom("none" as const, "odd" as const, "even" as const),
    stopBits: fc.constantFrom(1 as const, 2 as const),
    rtscts: fc.boolean(),
    xonxoff: fc.boolean(),
    dtr: fc.boolean(),
    rts: fc.boolean(),
  }).filter((one) => !one.rtscts || one.rts);
  const path = fc.string({ maxLength: 20 }).map((rest) => `/dev/${rest}`);
  fc.assert(fc.property(path, settings, (path, settings) => {
    const address: Address = { kind: "serial", path, settings };
    deepStrictEqual(parseAddress(formatAddress(address)), {
      kind: "serial",
      path,
      settings: { ...settings },
    });
  }));
  strictEqual(formatAddress({ kind: "mqtt", host: "::1", port: 1883 }), "mqtt://[::1]:1883");
  for (const text of ["mqtts://h:8883", "ws://h:80", "wss://h:443/mqtt?a=b", "unix:/run/a%25b c.sock"]) {
    strictEqual(formatAddress(parseAddress(text)), text);
  }
});

Deno.test("looksLikeAddress() distinguishes an address from a name or a file", () => {
  deepStrictEqual(
    ["mqtt://h", "ws://h", "serial:/dev/x", "unix:/x", "mosquitto", "./x.yaml", "C:\\x.yaml"].map(
      looksLikeAddress,
    ),
    [true, true, true, true, false, false, false],
  );
});

Deno.test("meantAddress() adds the scheme to a host and a port, and leaves names and files alone", () => {
  deepStrictEqual(
    ["127.0.0.1:1883", "lab:8883", "[::1]:1883", "localhost", "192.0.2.1", "b.example.com", "mqtt:/h", "WS:h"]
      .map(meantAddress),
    [
      "mqtt://127.0.0.1:1883",
      "mqtts://lab:8883",
      "mqtt://[::1]:1883",
      "mqtt://localhost",
      "mqtt://192.0.2.1",
      "mqtt://b.example.com",
      "mqtt://h",
      "ws://h",
    ],
  );
  for (const name of ["mosquitto", "lab.yaml", "./lab.yaml", "targets/lab", "a b:1", "serial:/dev/x"]) {
    strictEqual(meantAddress(name), undefined, name);
  }
});
