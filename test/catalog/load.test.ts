import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createCurrentCatalog, loadGoodCatalog } from "../../src/catalog/current.ts";
import { loadCatalog } from "../../src/catalog/load.ts";
import { formatFinding } from "../../src/lib/finding.ts";
import { declarations } from "../runbook/declarations.ts";

const fixture = readFileSync(new URL("../fixtures/runbooks/valid-sealed-node.yaml", import.meta.url), "utf8");
const named = (id: string): string => fixture.replace("id: valid-sealed-node", `id: ${id}`);

const head = (id: string): string => `id: ${id}
title: t
meaning: m
impact: i
verify: v
escalate: e
inputs:
  cluster: { type: cluster }
`;

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

  it("loads every runbook by its id, with the digest of its text", async () => {
    await put("one.yaml", named("one"));
    await put("two.yaml", named("two"));
    await put("notes.txt", "not a runbook");
    const { runbooks, findings: found } = await load();
    expect(found).toEqual([]);
    expect([...runbooks.keys()]).toEqual(["one", "two"]);
    const one = runbooks.get("one");
    expect(one?.text).toBe(named("one"));
    expect(one?.digest).toBe(createHash("sha256").update(named("one")).digest("hex"));
    expect(one?.runbook.id).toBe("one");
    expect(one?.included).toEqual({});
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

  it("passes over the tests of runbooks, which lie beside them", async () => {
    await put("one.yaml", named("one"));
    await put("one.test.yaml", "runbook: one\ntests: []\n");
    const { runbooks, findings: found } = await load();
    expect([[...runbooks.keys()], found]).toEqual([["one"], []]);
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

  describe("with includes", () => {
    const sha256 = (...texts: readonly string[]): string => createHash("sha256").update(texts.join("")).digest("hex");
    const book = (id: string, ...includes: readonly string[]): string => {
      const steps = includes.map((name, index) => `  - { id: s${index}, include: ${name} }`);
      return `${head(id)}steps:\n  - { id: hello, say: hello }\n${steps.join("\n")}\n`;
    };
    const putAll = async (books: Readonly<Record<string, readonly string[]>>): Promise<void> => {
      for (const [id, includes] of Object.entries(books)) await put(`${id}.yaml`, book(id, ...includes));
    };

    it("gives each runbook everything that it includes, also through others", async () => {
      await putAll({ a: ["c", "b"], b: ["d"], c: [], d: [] });
      const { runbooks } = await load();
      expect(Object.keys(runbooks.get("a")?.included ?? {})).toEqual(["b", "c", "d"]);
      expect(runbooks.get("a")?.included["d"]).toBe(runbooks.get("d")?.runbook);
    });

    it("covers with the digest the texts of everything that is included", async () => {
      await putAll({ a: ["b"], b: ["c"], c: [] });
      const digest = async (id: string): Promise<string | undefined> => (await load()).runbooks.get(id)?.digest;
      const c = sha256(book("c"));
      const b = sha256(book("b", "c"), `\0c\0${c}`);
      expect([await digest("c"), await digest("b")]).toEqual([c, b]);
      expect(await digest("a")).toBe(sha256(book("a", "b"), `\0b\0${b}`, `\0c\0${c}`));
      const before = await digest("a");
      await put("c.yaml", `${book("c")}# another comment\n`);
      expect(await digest("a")).not.toBe(before);
    });

    it("finds circles at every include that is part of one, and what is broken by them", async () => {
      await putAll({ a: ["b"], b: ["c"], c: ["b"], d: [] });
      const { runbooks } = await load();
      expect([...runbooks.keys()]).toEqual(["d"]);
      expect(await findings()).toEqual([
        'a.yaml:11:24: the runbook "b" is not good itself; correct it first (broken-include)',
        'b.yaml:11:24: the runbook would include itself through "c" (include-circle)',
        'c.yaml:11:24: the runbook would include itself through "b" (include-circle)',
      ]);
    });

    it("includes no file that holds another runbook than its name says", async () => {
      await put("b.yaml", book("c"));
      await put("a.yaml", book("a", "b"));
      expect(await findings()).toEqual([
        'a.yaml:11:24: the runbook "b" is not good itself; correct it first (broken-include)',
        'b.yaml:1:1: holds the runbook "c"; call the file c.yaml (file-name)',
      ]);
    });

    it("judges only the files that are asked about, with what they include", async () => {
      await putAll({ a: ["b"], b: ["c"], c: [], broken: ["nobody"] });
      const read: string[] = [];
      const readText = async (file: string): Promise<string> => {
        read.push(basename(file));
        return await readFile(file, "utf8");
      };
      const { runbooks, findings: found } = await loadCatalog({ directory, declarations, only: ["a.yaml"], readText });
      expect(found).toEqual([]);
      expect([...runbooks.keys()]).toEqual(["a"]);
      expect(read).toEqual(["a.yaml", "b.yaml", "c.yaml"]);
    });

    it("keeps the last good set when an included runbook breaks, and takes the next good one", async () => {
      await putAll({ a: ["b"], b: [] });
      const source = { directory, declarations };
      const first = await loadGoodCatalog(source);
      if (!first.ok) throw new Error("the first set is not good");
      const current = createCurrentCatalog({ first: first.value, source, clock: { now: () => 0 } });
      const before = current.current().get("a");
      await put("b.yaml", book("b").replace("hello }", '"${nothing}" }'));
      await current.reload();
      expect(current.current().get("a")).toBe(before);
      expect(current.status().findings.map(({ rule }) => rule)).toEqual(["broken-include", "expression-type"]);
      await put("b.yaml", book("b").replace("hello }", "goodbye }"));
      await current.reload();
      expect(current.current().get("a")?.digest).not.toBe(before?.digest);
      expect(current.status().successful).toBe(true);
    });

    it("judges each runbook once, however many include it", async () => {
      const levels = ["a", "b", "c", "d"];
      await putAll(Object.fromEntries(levels.map((id, at) => [id, at === 3 ? [] : Array(7).fill(levels[at + 1])])));
      expect(await findings()).toEqual([
        "a.yaml:9:1: 799 steps, those of included runbooks counted; 500 are the most (too-many-steps)",
      ]);
    });
  });

  it("says which groups of gates the configuration does not have", async () => {
    const grouped = named("one").replace("approvals: 1,", "groups: [platfrom],");
    await put("one.yaml", grouped);
    expect(await findings()).toEqual([]);
    const { findings: found } = await loadCatalog({ directory, declarations, groups: ["platform"] });
    expect(found.map(({ message }) => message)).toEqual([
      'there is no group "platfrom" in the configuration; did you mean "platform"?',
    ]);
  });

  it("reads no more of a huge file than it needs to refuse it", async () => {
    await put("huge.yaml", "# x\n".repeat(3_000_000));
    expect(await findings()).toEqual(["huge.yaml:1:1: the file has more than 100000 characters (yaml-syntax)"]);
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
