import { beforeAll, describe, expect, it } from "@jest/globals";
import { plantTree } from "./planted-tree.ts";

const LINTER = ".bin/oxlint";

type Lint = {
  readonly diagnostics: readonly { readonly code: string; readonly filename: string; readonly message: string }[];
};

/** A file in the tree and the rule that it breaks. */
type Plant = { readonly name: string; readonly rule: string; readonly file: string; readonly text: string };

const lines = (count: number) =>
  Array.from({ length: count }, (_, index) => `export const line${index} = ${index};`).join("\n");
const long = `export function long(): number {\n${"  void 0;\n".repeat(61)}  return 1;\n}\n`;
const branchy = `export function branchy(a: number): number {\n${Array.from({ length: 14 }, (_, index) => `  if (a === ${index}) return ${index + 1};`).join("\n")}\n  return 0;\n}\n`;
const deep = `export function deep(a: number): number {\n  if (a > 1) {\n    if (a > 2) {\n      if (a > 3) {\n        if (a > 4) {\n          return 1;\n        }\n      }\n    }\n  }\n  return 0;\n}\n`;

const DECIDERS = ["lib", "expression", "document", "runbook", "access", "engine", "actions", "runner"];
const GLOBALS = [
  { global: "Date", text: "export const at = new Date(0);" },
  { global: "fetch", text: `export const answer = async (): Promise<Response> => await fetch("http://127.0.0.1/");` },
  { global: "setTimeout", text: "export const timer = setTimeout(() => {}, 1);" },
  { global: "setInterval", text: "export const timer = setInterval(() => {}, 1);" },
  { global: "process", text: "export const pid = process.pid;" },
];

const plants: readonly Plant[] = [
  ...DECIDERS.flatMap((folder) =>
    GLOBALS.map(({ global, text }) => ({
      name: `${global} in src/${folder}`,
      rule: "eslint(no-restricted-globals)",
      file: `src/${folder}/uses-${global.toLowerCase()}.ts`,
      text,
    })),
  ),
  {
    name: "Date.now() at an edge",
    rule: "eslint(no-restricted-properties)",
    file: "src/vault/now.ts",
    text: "export const now = Date.now();",
  },
  {
    name: "Math.random() in the core",
    rule: "eslint(no-restricted-properties)",
    file: "src/engine/chance.ts",
    text: "export const chance = Math.random();",
  },
  {
    name: "the environment outside src/config",
    rule: "node(no-process-env)",
    file: "src/vault/environment.ts",
    text: `export const address = process.env["VAULT_ADDR"];`,
  },
  {
    name: "console outside src/cli",
    rule: "eslint(no-console)",
    file: "src/web/prints.ts",
    text: `console.log("hello");`,
  },
  {
    name: "a default export",
    rule: "import(no-default-export)",
    file: "src/web/default.ts",
    text: "export default 1;",
  },
  { name: "a file of 301 lines", rule: "eslint(max-lines)", file: "src/web/long-file.ts", text: lines(301) },
  {
    name: "a function of more than 60 lines",
    rule: "eslint(max-lines-per-function)",
    file: "src/web/long-function.ts",
    text: long,
  },
  {
    name: "five parameters",
    rule: "eslint(max-params)",
    file: "src/web/many.ts",
    text: "export const many = (a: number, b: number, c: number, d: number, e: number): number => a + b + c + d + e;",
  },
  { name: "four levels of nesting", rule: "eslint(max-depth)", file: "src/web/deep.ts", text: deep },
  { name: "fifteen branches", rule: "eslint(complexity)", file: "src/web/branchy.ts", text: branchy },
  {
    name: "an import without its ending",
    rule: "import(extensions)",
    file: "src/web/ending.ts",
    text: `export { line0 } from "./long-file";`,
  },
  {
    name: "a cycle",
    rule: "import(no-cycle)",
    file: "src/web/there.ts",
    text: `export { back } from "./back.ts"; export const there = 1;`,
  },
  {
    name: "a file name in capitals",
    rule: "unicorn(filename-case)",
    file: "src/web/RunPage.ts",
    text: "export const page = 1;",
  },
  {
    name: "a parameter property",
    rule: "typescript(parameter-properties)",
    file: "src/web/property.ts",
    text: "export class Held { constructor(readonly value: number) {} }",
  },
  { name: "any", rule: "typescript(no-explicit-any)", file: "src/web/any.ts", text: "export const held: any = 1;" },
  {
    name: "a non-null assertion",
    rule: "typescript(no-non-null-assertion)",
    file: "src/web/surely.ts",
    text: "export const first = (list: string[]): string => list[0]!;",
  },
  {
    name: "a type imported as a value",
    rule: "typescript(consistent-type-imports)",
    file: "src/web/type.ts",
    text: `import { Shape } from "./shape.ts"; export const shape: Shape = "sealed";`,
  },
  {
    name: "a thrown string",
    rule: "typescript(only-throw-error)",
    file: "src/web/throws.ts",
    text: `export function fail(): never { throw "no"; }`,
  },
  {
    name: "a promise that nobody waits for",
    rule: "typescript(no-floating-promises)",
    file: "src/web/floats.ts",
    text: "export function start(): void { Promise.resolve(1); }",
  },
  {
    name: "a promise where nobody waits for one",
    rule: "typescript(no-misused-promises)",
    file: "src/web/misused.ts",
    text: "export function start(): void { [1].forEach(async (one) => { await Promise.resolve(one); }); }",
  },
  {
    name: "a forgotten case of a union",
    rule: "typescript(switch-exhaustiveness-check)",
    file: "src/web/forgets.ts",
    text: `import type { Shape } from "./shape.ts"; export function say(shape: Shape): string { switch (shape) { case "sealed": return "s"; } return ""; }`,
  },
];

/** Where a rule does not hold, because somebody must do it. */
const permitted: Readonly<Record<string, string>> = {
  "src/app/system.ts": `export const system = { now: () => Date.now(), chance: () => Math.random() };`,
  "src/main.ts": "export const given = process.env;",
  "src/cli/print.ts": `console.log("hello");`,
  "src/config/environment.ts": `export const address = process.env["SEALWATCH_LISTEN"];`,
  "test/web/deep.test.ts": lines(301),
  "src/vault/waits.ts": "export const wait = (done: () => void): NodeJS.Timeout => setTimeout(done, 1);",
};

describe("the house rules on planted violations", () => {
  let found: readonly { readonly file: string; readonly rule: string }[] = [];

  beforeAll(async () => {
    await using tree = await plantTree({
      "src/web/shape.ts": `export type Shape = "sealed" | "open";`,
      "src/web/back.ts": `export { there } from "./there.ts"; export const back = 1;`,
      ...permitted,
      ...Object.fromEntries(plants.map(({ file, text }) => [file, text])),
    });
    const { stdout, stderr } = await tree.run(LINTER, ["--format", "json"]);
    if (!stdout.includes("{")) throw new Error(`oxlint said no JSON: ${stdout}${stderr}`);
    const { diagnostics } = JSON.parse(stdout.slice(stdout.indexOf("{"))) as Lint;
    found = diagnostics.map(({ code, filename }) => ({ file: filename, rule: code }));
  });

  it.each(plants)("$name is refused by $rule", ({ file, rule }) => {
    expect(found).toContainEqual({ file, rule });
  });

  it.each(Object.keys(permitted).map((file) => ({ file })))("$file may do what others may not", ({ file }) => {
    expect(found.filter((diagnostic) => diagnostic.file === file)).toEqual([]);
  });
});
