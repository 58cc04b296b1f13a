import { describe, expect, it } from "@jest/globals";
import type { ActionContext } from "../../../src/actions/action.ts";
import { answerTime } from "../../../src/actions/vault/answer-time.ts";
import { FailureError, type FailureReason } from "../../../src/lib/failure.ts";
import type { VaultNode } from "../../../src/vault/cluster.ts";
import { contextOf } from "../../contracts/action.contract.ts";
import { createFakeCluster, type FakeState } from "../fake-cluster.ts";

const NODES = ["vault-0", "vault-1", "vault-2"];

/** A context of these nodes in which a read takes so long, or fails, on the named node alone. */
function contextWith(
  reads: Readonly<Record<string, { readonly tookMs?: number; readonly fails?: FailureReason }>>,
  states: readonly FakeState[] = ["active", "standby", "standby"],
) {
  const context = contextOf(createFakeCluster(states));
  let now = 1000;
  let asked = 0;
  const wrap = (node: VaultNode): VaultNode => ({
    ...node,
    read: async (endpoint, options) => {
      asked += 1;
      const { tookMs = 0, fails } = reads[node.name] ?? {};
      now += tookMs;
      if (fails !== undefined) throw new FailureError({ reason: fails, retryable: false, message: `cannot: ${fails}` });
      return await node.read(endpoint, options);
    },
  });
  const wrapped: ActionContext = {
    ...context,
    clock: { now: () => now },
    cluster: { ...context.cluster, nodes: context.cluster.nodes.map(wrap) },
  };
  return { context: wrapped, asked: () => asked };
}

describe("the time of an answer", () => {
  it("is well when every node answers at once", async () => {
    expect(await answerTime.read(contextWith({}).context, { reads: 3 })).toMatchObject({
      node: "vault-0",
      outcome: "answered",
      fast: true,
      suspected: false,
      answered: NODES,
    });
  });

  it.each([
    { name: "hangs", fails: "timeout", outcome: "hung", hung: ["vault-0"], failed: [] },
    {
      name: "is answered with an error of the server",
      fails: "server-error",
      outcome: "failed",
      hung: [],
      failed: ["vault-0"],
    },
    {
      name: "is answered with what is no answer",
      fails: "invalid-answer",
      outcome: "failed",
      hung: [],
      failed: ["vault-0"],
    },
  ] as const)(
    "suspects the active node when its health answers and its read $name",
    async ({ fails, outcome, hung, failed }) => {
      const { context } = contextWith({ "vault-0": { fails } });
      expect(await answerTime.read(context, {})).toMatchObject({
        node: "vault-0",
        suspected: true,
        fast: false,
        outcome,
        hung,
        failed,
      });
    },
  );

  it.each([
    { name: "takes a second", tookMs: 1000, suspected: true },
    { name: "takes less than a second", tookMs: 999, suspected: false },
  ])("tells a slow answer from a good one: the read $name", async ({ tookMs, suspected }) => {
    const { context } = contextWith({ "vault-0": { tookMs } });
    const answer = await answerTime.read(context, {});
    expect(answer).toMatchObject({ outcome: "answered", answer_ms: tookMs, suspected, fast: !suspected });
  });

  it.each(["denied", "not-found", "refused"] as const)(
    "takes a read that is refused (%s) for no sign of a broken device: Vault wrote it down first",
    async (fails) => {
      const { context } = contextWith({ "vault-0": { fails } });
      const answer = await answerTime.read(context, {});
      expect(answer).toMatchObject({ outcome: "refused", suspected: false, fast: false, answered: NODES });
    },
  );

  it("names a standby that hangs beside an active node that answers", async () => {
    const { context } = contextWith({ "vault-2": { fails: "timeout", tookMs: 10 } });
    expect(await answerTime.read(context, {})).toMatchObject({
      outcome: "answered",
      suspected: false,
      hung: ["vault-2"],
      answered: ["vault-0", "vault-1"],
    });
  });

  it("asks no second time where the first read was not answered", async () => {
    const { context, asked } = contextWith({ "vault-0": { fails: "timeout" } });
    await answerTime.read(context, { reads: 3 });
    expect(asked()).toBe(1 + 3 + 3);
  });

  it("asks no sealed node for anything but its health, and knows of no active node where none is", async () => {
    const { context, asked } = contextWith({}, ["sealed", "unreachable", "uninitialized"]);
    expect(await answerTime.read(context, {})).toMatchObject({
      node: "",
      outcome: "silent",
      suspected: false,
      nodes: [{ outcome: "sealed" }, { outcome: "silent" }, { outcome: "sealed" }],
    });
    expect(asked()).toBe(0);
  });
});
