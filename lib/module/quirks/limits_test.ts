import { type Bench, packet } from "../test_bench.ts";
import { LIMIT_QUIRKS } from "./limits.ts";
import { qmtOnline, testEffects } from "./test_effects.ts";

const REFUSED = "+CME ERROR: 3";

/** Checks that a command with a text of the longest length is accepted, and one with a byte more refused. */
async function takesUpTo(bench: Bench, longest: number, command: (text: string) => string): Promise<void> {
  await bench.asks(command("x".repeat(longest + 1)), REFUSED);
  await bench.asks(command("x".repeat(longest)), "OK");
}

testEffects("limits", LIMIT_QUIRKS, {
  "topic-limit-127": {
    async shows(bench) {
      await bench.online();
      await takesUpTo(bench, 127, (text) => `AT+ECMTSUB=0,1,"${text}",0`);
    },
  },
  "client-id-limit-23": {
    async shows(bench) {
      await bench.open();
      await takesUpTo(bench, 23, (text) => `AT+ECMTCONN=0,"${text}"`);
    },
  },
  "credentials-limit-31": {
    async shows(bench) {
      await bench.open();
      await takesUpTo(bench, 31, (text) => `AT+ECMTCONN=0,"a","user","${text}"`);
    },
  },
  "host-limit-32": {
    shows: (bench) => takesUpTo(bench, 32, (text) => `AT+ECMTOPEN=0,"${text}",1883`),
  },
  "payload-limit-256": {
    async shows(bench) {
      await bench.online();
      await takesUpTo(bench, 256, (text) => `AT+ECMTPUB=0,0,0,0,"a","${text}"`);
      await bench.hears("+ECMTPUB: 0,0,0");
      await bench.type('AT+ECMTPUB=0,0,0,0,"a"\r');
      await bench.says("\r\n> ");
      await bench.type(`${"x".repeat(257)}\x1a`);
      await bench.hears(REFUSED);
    },
  },
  "will-message-limit-32": {
    shows: (bench) => takesUpTo(bench, 32, (text) => `AT+ECMTCFG="will",0,1,0,0,"gone","${text}"`),
  },
  "packet-limit-1157": {
    async shows(bench) {
      await bench.online();
      await bench.type(`AT+ECMTPUB=0,0,0,0,"${"t".repeat(200)}"\r`);
      await bench.says("\r\n> ");
      await bench.type(`${"x".repeat(1_000)}\x1a`);
      await bench.hears("OK", "+ECMTPUB: 0,0,2");
    },
  },
  "in-flight-1": {
    async shows(bench) {
      const link = await bench.online();
      await bench.asks('AT+ECMTPUB=0,7,1,0,"a","x"', "OK");
      await packet(link, "PUBLISH");
      await bench.asks('AT+ECMTPUB=0,8,1,0,"a","x"', REFUSED);
      await link.send({ type: "PUBACK", packetId: 7 });
      await bench.hears("+ECMTPUB: 0,7,0");
      await bench.asks('AT+ECMTPUB=0,8,1,0,"a","x"', "OK");
    },
  },
  "one-request-at-a-time": {
    async shows(bench) {
      const link = await bench.online();
      await bench.asks('AT+ECMTSUB=0,1,"a",0', "OK");
      await bench.asks('AT+ECMTUNS=0,2,"b"', REFUSED);
      await bench.asks('AT+ECMTPUB=0,3,1,0,"a","x"', REFUSED);
      await packet(link, "SUBSCRIBE");
      await link.send({ type: "SUBACK", packetId: 1, reasons: [0] });
      await bench.hears("+ECMTSUB: 0,1,0,0");
      await bench.asks('AT+ECMTUNS=0,2,"b"', "OK");
    },
  },
  "one-topic-per-command": {
    async shows(bench) {
      await qmtOnline(bench);
      await bench.asks('AT+QMTSUB=0,1,"a",0,"b",0', "ERROR");
      await bench.asks('AT+QMTSUB=0,1,"a",0', "OK");
    },
  },
});
