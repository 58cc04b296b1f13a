import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { root } from "./planted-tree.ts";

/** A chart reads only files below itself, so it holds copies. To refresh them: npm run generate. */
const COPIES = [
  { folder: "alerts", ending: ".rules.yaml" },
  { folder: "runbooks", ending: ".yaml" },
];

async function read(folder: string, ending: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(join(root, folder)))
    .filter((name) => name.endsWith(ending) && !name.endsWith(".test.yaml"))
    .sort();
  const texts = names.map(async (name) => [name, await readFile(join(root, folder, name), "base64")] as const);
  return new Map(await Promise.all(texts));
}

describe("the chart's copies", () => {
  it.each(COPIES)(
    "of $folder are the originals, byte for byte (refresh: npm run generate)",
    async ({ folder, ending }) => {
      const originals = await read(folder, ending);
      const copies = await read(`helm/sealwatch/files/${folder}`, "");

      expect(originals.size).toBeGreaterThan(0);
      expect([...copies.keys()]).toEqual([...originals.keys()]);
      expect([...originals].filter(([name, bytes]) => copies.get(name) !== bytes).map(([name]) => name)).toEqual([]);
    },
  );
});
