import type { MqttLink } from "../../link/mqtt_link.ts";
import { type Bench, packet } from "../test_bench.ts";
import { SIMCOM_QUIRKS } from "./simcom.ts";
import { testEffects } from "./test_effects.ts";

/** Brings the module to where CONNECT is sent. */
async function connecting(bench: Bench): Promise<MqttLink> {
  await bench.asks("AT+CMQTTSTART", "OK", "+CMQTTSTART: 0");
  await bench.asks('AT+CMQTTACCQ=0,"dev"', "OK");
  await bench.asks('AT+CMQTTCONNECT=0,"tcp://broker.example:1883",60,1', "OK");
  const link = await bench.connection();
  await packet(link, "CONNECT");
  return link;
}

async function online(bench: Bench): Promise<MqttLink> {
  const link = await connecting(bench);
  await link.send({ type: "CONNACK" });
  await bench.hears("+CMQTTCONNECT: 0,0");
  return link;
}

/** Types SUB and its filter, and gives the id of SUBSCRIBE. */
async function subscribes(bench: Bench, link: MqttLink): Promise<number> {
  await bench.type("AT+CMQTTSUB=0,1,0\r");
  await bench.says("\r\n> ");
  await bench.type("a");
  await bench.says("\r\nOK\r\n");
  return (await packet(link, "SUBSCRIBE")).packetId;
}

const shown = (topic: string, payload: string, ...lines: readonly string[]) => async (bench: Bench) => {
  const link = await online(bench);
  await link.send({ type: "PUBLISH", topic, payload });
  await bench.says(`\r\n${lines.join("\r\n")}\r\n`);
};

testEffects("SIMCom's commands", SIMCOM_QUIRKS, {
  "simcom-bare-prompt": {
    shows: async (bench) => {
      await online(bench);
      await bench.type("AT+CMQTTSUB=0,1,0\r");
      await bench.says("\r\n>");
      await bench.type("a");
      await bench.says("\r\nOK\r\n");
    },
  },
  "payload-in-short-pieces": {
    shows: shown(
      "a",
      "12345678",
      "+CMQTTRXSTART: 0,1,8",
      "+CMQTTRXTOPIC: 0,1",
      "a",
      "+CMQTTRXPAYLOAD: 0,7",
      "1234567",
      "+CMQTTRXPAYLOAD: 0,1",
      "8",
      "+CMQTTRXEND: 0",
    ),
  },
  "topic-in-two-pieces": {
    shows: shown(
      "abc",
      "x",
      "+CMQTTRXSTART: 0,3,1",
      "+CMQTTRXTOPIC: 0,1",
      "a",
      "+CMQTTRXTOPIC: 0,2",
      "bc",
      "+CMQTTRXPAYLOAD: 0,1",
      "x",
      "+CMQTTRXEND: 0",
    ),
  },
  "empty-payload-has-a-line": {
    shows: shown(
      "a",
      "",
      "+CMQTTRXSTART: 0,1,0",
      "+CMQTTRXTOPIC: 0,1",
      "a",
      "+CMQTTRXPAYLOAD: 0,0",
      "",
      "+CMQTTRXEND: 0",
    ),
  },
  "ids-lowest": {
    shows: async (bench) => {
      const link = await online(bench);
      for (let times = 0; times < 2; times++) {
        const packetId = await subscribes(bench, link);
        if (packetId !== 1) throw new Error(`The id is ${packetId}`);
        await link.send({ type: "SUBACK", packetId, reasons: [0] });
        await bench.hears("+CMQTTSUB: 0,0");
      }
    },
  },
  "connlost-cause-3": {
    shows: async (bench) => {
      (await online(bench)).close();
      await bench.hears("+CMQTTCONNLOST: 0,3");
    },
  },
  "refused-sub-err-12": {
    shows: async (bench) => {
      const link = await online(bench);
      const packetId = await subscribes(bench, link);
      await link.send({ type: "SUBACK", packetId, reasons: [0x80] });
      await bench.hears("+CMQTTSUB: 0,12");
    },
  },
  "failed-connect-err-26": {
    shows: async (bench) => {
      (await connecting(bench)).close();
      await bench.hears("+CMQTTCONNECT: 0,26");
    },
  },
  "one-publish-at-a-time": {
    shows: async (bench) => {
      const link = await online(bench);
      await subscribes(bench, link);
      await bench.type("AT+CMQTTUNSUB=0,1,0\r");
      await bench.says("\r\n> ");
      await bench.type("a");
      await bench.says("\r\nERROR\r\n");
    },
  },
  "final-results-late": {
    shows: async (bench) => {
      await bench.asks("AT+CMQTTSTART", "OK", "+CMQTTSTART: 0");
    },
  },
  "refusals-explained": {
    shows: async (bench) => {
      await bench.asks("AT+CMQTTREL=0", "+CMQTTREL: 0,12", "ERROR");
    },
  },
});
