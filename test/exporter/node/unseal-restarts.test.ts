import { describe, expect, it } from "@jest/globals";
import { createUnsealRestarts } from "../../../src/exporter/node/unseal-restarts.ts";
import { probeNodes, type NodeProbe } from "../../../src/exporter/probe-nodes.ts";
import { fakeCluster, NOW, type FakeNode } from "../fake-cluster.ts";

const SECOND = 1000;
const signal = new AbortController().signal;

/** A node at one scrape: sealed with a nonce, open, or silent; `at` is when it was asked. */
type Scrape = { readonly says: string; readonly at?: number };

function nodeOf(says: string): FakeNode {
  if (says === "open") return { name: "vault-0", state: "standby" };
  if (says === "silent") return { name: "vault-0", state: "unreachable" };
  return { name: "vault-0", state: "sealed", seal: { nonce: says === "none" ? "" : says } };
}

async function probesOf({ says, at = NOW }: Scrape): Promise<readonly NodeProbe[]> {
  const cluster = fakeCluster({ nodes: [nodeOf(says)] });
  return await probeNodes({ cluster, clock: { now: () => at }, signal, timeoutMs: 50 });
}

describe("createUnsealRestarts", () => {
  it.each([
    { name: "an unseal that goes on", said: ["none", "a", "a", "open"], restarts: 0 },
    { name: "the first nonce that is seen", said: ["a"], restarts: 0 },
    { name: "a node that is not sealed", said: ["open", "open"], restarts: 0 },
    { name: "an unseal that was given up and not begun again", said: ["a", "none"], restarts: 0 },
    { name: "an unseal that was begun again", said: ["a", "b"], restarts: 1 },
    { name: "an unseal that was given up, then begun again", said: ["a", "none", "b"], restarts: 1 },
    { name: "two that were begun again", said: ["a", "b", "none", "c", "open"], restarts: 2 },
    { name: "an unseal of a later day", said: ["a", "open", "b"], restarts: 0 },
    { name: "an unseal that goes on while the node is silent", said: ["a", "silent", "a"], restarts: 0 },
    { name: "an unseal that was begun again while the node was silent", said: ["a", "silent", "b"], restarts: 1 },
  ])("counts $restarts for $name", async ({ said, restarts }) => {
    const count = createUnsealRestarts();

    for (const says of said.slice(0, -1)) count("prod", await probesOf({ says }));
    const counted = count("prod", await probesOf({ says: said.at(-1) ?? "" }));

    expect(counted).toEqual(new Map([["vault-0", restarts]]));
  });

  it("counts a change once, though an older scrape ends after it was seen", async () => {
    const count = createUnsealRestarts();
    count("prod", await probesOf({ says: "a", at: NOW }));
    count("prod", await probesOf({ says: "b", at: NOW + 2 * SECOND }));
    count("prod", await probesOf({ says: "a", at: NOW + SECOND }));

    expect(count("prod", await probesOf({ says: "b", at: NOW + 3 * SECOND }))).toEqual(new Map([["vault-0", 1]]));
  });

  it("goes on counting after our clock was set back", async () => {
    const count = createUnsealRestarts();
    count("prod", await probesOf({ says: "a" }));

    expect(count("prod", await probesOf({ says: "b", at: NOW - 3600 * SECOND }))).toEqual(new Map([["vault-0", 1]]));
  });

  it("keeps clusters apart, and forgets a node that is configured no more", async () => {
    const count = createUnsealRestarts();
    count("prod", await probesOf({ says: "a" }));
    count("stage", await probesOf({ says: "b" }));
    expect(count("stage", await probesOf({ says: "b" }))).toEqual(new Map([["vault-0", 0]]));

    expect(count("prod", [])).toEqual(new Map());
  });
});
