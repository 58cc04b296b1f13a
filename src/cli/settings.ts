import { loadSettings, type Settings } from "../app/load-settings.ts";
import type { Io } from "./io.ts";
import { reportFindings } from "./report.ts";

/** Environment as the subcommands get it. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Loads the settings for a subcommand and prints what is wrong; undefined when they are not good. */
export async function settingsFor(io: Io, file: string, env: Env): Promise<Settings | undefined> {
  const loading = await loadSettings(file, env);
  if (!loading.ok) {
    reportFindings(io, loading.findings, false);
    return undefined;
  }
  reportFindings(io, loading.warnings, false);
  return loading.settings;
}
