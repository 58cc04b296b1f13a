import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";

/** Where the rules and their tests are. */
export const ALERTS = fileURLToPath(new URL("../../alerts/", import.meta.url));

/** The subjects of the folder, each with `<subject>.rules.yaml` and `<subject>.test.yaml`. */
export const SUBJECTS = (await readdir(ALERTS))
  .filter((name) => name.endsWith(".rules.yaml"))
  .map((name) => name.replace(".rules.yaml", ""));

const Rule = z.strictObject({
  alert: z.string(),
  expr: z.string(),
  for: z.string(),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
});
const Rules = z.strictObject({ groups: z.array(z.strictObject({ name: z.string(), rules: z.array(Rule) })) });
const Tests = z.object({ rule_files: z.array(z.string()), tests: z.array(z.object({ name: z.string() })) });

/** One alert rule, as Prometheus reads it. */
export type AlertRule = z.infer<typeof Rule>;

/** Reads every alert rule of a subject. */
export async function readRules(subject: string): Promise<readonly AlertRule[]> {
  return Rules.parse(await readYaml(`${subject}.rules.yaml`)).groups.flatMap(({ rules }) => rules);
}

/** Reads the names of a subject's promtool cases, and which rules they load. */
export async function readTests(subject: string): Promise<z.infer<typeof Tests>> {
  return Tests.parse(await readYaml(`${subject}.test.yaml`));
}

async function readYaml(name: string): Promise<unknown> {
  return parse(await readFile(ALERTS + name, "utf8"));
}
