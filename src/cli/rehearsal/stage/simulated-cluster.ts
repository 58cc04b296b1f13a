import { answerRequest } from "../../../sandbox/vault/answer-request.ts";
import { errors } from "../../../sandbox/vault/answers.ts";
import { nodeOf } from "../../../sandbox/vault/cluster-state.ts";
import { settle } from "../../../sandbox/vault/leadership.ts";
import type { SimulatedRequest } from "../../../sandbox/vault/node-server.ts";
import type { World } from "../../../sandbox/vault/world.ts";
import type { Clock } from "../../../lib/clock.ts";
import type { PolicyRule } from "../../../lib/vault-policy.ts";
import type { Change } from "../change.ts";
import type { Reply } from "./reply.ts";
import { carryOutChange, type Odd } from "./carry-out-change.ts";
import { createStagedAudit } from "./staged-audit.ts";
import { createStagedWorld } from "./staged-world.ts";
import type { ClusterSetting } from "../test-file.ts";

/** StagedNode is a simulated node as the configuration of a test names it. */
export type StagedNode = { readonly name: string; readonly address: string; readonly raftNodeId: string };

/** What a cluster is when a play is over: who leads (`none`), and the sorted names of its members and of its sealed nodes. */
export type ClusterEnd = {
  readonly leader: string;
  readonly members: readonly string[];
  readonly sealed: readonly string[];
};

/** StagedCluster is a simulated cluster inside this process: no sockets, and no time but the test's. */
export type StagedCluster = {
  readonly nodes: readonly StagedNode[];
  readonly ask: (node: string, request: SimulatedRequest) => Reply;
  readonly change: (change: Change) => Promise<void>;
  /** Whether a port takes connections from where the program runs. */
  readonly connects: (address: string) => boolean;
  /** Gives a token what these rules permit, and nothing else. */
  readonly permit: (token: string, rules: readonly PolicyRule[]) => void;
  /** What it is now, in the words of a test's expectation. */
  readonly now: () => ClusterEnd;
};

/** Creates the cluster that a test describes, without its faults. */
export function createStagedCluster(setting: ClusterSetting, clock: Clock): StagedCluster {
  const world = createStagedWorld(setting, clock);
  const { state } = world;
  const odd: Odd = { lagging: new Map(), isolated: new Set(), migrating: new Set(), audit: createStagedAudit() };
  const present = (): void => {
    settle(state, clock.now());
    for (const [name, index] of odd.lagging) nodeOf(state, name).appliedIndex = index;
  };
  return {
    nodes: state.nodes.map(({ name, address, raftNodeId }) => ({
      name,
      address,
      raftNodeId: isStrange(setting, name) ? `${name}-of-old` : raftNodeId,
    })),
    ask: (name, request) =>
      odd.isolated.has(name)
        ? { kind: "refused" }
        : odd.audit.around(world.state, { node: name, path: request.path }, () =>
            withOddSeal(reply(world, name, { request, present }), name, { odd, setting }),
          ),
    change: async (change) => {
      await carryOutChange(world, change, odd);
      present();
    },
    connects: (address) =>
      state.nodes.some(
        ({ name, clusterAddress, running, severed }) =>
          clusterAddress === address && running && !severed && !odd.isolated.has(name),
      ),
    permit: world.access.grant,
    now: () => {
      present();
      return {
        leader: state.leader ?? "none",
        members: state.members.map(({ raftNodeId }) => raftNodeId).sort(),
        sealed: state.nodes.flatMap(({ name, sealed }) => (sealed ? [name] : [])).sort(),
      };
    },
  };
}

function isStrange({ unmatched = [], renamed = [] }: ClusterSetting, name: string): boolean {
  return unmatched.includes(name) || renamed.includes(name);
}

type Asked = { readonly request: SimulatedRequest; readonly present: () => void };

function reply({ state, access, faults, thawed, clock }: World, name: string, { request, present }: Asked): Reply {
  const node = nodeOf(state, name);
  const held = thawed.get(name);
  if (held !== undefined) return { kind: "frozen", thawed: held.promise };
  if (!node.running) return { kind: "refused" };
  const fault = faults.take(request.path);
  present();
  if (fault === "drop-before" || fault === "500")
    return { kind: "answer", answer: errors(500, "internal error"), fault };
  const answer = answerRequest(request.method, request.path, { ...request, state, node, access, now: clock.now() });
  present();
  return { kind: "answer", answer, fault };
}

type Oddities = { readonly odd: Odd; readonly setting: ClusterSetting };

/** What the simulation does not say of seals: that one is being changed, and the type that old servers name. */
function withOddSeal(given: Reply, name: string, { odd: { migrating }, setting: { sealSays } }: Oddities): Reply {
  if (given.kind !== "answer") return given;
  const { body } = given.answer;
  if (typeof body !== "object" || body === null || !("migration" in body && "sealed" in body)) return given;
  if (body.sealed !== true) migrating.delete(name);
  const odd = { migration: migrating.has(name), ...(sealSays === undefined ? {} : { type: sealSays }) };
  return { ...given, answer: { ...given.answer, body: { ...body, ...odd } } };
}
