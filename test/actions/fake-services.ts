import { expect } from "@jest/globals";
import type { ActionServices, RevocationList } from "../../src/actions/services.ts";
import { FailureError } from "../../src/lib/failure.ts";
import type { FakeCall } from "./fake-cluster.ts";

/** The services that every check and action meets in its contract: they answer at once, or hang until the signal ends. */
export function createFakeServices(calls: FakeCall[], hanging: boolean): ActionServices {
  const answer = async <T>(signal: AbortSignal, value: T): Promise<T> => {
    calls.push({ node: "", method: "service", signal, timeoutMs: undefined });
    if (signal.aborted) throw aborted();
    if (!hanging) return await Promise.resolve(value);
    return await new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(aborted()), { once: true });
    });
  };
  const labels = { node: "vault-2" };
  return {
    prometheus: {
      query: async (_, { signal }) => await answer(signal, [{ labels, points: [[0, 1] as const] }]),
      queryRange: async (_, { from, to, signal }) =>
        await answer(signal, [{ labels, points: [[from, 1] as const, [to, 2] as const] }]),
    },
    httpProbes: {
      names: ["website"],
      probe: async (_, { signal }) =>
        await answer(signal, { reached: true, status: 200, milliseconds: 12, failure: "" }),
    },
    exec: {
      names: () => ["restart-vault"],
      find: (_, name) => (name === "restart-vault" ? RESTART : undefined),
      isExecutable: async (_, { signal }) => await answer(signal, true),
      run: async (_, __, { signal }) => await answer(signal, { ...WELL, output: "restarted" }),
      verify: async (_, __, { signal }) => await answer(signal, WELL),
    },
    investigations: { find: async (cluster, name, { signal }) => await answer(signal, fakeList(cluster, name)) },
    snapshots: {
      describe: () => "the directory /backups",
      save: async (_, name, content, { signal }) => {
        for await (const piece of content) expect(piece.length).toBeGreaterThan(0);
        return await answer(signal, { name, bytes: 10, sha256: "a1", index: 7 });
      },
      find: async (_, __, { signal }) => await answer(signal, undefined),
    },
    connectPort: async (_, { signal }) => await answer(signal, { reached: true, milliseconds: 1, failure: "" }),
    pause: async (_, { signal }) => {
      await answer(signal, undefined);
    },
    backups: { newest: async (_, { signal }) => await answer(signal, { destination: "nightly", at: -60_000 }) },
    runs: {
      of: async function* (_, { signal }) {
        yield await answer(signal, {
          id: "run-1",
          startedBy: "bob",
          startedAt: -120_000,
          endedAt: -60_000,
          outcome: "resolved",
          drill: false,
          calls: [{ action: "vault.seal-cluster", at: -90_000 }],
        });
      },
    },
  };
}

const WELL = { exitCode: 0, endedBy: "", timedOut: false, output: "", cut: false };
const RESTART = {
  name: "restart-vault",
  description: "Restarts a node",
  argv: ["/usr/bin/restart", "{node}"],
  clusters: undefined,
  directory: "/",
  timeoutMs: 1000,
  verify: { argv: ["/usr/bin/is-up", "{address}"], notDone: [3], timeoutMs: 1000 },
};

/** A list of one living token: a fake node's change of one token is seen by all look-ups. */
function fakeList(cluster: string, name: string): RevocationList | undefined {
  if (name !== "leaked-ci") return undefined;
  const items = [{ id: 1, accessor: "kq7uJ2mB", displayName: "token-ci", requests: 12 }];
  return { cluster, digest: `sha256:${"ab".repeat(32)}`, madeAt: -90_000, items, unresolved: 2 };
}

function aborted(): FailureError {
  return new FailureError({ reason: "aborted", retryable: true, message: "cannot ask: aborted; this is a fake" });
}
