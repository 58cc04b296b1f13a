import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import type { ActionContext } from "../../src/actions/action.ts";
import { actions, checks } from "../../src/actions/registry.ts";
import { FailureError } from "../../src/lib/failure.ts";
import type { Effect } from "../../src/engine/effects.ts";
import { carryOut, type CarryOutDeps } from "../../src/runner/carry-out.ts";
import { exampleOf } from "../contracts/action-examples.ts";
import { fakeAnswer, fakeStream } from "./fake-answers.ts";
import { createFakeServices } from "./fake-services.ts";
import { createVaultCluster } from "../../src/vault/create-cluster.ts";
import type { VaultCluster } from "../../src/vault/cluster.ts";
import type { VaultRequest, VaultResponse, VaultTransport } from "../../src/vault/transport.ts";

/** The runner gives a read 10 s; people and a busy machine need the rest. */
const ENOUGH_MS = 6000;
/** It looks three times in five seconds, and a node that hangs has the last of them. */
const LOOKS_LONGER: Readonly<Record<string, number>> = { "vault.stability": 8000 };
const FROZEN = "vault-2";
const NAMES = ["vault-0", "vault-1", FROZEN];
/** What can only be asked of the frozen node itself: it fails, and in time. All others have their answer from the rest. */
const FAILING = ["vault.caught-up", "vault.seal-status"];

/*
 * The real cluster over transports made by hand: `vault-2` takes every call and answers none, until the call's own time or its signal ends.
 * The clock is Jest's, so nothing is waited for.
 */
describe("a node that takes connections and answers nothing", () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it("can be judged for its removal within 6 s, with the runner's own question of identity before", async () => {
    const call = { name: "vault.raft-remove-peer", with: { node: FROZEN } };
    const answer = await within(
      ENOUGH_MS,
      async (context) => await carryOut(effect({ type: "preconditions", call }), deps(context)),
    );
    expect(answer).toMatchObject({ type: "RecordPreconditions", outcome: { ok: true, value: { clusterId: "id-1" } } });
    const { preconditions } = (
      answer as unknown as { outcome: { value: { preconditions: { name: string; ok: boolean }[] } } }
    ).outcome.value;
    expect(preconditions.filter(({ ok }) => !ok)).toEqual([]);
    expect(preconditions.map(({ name }) => name)).toContain("silent");
  });

  const reads = [...checks.values()].map((check) => ({ name: check.name, with: exampleOf(check) }));

  it.each(reads)("lets $name have its answer in time", async (call) => {
    const answer = await within(
      LOOKS_LONGER[call.name] ?? ENOUGH_MS,
      async (context) => await carryOut(effect({ type: "read", call }), deps(context)),
    );
    expect(answer).toMatchObject({ type: "RecordCheck", outcome: { ok: !FAILING.includes(call.name) } });
  });

  it("costs the probe of its removal less than 6 s", async () => {
    const action = actions.get("vault.raft-remove-peer");
    const probe = await within(ENOUGH_MS, async (context) => await action?.probe(context, { node: FROZEN }, { at: 0 }));
    expect(probe).toMatchObject({ verdict: "not-done" });
  });
});

async function within<T>(
  milliseconds: number,
  ask: (context: ActionContext) => Promise<T>,
): Promise<T | "still hanging"> {
  const context = {
    cluster: cluster(),
    clock: { now: () => 0 },
    signal: new AbortController().signal,
    services: createFakeServices([], false),
  };
  const asked = ask(context);
  const late = new Promise<"still hanging">((resolve) => {
    setTimeout(() => resolve("still hanging"), milliseconds);
  });
  const first = Promise.race([asked, late]);
  await jest.advanceTimersByTimeAsync(milliseconds);
  return await first;
}

function effect(partial: {
  readonly type: "read" | "preconditions";
  readonly call: { name: string; with: object };
}): Effect {
  return { ...partial, key: "k", step: "s" } as Effect;
}

function deps(context: ActionContext): CarryOutDeps {
  const nobody = async () => await Promise.reject(new Error("reading takes no lock and changes nothing"));
  const run = { id: "run-1", epoch: 1, cluster: "prod" };
  return { checks, actions, context, holder: "host:1:x", run, locks: { acquire: nobody }, mayLeave: nobody };
}

function cluster(): VaultCluster {
  const nodes = NAMES.map((name) => ({ name, address: `https://${name}.example:8200` }));
  return createVaultCluster(
    { name: "prod", product: "auto", clusterId: "id-1", nodes, tls: {}, operatorToken: { env: "OPERATOR" } },
    {
      env: { OPERATOR: "a token that these transports do not send" },
      identityMemory: { load: () => undefined, save: () => {} },
      transportFor: ({ name, address }) => transport(name, address),
    },
  );
}

function transport(nodeName: string, address: string): VaultTransport {
  return {
    nodeName,
    address,
    close: async () => {},
    stream: async (request) => {
      if (nodeName === FROZEN) await hang({ ...request, method: "GET" });
      return { headers: {}, body: fakeStream(request.path) };
    },
    probeListener: async () => await Promise.reject(new Error("nobody looks at the listener")),
    request: async (request) => {
      const answer = nodeName === FROZEN ? await hang(request) : bodyOf(nodeName, request);
      return { statusCode: 200, headers: {}, text: "", body: answer } satisfies VaultResponse;
    },
  };
}

async function hang({ timeoutMs = 5000, signal }: VaultRequest): Promise<never> {
  return await new Promise((_resolve, reject) => {
    const end = (): void => reject(new FailureError({ reason: "timeout", retryable: true, message: "no answer" }));
    setTimeout(end, timeoutMs);
    signal?.addEventListener("abort", end);
  });
}

function bodyOf(name: string, { path, body }: VaultRequest): unknown {
  const active = name === "vault-0";
  switch (path) {
    case "sys/seal-status":
      return { type: "shamir", initialized: true, sealed: false, t: 2, n: 3, progress: 0, nonce: "", migration: false };
    case "sys/health":
      return {
        initialized: true,
        sealed: false,
        standby: !active,
        server_time_utc: 0,
        version: "2.7.2",
        cluster_id: "id-1",
        cluster_name: "c",
      };
    case "sys/leader":
      return { ha_enabled: true, is_self: active, raft_committed_index: 9, raft_applied_index: 9 };
    case "sys/storage/raft/configuration":
      return {
        data: {
          config: {
            index: 0,
            servers: NAMES.map((id) => ({ node_id: id, address: `${id}:8201`, voter: true, leader: id === name })),
          },
        },
      };
    case "sys/storage/raft/autopilot/state":
      return {
        data: {
          healthy: false,
          failure_tolerance: 0,
          leader: "vault-0",
          servers: Object.fromEntries(NAMES.map(serverOf)),
        },
      };
    case "sys/leases/count":
      return { data: { lease_count: 0, counts: {} } };
    case "sys/capabilities-self":
      return { data: Object.fromEntries((body as { paths: string[] }).paths.map((asked) => [asked, ["update"]])) };
    default:
      return fakeAnswer(path, body);
  }
}

function serverOf(id: string): [string, object] {
  const healthy = id !== FROZEN;
  return [
    id,
    {
      id,
      name: id,
      address: `${id}:8201`,
      node_status: "alive",
      last_contact: healthy ? "0s" : "1m0s",
      last_term: 2,
      last_index: 9,
      healthy,
      stable_since: "2026-01-01T00:00:00Z",
      status: "voter",
    },
  ];
}
