import { readFile } from "node:fs/promises";
import { openClusters } from "../../app/clusters.ts";
import { loginDependencies } from "../../app/login-dependencies.ts";
import type { Settings } from "../../app/load-settings.ts";
import { FailureError } from "../../lib/failure.ts";
import { silentLogger } from "../../lib/logger.ts";
import { suggestion } from "../../lib/nearest.ts";
import { MOST_VALUES } from "../../investigation/hash-values.ts";
import { STDIN } from "../../investigation/open-log.ts";
import type { ClusterConfig } from "../../config/schema.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import type { Env } from "../settings.ts";

/** Which cluster is asked, and whose token is used. */
export type AskedCluster = {
  readonly config: ClusterConfig;
  /** File with the investigator's own token; default: the cluster's token for reading. */
  readonly tokenFile: string | undefined;
  readonly env: Env;
};

/** Finds the configured cluster by its name, or the only one; throws reason `not-found`. */
export function clusterOf({ config: { clusters } }: Settings, name: string | undefined): ClusterConfig {
  const [only] = clusters;
  if (name === undefined && clusters.length === 1 && only !== undefined) return only;
  const found = clusters.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = clusters.map((each) => each.name);
  const why = name === undefined ? `there are several, ${names.join(", ")}` : `there is no "${name}"`;
  const advice = name === undefined ? "; name one with --cluster" : suggestion(name, names) || "; see clusters[].name";
  throw new FailureError({
    reason: "not-found",
    retryable: false,
    message: `cannot choose a cluster: ${why}${advice}`,
  });
}

/** Gives a task the active node of a cluster, and closes what was opened. */
export async function withActiveNode<T>(
  { config, tokenFile, env }: AskedCluster,
  signal: AbortSignal,
  task: (node: VaultNode) => Promise<T>,
): Promise<T> {
  const asked: ClusterConfig =
    tokenFile === undefined ? config : { ...config, token: { file: tokenFile }, auth: undefined, operator: undefined };
  const clusters = openClusters([asked], {
    env,
    identityMemory: { load: () => undefined, save: () => {} },
    login: loginDependencies(env, silentLogger),
    logger: silentLogger,
  });
  try {
    await clusters.discover();
    const cluster = clusters.byName.get(config.name);
    if (cluster === undefined) throw new Error(`the cluster ${config.name} was not opened`);
    // A configured clusterId is compared: the token goes to nobody else.
    await cluster.identity({ signal });
    return await task(await cluster.activeNode({ signal }));
  } finally {
    await clusters.close();
  }
}

/** Reads values, a line each, from a file or the standard input: never an argument, which every process can read. */
export async function readValues(file: string, stdin: AsyncIterable<Buffer>): Promise<readonly string[]> {
  const text = file === STDIN ? await readAll(stdin) : await readText(file);
  const values = [...new Set(text.split(/\r?\n/u).filter((line) => line !== ""))];
  if (values.length > 0 && values.length <= MOST_VALUES) return values;
  const why =
    values.length === 0 ? "it is empty" : `it has ${values.length} values, and at most ${MOST_VALUES} are hashed`;
  throw new FailureError({
    reason: "refused",
    retryable: false,
    message: `cannot hash the values of ${file === STDIN ? "the standard input" : file}: ${why}; give one value a line`,
  });
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code } = Object(error) as { readonly code?: unknown };
    throw new FailureError(
      {
        reason: code === "ENOENT" ? "not-found" : "denied",
        retryable: false,
        message: `cannot read the values of ${file}: ${String(code)}; check that the file is there and may be read`,
      },
      { cause: error },
    );
  }
}

async function readAll(stdin: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stdin) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString("utf8");
}
