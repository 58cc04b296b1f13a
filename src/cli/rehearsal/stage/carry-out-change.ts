import { nodeOf } from "../../../sandbox/vault/cluster-state.ts";
import { createControls } from "../../../sandbox/vault/controls.ts";
import { commit, electNode } from "../../../sandbox/vault/leadership.ts";
import { recoverMembers, removeMember } from "../../../sandbox/vault/membership.ts";
import { forgetShares } from "../../../sandbox/vault/sealing.ts";
import type { World } from "../../../sandbox/vault/world.ts";
import { NODE_CHANGES, type Change } from "../change.ts";
import type { StagedAudit } from "./staged-audit.ts";
import { leasesOf } from "./staged-world.ts";

/** How far behind a node is that lags: many times what `vault.caught-up` lets pass. */
const LAG = 1000;

/** Enough for nodes to refuse each other's certificates. */
const CLOCK_BEHIND_MS = 40_000;

/** The tokens of a test: no secrets, because they open nothing. */
export const TOKENS = { reading: "rehearsal-reading", actions: "rehearsal-actions" } as const;

/** What the simulation does not know of nodes: the index at which one stays, who is cut off from us, whose seal is being changed, and how auditing goes. */
export type Odd = {
  readonly lagging: Map<string, number>;
  readonly isolated: Set<string>;
  readonly migrating: Set<string>;
  readonly audit: StagedAudit;
};

/** Changes the simulated cluster as a test says. */
export async function carryOutChange(world: World, change: Change, odd: Odd): Promise<void> {
  for (const what of NODE_CHANGES) for (const name of change[what] ?? []) await changeNode(world, { what, name, odd });
  if (change.recover !== undefined) recoverMembers(world.state, change.recover, world.clock.now());
  for (const [name, version] of Object.entries(change.upgrade ?? {})) await upgradeNode(world, name, version);
  if (change.ceremony !== undefined) holdCeremony(world, change.ceremony);
  changeServices(world, change, odd);
  const { access, faults } = world;
  if (change.deny !== undefined) access.grant(TOKENS[change.deny], []);
  if (change.fail !== undefined) faults.failNext(change.fail.path, change.fail.with);
}

/** What the nodes use, and what they hold. */
function changeServices(world: World, change: Change, odd: Odd): void {
  const { state } = world;
  if (change.kms !== undefined) createControls(world).setKms(change.kms === "up");
  if (change.unmount !== undefined)
    state.system.authMethods = state.system.authMethods.filter((method) => method !== change.unmount);
  if (change.audit !== undefined) odd.audit.set(change.audit);
  if (change.leases !== undefined) state.leases = { ...state.leases, ...leasesOf(change.leases) };
  if (change.irrevocable !== undefined)
    state.leases = { ...state.leases, irrevocable: { database_1a2b3c4d: change.irrevocable } };
  if (change.slow !== undefined) createControls(world).setSlowness(change.slow);
}

async function upgradeNode(world: World, name: string, version: string): Promise<void> {
  const controls = createControls(world);
  await controls.stop(name);
  controls.setVersion(name, version);
  await controls.start(name);
}

function holdCeremony({ state: { system, settings } }: World, what: NonNullable<Change["ceremony"]>): void {
  const { shares, threshold } = settings;
  const ceremony = { nonce: "of a rehearsal", shares, threshold };
  system.rootGeneration = what === "root token" ? ceremony : undefined;
  system.rekey = what === "key shares" ? ceremony : undefined;
}

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
    case "recover":
      await controls.stop(name);
      return await controls.start(name);
    case "startOver":
      return forgetShares(node);
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
    case "sever":
    case "mend":
      return void (node.severed = what === "sever");
    case "lead":
      return electNode(state, node, clock.now());
    case "clockBehind":
      return void (node.clockBehindMs = CLOCK_BEHIND_MS);
    case "diskFull":
    case "cpuBusy":
      return void (node[what] = true);
    case "ease":
      return void Object.assign(node, { clockBehindMs: 0, diskFull: false, cpuBusy: false });
    case "join":
      return controls.rejoin(name);
    case "lag":
      odd.lagging.set(name, node.appliedIndex);
      return commit(state, LAG);
    case "restore":
      return controls.restore(name, "own");
    case "restoreOther":
      return controls.restore(name, "other");
    case "catchUp":
      return void odd.lagging.delete(name);
    default:
      return await controls[what](name);
  }
}
