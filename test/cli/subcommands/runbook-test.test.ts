import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { call } from "../captured-io.ts";

const fixtures = fileURLToPath(new URL("../../fixtures/rehearsal/", import.meta.url));
const handOver = join(fixtures, "hand-over.yaml");
let directory = "";

async function writeTests(change: (text: string) => string): Promise<string> {
  const text = await readFile(join(fixtures, "hand-over.test.yaml"), "utf8");
  const file = join(directory, "hand-over.test.yaml");
  await writeFile(file, change(text));
  return file;
}

describe("sealwatch runbook test", () => {
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "sealwatch-runbook-test-"));
    for (const name of ["hand-over.yaml", "look-around.yaml"])
      await copyFile(join(fixtures, name), join(directory, name));
  });

  afterAll(async () => await rm(directory, { recursive: true }));

  it("plays the tests of the runbook that is named and ends with 0 when all come out as they should", async () => {
    const { code, out } = await call(["runbook", "test", handOver, "--coverage"]);
    expect(out.split("\n").filter((line) => !line.startsWith("  ok"))).toEqual([
      join(fixtures, "hand-over.test.yaml"),
      "hand-over: 32 of 32 branches taken (100 %)",
      expect.stringMatching(/^17 test\(s\), 0 failed, in /u),
    ]);
    expect(code).toBe(0);
  });

  it("shows what came out otherwise with the timeline, and ends with 1", async () => {
    const file = await writeTests((text) => text.replace("outcome: resolved", "outcome: stopped"));
    const { code, out } = await call(["runbook", "test", file]);
    expect(code).toBe(1);
    expect(out).toContain(
      [
        "  FAILED another node leads after one of the platform team agreed",
        "    outcome:",
        "      - stopped",
        "      + resolved",
        "    timeline:",
        "      +0ms     RunStarted  by the starter",
      ].join("\n"),
    );
    expect(out).toContain("17 test(s), 1 failed, in ");
  });

  it("ends with 1 when a branch was not taken and the coverage is asked for", async () => {
    const only = ["--only", "nothing is to be done"];
    expect((await call(["runbook", "test", handOver, ...only])).code).toBe(0);
    const { code, out } = await call(["runbook", "test", handOver, ...only, "--coverage"]);
    expect(code).toBe(1);
    expect(out).toContain("  no test takes let_go: agreed\n");
  });

  it("plays only tests with the name in theirs, of all in a directory, and each again for every crash", async () => {
    const { code, out } = await call(["runbook", "test", fixtures, "--only", "NOTHING IS TO BE", "--crash-everywhere"]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /ok {5}nothing is to be done, so nobody is asked to approve \(killed 5 times\)\n1 test\(s\), 0 failed, the program killed 5 times, in /u,
    );
  });

  it("gives the results as JSON", async () => {
    const { code, out } = await call(["runbook", "test", fixtures, "--only", "nobody comes", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      tests: 1,
      failed: 0,
      crashes: 0,
      results: [{ runbook: "hand-over", tests: [{ name: "nobody comes", flops: [] }] }],
    });
  });

  it("ends with 2 and says where a test file is wrong, and plays nothing", async () => {
    const file = await writeTests((text) => text.replace("at: why", "at: wy"));
    const { code, out, err } = await call(["runbook", "test", file]);
    expect(err).toMatch(
      /hand-over[.]test[.]yaml:\d+:\d+: there is no step "wy" in hand-over; did you mean "why"[?] \(unknown-step\)$/u,
    );
    expect({ code, out }).toEqual({ code: 2, out: "" });
  });

  it("ends with 2 when the runbook beside the tests is no good", async () => {
    const file = await writeTests((text) => text);
    const runbook = join(directory, "hand-over.yaml");
    const text = await readFile(runbook, "utf8");
    await writeFile(runbook, text.replace("vault.step-down", "vault.step-dwn"));
    const { code, err } = await call(["runbook", "test", file]);
    await writeFile(runbook, text);
    expect(err).toContain(`did you mean "vault.step-down"?`);
    expect(code).toBe(2);
  });

  it.each([
    {
      name: "no test has the name",
      args: ["--only", "nothing of the kind"],
      why: 'no test is called "nothing of the kind"',
    },
    { name: "there is no such file", args: ["nowhere.test.yaml"], why: "nowhere.test.yaml:1:1: " },
  ])("ends with 2 when $name", async ({ args, why }) => {
    const { code, err } = await call(["runbook", "test", ...(args.length === 2 ? [fixtures] : []), ...args]);
    expect(err).toContain(why);
    expect(code).toBe(2);
  });
});
