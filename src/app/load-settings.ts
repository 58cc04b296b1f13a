import { loadGoodCatalog, type Runbooks } from "../catalog/current.ts";
import { loadConfig } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import type { Finding } from "../lib/finding.ts";
import { declarations } from "./core.ts";
import { builtinRunbooks } from "./package-files.ts";

/** Settings is what the program runs with: the configuration and the runbooks, both good as a whole. */
export type Settings = { readonly file: string; readonly config: Config; readonly runbooks: Runbooks };

/** Good settings, with warnings that do not stop anything, or everything that is wrong. */
export type SettingsLoading =
  | { readonly ok: true; readonly settings: Settings; readonly warnings: readonly Finding[] }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Loads the configuration file and then the runbooks it names. */
export async function loadSettings(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<SettingsLoading> {
  const loading = await loadConfig({ file, env });
  if (!loading.ok) return loading;
  const catalog = await loadGoodCatalog(catalogSource(loading.config));
  if (!catalog.ok) return catalog;
  return { ok: true, settings: { file, config: loading.config, runbooks: catalog.value }, warnings: loading.warnings };
}

/** Where a configuration's runbooks are, and which groups their gates may ask for. */
export function catalogSource(config: Config): {
  readonly directory: string;
  readonly declarations: typeof declarations;
  readonly groups: readonly string[];
} {
  return { directory: config.runbooks.directory ?? builtinRunbooks, declarations, groups: groupsOf(config) };
}

/** The names of a configuration's groups. */
export function groupsOf({ access }: Config): readonly string[] {
  return access.groups.map(({ name }) => name);
}
