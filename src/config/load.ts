import { readDocument, sortFindings } from "../document/read-document.ts";
import { errorCode, unreadableFile } from "../document/unreadable.ts";
import type { Finding } from "../lib/finding.ts";
import { checkAccess } from "./check-access.ts";
import { checkChoices } from "./check-choices.ts";
import { checkFiles } from "./check-files.ts";
import { checkNames } from "./check-names.ts";
import { checkSlack } from "./check-slack.ts";
import { diskReaders, type ConfigReaders } from "./readers.ts";
import { Config } from "./schema.ts";
import { DEFAULT_CONFIG_FILE } from "./default-file.ts";
import { configFromEnvironment, withEnvironment } from "./environment.ts";
import type { ConfigProblem } from "./problem.ts";
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

/**
 * Loads and judges the configuration file: form, names, and the files and variables that it names. What it leaves out of its only cluster
 * comes from `BAO_*` and `VAULT_*`; so does the whole cluster when there is no file of the default name. Never throws.
 */
export async function loadConfig({ file, env, readers = diskReaders }: ConfigSource): Promise<ConfigLoading> {
  const text = await readers.readText(file).catch((error: unknown) => error);
  if (typeof text !== "string") return await loadWithoutFile({ file, env, readers }, text);
  const reading = readDocument({ file, text, schema: Config, choose: chooseSecretSource });
  if (!reading.ok) return reading;
  const { config, problems } = withEnvironment(reading.value, env);
  return judged(config, [...problems, ...(await judge(config, { env, readers }))], ({ path, on, rule, message }) => ({
    file,
    ...reading.positions.at(path, { on: on ?? "value" }),
    rule,
    message,
  }));
}

async function loadWithoutFile({ file, env, readers }: Required<ConfigSource>, why: unknown): Promise<ConfigLoading> {
  const fallback = file === DEFAULT_CONFIG_FILE && errorCode(why) === "ENOENT";
  const found = fallback ? configFromEnvironment(env) : undefined;
  if (found === undefined) {
    const advice = fallback
      ? "; name another with --config, or a server in VAULT_ADDR"
      : "; name another with --config";
    return { ok: false, findings: [unreadableFile(file, why, advice)] };
  }
  if (found.findings.length > 0) return { ok: false, findings: found.findings };
  const place = { file: "environment", line: 1, column: 1 };
  return judged(found.config, await judge(found.config, { env, readers }), ({ path, rule, message }) => ({
    ...place,
    rule,
    message: `${path.slice(2).map(String).join(".")}: ${message}`,
  }));
}

type World = Required<Pick<ConfigSource, "env" | "readers">>;

async function judge(config: Config, world: World): Promise<readonly ConfigProblem[]> {
  return [
    ...checkNames(config),
    ...checkChoices(config),
    ...checkAccess(config),
    ...checkSlack(config),
    ...(await checkFiles(config, world)),
  ];
}

function judged(
  config: Config,
  problems: readonly ConfigProblem[],
  findingOf: (problem: ConfigProblem) => Finding,
): ConfigLoading {
  const of = (wanted: ConfigProblem["severity"]) =>
    sortFindings(problems.filter(({ severity }) => severity === wanted).map(findingOf));
  const findings = of("error");
  return findings.length > 0 ? { ok: false, findings } : { ok: true, config, warnings: of("warning") };
}
