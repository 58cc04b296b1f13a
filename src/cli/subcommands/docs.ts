import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { actions, checks } from "../../actions/registry.ts";
import { policyFor } from "../../actions/policy.ts";
import { declarations } from "../../app/core.ts";
import { builtinRunbooks, packageRoot } from "../../app/package-files.ts";
import { loadCatalog } from "../../catalog/load.ts";
import { DEFAULT_COLLECTORS } from "../../config/sections/exporter.ts";
import { configJsonSchema } from "../../config/json-schema.ts";
import { actionsPage } from "../../docgen/actions-page.ts";
import { configurationPage } from "../../docgen/configuration-page.ts";
import { metricsPage } from "../../docgen/metrics-page.ts";
import { runbooksPage } from "../../docgen/runbooks-page.ts";
import { createCollectors } from "../../exporter/registry.ts";
import { mergePolicy, renderPolicy } from "../../lib/vault-policy.ts";
import { runbookJsonSchema } from "../../runbook/json-schema.ts";
import { EXIT, type Io } from "../io.ts";
import { mintingCommands, mintingFor } from "../policy/minting.ts";
import { operatorPolicy } from "../policy/operator-policy.ts";
import { operatorSetups } from "../policy/operator-setups.ts";
import { runbookTestJsonSchema } from "../rehearsal/test-file.ts";
import { readDrillRecords, shownRunbook } from "./drill-records.ts";
import { metricsSections } from "./metrics-sections.ts";
import { manifestFiles } from "./slack-manifest.ts";

/** Gives every generated file, by its path below the repository. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const collectors = createCollectors({ backups: [] });
  const byDefault = createCollectors({ backups: [], enabled: DEFAULT_COLLECTORS });
  const { runbooks } = await loadCatalog({ directory: builtinRunbooks, declarations });
  const sources = { runbooks: [...runbooks.values()].map(({ runbook }) => runbook), checks, actions };
  return new Map<string, string>([
    ["docs/metrics.md", metricsPage(collectors, await metricsSections())],
    ["docs/actions.md", actionsPage(checks.values(), actions.values())],
    ["docs/runbooks.md", runbooksPage([...runbooks.values()].map(shownRunbook), await readDrillRecords())],
    ["docs/configuration.md", configurationPage(configJsonSchema())],
    ["docs/runbook.schema.json", `${JSON.stringify(runbookJsonSchema(declarations), undefined, 2)}\n`],
    ["docs/runbook-test.schema.json", `${JSON.stringify(runbookTestJsonSchema(), undefined, 2)}\n`],
    ["docs/config.schema.json", `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`],
    ["docs/policies/exporter.hcl", renderPolicy(mergePolicy(byDefault.flatMap(({ policy }) => policy)))],
    ["docs/policies/runbooks.hcl", renderPolicy(policyFor(sources))],
    ...mintingFiles(),
    ...manifestFiles(),
    ...(await copiesFor("helm/sealwatch/files/alerts", "alerts", ".rules.yaml")),
    ...(await copiesFor("helm/sealwatch/files/runbooks", "runbooks", ".yaml")),
  ]);
}

/** What an approval needs to mint tokens, for every action that there is: `sealwatch policy actions` prints those in use. */
function mintingFiles(): readonly (readonly [string, string])[] {
  const [setup] = operatorSetups({ clusters: [] });
  if (setup === undefined) return [];
  const policies = [...actions.values()].map(({ name, grants }) => ({ action: name, rules: mergePolicy(grants) }));
  return [
    ["docs/policies/operator.hcl", renderPolicy(operatorPolicy([setup]))],
    ["docs/policies/actions.sh", mintingCommands(mintingFor(setup, policies), setup.program)],
  ];
}

/** A chart reads only files inside itself, so it holds copies. */
async function copiesFor(
  home: string,
  folder: string,
  ending: string,
): Promise<readonly (readonly [string, string])[]> {
  const names = (await readdir(join(packageRoot, folder)))
    .filter((name) => name.endsWith(ending) && !name.endsWith(".test.yaml"))
    .sort();
  return await Promise.all(
    names.map(async (name) => [`${home}/${name}`, await readFile(join(packageRoot, folder, name), "utf8")] as const),
  );
}

/** Writes the generated files, or with `check` says which are not current; exit code 1 when one is not. */
export async function writeDocs(io: Io, check: boolean): Promise<number> {
  let stale = 0;
  for (const [path, text] of await generatedFiles()) {
    const file = join(packageRoot, path);
    const current = await readFile(file, "utf8").catch(() => undefined);
    if (current === text) continue;
    stale++;
    if (check) io.err(`${path} is not current; run: npm run generate`);
    else await write(file, text);
  }
  io.out(check ? `${stale} file(s) not current` : `${stale} file(s) written`);
  return check && stale > 0 ? EXIT.failed : EXIT.fine;
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
