import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { FailureError } from "../../lib/failure.ts";
import { redact } from "../../lib/redact.ts";
import { waitFor } from "../wait-for.ts";
import type { ApiClient } from "./api-client.ts";
import { readSealStatus } from "./node-state.ts";
import type { OpenBaoNode } from "./openbao.ts";
import type { RaftLink } from "./raft-link.ts";
import { startOwnedProcess } from "./owned-process.ts";
import type { OwnedProcess } from "./owned-process.ts";
import { dataDirectory } from "./server-config.ts";

/** The cluster's secrets, filled in when it is initialised. */
export type ClusterKeys = {
  rootToken: string;
  /** Base64. Recovery keys when the seal unseals by itself. */
  shares: readonly string[];
  threshold: number;
  readonly autoUnseal: boolean;
};

/** What one node is made of; its configuration file is `configFile(directory)`. */
export type NodeParts = {
  readonly name: string;
  readonly binary: string;
  readonly directory: string;
  readonly address: string;
  readonly clusterAddress: string;
  readonly link: RaftLink | undefined;
  readonly api: ApiClient;
  readonly keys: ClusterKeys;
};

const LOG_TAIL_LINES = 15;

/** A node that is still joining takes the shares and unseals later; asked again too soon it would unseal twice. */
const SHARES_AGAIN_MS = 3000;

/** Where a node's configuration file is. */
export function configFile(directory: string): string {
  return join(directory, "server.hcl");
}

/** Makes a node that does not run yet. */
export function createServerNode(parts: NodeParts): OpenBaoNode {
  const { name, address, clusterAddress, directory, link } = parts;
  const life = createLife(parts);
  const sealing = createSealing(parts, life);
  return {
    name,
    address,
    clusterAddress,
    directory,
    link,
    get pid() {
      return life.current()?.pid;
    },
    kill: async (signal) => life.current()?.kill(signal),
    suspend: () => mustRun(life, name).signal("SIGSTOP"),
    resume: () => mustRun(life, name).signal("SIGCONT"),
    start: life.start,
    useBinary: life.useBinary,
    removeData: async () => {
      if (life.current() !== undefined) throw refused(`remove the data of ${name}`, "it is running", "kill it first");
      await rm(dataDirectory(directory), { recursive: true });
      await mkdir(dataDirectory(directory));
    },
    ...sealing,
    log: () => readFile(logFile(directory), "utf8"),
  };
}

type Life = {
  readonly current: () => OwnedProcess | undefined;
  readonly start: () => Promise<void>;
  readonly useBinary: (binary: string) => void;
};

function createLife(parts: NodeParts): Life {
  const { name, directory, address, api } = parts;
  let binary = parts.binary;
  let held: OwnedProcess | undefined;
  const current = (): OwnedProcess | undefined => (held?.running() === true ? held : undefined);
  const start = async (): Promise<void> => {
    if (current() !== undefined) throw refused(`start ${name}`, "it is running already", "kill it first");
    const args = ["server", `-config=${configFile(directory)}`];
    const started = await startOwnedProcess({ name, command: binary, args, logFile: logFile(directory), directory });
    held = started;
    const early = new AbortController();
    void started.ended.then(async (how) => early.abort(await endedEarly(parts, how)));
    const probe = (): Promise<unknown> => api({ address, method: "GET", path: "sys/health", timeoutMs: 2000 });
    try {
      await waitFor(`${name} answer on ${address}`, probe, { signal: early.signal });
    } catch (error) {
      await started.kill();
      throw error;
    }
  };
  return { current, start, useBinary: (next) => void (binary = next) };
}

function createSealing(parts: NodeParts, life: Life): Pick<OpenBaoNode, "seal" | "unseal" | "unsealWith"> {
  const { name, address, api, keys } = parts;
  let needsRestart = false;
  const unsealWith = async (key: string): Promise<void> => {
    const { statusCode } = await api({ address, method: "PUT", path: "sys/unseal", body: { key } });
    if (statusCode !== 200) throw refused(`unseal ${name}`, `a key share was answered ${statusCode}`, "see its log()");
  };
  const seal = async (): Promise<void> => {
    const { statusCode } = await api({ address, method: "PUT", path: "sys/seal", token: keys.rootToken });
    if (statusCode !== 204) throw refused(`seal ${name}`, `sys/seal was answered ${statusCode}`, "see its log()");
    await waitFor(`${name} sealed`, async () => ((await readSealStatus(api, address)).sealed ? true : undefined));
    needsRestart = keys.autoUnseal;
  };
  const unseal = async (): Promise<void> => {
    // A node that was sealed by a call stays sealed until it is restarted, whatever its KMS says (vault-facts trap 2).
    if (needsRestart) {
      await mustRun(life, name).kill();
      await life.start();
    }
    needsRestart = false;
    let given = -SHARES_AGAIN_MS;
    await waitFor(`${name} unsealed`, async () => {
      const status = await readSealStatus(api, address);
      if (status.initialized && !status.sealed) return true;
      if (!status.initialized || keys.autoUnseal || performance.now() - given < SHARES_AGAIN_MS) return undefined;
      given = performance.now();
      for (const share of keys.shares.slice(0, keys.threshold)) await unsealWith(share);
      return undefined;
    });
  };
  return { seal, unseal, unsealWith };
}

function mustRun(life: Life, name: string): OwnedProcess {
  const found = life.current();
  if (found === undefined) throw refused(`send a signal to ${name}`, "it does not run", "start it first");
  return found;
}

function logFile(directory: string): string {
  return join(directory, "server.log");
}

async function endedEarly({ name, directory }: NodeParts, how: string): Promise<FailureError> {
  const log = await readFile(logFile(directory), "utf8").catch(() => "");
  const tail = redact(log.trimEnd().split("\n").slice(-LOG_TAIL_LINES).join("\n"));
  return refused(`start ${name}`, `the process ended (${how})`, `its log ends with:\n${tail}`);
}

function refused(what: string, why: string, advice: string): FailureError {
  return new FailureError({ reason: "refused", retryable: false, message: `cannot ${what}: ${why}; ${advice}` });
}
