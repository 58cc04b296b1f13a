import { homedir } from "node:os";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { allFiles, readText, topLevel } from "./files.ts";
import { root } from "./planted-tree.ts";

/** The top level holds the product, and beside it only what a tool looks for there. */
const EXPECTED = {
  product: ["README.md", "alerts", "docs", "helm", "package.json", "runbooks", "src", "test", "tsconfig.json"],
  people: ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "SECURITY.md"],
  tools: [
    ".ci",
    ".dependency-cruiser.js",
    ".dockerignore",
    ".gitignore",
    ".npmrc",
    ".oxlintrc.json",
    ".prettierignore",
    ".prettierrc.json",
    "Dockerfile",
    "jest.config.js",
    "knip.jsonc",
    "package-lock.json",
    "stryker.config.js",
  ],
};

/** Somebody's home, wherever: a file that names it works on one machine. */
const MACHINE_PATH = /(?<![\w.~-])\/(?:home|Users|root)\/[\w.-]+/u;
const REGISTRY =
  /\b(?:registry[.](?:npmjs|yarnpkg|npmmirror)[.]\w+|(?:ghcr|quay|docker|gcr)[.]io|pkg[.]dev|jfrog|artifactory|pypi[.]org|proxy[.]golang[.]org)\b/u;
/** This file has to name what it looks for. */
const SELF = "test/repository/repository.test.ts";

const here = [root, homedir()].filter((path) => path.split("/").length > 2);

describe("the repository", () => {
  let texts: readonly { readonly path: string; readonly text: string }[] = [];

  beforeAll(async () => {
    const read = (await allFiles()).map(async (path) => ({ path, text: await readText(path) }));
    texts = (await Promise.all(read)).flatMap(({ path, text }) => (text === undefined ? [] : [{ path, text }]));
  });

  /** Says which files have something, and what: "path: what". */
  function having(find: (text: string) => string | undefined): readonly string[] {
    return texts.flatMap(({ path, text }) => {
      const found = path === SELF ? undefined : find(text);
      return found === undefined ? [] : [`${path}: ${found}`];
    });
  }

  it("holds at its top only what belongs there", async () => {
    const expected = Object.values(EXPECTED).flat();

    expect((await topLevel()).filter((name) => !expected.includes(name))).toEqual([]);
  });

  it("was read whole by these tests", () => {
    expect(texts.map(({ path }) => path)).toEqual(expect.arrayContaining(["package.json", "src/lib/clock.ts", SELF]));
  });

  it("names no path of anybody's machine", () => {
    expect(having((text) => MACHINE_PATH.exec(text)?.[0] ?? here.find((path) => text.includes(path)))).toEqual([]);
  });

  it("names no registry, so that everybody's own is used", () => {
    expect(having((text) => REGISTRY.exec(text)?.[0])).toEqual([]);
  });

  it("locks packages by content and not by the place where somebody got them", async () => {
    const lock = JSON.parse((await readText("package-lock.json")) ?? "") as {
      packages: Readonly<Record<string, { resolved?: string; integrity?: string; link?: boolean }>>;
    };
    const entries = Object.entries(lock.packages).filter(([path]) => path !== "");

    expect(entries.length).toBeGreaterThan(100);
    expect(entries.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
  });

  it("has no test that is the only one to run", () => {
    expect(having((text) => /\b(?:describe|it|test)[.]only\b/u.exec(text)?.[0])).toEqual([]);
  });

  it("ends every text with one line break", () => {
    expect(having((text) => (text === "" || /[^\n]\n$/u.test(text) ? undefined : "its end"))).toEqual([]);
  });
});
