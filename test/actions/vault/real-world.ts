import { readFile } from "node:fs/promises";
import type { Action, ActionContext, Precondition, Probe, Values } from "../../../src/actions/action.ts";
import type { ActionServices } from "../../../src/actions/services.ts";
import { actions } from "../../../src/actions/registry.ts";
import { createCleanup } from "../../../src/app/cleanup.ts";
import { renderPolicy } from "../../../src/lib/vault-policy.ts";
import type { OpenBaoCluster } from "../../../src/sandbox/openbao/openbao.ts";
import { createVaultCluster } from "../../../src/vault/create-cluster.ts";
import type { ClusterIdentity, VaultCluster } from "../../../src/vault/cluster.ts";
import { startLyingProxy, type Lie, type LyingProxy } from "./lying-proxy.ts";

/** One action on a real cluster, with tokens that may do exactly what it declares: `policy` to read, `grants` to call. */
export type RealAction = {
  readonly preconditions: () => Promise<readonly Precondition[]>;
  /** Gives up after a minute, or after so many milliseconds. */
  readonly perform: (withinMs?: number) => Promise<Values>;
  /** Looks for the effect, as of the moment just before `perform`. */
  readonly probe: () => Promise<Probe>;
};

/** A real cluster behind proxies that can lie, one for each node. */
export type RealWorld = AsyncDisposable & {
  readonly server: OpenBaoCluster;
  readonly cluster: VaultCluster;
  readonly act: (name: string, input: Values, services?: ActionServices) => Promise<RealAction>;
  /** Runs while every proxy lies like this; throws when none of them was asked to. */
  readonly whileLying: (lie: Lie, run: () => Promise<void>) => Promise<void>;
};

/** Puts proxies before the nodes of a server; disposing of the world leaves the server. */
export async function createRealWorld(server: OpenBaoCluster): Promise<RealWorld> {
  const cleanup = createCleanup();
  const ca = server.caFile === "" ? "" : await readFile(server.caFile, "utf8");
  const proxies: LyingProxy[] = [];
  for (const { address } of server.nodes) {
    const proxy = await startLyingProxy(address, ca);
    cleanup.add(async () => await proxy[Symbol.asyncDispose]());
    proxies.push(proxy);
  }
  const memory = remembering();
  const open = (tokens: Readonly<Record<string, string>>): VaultCluster => {
    const nodes = server.nodes.map(({ name }, index) => ({
      name,
      raftNodeId: name,
      address: proxies[index]?.address ?? "",
    }));
    const config = { name: server.name, product: "auto" as const, nodes, tls: {} };
    const cluster = createVaultCluster(
      { ...config, token: { env: "READ" }, operatorToken: { env: "OPERATE" } },
      { identityMemory: memory, env: tokens },
    );
    cleanup.add(async () => await cluster.close());
    return cluster;
  };
  return {
    server,
    cluster: open({}),
    act: async (name, input, services = {}) => {
      const action = actions.get(name);
      if (action === undefined) throw new Error(`there is no action ${name}`);
      const READ = await server.createToken(renderPolicy([...action.policy, LOOKUP_SELF]));
      const OPERATE = await server.createToken(renderPolicy(action.grants));
      return actOn(action, input, { cluster: open({ READ, OPERATE }), services });
    },
    whileLying: async (lie, run) => {
      const before = lied(proxies);
      for (const proxy of proxies) proxy.lie(lie);
      try {
        await run();
      } finally {
        for (const proxy of proxies) proxy.lie(undefined);
      }
      if (lied(proxies) === before) throw new Error("no call came that could be lied about");
    },
    [Symbol.asyncDispose]: async () => await cleanup.run(),
  };
}

/** In Vault's `default` policy, which these tokens do not have. */
const LOOKUP_SELF = { path: "auth/token/lookup-self", capabilities: ["read"] } as const;

/** Gives the names of the facts that do not hold. */
export function broken(preconditions: readonly Precondition[]): readonly string[] {
  return preconditions.filter(({ ok }) => !ok).map(({ name }) => name);
}

/** Gives the text of one fact. */
export function textOf(preconditions: readonly Precondition[], wanted: string): string {
  return preconditions.find(({ name }) => name === wanted)?.text ?? `no fact ${wanted}`;
}

function actOn(action: Action, input: Values, parts: Pick<ActionContext, "cluster" | "services">): RealAction {
  const context = (withinMs = 60_000): ActionContext => ({
    ...parts,
    clock: { now: () => Date.now() },
    signal: AbortSignal.timeout(withinMs),
  });
  let at = Date.now();
  return {
    preconditions: async () => await action.preconditions(context(), input),
    perform: async (withinMs) => {
      at = Date.now();
      return await action.perform(context(withinMs), input);
    },
    probe: async () => await action.probe(context(), input, { at }),
  };
}

function lied(proxies: readonly LyingProxy[]): number {
  return proxies.reduce((sum, proxy) => sum + proxy.lies(), 0);
}

function remembering() {
  const held = new Map<string, ClusterIdentity>();
  return {
    load: (cluster: string) => held.get(cluster),
    save: (cluster: string, identity: ClusterIdentity) => void held.set(cluster, identity),
  };
}
