import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./planted-tree.ts";

/** What is on this machine only: .gitignore's folders, and git's own. */
const LOCAL = new Set([".git", "node_modules", ".cache", "coverage"]);
const DATABASE = /[.]db(?:-shm|-wal)?$/u;

/** Lists the names at the repository's top that belong to it. */
export async function topLevel(): Promise<readonly string[]> {
  const names = await readdir(root);
  return names.filter((name) => !LOCAL.has(name) && !DATABASE.test(name));
}

/** Lists every file of the repository by its path from the root. */
export async function allFiles(): Promise<readonly string[]> {
  const lists = await Promise.all((await topLevel()).map(listBelow));
  return lists.flat();
}

async function listBelow(path: string): Promise<readonly string[]> {
  try {
    const names = await readdir(join(root, path));
    const lists = await Promise.all(names.map((name) => listBelow(`${path}/${name}`)));
    return lists.flat();
  } catch {
    return [path];
  }
}

/** Reads a file of the repository as text; undefined for what is no text. */
export async function readText(path: string): Promise<string | undefined> {
  const text = await readFile(join(root, path), "utf8");
  return text.includes("\0") ? undefined : text;
}
