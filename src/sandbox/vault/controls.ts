import { nodeOf } from "./cluster-state.ts";
import type { NodeState } from "./cluster-state.ts";
import { settle } from "./leadership.ts";
import { initializeAnew, joinMember, restoreSnapshot } from "./membership.ts";
import { giveShare, sealNode, startSealed, unsealWithKms } from "./sealing.ts";
import type { Controls } from "./simulated-cluster.ts";
import type { World } from "./world.ts";

/** Creates the controls; each settles the cluster before (who was heard until now) and after (who leads from now). */
export function createControls(world: World): Controls {
  return { ...nodeControls(world), ...clusterControls(world) };
}

type ClusterControl = "leader" | "setLatency" | "setKms" | "setLeases" | "setSlowness";

function nodeControls(world: World): Omit<Controls, ClusterControl> {
  const { state } = world;
  const change = (name: string, act: (node: NodeState) => void): void => changeNode(world, name, act);
  return {
    seal: (name) => change(name, sealNode),
    unsealShare: (name, share) => change(name, (node) => void giveShare(state, node, share)),
    unseal: (name) =>
      change(name, (node) => {
        for (const share of state.settings.unsealKeys.slice(0, state.settings.threshold)) giveShare(state, node, share);
      }),
    stop: async (name) => {
      change(name, (node) => {
        node.running = false;
      });
      await world.servers.get(name)?.close();
      thaw(world, name);
    },
    start: async (name) => {
      await world.servers.get(name)?.listen();
      change(name, (node) => {
        node.running = true;
        startSealed(state, node);
      });
    },
    freeze: (name) => {
      world.thawed.set(name, Promise.withResolvers());
      change(name, (node) => {
        node.frozen = true;
      });
    },
    thaw: (name) => thaw(world, name),
    removeData: (name) => change(name, emptyNode),
    setVersion: (name, version) =>
      change(name, (node) => {
        node.version = version;
      }),
    initialize: (name) => change(name, (node) => initializeAnew(state, node, world.clock.now())),
    restore: (name, from) => change(name, (node) => restoreSnapshot(state, node, from)),
    rejoin: (name) => change(name, (node) => joinMember(state, node, world.clock.now())),
  };
}

function clusterControls(world: World): Pick<Controls, ClusterControl> {
  const { state } = world;
  return {
    leader: () => {
      settle(state, world.clock.now());
      return state.leader;
    },
    setLatency: (milliseconds) => {
      world.latencyMs = milliseconds;
    },
    setKms: (available) => {
      state.kmsAvailable = available;
      for (const { name } of state.nodes) changeNode(world, name, (node) => unsealWithKms(state, node));
    },
    setSlowness: (slowness) => {
      state.system.slowness = slowness;
    },
    setLeases: (leases) => {
      state.leases = leases;
    },
  };
}

function changeNode({ state, clock }: World, name: string, act: (node: NodeState) => void): void {
  settle(state, clock.now());
  act(nodeOf(state, name));
  settle(state, clock.now());
}

function thaw(world: World, name: string): void {
  changeNode(world, name, (node) => {
    node.frozen = false;
  });
  world.thawed.get(name)?.resolve();
  world.thawed.delete(name);
}

function emptyNode(node: NodeState): void {
  if (node.running) throw new Error(`${node.name} runs: stop it before its data is removed`);
  node.initialized = false;
  node.sealed = true;
  node.removed = false;
  node.appliedIndex = 0;
}
