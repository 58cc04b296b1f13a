import { describe, expect, it } from "@jest/globals";
import { DatabaseSync } from "node:sqlite";
import type { RunCommand } from "../../../src/engine/commands.ts";
import { actor, play, T0, toGate, toManual } from "../../engine/run-specification.ts";
import { call } from "../captured-io.ts";
import { startClusterFiles } from "../cluster-files.ts";
import { keepRuns } from "../kept-runs.ts";

const aborted: RunCommand = { type: "Abort", at: T0 + 9, by: actor("bob"), reason: "enough" };

describe("sealwatch runs", () => {
  it("says that there are none", async () => {
    await using files = await startClusterFiles();
    expect(await call(["runs", "--config", files.config])).toEqual({ code: 0, out: "no runs", err: "" });
  });

  it("lists runs, newest first, with what each waits for", async () => {
    await using files = await startClusterFiles();
    await keepRuns(files, { R1: [...toManual, aborted], R2: toGate });
    const { code, out } = await call(["runs", "--config", files.config]);
    const at = new Date(T0).toISOString();
    expect(code).toBe(0);
    expect(out.split("\n")).toEqual([
      "RUN  RUNBOOK    CLUSTER  STATE    STARTED                   BY",
      `R2   lost-peer  prod     waiting  ${at}  alice  waiting for approval`,
      `R1   lost-peer  prod     aborted  ${at}  alice  Aborted by bob: enough.`,
    ]);
  });

  it("lists only as many as are asked for, and refuses what is no number", async () => {
    await using files = await startClusterFiles();
    await keepRuns(files, { R1: toManual, R2: toManual, R3: toManual });
    const { out } = await call(["runs", "--limit", "2", "--config", files.config]);
    expect(out.split("\n").map((line) => line.slice(0, 3).trim())).toEqual(["RUN", "R3", "R2"]);
    for (const limit of ["0", "-1", "1.5", "many"]) {
      const { code, err } = await call(["runs", `--limit=${limit}`, "--config", files.config]);
      expect({ code, err }).toEqual({
        code: 2,
        err: `sealwatch runs: --limit takes a whole number from 1, not "${limit}"`,
      });
    }
  });

  it("prints JSON for programs, with the head of the chain", async () => {
    await using files = await startClusterFiles();
    await keepRuns(files, { R1: toGate });
    const { out } = await call(["runs", "--json", "--config", files.config]);
    expect(JSON.parse(out)).toEqual([
      {
        id: "R1",
        runbook: "lost-peer",
        cluster: "prod",
        state: "waiting",
        text: "waiting for approval",
        startedAt: T0,
        startedBy: { id: "alice", name: "alice" },
        assignee: { id: "alice", name: "alice" },
        dryRun: false,
        drill: false,
        version: play(toGate).events.length,
        head: expect.stringMatching(/^sha256:[0-9a-f]{64}$/u) as unknown as string,
      },
    ]);
  });
});

describe("sealwatch run verify", () => {
  it("gives 0 and the head for a timeline that is whole: the one that `runs` shows", async () => {
    await using files = await startClusterFiles();
    await keepRuns(files, { R1: toGate });
    const { code, out } = await call(["run", "verify", "R1", "--config", files.config]);
    const [listed] = JSON.parse((await call(["runs", "--json", "--config", files.config])).out) as { head: string }[];
    expect(code).toBe(0);
    expect(out.split("\n")[0]).toBe(`R1: ${play(toGate).events.length} entries, chain whole, head ${listed?.head}`);
    expect(out).toContain("checked: every entry hashes onto the one before it");
    expect(out).toContain("compare the head with the one at the end of the run's Slack thread and on its page");
  });

  it("compares a head that was noted, whole or its beginning, and refuses one of another timeline", async () => {
    await using files = await startClusterFiles();
    await keepRuns(files, { R1: toGate });
    const [listed] = JSON.parse((await call(["runs", "--json", "--config", files.config])).out) as { head: string }[];
    const verify = async (head: string) => await call(["run", "verify", "R1", "--head", head, "-c", files.config]);
    const noted = (listed?.head ?? "").slice("sha256:".length);
    for (const head of [listed?.head ?? "", noted, noted.slice(0, 12)])
      expect(await verify(head)).toMatchObject({ code: 0, out: expect.stringContaining("that you noted is in it") });
    expect(await verify("0".repeat(64))).toMatchObject({ code: 1, out: "" });
    expect((await verify("0".repeat(64))).err).toContain("it was rewritten, or is another run's");
    expect((await verify(noted.slice(0, 4))).err).toContain("at least 12 characters");
  });

  it("tells programs what it found", async () => {
    await using files = await startClusterFiles();
    await keepRuns(files, { R1: toGate });
    const { code, out } = await call(["run", "verify", "R1", "--json", "--config", files.config]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ runId: "R1", ok: true, entries: play(toGate).events.length });
  });

  it("gives 1 and the place for one that was changed afterwards", async () => {
    await using files = await startClusterFiles();
    await keepRuns(files, { R1: toGate });
    const database = new DatabaseSync(files.store);
    // Whoever can write the file can drop what protects it.
    database.exec("DROP TRIGGER events_are_never_changed");
    database
      .prepare("UPDATE events SET text = replace(text, 'alice', 'dave') WHERE run_id = 'R1' AND sequence = ?")
      .run(1);
    database.close();
    expect(await call(["run", "verify", "R1", "--config", files.config])).toEqual({
      code: 1,
      out: "",
      err: "R1: entry 1 does not fit the chain: the timeline was changed after it was written",
    });
  });

  it("gives 2 for a run that is not there", async () => {
    await using files = await startClusterFiles();
    const { code, err } = await call(["run", "verify", "R404", "--config", files.config]);
    expect(code).toBe(2);
    expect(err).toContain('sealwatch: there is no run "R404"');
  });

  it("wants a run or a file", async () => {
    expect(await call(["run", "verify"])).toMatchObject({
      code: 2,
      err: "sealwatch run verify: name a run, or an exported one with --file",
    });
  });
});
