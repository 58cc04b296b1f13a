import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "@jest/globals";

/** Gives a function that makes paths in new directories, which are removed after each test. */
export function temporaryFiles(): (name?: string) => string {
  const directories: string[] = [];
  afterEach(() => {
    for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
  });
  return (name = "sealwatch.db") => {
    const directory = mkdtempSync(join(tmpdir(), "sealwatch-store-"));
    directories.push(directory);
    return join(directory, name);
  };
}
