import { answerRequest } from "../../../sandbox/vault/answer-request.ts";
import { errors, type SimulatedAnswer } from "../../../sandbox/vault/answers.ts";
import { nodeOf } from "../../../sandbox/vault/cluster-state.ts";
import { createControls } from "../../../sandbox/vault/controls.ts";
import { createState } from "../../../sandbox/vault/create-state.ts";
import { createFaults, type Fault } from "../../../sandbox/vault/faults.ts";
import { commit, settle } from "../../../sandbox/vault/leadership.ts";
import { removeMember } from "../../../sandbox/vault/membership.ts";
import type { SimulatedRequest } from "../../../sandbox/vault/node-server.ts";
import { createTokenAccess } from "../../../sandbox/vault/token-access.ts";
import type { World } from "../../../sandbox/vault/world.ts";
import type { Clock } from "../../../lib/clock.ts";
import type { PolicyRule } from "../../../lib/vault-policy.ts";
import type { Change } from "../change.ts";
import { NODE_CHANGES } from "../change.ts";
import type { ClusterSetting } from "../test-file.ts";

/** How far behind a node is that lags: many times what `vault.caught-up` lets pass. */
const LAG = 1000;

/** StagedNode is a simulated node as the configuration of a test names it. */
export type StagedNode = { readonly name: string; readonly address: string; readonly raftNodeId: string };

/** What came of a request: an answer, a fault in place of it, or nothing while the node hangs or is down. */
export type Reply =
  | { readonly kind: "answer"; readonly answer: SimulatedAnswer; readonly fault: Fault | undefined }
  | { readonly kind: "refused" }
  | { readonly kind: "frozen"; readonly thawed: Promise<void> };

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
  /** Gives a token what these rules permit, and nothing else. */
  readonly permit: (token: string, rules: readonly PolicyRule[]) => void;
  /** What it is now, in the words of a test's expectation. */
  readonly now: () => ClusterEnd;
};

/** Creates the cluster that a test describes, without its faults. */
export function createStagedCluster(setting: ClusterSetting, clock: Clock): StagedCluster {
  const world = createWorld(setting, clock);
  const { state } = world;
  const odd: Odd = { lagging: new Map(), isolated: new Set(), migrating: new Set() };
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
        : withOddSeal(reply(world, name, { request, present }), name, { odd, setting }),
    change: async (change) => {
      await carryOutChange(world, change, odd);
      present();
    },
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

function createWorld(setting: ClusterSetting, clock: Clock): World {
  const { nodes = 3, seal = "shamir", shares = 5, threshold = 3, name = "prod", product = "openbao" } = setting;
  const state = createState(
    {
      clock,
      ...(typeof nodes === "number" ? { nodes } : { names: nodes }),
      product,
      sealType: seal,
      shares,
      threshold,
      ...(setting.electionTakes === undefined ? {} : { electionMs: setting.electionTakes }),
    },
    clock.now(),
  );
  for (const node of state.nodes) {
    const host = `${node.name}.${name}.example`;
    node.address = `https://${host}:8200`;
    node.clusterAddress = setting.unmatched?.includes(node.name) === true ? "192.0.2.1:8201" : `${host}:8201`;
  }
  const { leases = [] } = setting;
  state.leases = { total: leases.length, irrevocable: {}, ids: leases };
  settle(state, clock.now());
  return {
    state,
    clock,
    access: createTokenAccess("nobody has it"),
    faults: createFaults(),
    calls: [],
    servers: new Map(),
    thawed: new Map(),
    latencyMs: 0,
  };
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

async function carryOutChange(world: World, change: Change, odd: Odd): Promise<void> {
  for (const what of NODE_CHANGES) for (const name of change[what] ?? []) await changeNode(world, { what, name, odd });
  const { access, faults } = world;
  if (change.kms !== undefined) createControls(world).setKms(change.kms === "up");
  if (change.deny !== undefined) access.grant(TOKENS[change.deny], []);
  if (change.fail !== undefined) faults.failNext(change.fail.path, change.fail.with);
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

/** The tokens of a test: no secrets, because they open nothing. */
export const TOKENS = { reading: "rehearsal-reading", actions: "rehearsal-actions" } as const;

/** What the simulation does not know of nodes: the index at which one stays, who is cut off from us, and whose seal is being changed. */
type Odd = { readonly lagging: Map<string, number>; readonly isolated: Set<string>; readonly migrating: Set<string> };

type NodeChange = {
  readonly what: (typeof NODE_CHANGES)[number];
  readonly name: string;
  readonly odd: Odd;
};

// oxlint-disable-next-line complexity -- one case a change
async function changeNode(world: World, { what, name, odd }: NodeChange): Promise<void> {
  const controls = createControls(world);
  const { state, clock } = world;
  const node = nodeOf(state, name);
  switch (what) {
    case "share":
      return controls.unsealShare(name, state.settings.unsealKeys[node.givenShares.size] ?? "");
    case "empty":
      await controls.stop(name);
      controls.removeData(name);
      return await controls.start(name);
    case "expel":
      return removeMember(state, node.raftNodeId, clock.now());
    case "migrate":
      odd.migrating.add(name);
      return controls.seal(name);
    case "isolate":
      return void odd.isolated.add(name);
    case "reconnect":
      return void odd.isolated.delete(name);
    case "lag":
      odd.lagging.set(name, node.appliedIndex);
      return commit(state, LAG);
    case "catchUp":
      return void odd.lagging.delete(name);
    default:
      return await controls[what](name);
  }
}
