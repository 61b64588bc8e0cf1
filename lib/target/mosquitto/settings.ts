import { flag, type Form, integer, text, word } from "../../spec/form.ts";
import { mapForm } from "../../spec/form_parts.ts";

/** A setting of Mosquitto's configuration that a target file may use. */
export interface Setting {
  /** Its name in Mosquitto's configuration. */
  readonly name: string;
  /** What it does, for the schema. */
  readonly about: string;
  /** Whether Mosquitto requires it for each listener. */
  readonly ofListener?: true;
  /** Reads its value and converts it to Mosquitto's notation. */
  readonly form: Form<string>;
}

/** Characters that Mosquitto's configuration reads as a value only. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;
/** A file name that cannot lead out of the broker's folder. */
export const FILE_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

const yesOrNo = (): Form<string> => mapForm(flag(), String);
const number = (most: number): Form<string> => mapForm(integer({ most }), String);
const BYTES = 268_435_455;
const COUNT = 2_000_000_000;
const plain = (): Form<string> =>
  text({ what: "a text of letters, digits, dots, dashes and underscores", pattern: PLAIN });
const inFolder = (): Form<string> =>
  mapForm(
    text({ what: "the name of a file under files:", pattern: FILE_NAME }),
    (name) => `{folder}/${name}`,
  );

/** Creates a form for one of some words, which `written` may map to another notation. */
function oneOf(words: readonly string[], written: Readonly<Record<string, string>> = {}): Form<string> {
  return mapForm(word(words, "value"), (value) => written[value] ?? value);
}

const LOG_TYPES = [
  "none",
  "error",
  "warning",
  "notice",
  "information",
  "subscribe",
  "unsubscribe",
  "debug",
  "all",
];

/**
 * All settings that a target file may use. None of them names a program, a library, or a file outside of the
 * folder.
 */
export const SETTINGS: readonly Setting[] = [
  { name: "acl_file", about: "the access control file, by its name under files:", form: inFolder() },
  {
    name: "allow_anonymous",
    about: "whether clients without a user name are allowed; default true",
    form: yesOrNo(),
  },
  { name: "allow_zero_length_clientid", about: "whether a client id may be empty", form: yesOrNo() },
  {
    name: "auto_id_prefix",
    about: "the prefix of client ids that Mosquitto generates",
    form: plain(),
  },
  {
    name: "autosave_interval",
    about: "seconds between two saves; 0: only at exit",
    form: number(COUNT),
  },
  { name: "autosave_on_changes", about: "whether autosave_interval counts changes", form: yesOrNo() },
  {
    name: "check_retain_source",
    about: "whether access rights are checked again when retained messages are sent",
    form: yesOrNo(),
  },
  { name: "clientid_prefixes", about: "the required prefix of client ids", form: plain() },
  {
    name: "connection_messages",
    about: "whether connecting and disconnecting clients are logged",
    form: yesOrNo(),
  },
  {
    name: "log_dest",
    about: "where it logs to; file: mosquitto.log in its folder",
    form: oneOf(["none", "stdout", "stderr", "topic", "file"], { file: "file {folder}/mosquitto.log" }),
  },
  { name: "log_timestamp", about: "whether each line starts with a time stamp", form: yesOrNo() },
  { name: "log_type", about: "what it logs", form: oneOf(LOG_TYPES) },
  {
    name: "max_connections",
    about: "clients at once; -1: no limit",
    ofListener: true,
    form: mapForm(integer({ least: -1, most: COUNT }), String),
  },
  { name: "max_inflight_bytes", about: "bytes in flight to a client", form: number(COUNT) },
  {
    name: "max_inflight_messages",
    about: "messages in flight to a client; 0: no limit",
    form: number(65_535),
  },
  { name: "max_keepalive", about: "the longest keep-alive; seconds", form: number(65_535) },
  { name: "max_packet_size", about: "the largest packet; bytes", form: number(BYTES) },
  { name: "max_qos", about: "the highest QoS", ofListener: true, form: number(2) },
  { name: "max_queued_bytes", about: "bytes queued for a client; 0: no limit", form: number(COUNT) },
  { name: "max_queued_messages", about: "messages queued for a client; 0: no limit", form: number(COUNT) },
  { name: "max_topic_alias", about: "topic aliases of a client", ofListener: true, form: number(65_535) },
  { name: "memory_limit", about: "bytes of memory; 0: no limit", form: number(COUNT) },
  { name: "message_size_limit", about: "the largest payload; bytes; 0: no limit", form: number(BYTES) },
  {
    name: "password_file",
    about: "the file of users and their hashed passwords, by its name under files:",
    form: inFolder(),
  },
  {
    name: "persistence",
    about: "whether messages, sessions and subscriptions survive a restart",
    form: yesOrNo(),
  },
  {
    name: "persistent_client_expiration",
    about: "how long a session of 3.1.1 is kept: 14d, 2m",
    form: text({ what: "a number followed by h, d, w, m or y", pattern: /^[1-9][0-9]{0,5}[hdwmy]$/ }),
  },
  { name: "queue_qos0_messages", about: "whether messages at QoS 0 are queued", form: yesOrNo() },
  {
    name: "require_certificate",
    about: "whether clients need a certificate, over mqtts and wss",
    ofListener: true,
    form: yesOrNo(),
  },
  { name: "retain_available", about: "whether messages may be retained", form: yesOrNo() },
  { name: "set_tcp_nodelay", about: "whether small packets are sent at once", form: yesOrNo() },
  { name: "sys_interval", about: "seconds between two messages below $SYS; 0: none", form: number(65_535) },
  {
    name: "upgrade_outgoing_qos",
    about: "whether a message is sent at the QoS of the subscription",
    form: yesOrNo(),
  },
];
