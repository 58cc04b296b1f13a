import { quorum } from "../../src/lib/quorum.ts";
import type { PolicyRule } from "../../src/lib/vault-policy.ts";
import type { VaultNode } from "../../src/vault/cluster.ts";
import type { MUTATIONS } from "../../src/runner/guarded-cluster.ts";
import type { CallOptions } from "../../src/vault/transport.ts";
import type { FakeNode, World } from "./fake-cluster.ts";

type Change = (typeof MUTATIONS)[number];

/** One change that was asked of a fake node. */
export type FakeChange = { readonly node: string; readonly change: Change; readonly given: readonly unknown[] };

const QUOTAS = "sys/quotas/rate-limit";

/** What the token for the call must permit, where no input is in the path. */
export const CHANGE_CALLS = {
  removeRaftPeer: { path: "sys/storage/raft/remove-peer", capabilities: ["update"] },
  stepDown: { path: "sys/step-down", capabilities: ["update", "sudo"] },
  seal: { path: "sys/seal", capabilities: ["update", "sudo"] },
  rotateKeyring: { path: "sys/rotate", capabilities: ["update", "sudo"] },
  revokeAccessor: { path: "auth/token/revoke-accessor", capabilities: ["update"] },
  streamRaftSnapshot: { path: "sys/storage/raft/snapshot", capabilities: ["read"] },
} as const satisfies Partial<Record<Change, PolicyRule>>;

type Call = (
  change: Change,
  options: CallOptions | undefined,
  reads?: PolicyRule,
  operates?: PolicyRule,
) => Promise<void>;

/** The changing calls of a fake node: each is recorded and, unless the cluster lies, done. */
export function createFakeChanges(held: FakeNode, world: World, call: Call): Pick<VaultNode, Change> {
  const { nodes, fake } = world;
  const { answers, streams } = fake;
  const ask = async (
    change: Change,
    options: CallOptions | undefined,
    ...given: readonly unknown[]
  ): Promise<boolean> => {
    await call(change, options, undefined, ruleOf(change, given));
    fake.changes.push({ node: held.name, change, given });
    return !fake.lies;
  };
  const nameAfter = (path: string, change: (names: Set<string>) => void): void => {
    const { data } = (answers.get(path) ?? { data: { keys: ["everybody"] } }) as {
      readonly data: { readonly keys: string[] };
    };
    const names = new Set(data.keys);
    change(names);
    answers.set(path, { data: { keys: [...names] } });
  };
  return {
    removeRaftPeer: async (nodeId, options) => {
      const target = nodes.find(({ raftNodeId }) => raftNodeId === nodeId);
      if ((await ask("removeRaftPeer", options, nodeId)) && target !== undefined) target.member = false;
    },
    stepDown: async (options) => {
      if (!(await ask("stepDown", options))) return;
      held.state = "standby";
      elect(world, held);
    },
    seal: async (options) => {
      if (!(await ask("seal", options))) return;
      const led = isActive(held);
      held.state = "sealed";
      if (led) elect(world, held);
    },
    rotateKeyring: async (options) => {
      if (!(await ask("rotateKeyring", options))) return;
      const before = answers.get("sys/key-status") as { readonly data: { readonly term: number } } | undefined;
      const term = (before?.data.term ?? 3) + 1;
      answers.set("sys/key-status", { data: { term, install_time: fake.takeOverTime } });
    },
    revokeAccessor: async (accessor, options) => {
      if (await ask("revokeAccessor", options, accessor)) answers.set("auth/token/lookup-accessor", undefined);
    },
    revokePrefix: async (prefix, options) => {
      if (await ask("revokePrefix", options, prefix)) streams.set(`sys/leases/lookup/${prefix}`, undefined);
    },
    setRateLimitQuota: async (name, quota, options) => {
      if (!(await ask("setRateLimitQuota", options, name, quota))) return;
      nameAfter(QUOTAS, (names) => names.add(name));
      const { rate, intervalSeconds: interval, path } = quota;
      answers.set(`${QUOTAS}/${name}`, { data: { rate, interval, path } });
    },
    deleteRateLimitQuota: async (name, options) => {
      if (!(await ask("deleteRateLimitQuota", options, name))) return;
      nameAfter(QUOTAS, (names) => names.delete(name));
    },
    disableAuditDevice: async (path, options) => {
      if (!(await ask("disableAuditDevice", options, path))) return;
      answers.set("sys/audit", {
        data: path === "file" ? { "socket/": { type: "socket" } } : { "file/": { type: "file" } },
      });
    },
    streamRaftSnapshot: async (options) => {
      await ask("streamRaftSnapshot", options);
      return { headers: {}, body: snapshot() };
    },
  };
}

/** Tells whether a fake node leads. */
export function isActive({ state }: Pick<FakeNode, "state">): boolean {
  return state === "active" || state === "denied";
}

async function* snapshot(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(new TextEncoder().encode("a snapshot"));
}

/** Another standby takes over, while a majority of the voters is unsealed; else nobody leads. */
function elect({ nodes, fake }: World, { name }: FakeNode): void {
  const well = nodes.filter(({ member, voter, state }) => member && voter && state === "standby");
  const voters = nodes.filter(({ member, voter }) => member && voter).length;
  if (well.length < quorum(voters)) return;
  const next = well.find((node) => node.name !== name) ?? well[0];
  if (next === undefined) return;
  next.state = "active";
  next.activeTime = fake.takeOverTime;
}

function ruleOf(change: Change, [first]: readonly unknown[]): PolicyRule | undefined {
  const name = String(first).replace(/\/$/u, "");
  switch (change) {
    case "revokePrefix":
      return { path: `sys/leases/revoke-prefix/${name}`, capabilities: ["update", "sudo"] };
    case "setRateLimitQuota":
      return { path: `${QUOTAS}/${name}`, capabilities: ["update"] };
    case "deleteRateLimitQuota":
      return { path: `${QUOTAS}/${name}`, capabilities: ["delete"] };
    case "disableAuditDevice":
      return { path: `sys/audit/${name}`, capabilities: ["delete", "sudo"] };
    default:
      return undefined;
  }
}
