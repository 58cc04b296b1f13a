import { describe, expect, it } from "@jest/globals";
import { printStatus, type NodeStatus } from "../../../src/cli/subcommands/status.ts";
import type { VaultCluster } from "../../../src/vault/cluster.ts";
import { call, captureIo } from "../captured-io.ts";
import { startClusterFiles } from "../cluster-files.ts";

describe("sealwatch status", () => {
  it("gives 0 while one node is active and the others stand by, and uses no token", async () => {
    await using files = await startClusterFiles();
    const { code, out, err } = await call(["status", "--config", files.config]);
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(out.split("\n")).toEqual([
      "prod: well",
      expect.stringMatching(/^ {2}vault-0 {2}active {3}\S+ {2}seal shamir$/u),
      expect.stringMatching(/^ {2}vault-1 {2}standby {2}\S+ {2}seal shamir$/u),
      expect.stringMatching(/^ {2}vault-2 {2}standby {2}\S+ {2}seal shamir$/u),
    ]);
    const paths = new Set(files.cluster.calls.map(({ method, path }) => `${method} ${path}`));
    expect([...paths].sort()).toEqual(
      expect.arrayContaining([expect.stringContaining("sys/health"), expect.stringContaining("sys/seal-status")]),
    );
    expect([...paths].every((path) => path.startsWith("GET "))).toBe(true);
  });

  it("gives 1 for a sealed and an unreachable node, and says what is known of each", async () => {
    await using files = await startClusterFiles();
    files.cluster.seal("vault-1");
    files.cluster.unsealShare("vault-1", files.cluster.unsealKeys[0] ?? "");
    await files.cluster.stop("vault-2");
    const { code, out } = await call(["status", "--config", files.config]);
    expect(code).toBe(1);
    expect(out).toMatch(/^prod: NOT well$/mu);
    // One of three is no majority: it leads nobody.
    expect(out).toMatch(/^ {2}vault-0\s+standby /mu);
    expect(out).toMatch(/^ {2}vault-1\s+sealed\s+\S+\s+seal shamir: 1 of 2 key shares entered$/mu);
    expect(out).toMatch(/^ {2}vault-2\s+unreachable\s.*cannot/mu);
  });

  it("works when every node is sealed", async () => {
    await using files = await startClusterFiles();
    for (const { name } of files.cluster.nodes) files.cluster.seal(name);
    const { code, nodes } = await json(files.config);
    expect(code).toBe(1);
    expect(nodes.map(({ state }) => state)).toEqual(["sealed", "sealed", "sealed"]);
  });

  it("gives 1 when nobody is active, though nobody is sealed", async () => {
    await using files = await startClusterFiles();
    await files.cluster.stop("vault-0");
    await files.cluster.stop("vault-1");
    const { code, nodes } = await json(files.config);
    expect(code).toBe(1);
    expect(nodes.map(({ node, state }) => [node, state])).toEqual([
      ["vault-0", "unreachable"],
      ["vault-1", "unreachable"],
      ["vault-2", "standby"],
    ]);
  });

  it("prints JSON for programs, with the same exit codes", async () => {
    await using files = await startClusterFiles();
    const { code, nodes } = await json(files.config);
    expect(code).toBe(0);
    expect(nodes).toEqual([
      { node: "vault-0", state: "active", version: expect.any(String), detail: "seal shamir" },
      { node: "vault-1", state: "standby", version: expect.any(String), detail: "seal shamir" },
      { node: "vault-2", state: "standby", version: expect.any(String), detail: "seal shamir" },
    ]);
  });

  it("tells an empty node from a sealed one", async () => {
    await using files = await startClusterFiles();
    await files.cluster.stop("vault-2");
    files.cluster.removeData("vault-2");
    await files.cluster.start("vault-2");
    const { code, nodes } = await json(files.config);
    expect(code).toBe(1);
    expect(nodes.find(({ node }) => node === "vault-2")).toMatchObject({
      state: "uninitialized",
      detail: "has no data: empty or wrong volume?",
    });
  });

  it("takes one cluster by its name, and names the nearest when there is none", async () => {
    await using files = await startClusterFiles();
    expect((await call(["status", "prod", "--config", files.config])).code).toBe(0);
    expect(await call(["status", "prd", "--config", files.config])).toEqual({
      code: 2,
      out: "",
      err: 'sealwatch status: there is no cluster "prd"; did you mean "prod"?',
    });
  });

  it("gives 2 for a configuration that is not good", async () => {
    await using files = await startClusterFiles({ lisen: "x" });
    const { code, err } = await call(["status", "--config", files.config]);
    expect(code).toBe(2);
    expect(err).toMatch(/sealwatch\.yaml:\d+:\d+: unknown key "lisen"; did you mean "listen"\? \(.*\)/u);
  });

  it("finds the configuration that the environment names", async () => {
    await using files = await startClusterFiles();
    expect((await call(["status"], { SEALWATCH_CONFIG: files.config })).code).toBe(0);
  });
});

describe("printStatus", () => {
  it.each([
    { name: "one active node among standbys", standby: [false, true, true], well: true },
    { name: "standbys that nobody leads", standby: [true, true, true], well: false },
    { name: "two nodes that both call themselves active", standby: [false, false, true], well: false },
  ])("judges $name", async ({ standby, well }) => {
    const { io, out } = captureIo();
    expect(await printStatus(io, [clusterOf(standby)], false)).toBe(well);
    expect(out[0]).toBe(well ? "prod: well" : "prod: NOT well");
  });
});

function clusterOf(standby: readonly boolean[]): VaultCluster {
  const nodes = standby.map((isStandby, index) => ({
    name: `vault-${index}`,
    health: async () => ({ initialized: true, sealed: false, standby: isStandby, version: "2.7.2" }),
    sealStatus: async () => ({ type: "shamir" }),
  }));
  return { name: "prod", nodes } as unknown as VaultCluster;
}

async function json(config: string): Promise<{ readonly code: number; readonly nodes: readonly NodeStatus[] }> {
  const { code, out } = await call(["status", "--json", "--config", config]);
  const [prod] = JSON.parse(out) as readonly { cluster: string; nodes: readonly NodeStatus[] }[];
  expect(prod?.cluster).toBe("prod");
  return { code, nodes: prod?.nodes ?? [] };
}
