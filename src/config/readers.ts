import { constants } from "node:fs";
import { access, readFile, stat } from "node:fs/promises";

/** How the configuration's files are read; tests give their own. */
export type ConfigReaders = {
  readonly readText: (file: string) => Promise<string>;
  readonly isDirectory: (path: string) => Promise<boolean>;
  /** A file that we may run. */
  readonly isProgram: (path: string) => Promise<boolean>;
};

/** Reads from the disk. */
export const diskReaders: ConfigReaders = {
  readText: async (file) => await readFile(file, "utf8"),
  isDirectory: async (path) =>
    await stat(path).then(
      (held) => held.isDirectory(),
      () => false,
    ),
  isProgram: async (path) =>
    await Promise.all([stat(path), access(path, constants.X_OK)]).then(
      ([held]) => held.isFile(),
      () => false,
    ),
};
