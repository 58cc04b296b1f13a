import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { terminalUser } from "../../src/app/system.ts";
import { attemptId, T0, toAttempted, toGate, toManual } from "../engine/run-specification.ts";
import { call } from "./captured-io.ts";
import { startClusterFiles, type ClusterFiles } from "./cluster-files.ts";
import { keepRuns } from "./kept-runs.ts";

const people = [
  { name: "bob", role: "approver", cli: terminalUser() },
  { name: "carol", role: "responder", slack: "none" },
  { name: "dave", role: "viewer", slack: "none" },
];
const asBob = { access: { people } };

const now = () => ({ began: Date.now() });

async function answer(files: ClusterFiles, ...args: readonly string[]) {
  return await call([...args, "--config", files.config]);
}

async function story(files: ClusterFiles): Promise<string> {
  return (await call(["run", "export", "R1", "--config", files.config])).out;
}

const unknown = [
  ...toAttempted,
  {
    type: "RecordPerformed",
    at: T0 + 7,
    attempt: attemptId,
    epoch: 0,
    outcome: { ok: true, value: {} },
    credential: undefined,
  },
  { type: "RecordProbe", at: T0 + 60_000, attempt: attemptId, verdict: "unknown", evidence: "nobody can tell" },
] as const;

describe("answering a run from a terminal", () => {
  it("takes over, hands over, notes: all of it stands in the timeline", async () => {
    await using files = await startClusterFiles(asBob);
    await keepRuns(files, { R1: toManual }, now());
    expect(await answer(files, "take-over", "R1")).toMatchObject({ code: 0, out: "bob: taken" });
    expect(await answer(files, "note", "R1", "the", "rack", "is", "dark")).toMatchObject({ code: 0 });
    expect(await answer(files, "hand-over", "R1", "--to", "carol")).toMatchObject({ code: 0 });
    const text = await story(files);
    expect(text).toContain("| bob | took charge of the run |");
    expect(text).toContain("| bob | the rack is dark |");
    expect(text).toContain("| bob | handed the run to carol |");
    expect(text).toContain("| In charge | carol |");
  });

  it.each([
    {
      name: "nobody who is listed",
      to: "karol",
      why: 'nobody called "karol" is listed under access.people; did you mean "carol"?',
    },
    {
      name: "somebody who may only look",
      to: "dave",
      why: "dave may not take charge of runs; the role responder is needed, dave has viewer",
    },
  ])("hands a run to $name", async ({ to, why }) => {
    await using files = await startClusterFiles(asBob);
    await keepRuns(files, { R1: toManual }, now());
    expect(await answer(files, "hand-over", "R1", "--to", to)).toMatchObject({ code: 2, err: `sealwatch: ${why}` });
  });

  it("binds a yes to the plan that was seen: another is refused, and what was approved is shown", async () => {
    await using files = await startClusterFiles(asBob);
    await keepRuns(files, { R1: toGate }, now());
    const [, hash = ""] = /sha256:([0-9a-f]{64})/u.exec(/\| Plan \| .*/u.exec(await story(files))?.[0] ?? "") ?? [];
    const refused = await answer(files, "approve", "R1", "--phrase", "prod", "--plan", "0123456789ab", "--json");
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.out)).toMatchObject({ ok: false, code: "changed" });
    const taken = await answer(files, "approve", "R1", "--phrase", "prod", "--plan", hash.slice(0, 12));
    expect(taken).toMatchObject({ code: 0, out: "bob: taken" });
    expect(taken.err).toContain("POST sys/storage/raft/remove-peer vault-2");
  });

  it("goes past a gate alone only where the configuration allows it, with a reason and the cluster's name", async () => {
    await using closed = await startClusterFiles(asBob);
    await keepRuns(closed, { R1: toGate }, now());
    const args = ["approve", "R1", "--break-glass", "--phrase", "prod", "--reason", "nobody is awake", "--json"];
    expect(JSON.parse((await answer(closed, ...args)).out)).toMatchObject({ ok: false, code: "break-glass" });
    await using open = await startClusterFiles({
      access: { people, breakGlass: { enabled: true, role: "approver" } },
    });
    await keepRuns(open, { R1: toGate }, now());
    expect(JSON.parse((await answer(open, ...args, "--reason", "")).out)).toMatchObject({ code: "reason-missing" });
    expect((await answer(open, ...args)).code).toBe(0);
    expect(await story(open)).toContain("**BREAK-GLASS at gate remove.1: BREAK-GLASS by bob alone: nobody is awake**");
  });

  it("asks for a call of unknown outcome again only with a reason", async () => {
    await using files = await startClusterFiles(asBob);
    await keepRuns(files, { R1: unknown }, now());
    expect((await answer(files, "retry", "R1")).err).toContain("say how you know that it took no effect");
    expect(await answer(files, "retry", "R1", "--reason", "raft lists it")).toMatchObject({ code: 0 });
    expect(await story(files)).toContain("bob asks for the call again: raft lists it.");
  });

  it("answers for programs in JSON, with the reason's code", async () => {
    await using files = await startClusterFiles(asBob);
    await keepRuns(files, { R1: toManual }, now());
    expect(JSON.parse((await answer(files, "answer", "R1", "dark", "--json")).out)).toMatchObject({ code: "not-now" });
    expect(JSON.parse((await answer(files, "confirm", "R1", "--json")).out)).toEqual({
      ok: true,
      runId: "R1",
      by: "bob",
    });
    expect(JSON.parse((await answer(files, "abort", "R9", "--reason", "x", "--json")).out || "{}")).toEqual({});
  });
});

describe("attaching evidence", () => {
  it("keeps digest, size and text of a short file, and only the digest of a long or binary one", async () => {
    await using files = await startClusterFiles(asBob);
    await keepRuns(files, { R1: toManual }, now());
    const write = async (name: string, data: string | Buffer): Promise<string> => {
      const path = join(files.directory, name);
      await writeFile(path, data);
      return path;
    };
    const short = await answer(files, "attach", "R1", await write("dmesg.txt", "disk gone\n"));
    expect(short.code).toBe(0);
    expect(short.err).toContain("dmesg.txt: 10 bytes, sha256:");
    expect(short.err).toContain("kept: its digest and its text");
    const long = await answer(files, "attach", "R1", await write("long.txt", "x".repeat(16_385)));
    expect(long.err).toMatch(/kept: its digest$/u);
    const binary = await answer(
      files,
      "attach",
      "R1",
      await write("core", Buffer.from([0xff, 0xfe, 0])),
      "--name",
      "core dump",
    );
    expect(binary.err).toMatch(/^core dump: 3 bytes.*kept: its digest$/u);
    const text = await story(files);
    expect(text).toContain("```text\ndisk gone\n```");
    expect(text).toContain("| long.txt | 16385 | sha256:");
    expect(text).not.toContain("xxxxxxxx");
  });

  const secrets = [
    { name: "a token", text: `export VAULT_TOKEN=hvs.${"a".repeat(24)}`, kind: "Vault token" },
    { name: "a key share", text: `${"9f".repeat(33)}\n`, kind: "key share" },
  ];

  it.each(secrets)("refuses $name by its kind, and never repeats it", async ({ text, kind }) => {
    await using files = await startClusterFiles(asBob);
    await keepRuns(files, { R1: toManual }, now());
    const path = join(files.directory, "leak.txt");
    await writeFile(path, text);
    const { code, out, err } = await answer(files, "attach", "R1", path);
    expect(code).toBe(2);
    expect(err).toContain(`this looks like a ${kind}: nothing was stored`);
    expect(out + err).not.toContain(text.trim().slice(-20));
    expect(await story(files)).not.toContain("leak.txt");
  });

  it("says why a file cannot be attached", async () => {
    await using files = await startClusterFiles(asBob);
    await keepRuns(files, { R1: toManual }, now());
    expect((await answer(files, "attach", "R1", files.directory)).err).toContain("it is no file");
    expect((await answer(files, "attach", "R1", "/nowhere/x")).code).toBe(2);
  });
});
