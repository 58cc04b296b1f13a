import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { terminalUser } from "../../../src/app/system.ts";
import { call } from "../captured-io.ts";
import { startClusterFiles, type ClusterFiles } from "../cluster-files.ts";

const RUNBOOK = `
id: drop-peer
title: A peer is dropped
meaning: m
impact: i
verify: v
escalate: e
rollback: A new node joins.
inputs:
  cluster: { type: cluster }
  node: { type: node }
steps:
  - id: look
    check: vault.health
    with: { node: "\${inputs.node}" }
    shows: "It answers."
  - id: drop
    title: Drop it
    do: vault.raft-remove-peer
    with: { node: "\${inputs.node}" }
`;

/** A cluster with a token and a runbook that would remove a node which is well. */
async function world(): Promise<ClusterFiles> {
  const files = await startClusterFiles({
    access: { people: [{ name: "alice", role: "responder", cli: terminalUser() }] },
  });
  const runbooks = join(files.directory, "runbooks");
  await mkdir(runbooks);
  await writeFile(join(runbooks, "drop-peer.yaml"), RUNBOOK);
  const config = await readFile(files.config, "utf8");
  const withToken = config.replace("name: prod", "name: prod\n    token: { env: VAULT }");
  await writeFile(files.config, `${withToken}\nrunbooks: { directory: ${runbooks} }\n`);
  return files;
}

async function run(files: ClusterFiles, ...more: readonly string[]) {
  const args = ["run", "drop-peer", "cluster=prod", "node=vault-1", ...more, "--config", files.config];
  return await call(args, { VAULT: files.cluster.rootToken });
}

/** Asking what a token may do is a POST that changes nothing. */
const changing = ({ cluster }: ClusterFiles) =>
  cluster.calls.filter(({ method, path }) => method !== "GET" && !path.endsWith("capabilities-self"));

describe("sealwatch run --dry-run", () => {
  it("prints the plan: the resolved call, the gate, and what holds now; and changes nothing", async () => {
    await using files = await world();
    const { code, out, err } = await run(files, "--dry-run");
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(out).toContain("  DRY RUN: reads and plans, calls nothing that changes anything");
    const plan = out.slice(out.indexOf("PLAN: "));
    expect(plan).toMatch(/^PLAN: 1 call as things are now\n {2}1\. drop\n {5}call: {2}.*remove-peer/u);
    expect(plan).toContain("     gate:  destructive: 2 people must approve, each typing the cluster's name");
    expect(plan).toMatch(/now: {3}✔ /u);
    expect(plan).toMatch(/now: {3}✘ NOT: /u);
    expect(changing(files)).toEqual([]);
  });

  it("gives programs one document with the plan and the whole run", async () => {
    await using files = await world();
    const { code, out, err } = await run(files, "--dry-run", "--json");
    expect(code).toBe(0);
    const { run: told, plans, head } = JSON.parse(out) as { run: object; plans: readonly object[]; head: string };
    expect(told).toMatchObject({ state: "planned", dryRun: true, drill: false, startedBy: "alice" });
    expect(plans).toEqual([
      expect.objectContaining({
        step: "drop",
        action: "vault.raft-remove-peer",
        danger: "destructive",
        cluster: "prod",
        gate: { approvals: 2, groups: [], typesName: true },
        preconditions: expect.arrayContaining([expect.objectContaining({ ok: false })]) as unknown,
      }),
    ]);
    expect(head).toMatch(/^sha256:[0-9a-f]{64}$/u);
    expect(err).toContain("A peer is dropped");
  });

  it("is marked in the list of runs", async () => {
    await using files = await world();
    await run(files, "--dry-run", "--drill");
    expect((await call(["runs", "--config", files.config])).out).toContain("planned (dry run) (drill)");
  });
});

describe("sealwatch run", () => {
  it("refuses with the reason's code for programs", async () => {
    await using files = await world();
    const args = ["run", "drop-pear", "cluster=prod", "--json", "--config", files.config];
    const { code, out } = await call(args);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ ok: false, code: "no-such-runbook" });
  });
});
