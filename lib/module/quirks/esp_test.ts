import type { MqttLink } from "../../link/mqtt_link.ts";
import { type Bench, packet } from "../test_bench.ts";
import { ESP_QUIRKS } from "./esp.ts";
import { testEffects } from "./test_effects.ts";

const USER = 'AT+MQTTUSERCFG=0,1,"dev","user","secret",0,0,""';

async function online(bench: Bench): Promise<MqttLink> {
  await bench.asks(USER, "OK");
  await bench.type('AT+MQTTCONN=0,"broker.example",1883,0\r');
  const link = await bench.connection();
  await packet(link, "CONNECT");
  await link.send({ type: "CONNACK" });
  await bench.hears('+MQTTCONNECTED:0,1,"broker.example","1883","",0', "OK");
  return link;
}

/** Publishes at QoS 1, and gives the id. */
async function publishes(bench: Bench, link: MqttLink, prompt = "\r\n> "): Promise<number | undefined> {
  await bench.type('AT+MQTTPUBRAW=0,"t",1,1,0\r');
  await bench.says("\r\nOK\r\n", prompt);
  await bench.type("x");
  return (await packet(link, "PUBLISH")).packetId;
}

testEffects("ESP-AT's commands", ESP_QUIRKS, {
  "err-code-in-front": { shows: (bench) => bench.asks("AT+MQTTCLEAN=0", "ERR CODE:0x00006011", "ERROR") },
  "space-behind-colon": {
    shows: async (bench) => {
      (await online(bench)).close();
      await bench.hears("+MQTTDISCONNECTED: 0");
    },
  },
  "esp-bare-prompt": { shows: async (bench) => void await publishes(bench, await online(bench), "\r\n>") },
  "esp-ids-lowest": {
    shows: async (bench) => {
      const link = await online(bench);
      for (let times = 0; times < 2; times++) {
        const packetId = await publishes(bench, link);
        if (packetId !== 1) throw new Error(`The id is ${packetId}`);
        await link.send({ type: "PUBACK", packetId });
        await bench.says("\r\n+MQTTPUB:OK\r\n");
      }
    },
  },
  "wifi-lines": {
    start: { silent: false },
    shows: (bench) => bench.hears("+WIFI: CONNECTED", "+WIFI: GOT IP"),
  },
  "one-raw-publish-at-a-time": {
    shows: async (bench) => {
      await publishes(bench, await online(bench));
      await bench.asks('AT+MQTTPUBRAW=0,"t",1,1,0', "ERROR");
    },
  },
  "answers-late": { shows: (bench) => bench.asks(USER, "OK") },
});
