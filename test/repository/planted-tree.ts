import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The repository's root: Jest runs there. */
export const root = process.cwd();

/** PlantedTree is a small copy of the repository's set-up with files of a test's own, in a temporary folder. */
export type PlantedTree = AsyncDisposable & {
  readonly path: string;
  /** Runs a tool of node_modules (for instance `.bin/oxlint`) in the tree with this very Node; a tool that finds faults exits with 1. */
  readonly run: (tool: string, args: readonly string[]) => Promise<ToolAnswer>;
};

/** What a tool said. */
export type ToolAnswer = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

const SET_UP = ["package.json", "tsconfig.json", ".dependency-cruiser.js", ".oxlintrc.json"];

/** Plants files (path in the tree → text) beside the repository's own rules and packages. */
export async function plantTree(files: Readonly<Record<string, string>>): Promise<PlantedTree> {
  const path = await mkdtemp(join(tmpdir(), "sealwatch-planted-"));
  await Promise.all(SET_UP.map((name) => cp(join(root, name), join(path, name))));
  await symlink(join(root, "node_modules"), join(path, "node_modules"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return {
    path,
    run: (tool, args) => runTool(path, tool, args),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/** Runs a tool of node_modules in a folder. */
export async function runTool(cwd: string, tool: string, args: readonly string[]): Promise<ToolAnswer> {
  return await new Promise((resolve) => {
    const command = [join(root, "node_modules", tool), ...args];
    execFile(process.execPath, command, { cwd, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}
