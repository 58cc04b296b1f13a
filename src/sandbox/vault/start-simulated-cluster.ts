import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { answerRequest } from "./answer-request.ts";
import type { NodeState } from "./cluster-state.ts";
import { createControls } from "./controls.ts";
import { createState } from "./create-state.ts";
import type { SimulationOptions } from "./create-state.ts";
import { createFaults } from "./faults.ts";
import { settle } from "./leadership.ts";
import { createNodeServer } from "./node-server.ts";
import type { SimulatedCluster } from "./simulated-cluster.ts";
import { createTokenAccess } from "./token-access.ts";
import type { World } from "./world.ts";

/** Starts a cluster that is initialized, unsealed and led, on free loopback ports; throws when a port cannot be had. */
export async function startSimulatedCluster(options: SimulationOptions): Promise<SimulatedCluster> {
  const { clock } = options;
  const rootToken = options.rootToken ?? `s.${randomBytes(18).toString("hex")}`;
  const state = createState(options, clock.now());
  const world: World = {
    state,
    clock,
    access: createTokenAccess(rootToken),
    faults: createFaults(),
    calls: [],
    servers: new Map(),
    thawed: new Map(),
    latencyMs: 0,
  };
  for (const node of state.nodes) await openNode(world, node);
  settle(state, clock.now());
  const close = async (): Promise<void> => {
    for (const { resolve } of world.thawed.values()) resolve();
    await Promise.all([...world.servers.values()].map(async (server) => await server.close()));
  };
  return {
    nodes: state.nodes.map(({ name, address, raftNodeId }) => ({ name, address, raftNodeId })),
    clusterId: state.settings.clusterId,
    clusterName: state.settings.clusterName,
    rootToken,
    unsealKeys: state.settings.unsealKeys,
    calls: world.calls,
    ...createControls(world),
    policy: world.access.grant,
    logins: world.access.logins,
    failNext: world.faults.failNext,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function openNode(world: World, node: NodeState): Promise<void> {
  const { state, access, faults, calls, clock } = world;
  const server = createNodeServer({
    faults,
    note: ({ method, path }) => calls.push({ method, path, node: node.name }),
    held: async () => {
      if (world.latencyMs > 0) await delay(world.latencyMs, undefined, { ref: false });
      await world.thawed.get(node.name)?.promise;
    },
    answer: (request) => {
      const now = clock.now();
      settle(state, now);
      access.logins.expire(now);
      const answer = answerRequest(request.method, request.path, { ...request, state, node, access, now });
      settle(state, now);
      return answer;
    },
  });
  world.servers.set(node.name, server);
  await server.listen();
  node.address = `http://127.0.0.1:${server.port()}`;
  node.clusterAddress = `127.0.0.1:${server.port() + 1}`;
}
