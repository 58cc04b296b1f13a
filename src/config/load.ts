import { readDocument, sortFindings } from "../document/read-document.ts";
import { unreadableFile } from "../document/unreadable.ts";
import type { Finding } from "../lib/finding.ts";
import { checkChoices } from "./check-choices.ts";
import { checkFiles } from "./check-files.ts";
import { checkNames } from "./check-names.ts";
import { diskReaders, type ConfigReaders } from "./readers.ts";
import { Config } from "./schema.ts";
import { chooseSecretSource } from "./secret-source.ts";

/** Where the configuration is. `env` is the environment, which only this folder reads. The readers default to the disk. */
export type ConfigSource = {
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readers?: ConfigReaders;
};

/**
 * A configuration with warnings (things that may come later: a backup directory not mounted yet, a cluster's token that its
 * sidecar has not written because the cluster is sealed), or everything that is wrong with it.
 */
export type ConfigLoading =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly Finding[] }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Loads and judges the configuration file: form, names, and the files and variables that it names. Never throws. */
export async function loadConfig({ file, env, readers = diskReaders }: ConfigSource): Promise<ConfigLoading> {
  const text = await readers.readText(file).catch((error: unknown) => error);
  if (typeof text !== "string")
    return { ok: false, findings: [unreadableFile(file, text, "; name another with --config")] };
  const reading = readDocument({ file, text, schema: Config, choose: chooseSecretSource });
  if (!reading.ok) return reading;
  const config = reading.value;
  const problems = [...checkNames(config), ...checkChoices(config), ...(await checkFiles(config, { env, readers }))];
  const found = problems.map(({ path, on, rule, message, severity }) => ({
    severity,
    finding: { file, ...reading.positions.at(path, { on: on ?? "value" }), rule, message },
  }));
  const of = (wanted: "error" | "warning") =>
    sortFindings(found.filter(({ severity }) => severity === wanted).map(({ finding }) => finding));
  const findings = of("error");
  return findings.length > 0 ? { ok: false, findings } : { ok: true, config, warnings: of("warning") };
}
