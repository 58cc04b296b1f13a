import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { systemClock, terminalUser } from "../../src/app/system.ts";
import type { SimulatedCluster } from "../../src/sandbox/vault/simulated-cluster.ts";
import { startSimulatedCluster } from "../../src/sandbox/vault/start-simulated-cluster.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** A simulated cluster with a configuration that names it. */
export type ClusterFiles = AsyncDisposable & {
  readonly cluster: SimulatedCluster;
  readonly config: string;
  readonly store: string;
  readonly directory: string;
};

/** Starts a cluster called prod, and writes a configuration whose person of this terminal is alice. */
export async function startClusterFiles(parts: object = {}): Promise<ClusterFiles> {
  const directory = await temporaryDirectory();
  const cluster = await startSimulatedCluster({ clock: systemClock, clusterName: "prod" });
  const config = join(directory.path, "sealwatch.yaml");
  const store = join(directory.path, "sealwatch.db");
  await writeFile(
    config,
    stringify({
      store: { path: store },
      clusters: [{ name: "prod", nodes: cluster.nodes.map(({ name, address }) => ({ name, address })) }],
      access: { people: [{ name: "alice", role: "responder", cli: terminalUser() }] },
      ...parts,
    }),
  );
  return {
    cluster,
    config,
    store,
    directory: directory.path,
    [Symbol.asyncDispose]: async () => {
      await cluster.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}
