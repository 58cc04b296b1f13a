import { afterEach, expect, it } from "@jest/globals";
import { createCleanup } from "../../../src/app/cleanup.ts";
import type { OpenBaoCluster, OpenBaoNode } from "../../../src/sandbox/openbao/openbao.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { openBaoForTest, type TestClusterOptions } from "../../support/openbao.ts";
import { describeWith } from "../../support/real.ts";
import { broken, createRealWorld, textOf, type RealWorld } from "./real-world.ts";

const SEAL = { method: "PUT", path: /sys\/seal$/u, answer: "204" } as const;

describeWith(["openbao", "openssl"], "sealing on a real OpenBao cluster", () => {
  const cleanup = createCleanup();

  afterEach(async () => {
    await cleanup.run();
  });

  const start = async (options: Partial<TestClusterOptions> = {}): Promise<OpenBaoCluster> => {
    const server = await openBaoForTest({ nodes: 3, clusterName: "prod", tls: false, ...options });
    cleanup.add(async () => await server[Symbol.asyncDispose]());
    return server;
  };
  const worldOf = async (server: OpenBaoCluster): Promise<RealWorld> => {
    const world = await createRealWorld(server);
    cleanup.add(async () => await world[Symbol.asyncDispose]());
    return world;
  };

  it("vault.seal-node seals one standby and then the leader, and says what is left", async () => {
    const server = await start();
    const world = await worldOf(server);
    const leader = await server.activeNode();
    const standby = another(server, leader);

    const seal = await world.act("vault.seal-node", { node: standby.name });
    const facts = await seal.preconditions();
    expect(broken(facts)).toEqual([]);
    expect(textOf(facts, "left")).toContain("2 healthy, 2 needed: the others go on serving every secret");
    expect(textOf(facts, "unseal")).toContain("2 of 3 key holders");
    await world.whileLying(SEAL, async () => void (await seal.perform()));
    expect(await seal.probe()).toMatchObject({ verdict: "not-done" });
    await seal.perform();
    expect(await seal.probe()).toEqual({ verdict: "done", evidence: `${standby.name} says that it is sealed` });
    expect(await sealedOf(server, standby)).toBe(true);

    const last = await world.act("vault.seal-node", { node: leader.name });
    await waitFor("autopilot know of the seal", async () =>
      textOf(await last.preconditions(), "left").includes("THE CLUSTER STOPS SERVING") ? true : undefined,
    );
    await last.perform();
    expect(await last.probe()).toMatchObject({ verdict: "done" });
  });

  it("vault.seal-cluster seals every node of a Shamir cluster, and names each", async () => {
    const server = await start();
    await sealsAll(server, await worldOf(server));
  });

  it("vault.seal-cluster seals every node of a cluster that unseals itself, and sees a restart open one again", async () => {
    const kms = await start({ nodes: 1, clusterName: "kms", namePrefix: "kms" });
    const server = await start({ seal: { type: "transit", from: kms } });
    const world = await worldOf(server);
    const seal = await sealsAll(server, world);

    const [first] = server.nodes;
    await first?.kill();
    expect(await seal.probe()).toMatchObject({
      verdict: "unknown",
      evidence: expect.stringContaining("vault-0 does not answer"),
    });
    await first?.start();
    await waitFor("the KMS open it again", async () =>
      (await seal.probe()).verdict === "not-done" ? true : undefined,
    );
    expect(await seal.probe()).toEqual({
      verdict: "not-done",
      evidence: expect.stringMatching(
        /^vault-0 is unsealed, vault-1 is sealed, vault-2 is sealed; .*unsealed again by a restart/u,
      ),
    });
  });

  const sealsAll = async (server: OpenBaoCluster, world: RealWorld) => {
    const seal = await world.act("vault.seal-cluster", { cluster: "prod" });
    const facts = await seal.preconditions();
    expect(broken(facts)).toEqual([]);
    expect(textOf(facts, "stops")).toBe(
      "3 voters, 2 needed to serve; every voter can be reached; no quorum is left: the cluster stops.",
    );
    await world.whileLying(SEAL, async () => {
      expect(await seal.perform()).toMatchObject({ not_sealed: [] });
    });
    expect(await seal.probe()).toMatchObject({ verdict: "not-done" });

    const output = await seal.perform();

    expect(output).toEqual({
      nodes: server.nodes.map(({ name }) => ({ node: name, result: "sealed", why: "" })).toSorted(byLeaderLast(output)),
      not_sealed: [],
    });
    expect(await seal.probe()).toEqual({
      verdict: "done",
      evidence: "vault-0 is sealed, vault-1 is sealed, vault-2 is sealed",
    });
    for (const node of server.nodes) expect(await sealedOf(server, node)).toBe(true);
    return seal;
  };
});

/** Standbys first, the leader last: in the order in which they were sealed. */
function byLeaderLast(output: object) {
  const { nodes } = output as { readonly nodes: readonly { readonly node: string }[] };
  const place = (name: string): number => nodes.findIndex(({ node }) => node === name);
  return (left: { readonly node: string }, right: { readonly node: string }): number =>
    place(left.node) - place(right.node);
}

function another(server: OpenBaoCluster, { name }: OpenBaoNode): OpenBaoNode {
  const found = server.nodes.find((node) => node.name !== name);
  if (found === undefined) throw new Error("there is no other node");
  return found;
}

/** OpenBao 2.7.2 now and then dies of being sealed; started again it is sealed all the same. */
async function sealedOf(server: OpenBaoCluster, node: OpenBaoNode): Promise<boolean> {
  if (node.pid === undefined) await node.start();
  const { body } = await server.call(node, "GET", "sys/seal-status");
  return (body as { readonly sealed: boolean }).sealed;
}
