import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { call } from "../captured-io.ts";

const text = (id: string, steps: string): string => `id: ${id}
title: t
meaning: m
impact: i
verify: v
escalate: e
inputs:
  cluster: { type: cluster }
steps:
${steps}
`;
const SAY = "  - { id: a, say: hello }";

describe("sealwatch runbook lint", () => {
  let directory: string;
  const put = async (id: string, steps = SAY): Promise<string> => {
    const file = join(directory, `${id}.yaml`);
    await writeFile(file, text(id, steps));
    return file;
  };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "sealwatch-lint-"));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  it("counts the good ones of a directory", async () => {
    await put("one");
    await put("two", "  - { id: a, include: one }");
    expect(await call(["runbook", "lint", directory])).toEqual({
      code: 0,
      out: "2 runbook(s) good, 0 finding(s)",
      err: "",
    });
  });

  it("prints every finding with its place, and ends with 2", async () => {
    const file = await put("one", "  - { id: a, sya: hello }\n  - { id: b, say: '${inputs.node}' }");
    const { code, err, out } = await call(["runbook", "lint", file]);
    expect(code).toBe(2);
    expect(err).toContain(`${file}:10:5: item 1 of "steps" must be a step`);
    expect(out).toBe("0 runbook(s) good, 1 finding(s)");
  });

  it("judges a file with what it includes from its directory, and says nothing of the others", async () => {
    await put("broken", "  - { id: a, say: '${nothing}' }");
    await put("good");
    const fine = await put("fine", "  - { id: a, include: good }");
    const bad = await put("bad", "  - { id: a, include: broken }\n  - { id: b, include: godo }");
    expect(await call(["runbook", "lint", fine])).toMatchObject({ code: 0, out: "1 runbook(s) good, 0 finding(s)" });
    const { code, out } = await call(["runbook", "lint", fine, bad, "--json"]);
    expect(code).toBe(2);
    expect(
      (JSON.parse(out) as { file: string; message: string }[]).map(({ file, message }) => [file, message]),
    ).toEqual([
      [bad, 'the runbook "broken" is not good itself; correct it first'],
      [bad, 'there is no runbook "godo" beside this one; did you mean "good"?'],
    ]);
  });

  it("says that a file is not there", async () => {
    const { code, err } = await call(["runbook", "lint", join(directory, "no.yaml")]);
    expect(code).toBe(2);
    expect(err).toContain("cannot be read (ENOENT)");
  });

  it("prints SARIF for code scanning, also when there is nothing to say", async () => {
    const good = await put("good");
    const bad = await put("bad", "  - { id: a, say: '${nothing}' }");
    expect(await call(["runbook", "lint", good, "--sarif"])).toMatchObject({ code: 0, err: "" });
    const { code, out } = await call(["runbook", "lint", good, bad, "--sarif"]);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      version: "2.1.0",
      runs: [{ results: [{ ruleId: "expression-type", message: { text: expect.stringContaining("nothing") } }] }],
    });
  });

  it("takes one form of output at a time", async () => {
    expect(await call(["runbook", "lint", directory, "--json", "--sarif"])).toMatchObject({ code: 2 });
  });
});
