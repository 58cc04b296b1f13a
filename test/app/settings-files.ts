import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { packageRoot } from "../../src/app/package-files.ts";
import { loadSettings, type Settings } from "../../src/app/load-settings.ts";

/** A configuration with runbooks of its own, on the disk, that a test may change. */
export type SettingsFiles = {
  readonly file: string;
  readonly runbook: string;
  /** Loads the settings; throws when they are not good. */
  readonly load: () => Promise<Settings>;
  /** Changes parts of the configuration. */
  readonly change: (parts: object) => Promise<void>;
};

/** Writes a configuration of one cluster of which nobody answers, and copies of the shipped runbooks. */
export async function writeSettings(directory: string, parts: object = {}): Promise<SettingsFiles> {
  const file = join(directory, "sealwatch.yaml");
  const runbooks = join(directory, "runbooks");
  await mkdir(runbooks, { recursive: true });
  await cp(join(packageRoot, "runbooks"), runbooks, { recursive: true });
  const base = {
    listen: "127.0.0.1:0",
    store: { path: join(directory, "sealwatch.db") },
    runbooks: { directory: runbooks },
    // Port 1 is closed: what asks it is refused at once.
    clusters: [{ name: "prod", nodes: [{ name: "vault-0", address: "http://127.0.0.1:1" }] }],
    access: { people: [{ name: "bob", role: "approver", slack: "U0BOB" }] },
  };
  await writeFile(file, stringify({ ...base, ...parts }));
  return {
    file,
    runbook: join(runbooks, "sealed-node.yaml"),
    load: async () => {
      const loading = await loadSettings(file, {});
      if (!loading.ok) throw new Error(loading.findings.map(({ message }) => message).join("\n"));
      return loading.settings;
    },
    change: async (changed) =>
      await writeFile(file, stringify({ ...(parse(await readFile(file, "utf8")) as object), ...changed })),
  };
}
