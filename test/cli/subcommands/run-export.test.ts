import { createHash } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type { RunCommand } from "../../../src/engine/commands.ts";
import { replay } from "../../../src/engine/evolve.ts";
import type { RunEvent } from "../../../src/engine/events.ts";
import { reportRun } from "../../../src/run-export/report.ts";
import type { ExportFile } from "../../../src/run-export/export-file.ts";
import { chainHash } from "../../../src/store/chain.ts";
import { actor, attemptId, play, start, T0, toAttempted, yes, toGate } from "../../engine/run-specification.ts";
import { call } from "../captured-io.ts";
import { startClusterFiles, type ClusterFiles } from "../cluster-files.ts";
import { keepRuns } from "../kept-runs.ts";

const bob = actor("bob");
/** A whole night: manual work, a gate that two agreed to, a call, evidence, a note, the end. */
const night: readonly RunCommand[] = [
  ...toAttempted,
  {
    type: "RecordPerformed",
    at: T0 + 7000,
    attempt: attemptId,
    epoch: 0,
    outcome: { ok: true, value: {} },
    credential: "its token was revoked",
  },
  { type: "RecordProbe", at: T0 + 8000, attempt: attemptId, verdict: "done", evidence: "raft does not list it" },
  { type: "AddNote", at: T0 + 8500, by: bob, text: "the rack | is [dark](javascript:alert)\n<b>" },
  {
    type: "Attach",
    at: T0 + 8600,
    by: bob,
    name: "dmesg.txt",
    sha256: "ab".repeat(32),
    bytes: 9,
    text: "disk gone\n```\nend",
  },
  { type: "RecordPoll", at: T0 + 9000, step: "absent", outcome: { ok: true, value: { known: false } } },
];

async function exported(files: ClusterFiles, ...more: readonly string[]): Promise<string> {
  const { code, out } = await call(["run", "export", "R1", "--config", files.config, ...more]);
  expect(code).toBe(0);
  return out;
}

async function verify(files: ClusterFiles, text: string, ...more: readonly string[]) {
  const file = join(files.directory, "export.json");
  await writeFile(file, text);
  // Without a configuration: whoever verifies has only the file.
  return await call(["run", "verify", "--file", file, ...more]);
}

describe("sealwatch run export", () => {
  it("tells the whole run to somebody who was not there", async () => {
    await using files = await startClusterFiles();
    await keepRuns(files, { R1: night });
    const text = await exported(files);
    for (const part of [
      "# A peer is lost: resolved",
      "| Run | R1 |",
      "| Cluster | prod |",
      "| Inputs | cluster = prod, node = vault-2 |",
      "by alice, from slack",
      "### Gate remove.1: agreed",
      "| Call | POST sys/storage/raft/remove-peer vault-2 |",
      "| Held | yes: 3 voters, 2 needed |",
      "by bob |",
      "by carol |",
      `| dmesg.txt | 9 | sha256:${"ab".repeat(32)} | bob |`,
      "the head",
      "its token was revoked",
      "all 24 entries fitted the chain".replace("24", String(play(night).events.length)),
    ])
      expect(text).toContain(part);
    const { events } = play(night);
    expect(text.match(/^\| \d+ \| .* \| sha256:[0-9a-f]{64} \|$/gmu)).toHaveLength(events.length);
  });

  it("lets foreign text be neither markup nor a link, nor end its cell or its fence", async () => {
    await using files = await startClusterFiles();
    await keepRuns(files, { R1: night });
    const text = await exported(files);
    expect(text).toContain(String.raw`the rack \| is \[dark\](javascript:alert)<br>&lt;b&gt;`);
    expect(text).toContain("````text\ndisk gone\n```\nend\n````");
  });

  it("writes a new file that nobody else may read, and never over another", async () => {
    await using files = await startClusterFiles();
    await keepRuns(files, { R1: night });
    const output = join(files.directory, "night.md");
    const args = ["run", "export", "R1", "--output", output, "--config", files.config];
    expect(await call(args)).toMatchObject({ code: 0, out: "", err: `R1: written to ${output}` });
    expect((await stat(output)).mode & 0o777).toBe(0o600);
    const first = await readFile(output, "utf8");
    expect((await call(args)).code).toBe(1);
    expect(await readFile(output, "utf8")).toBe(first);
  });

  it("refuses a form that it does not know, and a run that is not there", async () => {
    await using files = await startClusterFiles();
    await keepRuns(files, { R1: night });
    const pdf = await call(["run", "export", "R1", "--format", "pdf", "--config", files.config]);
    expect(pdf).toMatchObject({ code: 2, err: 'sealwatch run export: --format takes markdown or json, not "pdf"' });
    const none = await call(["run", "export", "R7", "--config", files.config]);
    expect(none).toMatchObject({ code: 2, err: 'sealwatch: there is no run "R7"; did you mean "R1"?' });
  });
});

describe("sealwatch run verify --file", () => {
  it("verifies an export without store and configuration, and names its head", async () => {
    await using files = await startClusterFiles();
    await keepRuns(files, { R1: night });
    const text = await exported(files, "--format", "json");
    const { head } = JSON.parse(text) as ExportFile;
    const { code, out } = await verify(files, text);
    expect(code).toBe(0);
    expect(out.split("\n")[0]).toBe(`R1: ${play(night).events.length} entries, chain whole, head ${head}`);
    const online = await call(["run", "verify", "R1", "--config", files.config]);
    expect(online.out.split("\n")[0]).toBe(out.split("\n")[0]);
    expect((await verify(files, text, "--head", head)).out).toContain("the head that you noted is in it");
    expect(await verify(files, text, "--head", "ab".repeat(32))).toMatchObject({ code: 1, out: "" });
  });

  it("writes the rule by which others can verify it, and keeps to it", async () => {
    await using files = await startClusterFiles();
    await keepRuns(files, { R1: night });
    const file = JSON.parse(await exported(files, "--format", "json")) as ExportFile;
    expect(file.hashRule).toContain("SHA-256, in hex, of four lines joined by line feeds");
    let previous = "0".repeat(64);
    for (const { text, sequence, hash } of file.entries) {
      previous = createHash("sha256")
        .update([previous, text, file.runId, String(sequence)].join("\n"))
        .digest("hex");
      expect(hash).toBe(`sha256:${previous}`);
    }
    expect(file.head).toBe(`sha256:${previous}`);
  });

  const tampering: readonly { name: string; change: (file: ExportFile) => void; why: RegExp }[] = [
    {
      name: "a changed word",
      change: (file) => {
        const entry = file.entries[3];
        if (entry !== undefined) entry.text = entry.text.replace("alice", "dave").replace("peers", "pears");
      },
      why: /entry 4 does not fit the chain/u,
    },
    { name: "a deleted entry", change: (file) => void file.entries.splice(5, 1), why: /entry 6 is missing/u },
    { name: "a deleted end", change: (file) => void file.entries.pop(), why: /the last entry is not the head/u },
    {
      name: "two entries in another order",
      change: (file) => {
        const [second, third] = file.entries.splice(1, 2);
        if (second === undefined || third === undefined) throw new Error("too few entries");
        file.entries.splice(1, 0, { ...third, sequence: 2 }, { ...second, sequence: 3 });
      },
      why: /entry 2 does not fit the chain/u,
    },
    {
      name: "an approver's name in the report alone",
      change: (file) => {
        const [gate] = file.report.gates;
        const [vote] = gate?.votes ?? [];
        Object.assign(vote ?? {}, { by: "dave" });
      },
      why: /its report does not follow from its entries/u,
    },
    {
      name: "another run's id",
      change: (file) => void Object.assign(file, { runId: "R2" }),
      why: /entry 1 does not fit the chain/u,
    },
    {
      name: "a head that is none",
      change: (file) => void Object.assign(file, { head: `sha256:${"0".repeat(64)}` }),
      why: /the last entry is not the head/u,
    },
  ];

  it.each(tampering)("finds $name", async ({ change, why }) => {
    await using files = await startClusterFiles();
    await keepRuns(files, { R1: night });
    const file = JSON.parse(await exported(files, "--format", "json")) as ExportFile;
    change(file);
    const { code, out, err } = await verify(files, JSON.stringify(file));
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(why);
  });

  it("cannot find what was rewritten with every hash, unless somebody noted the head", async () => {
    await using files = await startClusterFiles();
    await keepRuns(files, { R1: night });
    const file = JSON.parse(await exported(files, "--format", "json")) as ExportFile;
    const forged = forge(file);
    const text = JSON.stringify(forged);
    expect((await verify(files, text, "--head", file.head)).err).toContain("is none of this timeline's");
    expect((await verify(files, text)).code).toBe(0);
  });

  it.each([
    { name: "no JSON", text: "# A peer is lost", why: "it is no JSON" },
    { name: "another JSON", text: "{}", why: "it is no exported run" },
  ])("refuses $name", async ({ text, why }) => {
    await using files = await startClusterFiles();
    const { code, err } = await verify(files, text);
    expect(code).toBe(1);
    expect(err).toContain(why);
  });

  it("refuses a file that is not there", async () => {
    expect(await call(["run", "verify", "--file", "/nowhere/export.json"])).toMatchObject({ code: 2, out: "" });
  });

  it("says which entries it cannot check, because what looked like a secret was taken out of them", async () => {
    await using files = await startClusterFiles();
    const token = `hvs.${"a".repeat(24)}`;
    const leaked = [start, { type: "AddNote", at: T0 + 1, by: bob, text: `it was ${token}` }] as const;
    await keepRuns(files, { R1: leaked });
    const text = await exported(files, "--format", "json");
    expect(text).not.toContain(token);
    expect(await exported(files)).not.toContain(token);
    const { code, out } = await verify(files, text);
    expect(code).toBe(0);
    expect(out).toMatch(/NOT checked: entry \d+, out of which what looked like a secret was taken/u);
  });

  it("says that the chain was broken already when it was exported", async () => {
    await using files = await startClusterFiles();
    await keepRuns(files, { R1: [...toGate, yes("bob")] });
    const file = JSON.parse(await exported(files, "--format", "json")) as ExportFile;
    Object.assign(file, { verification: { whole: false, entries: file.entries.length, firstBreak: 3 } });
    expect((await verify(files, JSON.stringify(file))).err).toContain("broken at entry 3 already");
  });
});

/** Rewrites a name everywhere in the entries, and every hash so that the chain fits again. */
function forge(file: ExportFile): ExportFile {
  let previous = "0".repeat(64);
  const entries = file.entries.map((entry) => {
    const text = entry.text.replaceAll("carol", "dave");
    previous = chainHash(previous, file.runId, { sequence: entry.sequence, text });
    return { ...entry, text, hash: `sha256:${previous}` };
  });
  const events = entries.map(({ text }) => JSON.parse(text) as RunEvent);
  const run = replay(events);
  if (run.status === "none") throw new Error("no run");
  return { ...file, entries, head: `sha256:${previous}`, report: reportRun(run, events) };
}
