import { access, readdir } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { allFiles, readText } from "./files.ts";
import { root } from "./planted-tree.ts";

type Ring = {
  readonly imports: "all" | readonly string[];
  readonly packages: "all" | readonly string[];
  readonly io: boolean;
};

/** One row of a Markdown table, its cells without backquotes. */
const cells = (row: string): readonly string[] =>
  row
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.replaceAll("`", "").trim());

/** Takes code out of a Markdown text: what stands there is no link and no heading. */
const prose = (markdown: string): string =>
  markdown.replaceAll(/^```[\s\S]*?^```$/gmu, "").replaceAll(/`[^`\n]*`/gu, "");

/** The anchors that a Markdown text offers, by GitHub's rule. */
const anchors = (markdown: string): readonly string[] =>
  [...markdown.replaceAll(/^```[\s\S]*?^```$/gmu, "").matchAll(/^#+ (?<heading>.+)$/gmu)].map(({ groups }) =>
    (groups?.["heading"] ?? "")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

async function exists(path: string): Promise<boolean> {
  return await access(join(root, path)).then(
    () => true,
    () => false,
  );
}

describe("the documents", () => {
  let documents: readonly { readonly path: string; readonly text: string }[] = [];

  beforeAll(async () => {
    const paths = (await allFiles()).filter((path) => path.endsWith(".md"));
    documents = await Promise.all(paths.map(async (path) => ({ path, text: (await readText(path)) ?? "" })));
  });

  it("have links that lead somewhere", async () => {
    const links = documents.flatMap(({ path, text }) =>
      [...prose(text).matchAll(/\]\((?<target>[^)\s]+)\)/gu)].map(({ groups }) => ({
        path,
        target: groups?.["target"] ?? "",
      })),
    );
    const relative = links.filter(({ target }) => !/^[a-z]+:/u.test(target));
    const broken: string[] = [];
    for (const { path, target } of relative) {
      const [file = "", anchor] = target.split("#");
      const led = file === "" ? path : normalize(join(dirname(path), file));
      const text = documents.find((document) => document.path === led)?.text;
      if (!(await exists(led))) broken.push(`${path}: ${target}`);
      else if (anchor !== undefined && text !== undefined && !anchors(text).includes(anchor))
        broken.push(`${path}: ${target}`);
    }

    expect(relative.length).toBeGreaterThan(0);
    expect(broken).toEqual([]);
  });

  it("name only files of the repository that are there", async () => {
    const named = documents
      .filter(({ path }) => path !== "CHANGELOG.md")
      .flatMap(({ path, text }) =>
        [...text.matchAll(/`(?<file>(?:src|test|alerts|runbooks|helm|docs)\/[\w./-]+)`/gu)].map(({ groups }) => ({
          path,
          file: groups?.["file"] ?? "",
        })),
      );
    const missing: string[] = [];
    for (const { path, file } of named) if (!(await exists(file))) missing.push(`${path}: ${file}`);

    expect(named.length).toBeGreaterThan(20);
    expect(missing).toEqual([]);
  });

  it("name only npm scripts that package.json has", async () => {
    const { scripts } = JSON.parse((await readText("package.json")) ?? "") as {
      scripts: Readonly<Record<string, string>>;
    };
    const named = documents.flatMap(({ path, text }) =>
      [...text.matchAll(/npm run (?<script>[\w:-]+)/gu)].map(({ groups }) => ({
        path,
        script: groups?.["script"] ?? "",
      })),
    );

    expect(named.filter(({ script }) => scripts[script] === undefined)).toEqual([]);
  });
});

describe("ARCHITECTURE.md", () => {
  let text = "";

  beforeAll(async () => {
    text = (await readText("ARCHITECTURE.md")) ?? "";
  });

  it("has a line for every folder of src, and for no other", async () => {
    const entries = await readdir(join(root, "src"), { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const lines = [...text.matchAll(/^- `src\/(?<folder>[\w-]+)\/`/gmu)].map(({ groups }) => groups?.["folder"] ?? "");

    expect([...lines].sort()).toEqual([...folders].sort());
  });

  it("shows the import rings as the tool has them", async () => {
    const { rings } = (await import(join(root, ".dependency-cruiser.js"))) as { rings: Readonly<Record<string, Ring>> };
    const said = (list: "all" | readonly string[]) => (list === "all" ? "everything" : list.join(", ") || "-");
    const rows = text.split("\n").filter((line) => /^\| `[\w-]+` +\|/u.test(line));

    expect(rows.map(cells)).toEqual(
      Object.entries(rings).map(([folder, { imports, packages, io }]) => [
        folder,
        said(imports),
        said(packages),
        io ? "yes" : "no",
      ]),
    );
  });
});

describe("CHANGELOG.md", () => {
  it("has a section for the version of package.json", async () => {
    const { version } = JSON.parse((await readText("package.json")) ?? "") as { version: string };

    expect(await readText("CHANGELOG.md")).toMatch(new RegExp(`^## ${version.replaceAll(".", "[.]")} / `, "mu"));
  });

  it("marks each change with its kind", async () => {
    const entries = ((await readText("CHANGELOG.md")) ?? "").split("\n").filter((line) => line.startsWith("- "));

    expect(entries.length).toBeGreaterThan(5);
    expect(entries.filter((line) => !/^- \[(?:CHANGE|FEATURE|ENHANCEMENT|BUGFIX)\] [^:]+: \S/u.test(line))).toEqual([]);
  });
});
