import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createCurrentCatalog, loadGoodCatalog } from "../../src/catalog/current.ts";
import { loadCatalog } from "../../src/catalog/load.ts";
import { formatFinding } from "../../src/lib/finding.ts";
import { declarations } from "../runbook/declarations.ts";

const fixture = readFileSync(new URL("../fixtures/runbooks/valid-sealed-node.yaml", import.meta.url), "utf8");
const named = (id: string): string => fixture.replace("id: valid-sealed-node", `id: ${id}`);

describe("the catalog", () => {
  let directory: string;
  const put = async (file: string, text: string): Promise<void> => await writeFile(join(directory, file), text);
  const load = async () => await loadCatalog({ directory, declarations });
  const findings = async (): Promise<readonly string[]> =>
    (await load()).findings.map((finding) => formatFinding(finding).replaceAll(`${directory}/`, ""));

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "sealwatch-catalog-"));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  it("loads every runbook by its id, compiled, with the digest of its text", async () => {
    await put("one.yaml", named("one"));
    await put("two.yaml", named("two"));
    await put("notes.txt", "not a runbook");
    const { runbooks, findings: found } = await load();
    expect(found).toEqual([]);
    expect([...runbooks.keys()]).toEqual(["one", "two"]);
    const one = runbooks.get("one");
    expect(one?.text).toBe(named("one"));
    expect(one?.digest).toBe(createHash("sha256").update(named("one")).digest("hex"));
    expect(one?.compiled.steps).toHaveLength(one?.runbook.steps.length ?? -1);
  });

  it("refuses a file that is not called as its runbook", async () => {
    await put("one.yaml", named("other"));
    expect(await findings()).toEqual(['one.yaml:1:1: holds the runbook "other"; call the file other.yaml (file-name)']);
  });

  it("refuses a second runbook of the same id", async () => {
    await put("one.yaml", named("one"));
    await put("one2.yaml", named("one"));
    expect(await findings()).toEqual(['one2.yaml:1:1: the id "one" is that of one.yaml already (duplicate-runbook)']);
  });

  it("does not pass over a file with the other ending", async () => {
    await put("one.yml", named("one"));
    expect(await findings()).toEqual(["one.yml:1:1: is not read; call it one.yaml (file-name)"]);
  });

  it("gives the good runbooks beside the findings of all the bad ones", async () => {
    await put("good.yaml", named("good"));
    await put("form.yaml", named("form").replace("title:", "titel:"));
    await put("rule.yaml", named("rule").replace("result.sealed", "result.sealled"));
    const { runbooks } = await load();
    expect([...runbooks.keys()]).toEqual(["good"]);
    expect(await findings()).toEqual([
      'form.yaml:1:1: "title" is missing; it must be text (missing-key)',
      'form.yaml:2:1: unknown key "titel"; did you mean "title"? (unknown-key)',
      'rule.yaml:17:20: expect: "result" has no "sealled"; did you mean "sealed"? (expression-type)',
    ]);
  });

  it("says that a directory is not there", async () => {
    const loading = await loadCatalog({ directory: join(directory, "no"), declarations });
    expect(loading.findings.map(({ message }) => message)).toEqual(["cannot be read (ENOENT)"]);
    expect(loading.runbooks.size).toBe(0);
  });

  it("keeps the last good set when a reload finds anything wrong, and takes the next good one", async () => {
    await put("one.yaml", named("one"));
    const source = { directory, declarations };
    const first = await loadGoodCatalog(source);
    if (!first.ok) throw new Error("the first set is not good");
    let now = 0;
    const current = createCurrentCatalog({ first: first.value, source, clock: { now: () => (now += 1) } });

    await put("two.yaml", "broken");
    await current.reload();
    expect([...current.current().keys()]).toEqual(["one"]);
    expect(current.status()).toMatchObject({ successful: false, succeededAt: 1 });

    await put("two.yaml", named("two"));
    await current.reload();
    expect([...current.current().keys()]).toEqual(["one", "two"]);
    expect(current.status()).toMatchObject({ successful: true, findings: [] });
  });
});
