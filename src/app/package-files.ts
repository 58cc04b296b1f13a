import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The folder that holds `package.json`, `runbooks/` and `alerts/`. */
export const packageRoot = join(import.meta.dirname, "..", "..");

/** The runbooks that sealwatch ships. */
export const builtinRunbooks = join(packageRoot, "runbooks");

/** The version in `package.json`. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string };
  return version;
}

/** The revision of the source, from a file `REVISION` that whoever builds an image may put there; empty when there is none. */
export function packageRevision(): string {
  try {
    return readFileSync(join(packageRoot, "REVISION"), "utf8").trim();
  } catch {
    return "";
  }
}
