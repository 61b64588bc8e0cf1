import type { Random } from "../inputs.ts";

/** Source text to insert into a document unchanged, bypassing the writer that would quote it. */
export class Raw {
  constructor(readonly text: string) {}
}

/** Texts with a special meaning for readers of variables, paths, keys, or terminals. */
export const TEXTS: readonly string[] = [
  "",
  " ",
  "$",
  "$$",
  "${",
  "${a",
  "${a.b}",
  "$a",
  "$a.b.c",
  "$topic",
  "$topic.x.y",
  "$got.packetId",
  "$__proto__",
  "$__proto__.x",
  "$constructor.name",
  "$toString.length",
  "$0",
  "$a.0.1",
  "x$a.b.c",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "length",
  "null",
  "\0",
  "\x1b[2J\x07",
  "\u202eabc",
  "\ufeff",
  "\ud800",
  "\u{1f600}",
  "a\nb",
  "\t",
  "../../../../etc/passwd",
  "a/b/c",
  "/",
  "#",
  "+/#",
  "$share//x",
  "mqtt://",
  "mqtt://[::1",
  "mqtt://a:99999",
  "mqtt://a:0",
  "ws://a/ b",
  "serial:",
  "serial:/dev/x?baud=1",
  "unix:%",
  "{port}",
  "{port.a}{folder}{config}",
  "a".repeat(20_000),
  "a.".repeat(500),
  "$a".repeat(500),
  "[".repeat(200),
  "*".repeat(50),
  "{a,".repeat(30),
  "(a+)+$",
  "-1s",
  "1e3s",
  "999999999999h",
  "0ms",
  "0.0000001ms",
  "p99 < 1ms",
  "p99(connect) < $a",
  "received / sent > 1e999",
  "3.1.1",
  "5.0",
  "2024-02-30",
  "2001-12-14t21:59:43.10-05:00",
  "omit",
  "any",
  "absent",
  "nothing",
  "closed",
];

/** Numbers at and beyond every limit that a reader could have. */
export const NUMBERS: readonly number[] = [
  ...[0, -0, 1, -1, 0.5, 1.5, -2.5, 7, 127, 128, 255, 256, 1000, 65535, 65536, 1e6, 268435455, 268435456],
  ...[2147483647, 2147483648, 4294967295, 4294967296, 9007199254740991, 9007199254740993, 1e15, 1e21],
  ...[1e100, 1.7e308, -1e308, 5e-324, 1e-7, NaN, Infinity, -Infinity],
];

/** YAML source text that no writer of data produces. */
const RAW_YAML: readonly string[] = [
  ...[
    "~",
    ".nan",
    ".inf",
    "-.inf",
    "1e999",
    "-1e999",
    "0x7fffffffffffffffffff",
    "0o17",
    "017",
    "1_000",
    "+1",
  ],
  ...["99999999999999999999999", "2024-02-30", "2001-12-14t21:59:43.10-05:00", "=", "y", "off", "3.10"],
  ...["!!js/function 'function () {}'", "!!js/regexp /a/", "!!binary x", "!!set { a }", "!tag x", "!<x> y"],
  ...["&a x", "*a", "*", "&", "{ <<: *a }", "{ <<: { a: 1 } }", "{ a: 1, a: 2 }", "{ __proto__: { a: 1 } }"],
  ...[
    "{ [a, b]: c }",
    "{ {a: b}: c }",
    "? x",
    "{ ? x }",
    "|",
    ">-",
    "- - - x",
    "- x",
    "x: y",
    "x: y: z",
    "% x",
  ],
  ...[
    "{",
    "}",
    "[",
    "]",
    "'",
    '"',
    ",",
    "@",
    "`",
    "#",
    ": ",
    "\t",
    "---",
    "...",
    '"\\0"',
    '"\\ud800"',
    '"\\x"',
  ],
  ...["{ hex: zz }", "{ hex: '0' }", "{ hex: $a.b }", "{ repeat: x, times: 1000000000 }", "{ join: [$a] }"],
  ...["{ repeat: { repeat: x, times: 100000 }, times: 100000 }", "{ join: 1 }", "{ repeat: x, times: -1 }"],
  ...[
    "{ repeat: x, times: 1e999 }",
    "{ repeat: x, times: 1.5 }",
    "{ base64: '!' }",
    "{ length: { least: 9 } }",
  ],
  ...["[".repeat(2000), "[".repeat(40) + "]".repeat(40), "{a: ".repeat(300), "- ".repeat(500) + "x"],
  `{ ${Array.from({ length: 500 }, (_, n) => `k${n}: v`).join(", ")} }`,
  `[${Array.from({ length: 9 }, (_, n) => `&l${n} [${n ? `*l${n - 1}, `.repeat(9) : "x"}]`).join(", ")}]`,
];

/** JSON source text that no writer of data produces. */
const RAW_JSON: readonly string[] = [
  ...[
    "1e999",
    "-1e999",
    "NaN",
    "undefined",
    "0123",
    "99999999999999999999999",
    "-0",
    '"\\ud800"',
    '"\\u0000"',
  ],
  ...[
    '{"__proto__":{"a":1}}',
    '{"a":1,"a":2}',
    '{"constructor":1}',
    "[".repeat(5000),
    "{}{}",
    "'x'",
    "1e400",
  ],
  ...['{"toString":1}', '{"length":1e9}', "[".repeat(500) + "]".repeat(500), '"\\x"', "tru", '{"a":', "//"],
];

/** Picks one item of a list; lists here are never empty. */
export function one<T>(from: readonly T[], next: Random): T {
  const found = from[next(from.length)];
  if (found === undefined) throw new RangeError("Nothing to choose from");
  return found;
}

/** Picks a value that no reader expects, for a file in YAML or JSON. */
export function hostile(next: Random, language: "yaml" | "json"): unknown {
  switch (next(10)) {
    case 0:
    case 1:
    case 2:
      return one(TEXTS, next);
    case 3:
    case 4:
      return one(NUMBERS, next);
    case 5:
      return new Raw(one(language === "yaml" ? RAW_YAML : RAW_JSON, next));
    case 6:
      return next(2) === 0;
    case 7:
      return one([null, [], {}, [null], [[]], { "": "" }, [{}], { a: null }], next);
    case 8:
      return Array.from({ length: one([2, 40, 1000], next) }, () => one([0, "x", "$a.b.c", {}], next));
    default:
      return Object.fromEntries([[one(TEXTS, next).slice(0, 2000), one(TEXTS, next)]]);
  }
}
