import assert from "node:assert/strict";

/** Both recipes as they ship, on loopback: GNU parallel through an sshd of its own, and a Slurm of one node. */

const ROOT = new URL("../../", import.meta.url).pathname;
const HERE = new URL(".", import.meta.url).pathname;
const SHARDS = 4;
/** 40 messages a second for 3 s, and an hour of patience: what is compared is counted, not timed. */
const LOAD = ["--set", "pairs=8", "--set", "rate=40", "--set", "seconds=3s"];

function missing(...programs: readonly string[]): boolean {
  const places = ["/usr/bin", "/usr/sbin", "/bin", "/sbin"];
  const absent = programs.filter((program) =>
    !places.some((place) => {
      try {
        return Deno.statSync(`${place}/${program}`).isFile;
      } catch {
        return false;
      }
    })
  );
  if (absent.length > 0) console.log(`Skipped: a test needs ${absent.join(", ")}, which is not installed`);
  return absent.length > 0;
}

/** What a program prints, for what Deno tells only who has more permissions. */
function said(program: string, ...args: readonly string[]): string {
  return new TextDecoder().decode(new Deno.Command(program, { args: [...args] }).outputSync().stdout).trim();
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Processes of a test; disposing ends each by its id, the last one first. */
class Daemons implements AsyncDisposable {
  readonly #children: Deno.ChildProcess[] = [];

  start(program: string, args: readonly string[]): void {
    this.#children.push(
      new Deno.Command(program, { args: [...args], stdin: "null", stdout: "null", stderr: "null" }).spawn(),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children.toReversed()) {
      try {
        child.kill("SIGTERM");
      } catch {
        // It has ended by itself.
      }
      const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await child.status;
      clearTimeout(timer);
    }
  }
}

async function run(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { success, code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd: ROOT,
    env,
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  const printed = `${text.decode(stdout)}\n${text.decode(stderr)}`;
  if (!success && code !== 1) throw new Error(`${program} ended with ${code}: ${printed}`);
  return printed;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const limit = performance.now() + 30_000;
  while (!await holds().catch(() => false)) {
    if (performance.now() > limit) throw new Error(`No sign of ${what} within 30 s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function listens(port: number): Promise<boolean> {
  return Deno.connect({ hostname: "127.0.0.1", port }).then((connection) => {
    connection.close();
    return true;
  });
}

/** What has to be the same however a load is shared. */
async function countsOf(folder: string): Promise<Record<string, unknown>> {
  const { load } = JSON.parse(await Deno.readTextFile(`${folder}/result.json`));
  const { planned, sent, acknowledged, due, received, lost } = load.counts;
  return {
    planned,
    sent,
    acknowledged,
    due,
    received,
    lost,
    connected: load.counts["connect.succeeded"],
    timed: load.timings.latency.count,
    acknowledgementsTimed: load.timings.puback.count,
    shard: load.shard,
  };
}

async function broker(daemons: Daemons, folder: string): Promise<string> {
  const port = freePort();
  await Deno.writeTextFile(
    `${folder}/broker`,
    `listener ${port} 127.0.0.1\nallow_anonymous true\nlog_type none\n`,
  );
  daemons.start("mosquitto", ["-c", `${folder}/broker`]);
  await until("Mosquitto", () => listens(port));
  return `mqtt://127.0.0.1:${port}`;
}

async function unsharded(target: string, out: string): Promise<Record<string, unknown>> {
  const load = [
    "load",
    "point-to-point-basic",
    ...LOAD,
    "--target",
    target,
    "--out",
    out,
    "--format",
    "json",
  ];
  await run(Deno.execPath(), ["run", "--no-prompt", "-P=load", "main.ts", ...load]);
  return countsOf(out);
}

const denoFolder = Deno.execPath().replace(/\/[^/]*$/, "");

Deno.test({
  name: "four shards by GNU parallel over ssh come to the counts of the unsharded load",
  ignore: missing("mosquitto", "parallel", "sshd", "ssh-keygen", "ssh"),
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "attest-parallel-" });
    await using daemons = new Daemons();
    try {
      const target = await broker(daemons, folder);
      const port = freePort();
      for (const key of ["host", "user"]) {
        await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", `${folder}/${key}`]);
      }
      await Deno.copyFile(`${folder}/user.pub`, `${folder}/authorized`);
      await Deno.writeTextFile(
        `${folder}/sshd`,
        `ListenAddress 127.0.0.1:${port}\nHostKey ${folder}/host\nAuthorizedKeysFile ${folder}/authorized\n` +
          `StrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\nPidFile none\n` +
          `MaxStartups 50\nMaxSessions 50\nSetEnv PATH=${denoFolder}:/usr/local/bin:/usr/bin:/bin\n`,
      );
      // sshd insists on this folder; the permissions of tests do not reach there.
      await run("mkdir", ["-p", "/run/sshd"]);
      daemons.start("/usr/sbin/sshd", ["-D", "-f", `${folder}/sshd`]);
      await until("sshd", () => listens(port));
      const options =
        `-p ${port} -i ${folder}/user -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR`;
      await Deno.writeTextFile(`${folder}/hosts`, "127.0.0.1\n".repeat(SHARDS));
      const printed = await run(
        `${HERE}parallel.sh`,
        [`${folder}/hosts`, `${folder}/out`, "point-to-point-basic", ...LOAD, "--target", target],
        { SSH: `ssh ${options}`, AHEAD: "15", PER_HOST: String(SHARDS), SEED: "7", HOME: folder },
      );
      assert.match(printed, /4 shards, started within \d+ ms of each other/);
      assert.deepEqual(await countsOf(`${folder}/out`), await unsharded(target, `${folder}/whole`));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "four shards by Slurm come to the counts of the unsharded load",
  ignore: missing("mosquitto", "slurmctld", "slurmd", "munged", "srun") || said("id", "-u") !== "0",
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "attest-slurm-" });
    await using daemons = new Daemons();
    try {
      const target = await broker(daemons, folder);
      const host = said("hostname", "-s");
      const [control, node] = [freePort(), freePort()];
      await Deno.writeFile(`${folder}/munge.key`, crypto.getRandomValues(new Uint8Array(1024)), {
        mode: 0o400,
      });
      const socket = `${folder}/munge.socket`;
      daemons.start("/usr/sbin/munged", [
        "--foreground",
        "--force",
        `--socket=${socket}`,
        `--key-file=${folder}/munge.key`,
        `--log-file=${folder}/munge.log`,
        `--pid-file=${folder}/munge.pid`,
        `--seed-file=${folder}/munge.seed`,
      ]);
      await until("munge", () => Deno.stat(socket).then(() => true));
      for (const name of ["state", "spool"]) await Deno.mkdir(`${folder}/${name}`);
      await Deno.writeTextFile(
        `${folder}/slurm.conf`,
        `ClusterName=attest
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${control}
SlurmdPort=${node}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${socket}
CredType=cred/munge
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
SelectType=select/cons_tres
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
NodeName=${host} NodeAddr=127.0.0.1 CPUs=1 State=UNKNOWN
PartitionName=all Nodes=${host} Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE
`,
      );
      const env = {
        SLURM_CONF: `${folder}/slurm.conf`,
        ATTEST: ROOT,
        AHEAD: "15",
        SEED: "7",
        PATH: `${denoFolder}:/usr/local/bin:/usr/bin:/bin:/usr/sbin`,
      };
      daemons.start("/usr/sbin/slurmctld", ["-D", "-f", env.SLURM_CONF]);
      daemons.start("/usr/sbin/slurmd", ["-D", "-f", env.SLURM_CONF, "-N", host]);
      await until("a node of Slurm", async () => /idle/.test(await run("sinfo", ["-h", "-o", "%T"], env)));
      await run("sbatch", [
        "--wait",
        "--ntasks",
        String(SHARDS),
        "--output",
        `${folder}/said`,
        `${HERE}slurm.sh`,
        `${folder}/out`,
        "point-to-point-basic",
        ...LOAD,
        "--target",
        target,
      ], env);
      const printed = await Deno.readTextFile(`${folder}/said`);
      assert.match(printed, /4 shards, started within \d+ ms of each other/);
      assert.deepEqual(await countsOf(`${folder}/out`), await unsharded(target, `${folder}/whole`));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
