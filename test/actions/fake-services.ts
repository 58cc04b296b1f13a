import { expect } from "@jest/globals";
import type { ActionServices } from "../../src/actions/services.ts";
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
    snapshots: {
      describe: () => "the directory /backups",
      save: async (_, name, content, { signal }) => {
        for await (const piece of content) expect(piece.length).toBeGreaterThan(0);
        return await answer(signal, { name, bytes: 10, sha256: "a1", index: 7 });
      },
      find: async (_, __, { signal }) => await answer(signal, undefined),
    },
    backups: { newest: async (_, { signal }) => await answer(signal, { destination: "nightly", at: -60_000 }) },
  };
}

function aborted(): FailureError {
  return new FailureError({ reason: "aborted", retryable: true, message: "cannot ask: aborted; this is a fake" });
}
