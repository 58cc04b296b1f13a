import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ApiClient } from "./api-client.ts";
import type { Certificate, CertificateAuthority } from "./certificates.ts";
import { isFreePort } from "./free-ports.ts";
import type { OpenBaoNode } from "./openbao.ts";
import { dataDirectory, renderServerConfig } from "./server-config.ts";
import type { ServerConfig } from "./server-config.ts";
import { configFile, createServerNode } from "./server-node.ts";
import type { ClusterKeys } from "./server-node.ts";

/** What all nodes of a cluster have in common. */
export type NodesPlan = {
  readonly binary: string;
  readonly directory: string;
  readonly names: readonly string[];
  readonly clusterName: string;
  readonly authority: CertificateAuthority | undefined;
  readonly sealStanza: string;
  readonly product: ServerConfig["product"];
  readonly api: ApiClient;
  readonly keys: ClusterKeys;
  /** Whether the nodes look for each other by themselves from the start. */
  readonly retryJoin: boolean;
  /** Gives that many ports to try; `findFreePorts`. */
  readonly findPorts: (count: number) => Promise<readonly number[]>;
};

/** Nodes that run, and what is left to do once they have joined. */
export type StartedNodes = {
  readonly nodes: readonly OpenBaoNode[];
  /** Writes `retry_join` into every configuration: a node that lost its data joins again when it is started. */
  readonly enableRetryJoin: () => Promise<void>;
};

type Place = {
  readonly name: string;
  readonly directory: string;
  readonly port: number;
  readonly clusterPort: number;
  readonly address: string;
  readonly clusterAddress: string;
  readonly certificate: Certificate | undefined;
};

const ATTEMPTS = 3;

/** Writes every node's configuration and starts all of them; takes other ports when somebody else got one of ours first. */
export async function startNodes(plan: NodesPlan): Promise<StartedNodes> {
  const { binary, api, keys } = plan;
  for (let attempt = 1; ; attempt++) {
    const places = await choosePlaces(plan);
    await writeConfigs(plan, places);
    const nodes = places.map((place) => createServerNode({ ...place, binary, api, keys }));
    const starts = await Promise.allSettled(nodes.map((node) => node.start()));
    const failed = starts.find((start) => start.status === "rejected");
    if (failed === undefined)
      return { nodes, enableRetryJoin: () => writeConfigs({ ...plan, retryJoin: true }, places) };
    await Promise.all(nodes.map((node) => node.kill()));
    if (attempt === ATTEMPTS || !(await someAreTaken(places))) throw failed.reason;
  }
}

async function choosePlaces({ names, directory, authority, findPorts }: NodesPlan): Promise<readonly Place[]> {
  const ports = await findPorts(names.length * 2);
  const scheme = authority === undefined ? "http" : "https";
  return Promise.all(
    names.map(async (name, index) => {
      const [port = 0, clusterPort = 0] = ports.slice(index * 2);
      return {
        name,
        directory: join(directory, name),
        port,
        clusterPort,
        address: `${scheme}://127.0.0.1:${port}`,
        clusterAddress: `https://127.0.0.1:${clusterPort}`,
        certificate: await authority?.issue(name),
      };
    }),
  );
}

async function writeConfigs(plan: NodesPlan, places: readonly Place[]): Promise<void> {
  const { clusterName, sealStanza, product, authority } = plan;
  for (const place of places) {
    const { name, directory, port, clusterPort, certificate } = place;
    await mkdir(dataDirectory(directory), { recursive: true });
    const tls =
      authority === undefined || certificate === undefined ? undefined : { caFile: authority.caFile, ...certificate };
    const peers = plan.retryJoin ? places.filter((other) => other !== place).map((other) => other.address) : [];
    const config = { name, clusterName, directory, port, clusterPort, tls, peers, sealStanza, product };
    // It may hold the token of a transit seal.
    await writeFile(configFile(directory), renderServerConfig(config), { mode: 0o600 });
  }
}

async function someAreTaken(places: readonly Place[]): Promise<boolean> {
  const free = await Promise.all(places.flatMap(({ port, clusterPort }) => [port, clusterPort]).map(isFreePort));
  return free.includes(false);
}
