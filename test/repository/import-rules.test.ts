import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { plantTree, root, runTool } from "./planted-tree.ts";

type Ring = {
  readonly imports: "all" | readonly string[];
  readonly packages: "all" | readonly string[];
  readonly io: boolean;
};
type Rules = {
  readonly default: { readonly forbidden: readonly { readonly name: string }[] };
  readonly rings: Readonly<Record<string, Ring>>;
};

const { default: config, rings } = (await import(join(root, ".dependency-cruiser.js"))) as Rules;

const CRUISER = ".bin/depcruise";

type Cruise = {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
};

/** A file in the tree and the rule that it breaks. */
type Plant = { readonly rule: string; readonly file: string; readonly text: string };

const folders = Object.entries(rings);
const inner = folders.filter(([, ring]) => ring.imports !== "all");

/** One plant for each rule that the ring table gives, then one for each rule that is written out. */
const plants: readonly Plant[] = [
  ...inner.map(([folder, ring]) => {
    const stranger = inner.find(([other]) => other !== folder && !ring.imports.includes(other))?.[0] ?? "";
    return {
      rule: `ring-${folder}`,
      file: `src/${folder}/ring.ts`,
      text: `export { target } from "../${stranger}/target.ts";`,
    };
  }),
  ...inner.map(([folder]) => ({
    rule: `packages-of-${folder}`,
    file: `src/${folder}/package.ts`,
    text: `export { pino } from "pino";`,
  })),
  ...inner
    .filter(([, ring]) => !ring.io)
    .map(([folder]) => ({
      rule: `no-io-in-${folder}`,
      file: `src/${folder}/reads-a-file.ts`,
      text: `export { readFile } from "node:fs/promises";`,
    })),
  {
    rule: "no-circular",
    file: "src/vault/back.ts",
    text: `export { there } from "./there.ts"; export const back = 1;`,
  },
  { rule: "every-folder-has-a-ring", file: "src/helpers/dump.ts", text: `export { target } from "../lib/target.ts";` },
  {
    rule: "core-knows-only-core",
    file: "src/engine/knows-an-action.ts",
    text: `import type { Target } from "../actions/target.ts"; export type Mine = Target;`,
  },
  {
    rule: "no-io-in-engine",
    file: "src/engine/knows-a-socket.ts",
    text: `import type { Socket } from "node:net"; export type Mine = Socket;`,
  },
  {
    rule: "packages-of-runbook",
    file: "src/runbook/evaluates.ts",
    text: `export { evaluate } from "@marcbachmann/cel-js";`,
  },
  {
    rule: "actions-stand-alone",
    file: "src/actions/kubernetes/one.ts",
    text: `export { two } from "./two.ts";`,
  },
  { rule: "actions-stand-alone", file: "src/actions/vault/one.ts", text: `export { two } from "./two.ts";` },
  { rule: "collectors-stand-alone", file: "src/exporter/collectors/one.ts", text: `export { two } from "./two.ts";` },
  {
    rule: "sandbox-stays-in-the-sandbox",
    file: "src/vault/simulates.ts",
    text: `import type { Target } from "../sandbox/target.ts"; export type Mine = Target;`,
  },
  {
    rule: "app-is-outermost",
    file: "src/web/knows-the-app.ts",
    text: `import type { Target } from "../app/target.ts"; export type Mine = Target;`,
  },
  { rule: "no-test-code", file: "src/app/tests.ts", text: `export { target } from "../../test/target.ts";` },
  { rule: "sqlite-in-store", file: "src/store/elsewhere.ts", text: `export { DatabaseSync } from "node:sqlite";` },
  { rule: "sqlite-in-store", file: "src/app/opens.ts", text: `export { DatabaseSync } from "node:sqlite";` },
  { rule: "drivers-stay-home", file: "src/app/speaks-slack.ts", text: `export { App } from "@slack/bolt";` },
  { rule: "drivers-stay-home", file: "src/main.ts", text: `export { Registry } from "prom-client";` },
  { rule: "no-dev-packages", file: "src/app/tests-itself.ts", text: `export { assert } from "fast-check";` },
  { rule: "resolvable", file: "src/lib/leads-nowhere.ts", text: `export { nothing } from "./nothing.ts";` },
];

/** What the rings allow; each of these must pass. */
const permitted: Readonly<Record<string, string>> = {
  "src/engine/reads-the-core.ts": `export { target } from "../lib/target.ts"; import type { Target } from "../runbook/target.ts"; export type Mine = Target;`,
  "src/expression/evaluates.ts": `export { evaluate } from "@marcbachmann/cel-js";`,
  "src/document/parses.ts": `export { parseDocument } from "yaml"; export { z } from "zod";`,
  "src/actions/knows-the-cluster.ts": `import type { Target } from "../vault/target.ts"; export type Mine = Target;`,
  "src/exporter/knows-the-cluster.ts": `import type { Target } from "../vault/target.ts"; export type Mine = Target;`,
  "src/store/sqlite/opens.ts": `export { DatabaseSync } from "node:sqlite";`,
  "src/slack/listens.ts": `export { App } from "@slack/bolt";`,
  "src/vault/dials.ts": `export { connect } from "node:tls"; export { request } from "undici";`,
  "src/app/wires.ts": `export { target as a } from "../slack/target.ts"; export { target as b } from "../store/target.ts"; export { pino } from "pino";`,
  "src/cli/demo.ts": `export { target } from "../sandbox/target.ts";`,
};

/** Files that the plants lead to. */
const targets = [
  ...folders.map(([folder]) => `src/${folder}/target.ts`),
  "src/actions/kubernetes/two.ts",
  "src/actions/vault/two.ts",
  "src/exporter/collectors/two.ts",
  "test/target.ts",
];

async function cruise(cwd: string): Promise<Cruise["summary"]> {
  const { stdout, stderr } = await runTool(cwd, CRUISER, ["src", "--output-type", "json"]);
  if (stdout === "") throw new Error(`dependency-cruiser said nothing: ${stderr}`);
  return (JSON.parse(stdout) as Cruise).summary;
}

describe("the import rules on planted violations", () => {
  let broken: readonly { readonly file: string; readonly rule: string }[] = [];

  beforeAll(async () => {
    await using tree = await plantTree({
      ...Object.fromEntries(
        targets.map((file) => [file, "export const target = 1; export const two = 2; export type Target = number;"]),
      ),
      "src/vault/there.ts": `export { back } from "./back.ts"; export const there = 1;`,
      ...permitted,
      ...Object.fromEntries(plants.map(({ file, text }) => [file, text])),
    });
    const { violations } = await cruise(tree.path);
    broken = violations.map(({ from, rule }) => ({ file: from, rule: rule.name }));
  });

  it.each(plants)("$rule bites in $file", ({ file, rule }) => {
    expect(broken).toContainEqual({ file, rule });
  });

  it.each(Object.keys(permitted).map((file) => ({ file })))("nothing bites in $file", ({ file }) => {
    expect(broken.filter((violation) => violation.file === file)).toEqual([]);
  });

  it("has a plant for every rule", () => {
    const rules = config.forbidden.map(({ name }) => name);

    expect(rules.filter((name) => !plants.some(({ rule }) => rule === name))).toEqual([]);
  });
});

describe("the import rules on the program", () => {
  it("were really tried: with only TypeScript 7 installed the tool reports success over 0 modules", async () => {
    const { totalCruised, violations } = await cruise(root);

    expect(violations.map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
    expect(totalCruised).toBeGreaterThan(50);
  });

  it("know every folder of src, and no other", async () => {
    const entries = await readdir(join(root, "src"), { withFileTypes: true });
    const present = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);

    expect([...present].sort()).toEqual(Object.keys(rings).sort());
  });
});
