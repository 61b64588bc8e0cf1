import type { Random } from "../inputs.ts";
import { one, TEXTS } from "./hostile.ts";

/** Valid command lines for every command that reads user input; none of them reaches the network. */
const RIGHT: readonly (readonly string[])[] = [
  ["conform", "mqtt/qos0", "--target", "reference", "--protocol", "5.0", "--jobs", "4", "--seed", "7"],
  [
    "conform",
    "at/open",
    "--target",
    "virtual-module",
    "--set",
    "openFailed=-1",
    "--level",
    "must",
    "--repeat",
    "2",
  ],
  ["conform", "mqtt/ping", "--target", "mqtt://127.0.0.1:1883", "--filter", "!x", "--for", "10s", "--mask"],
  [
    "conform",
    "at/open",
    "--target",
    "serial:/dev/ttyUSB0?baud=9600&parity=even",
    "--broker-at",
    "192.168.1.5:1884",
  ],
  [
    "conform",
    "mqtt/ping",
    "--target",
    "wss://host:8883/mqtt",
    "--format",
    "html,tap",
    "--expect",
    "no.yaml",
    "--line-back",
    "9s",
  ],
  [
    "conform",
    "at/close",
    "--target",
    "tcp-serial://host:4001",
    "--reset-command",
    "./reset 3",
    "--no-expect",
    "--operator",
    "x",
  ],
  ["load", "soak", "--target", "mqtt://[::1]:1883", "--workers", "2", "--set", "clients=10", "--for", "5s"],
  [
    "load",
    "qos-mix",
    "--from",
    "127.0.0.2,127.0.0.3",
    "--shard",
    "2/4",
    "--start-at",
    "2026-01-31T12:00:00Z",
  ],
  ["load", "module-soak", "--repeat", "3", "--format", "json", "--seed", "1"],
  ["prove", "mqtt/qos0", "--defect", "drops-qos0", "--jobs", "2", "--all"],
  ["prove", "--quirks", "--quirk", "x", "--dozens", "2", "--recorded", "--proofs", "none"],
  ["probe", "--target", "mqtts://h", "--largest", "1000", "--watch", "5s"],
  ["list", "mqtt/ping", "--filter", "!a", "--clauses", "--json"],
  ["lint", "suites/mqtt/ping.yaml", "suites/load/soak.yaml"],
  ["report", "reports/testdata/sample.ndjson", "--case", "x", "--format", "markdown"],
  ["report", "reports/testdata/sample.ndjson", "reports/testdata/sample.ndjson", "--merge"],
  ["broker", "--host", "127.0.0.1", "--port", "0", "--defect", "x", "--quirk", "y", "--round-trip", "5ms"],
  ["broker", "--tls", "0", "--ws", "0", "--certificates", "nowhere", "--unix", "/x", "--seed", "3"],
  ["module", "--tcp", "0", "--variant", "qmt", "--behaviour", "dataGuardMs=1000", "--resolve", "a:1=b:2"],
  ["module", "--defect", "x", "--quirk", "y", "--round-trip", "1s"],
  ["ports"],
  ["schema"],
  ["help", "conform"],
];

/** Words that fit nowhere, or almost fit. */
const WORDS: readonly string[] = [
  ...[
    "--",
    "-",
    "--help",
    "-h",
    "--version",
    "--no",
    "--no-",
    "--seed=",
    "--seed=-1",
    "--jobs=1e3",
    "--x",
    "-x",
  ],
  ...[
    "--target",
    "--target=",
    "--format=",
    "--format=,",
    "--set",
    "--set=a",
    "--set=a=b",
    "--set=__proto__=1",
  ],
  ...["--set=a=$a.b.c", "--set=a=[", "--set=a={ hex: zz }", "--set==", "--set=a=&a", "--set=a=!!js/x"],
  ...[
    "--behaviour=pieceGapMs=$a.b.c",
    "--behaviour=limits={ host: [] }",
    "--behaviour=noise=1",
    "--behaviour=__proto__=1",
  ],
  ...["--behaviour=identity={ repeat: x, times: 1e9 }", "--behaviour=x", "--for=1e99h", "--for=99999999999h"],
  ...[
    "--shard=0/0",
    "--shard=2/1",
    "--shard=1/99999",
    "--start-at=2026-02-31T25:61:61Z",
    "--from=",
    "--from=:::",
  ],
  ...["--filter=[", "--filter=!", "--filter=**/**/**/**", "--filter=(a+)+$", "--case=", "--level=__proto__"],
  ...[
    "--protocol=constructor",
    "--variant=constructor",
    "--variant=__proto__",
    "--defect=__proto__",
    "--quirk=toString",
  ],
  ...[
    "--broker-at=:1",
    "--broker-at=[::1",
    "--broker-at=a:99999",
    "--port=99999",
    "--port=-1",
    "--resolve=a",
  ],
  ...[
    "--reset-command= ",
    "--restart-command=",
    "--expect=",
    "--expect=.",
    "--out=",
    "--out=/",
    "--proofs=/dev/null",
  ],
  ...[
    "--target=mqtt://a:b@c:1",
    "--target=mqtt://%00",
    "--target=ws://h:1/%zz#x",
    "--target=serial:?",
    "--target=unix:",
  ],
  ...[
    "--target=MQTT://h",
    "--target=http://h",
    "--target=mqtt:///",
    "--target=tcp-serial://h:1?baud=9",
    "--target=:",
  ],
  ...[
    "--target=serial:/dev/tty?baud=1&baud=2&x",
    "--target=mqtt://h:00001",
    "--target=mqtt://[::1%lo]:1",
    "--target=.",
  ],
  ...[
    "--target=wss://[",
    "--target=mqtts://ä",
    "--target=suites/targets",
    "--target=unix:///",
    "--target=\0",
  ],
  ...[
    "mqtt/**",
    "[",
    "{a,b",
    "**",
    "!",
    "./none.yaml",
    "suites",
    "suites/mqtt",
    ".",
    "/",
    "\0.yaml",
    "x.yml",
    "",
    "__proto__",
  ],
];

/** Values of options, including those of {@link WORDS}. */
const VALUES: readonly string[] = WORDS.flatMap((word) => /^--[a-z-]+=(.*)$/s.exec(word)?.[1] ?? []);

/** Returns a command line with one to three of its words changed. */
export function mutatedArgs(next: Random): readonly string[] {
  const args = [...one(RIGHT, next)];
  for (let times = 1 + next(3); times > 0; times--) {
    // Mostly after the name of the command.
    const at = Math.min(args.length, next(12) === 0 ? 0 : 1 + next(args.length));
    const ofOption = args.flatMap((word, index) =>
      word.startsWith("--") && index + 1 < args.length ? [index + 1] : []
    );
    switch (next(9)) {
      case 0:
        args.splice(at, 1);
        break;
      case 1:
        args.splice(at, 0, one(WORDS, next));
        break;
      case 2:
        args[at] = one(WORDS, next);
        break;
      case 3:
        args[at] = one(TEXTS, next);
        break;
      case 4:
        args.splice(at, 0, ...args.slice(at, at + 2));
        break;
      case 5:
      case 6:
        if (ofOption.length > 0) args[one(ofOption, next)] = one(next(3) === 0 ? TEXTS : VALUES, next);
        break;
      default: {
        const word = args[at] ?? "";
        const cut = next(word.length + 1);
        args[at] = word.slice(0, cut) +
          one(["", "x", "=", "9999999999", "-", "$a.b", ":", "/", "%", "\0"], next) +
          word.slice(cut + next(3));
      }
    }
  }
  // No system passes such characters to a program.
  return args.map((word) => word.replaceAll("\0", "").toWellFormed());
}
