import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ApiClient } from "./api-client.ts";
import type { Certificate, CertificateAuthority } from "./certificates.ts";
import { isFreePort } from "./free-ports.ts";
import type { OpenBaoNode } from "./openbao.ts";
import { startRaftNetwork, type RaftNetwork } from "./raft-link.ts";
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
  readonly links: boolean;
  readonly extraConfig: string;
  /** Gives that many ports to try; `findFreePorts`. */
  readonly findPorts: (count: number) => Promise<readonly number[]>;
};

/** Nodes that run, and what is left to do once they have joined. */
export type StartedNodes = {
  readonly nodes: readonly OpenBaoNode[];
  readonly closeLinks: () => Promise<void>;
  /** Writes `retry_join` into every configuration: a node that lost its data joins again when it is started. */
  readonly enableRetryJoin: () => Promise<void>;
};

type Place = {
  readonly name: string;
  readonly directory: string;
  readonly port: number;
  readonly clusterPort: number;
  readonly reachedAt: number;
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
    const running = new Map<string, OpenBaoNode>();
    const network = plan.links ? await openNetwork(places, running) : undefined;
    const closeLinks = async (): Promise<void> => await network?.close();
    const nodes = places.map((place) =>
      createServerNode({ ...place, binary, api, keys, link: network?.links.get(place.name) }),
    );
    for (const node of nodes) running.set(node.name, node);
    const starts = await Promise.allSettled(nodes.map((node) => node.start()));
    const failed = starts.find((start) => start.status === "rejected");
    if (failed === undefined)
      return { nodes, closeLinks, enableRetryJoin: () => writeConfigs({ ...plan, retryJoin: true }, places) };
    await Promise.all(nodes.map((node) => node.kill()));
    await closeLinks();
    if (attempt === ATTEMPTS || !(await someAreTaken(places))) throw failed.reason;
  }
}

async function openNetwork(places: readonly Place[], running: ReadonlyMap<string, OpenBaoNode>): Promise<RaftNetwork> {
  return await startRaftNetwork(
    places.map(({ name, reachedAt, clusterPort }) => {
      return { name, port: reachedAt, target: clusterPort, pid: () => running.get(name)?.pid };
    }),
  );
}

async function choosePlaces({ names, directory, authority, findPorts, links }: NodesPlan): Promise<readonly Place[]> {
  const perNode = links ? 3 : 2;
  const ports = await findPorts(names.length * perNode);
  const scheme = authority === undefined ? "http" : "https";
  return Promise.all(
    names.map(async (name, index) => {
      const [port = 0, clusterPort = 0, linkPort = 0] = ports.slice(index * perNode);
      const reachedAt = links ? linkPort : clusterPort;
      return {
        name,
        directory: join(directory, name),
        port,
        clusterPort,
        reachedAt,
        address: `${scheme}://127.0.0.1:${port}`,
        clusterAddress: `https://127.0.0.1:${reachedAt}`,
        certificate: await authority?.issue(name),
      };
    }),
  );
}

async function writeConfigs(plan: NodesPlan, places: readonly Place[]): Promise<void> {
  const { clusterName, sealStanza, product, authority, extraConfig } = plan;
  for (const place of places) {
    const { name, directory, port, clusterPort, reachedAt, certificate } = place;
    await mkdir(dataDirectory(directory), { recursive: true });
    const tls =
      authority === undefined || certificate === undefined ? undefined : { caFile: authority.caFile, ...certificate };
    const peers = plan.retryJoin ? places.filter((other) => other !== place).map((other) => other.address) : [];
    const shared = { clusterName, sealStanza, product, extraConfig };
    const config = { ...shared, name, directory, port, clusterPort, reachedAt, tls, peers };
    // It may hold the token of a transit seal.
    await writeFile(configFile(directory), renderServerConfig(config), { mode: 0o600 });
  }
}

async function someAreTaken(places: readonly Place[]): Promise<boolean> {
  const ours = new Set(places.flatMap(({ port, clusterPort, reachedAt }) => [port, clusterPort, reachedAt]));
  const free = await Promise.all([...ours].map(isFreePort));
  return free.includes(false);
}
