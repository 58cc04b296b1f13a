import { z } from "zod";
import { defineAction, defineCheck, type ActionContext } from "../../../src/actions/action.ts";
import { systemClock, systemIds, systemTimers } from "../../../src/app/system.ts";
import { FailureError } from "../../../src/lib/failure.ts";
import type { Logger } from "../../../src/lib/logger.ts";
import { Runbook } from "../../../src/runbook/schema.ts";
import { compileProgram } from "../../../src/runner/compile-program.ts";
import { createRunService, type RunningService } from "../../../src/runner/run-service.ts";
import type { Store } from "../../../src/store/store.ts";
import type { VaultCluster } from "../../../src/vault/cluster.ts";

/*
 * The world of the chaos suite: the real engine, language, driver and store; one check and one action that may not be repeated, whose Vault
 * is a server that counts (counting-vault.ts). Every run has a cluster of its own, so that no lock holds another up.
 */
export const REMOVE = "chaos.remove";

export const runbook = Runbook.parse({
  id: "chaos",
  title: "A peer is removed",
  meaning: "m",
  impact: "i",
  verify: "v",
  escalate: "e",
  rollback: "There is no way back.",
  inputs: { cluster: { type: "cluster" } },
  steps: [
    { id: "remove", do: REMOVE, with: { peer: "${inputs.cluster}" } },
    {
      id: "gone",
      wait: "chaos.peers",
      with: { peer: "${inputs.cluster}" },
      until: "!result.present",
      every: "1s",
      timeout: "1m",
    },
  ],
});

/** How long one call may take in this world: short, so that 1 000 deaths fit into minutes. */
export const PERFORM_MS = 3000;

/** What one process is made of. */
export type ChaosOptions = {
  readonly store: Store;
  readonly vault: string;
  readonly holder: string;
  readonly clusters: number;
  readonly logger: Logger;
};

/** Creates the run service of one process. */
export function createChaosService({ store, vault, holder, clusters, logger }: ChaosOptions): RunningService {
  const registries = registriesOf(vault, holder);
  const names = Array.from({ length: clusters }, (_, index) => `c${index}`);
  return createRunService({
    ...registries,
    store: store.runs,
    locks: store.locks,
    services: {},
    holders: store.holders,
    holder,
    clusters: new Map(names.map((name) => [name, clusterOf(name)])),
    catalog: () => new Map([["chaos", { runbook, text: "chaos", digest: "chaos", included: {} }]]),
    compile: (given, included) => compileProgram(given, included, registries, registries.actions),
    clock: systemClock,
    ids: systemIds,
    timers: systemTimers,
    logger,
  });
}

function clusterOf(name: string): VaultCluster {
  const cluster = {
    name,
    nodes: [],
    identity: async () => ({ clusterId: name, clusterName: name }),
    operator: { open: async () => ({ cluster, end: async () => ({ revoked: "not-needed", text: "" }) }) },
  } as unknown as VaultCluster;
  return cluster;
}

const Peer = z.strictObject({ peer: z.string() });
const Present = z.object({ present: z.boolean() });

function registriesOf(vault: string, holder: string) {
  const read = async ({ signal }: ActionContext, peer: string) =>
    Present.parse(await ask(`${vault}/peers/${peer}`, { signal }));
  const peers = defineCheck({
    name: "chaos.peers",
    summary: "Reads whether a peer is there",
    input: Peer,
    output: Present,
    policy: [],
    read: async (context, { peer }) => await read(context, peer),
  });
  const remove = defineAction({
    name: REMOVE,
    summary: "Removes a peer",
    danger: "destructive",
    effect: "once",
    input: Peer,
    output: z.object({}),
    policy: [],
    grants: [],
    verifyWithinMs: 500,
    performWithinMs: PERFORM_MS,
    explain: ({ peer }) => ({ call: `POST ${peer}`, cost: `${peer} is gone`, proof: `${peer} is not listed` }),
    preconditions: async (context, { peer }) => {
      const { present } = await read(context, peer);
      return [{ name: "present", ok: present, value: present, text: present ? "it is listed" : "it is not listed" }];
    },
    perform: async ({ signal }, { peer }) => {
      await ask(`${vault}/peers/${peer}`, { method: "POST", headers: { "x-holder": holder }, signal });
      return {};
    },
    probe: async (context, { peer }) => {
      const { present } = await read(context, peer);
      return { verdict: present ? "not-done" : "done", evidence: present ? "it is listed" : "it is not listed" };
    },
  });
  return { checks: new Map([[peers.name, peers]]), actions: new Map([[remove.name, remove]]) };
}

async function ask(url: string, init: RequestInit): Promise<unknown> {
  try {
    return await (await fetch(url, init)).json();
  } catch (error) {
    throw new FailureError(
      { reason: "timeout", retryable: true, message: `cannot ask ${new URL(url).pathname}: no answer` },
      { cause: error },
    );
  }
}
