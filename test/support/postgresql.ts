import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { Client, type ClientConfig } from "pg";
import { createCertificateAuthority } from "../../src/sandbox/openbao/certificates.ts";
import { findFreePorts } from "../../src/sandbox/openbao/free-ports.ts";
import { startOwnedProcess, type OwnedProcess } from "../../src/sandbox/openbao/owned-process.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { requireBinary } from "./binaries.ts";
import { isRunning } from "./is-running.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** How a throw-away server is started. */
export type PostgresqlOptions = {
  /** Waits for the disk at each commit; only a test that kills the server needs it. */
  readonly durable?: boolean;
  /** Speaks TLS with a certificate for 127.0.0.1, localhost and `db.example`, of an authority of its own; needs `openssl`. */
  readonly tls?: boolean;
  /** Begins as a copy of that server and follows it, until `promote`. */
  readonly standbyOf?: Pick<RunningPostgresql, "host" | "port">;
  /** Further settings, as in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
};

/** A role that may do nothing but own its databases, as sealwatch's should be. */
export const ROLE = { user: "sealwatch", password: "a-password-of-tests" } as const;

/** A real PostgreSQL on a free port of 127.0.0.1, with passwords checked by SCRAM. */
export type RunningPostgresql = AsyncDisposable & {
  readonly host: "127.0.0.1";
  readonly port: number;
  /** PEM file of its certificate authority; undefined without TLS. */
  readonly caFile: string | undefined;
  /** Makes an empty database of `ROLE`; gives its name. */
  readonly createDatabase: () => Promise<string>;
  /** How to connect to a database as the administrator, whom nothing stops. */
  readonly administratorOf: (database: string) => ClientConfig;
  /** Runs statements as the administrator and gives the rows of the last. */
  readonly execute: (database: string, sql: string) => Promise<readonly Record<string, unknown>[]>;
  /** Makes a standby a primary, and waits until it takes writes. */
  readonly promote: () => Promise<void>;
  /** Ends it and every process of it at once with SIGKILL, as a power cut does. */
  readonly kill: () => Promise<void>;
  /** Ends it as an administrator does (SIGINT: connections are cut, transactions rolled back). */
  readonly stop: () => Promise<void>;
  /** Starts it again on the same port and waits until it answers. */
  readonly start: () => Promise<void>;
};

const ADMINISTRATOR = { user: "postgres", password: "the-administrator-of-tests" } as const;
const FAST = { fsync: "off", full_page_writes: "off", synchronous_commit: "off" };
const run = promisify(execFile);

/** Starts a server with an empty cluster of databases; disposal ends it and removes everything. */
export async function startPostgresql(options: PostgresqlOptions = {}): Promise<RunningPostgresql> {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await temporaryDirectory());
  const server = await prepare(path, options);
  stack.defer(async () => await server.kill());
  await server.start();
  const owned = stack.move();
  return { ...server, [Symbol.asyncDispose]: async () => await owned.disposeAsync() };
}

async function prepare(directory: string, options: PostgresqlOptions) {
  const { durable = false, tls = false, settings = {}, standbyOf } = options;
  const as = await unprivileged();
  const data = join(directory, "data");
  const passwordFile = join(directory, "password");
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, ADMINISTRATOR.password);
  for (const path of [directory, data, passwordFile]) if (as !== undefined) await chown(path, as.uid, as.gid);
  const [program, args] = standbyOf === undefined ? initdb(data, passwordFile) : baseBackup(data, standbyOf);
  const env = { PGPASSWORD: ADMINISTRATOR.password };
  // What is on PATH may be a link to where all programs are.
  const binaries = dirname(await realpath(requireBinary("postgresql")));
  await run(join(binaries, program), [...args], { ...as, cwd: directory, env });
  const [port = 0] = await findFreePorts(1);
  const certificate = tls ? await makeCertificate(directory, as) : undefined;
  const fast = durable ? {} : FAST;
  const network = { listen_addresses: "127.0.0.1", unix_socket_directories: "", port: String(port) };
  const all = Object.entries({ ...fast, ...settings, ...certificate?.settings, ...network });
  const flags = all.flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return server({ directory, port, args: ["-D", data, ...flags], caFile: certificate?.caFile }, as);
}

type Program = readonly [name: string, args: readonly string[]];

function initdb(data: string, passwordFile: string): Program {
  const auth = ["--auth=scram-sha-256", `--username=${ADMINISTRATOR.user}`, `--pwfile=${passwordFile}`];
  return ["initdb", [...auth, "--locale=C", "--encoding=UTF8", "--no-sync", `--pgdata=${data}`]];
}

function baseBackup(data: string, { host, port }: Pick<RunningPostgresql, "host" | "port">): Program {
  const from = [`--host=${host}`, `--port=${port}`, `--username=${ADMINISTRATOR.user}`];
  return ["pg_basebackup", [...from, "--write-recovery-conf", "--checkpoint=fast", "--no-sync", `--pgdata=${data}`]];
}

async function makeCertificate(directory: string, as: Ids | undefined) {
  const authority = await createCertificateAuthority(join(directory, "tls"), "PostgreSQL");
  const { certFile, keyFile } = await authority.issue("db.example");
  // The server refuses a key that others may read, or that another user owns.
  await chmod(keyFile, 0o600);
  if (as !== undefined) await chown(keyFile, as.uid, as.gid);
  return { caFile: authority.caFile, settings: { ssl: "on", ssl_cert_file: certFile, ssl_key_file: keyFile } };
}

type Place = {
  readonly directory: string;
  readonly port: number;
  readonly args: readonly string[];
  readonly caFile: string | undefined;
};
type Ids = { readonly uid: number; readonly gid: number };

/** PostgreSQL refuses to run as root: then it runs as the user that Debian's package makes. */
async function unprivileged(): Promise<Ids | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = async (flag: string) => Number((await run("id", [flag, "postgres"])).stdout);
  return { uid: await idOf("-u"), gid: await idOf("-g") };
}

function server(place: Place, as: Ids | undefined): Omit<RunningPostgresql, keyof AsyncDisposable> {
  const { directory, port, caFile } = place;
  let postmaster: OwnedProcess | undefined;
  const administratorOf = (database: string): ClientConfig => {
    const place = { host: "127.0.0.1", port, database };
    return { ...place, ...ADMINISTRATOR, ssl: false, connectionTimeoutMillis: 2000 };
  };
  const execute = async (database: string, sql: string) => {
    const client = new Client(administratorOf(database));
    // An error between two statements (the server goes away) is told by the next one.
    client.on("error", () => {});
    await client.connect();
    try {
      const results: unknown = await client.query(sql);
      const last = (Array.isArray(results) ? results.at(-1) : results) as { rows: Record<string, unknown>[] };
      return last.rows;
    } finally {
      await client.end();
    }
  };
  const start = async (): Promise<void> => {
    postmaster = await startPostmaster(place, as);
    const early = new AbortController();
    void postmaster.ended.then(async (how) => early.abort(await earlyEnd(directory, how)));
    await waitFor("PostgreSQL ready", async () => await execute("postgres", "SELECT 1"), { signal: early.signal });
    await execute("postgres", CREATE_ROLE);
  };
  return {
    host: "127.0.0.1",
    port,
    caFile,
    administratorOf,
    execute,
    start,
    stop: async () => await postmaster?.kill("SIGINT"),
    promote: async () => {
      const [row] = await execute("postgres", "SELECT pg_promote() AS promoted");
      if (row?.["promoted"] !== true) throw new Error("cannot promote the standby: it did not within a minute");
    },
    kill: async () => {
      if (postmaster === undefined) return;
      // It must not start another process behind our back.
      postmaster.signal("SIGSTOP");
      const children = postmaster.running() ? await childrenOf(postmaster.pid) : [];
      await postmaster.kill();
      for (const child of children) endIfThere(child);
      await waitFor("the end of PostgreSQL's processes", async () => (children.some(isRunning) ? undefined : true));
    },
    createDatabase: async () => {
      const name = `test_${randomBytes(6).toString("hex")}`;
      await execute("postgres", `CREATE DATABASE ${name} OWNER ${ROLE.user}`);
      return name;
    },
  };
}

const CREATE_ROLE = `DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${ROLE.user}') THEN
    CREATE ROLE ${ROLE.user} LOGIN PASSWORD '${ROLE.password}';
  END IF;
END $$`;

async function startPostmaster({ directory, args }: Place, as: Ids | undefined): Promise<OwnedProcess> {
  const program = [requireBinary("postgresql"), ...args];
  // A change of the user forgets that the process is to end with us, so it is said again.
  const change = ["--reuid", as?.uid, "--regid", as?.gid, "--clear-groups", "--pdeathsig", "KILL", "--"].map(String);
  const [command, all] = as === undefined ? [program[0] ?? "", program.slice(1)] : ["setpriv", [...change, ...program]];
  const logFile = join(directory, "postgresql.log");
  return await startOwnedProcess({ name: "postgresql", command, args: all, logFile, directory });
}

async function earlyEnd(directory: string, how: string): Promise<Error> {
  const log = await readFile(join(directory, "postgresql.log"), "utf8").catch(() => "");
  return new Error(`cannot start PostgreSQL: it ended (${how}); its log:\n${log}`);
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return text
    .split(" ")
    .filter((word) => word !== "")
    .map(Number);
}

function endIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It followed its postmaster already.
  }
}
