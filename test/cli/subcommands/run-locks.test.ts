import { describe, expect, it } from "@jest/globals";
import { terminalUser } from "../../../src/app/system.ts";
import { main } from "../../../src/cli/main.ts";
import { toGate, toManual } from "../../engine/run-specification.ts";
import { call, captureIo } from "../captured-io.ts";
import { startClusterFiles, type ClusterFiles } from "../cluster-files.ts";
import { keepRuns } from "../kept-runs.ts";

const admin = { access: { people: [{ name: "alice", role: "admin", cli: terminalUser() }] } };
const HOUR = 3_600_000;

async function withLock(files: ClusterFiles): Promise<void> {
  await keepRuns(
    files,
    { R1: toGate, R2: toManual },
    {
      locked: { runId: "R1", since: Date.now() - HOUR },
      began: Date.now(),
    },
  );
}

describe("sealwatch locks", () => {
  it("says that no run has a cluster to itself", async () => {
    await using files = await startClusterFiles();
    expect(await call(["locks", "--config", files.config])).toMatchObject({
      code: 0,
      out: "no run has a cluster to itself",
    });
    expect((await call(["locks", "--json", "--config", files.config])).out).toBe("[]");
  });

  it("lists which run has which cluster, for how long, and who is in charge", async () => {
    await using files = await startClusterFiles();
    await withLock(files);
    const { out } = await call(["locks", "--config", files.config]);
    expect(out.split("\n")).toEqual([
      "CLUSTER  RUN  RUNBOOK    STATE  HELD  IN CHARGE",
      expect.stringMatching(/^prod {5}R1 {3}lost-peer {2}gate {3}1h.* alice$/u),
    ]);
    const [lock] = JSON.parse((await call(["locks", "--json", "--config", files.config])).out) as object[];
    expect(lock).toMatchObject({ cluster: "prod", run: "R1", runbook: "lost-peer", state: "gate", by: "alice" });
  });
});

describe("sealwatch break-lock", () => {
  it("takes the lock away, which stands in the run's timeline, and names what it does", async () => {
    await using files = await startClusterFiles(admin);
    await withLock(files);
    const { code, out, err } = await call(["break-lock", "prod", "--reason", "R1 hangs", "--config", files.config]);
    expect({ code, out }).toEqual({
      code: 0,
      out: "alice: cluster prod is free; run R1 must get it again before its next call",
    });
    expect(err).toContain("run R1 (lost-peer, gate) has cluster prod to itself");
    expect(err).toContain("another run may change the cluster at the same time");
    expect((await call(["locks", "--config", files.config])).out).toBe("no run has a cluster to itself");
    expect((await call(["run", "export", "R1", "--config", files.config])).out).toContain(
      "took the cluster's lock away: R1 hangs",
    );
  });

  it("is an admin's work", async () => {
    await using files = await startClusterFiles();
    await withLock(files);
    const { code, err } = await call(["break-lock", "prod", "--reason", "why", "--config", files.config]);
    expect(code).toBe(2);
    expect(err).toContain("alice may not break locks; the role admin is needed");
    expect((await call(["locks", "--json", "--config", files.config])).out).toContain('"run": "R1"');
  });

  it.each([
    { name: "a cluster that nobody has", cluster: "prod", why: 'no run has cluster "prod" to itself' },
    { name: "a cluster that is none", cluster: "prd", why: 'there is no cluster "prd"; did you mean "prod"?' },
  ])("says so for $name", async ({ cluster, why }) => {
    await using files = await startClusterFiles(admin);
    const { code, err } = await call(["break-lock", cluster, "--reason", "why", "--config", files.config]);
    expect({ code, err }).toEqual({ code: 2, err: `sealwatch: ${why}` });
  });

  it.each([
    { typed: "prod", code: 0 },
    { typed: "yes", code: 1 },
    { typed: undefined, code: 1 },
  ])("asks a human for the cluster's name: $typed gives $code", async ({ typed, code }) => {
    await using files = await startClusterFiles(admin);
    await withLock(files);
    const { io } = captureIo(async () => typed);
    const args = ["break-lock", "prod", "--reason", "why", "--config", files.config];
    expect(await main(args, { io, env: {}, signal: new AbortController().signal })).toBe(code);
    const { out } = await call(["locks", "--config", files.config]);
    expect(out === "no run has a cluster to itself").toBe(code === 0);
  });
});
