import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { packageRoot } from "../../../src/app/package-files.ts";
import { readExport } from "../../../src/app/read-export.ts";
import type { DrillRecord } from "../../../src/docgen/drill-record.ts";
import type { ResolvedCall } from "../../../src/engine/run.ts";
import { definitionPath } from "../../../src/runbook/step-path.ts";
import { readVersion } from "../../support/binaries.ts";
import type { CarriedOut } from "./carry-out.ts";
import type { DrillWorld } from "./drill-world.ts";

/** What a drill says of itself; the rest is read from the run. */
export type DrillStory = {
  /** Name of the record's file: the runbook and what happened, with dashes. */
  readonly name: string;
  readonly fault: string;
  readonly cluster: string;
  readonly begun: string;
  /** What was read from the cluster itself, by the test and not by the program. */
  readonly verified: string;
  /** Also writes the run's timeline to `docs/examples/<name>.md`. */
  readonly example?: boolean;
};

/**
 * Ends a drill: nothing that Slack refuses was sent, no secret is anywhere, the chain is whole. With SEALWATCH_RECORD in the
 * environment (`npm run drills`) it writes the record that `docs/runbooks.md` is made of.
 */
export async function endDrill(world: DrillWorld, { ended, seconds }: CarriedOut, story: DrillStory): Promise<void> {
  const { run } = ended;
  const { app, slack } = world;
  await app.slack?.idle();
  expect(slack.calls().filter(({ ok, error }) => !ok && error !== "ratelimited")).toEqual([]);
  expect(await app.core.store.runs.verify(run.id)).toBeUndefined();
  const stored = await app.core.store.runs.read(run.id);
  const places = { slack: JSON.stringify(slack.payloads()), log: world.log(), store: JSON.stringify(stored) };
  for (const [place, text] of Object.entries(places))
    for (const [index, secret] of world.secrets().entries())
      expect({ place, index, leaks: text.includes(secret) }).toEqual({ place, index, leaks: false });
  if (process.env["SEALWATCH_RECORD"] === undefined || run.status !== "finished" || run.result === "planned") return;
  const events = stored.map(({ event }) => event);
  const record: DrillRecord = {
    runbook: run.runbook.id,
    digest: run.runbookDigest,
    fault: story.fault,
    cluster: story.cluster,
    server: `OpenBao ${await readVersion("openbao")}`,
    begun: story.begun,
    path: [...new Set(events.flatMap((event) => (event.type === "StepStarted" ? [definitionPath(event.step)] : [])))],
    calls: events.flatMap((event) => (event.type === "StepAttempted" ? [callText(event.plan.call)] : [])),
    outcome: run.result,
    seconds,
    verified: story.verified,
  };
  await write(join("docs", "drills"), `${story.name}.json`, `${JSON.stringify(record, undefined, 2)}\n`);
  const timeline = story.example === true ? await readExport(app.core, run.id, "markdown") : undefined;
  if (timeline !== undefined) await write(join("docs", "examples"), `${story.name}.md`, timeline);
}

function callText({ name, with: given }: ResolvedCall): string {
  return typeof given["node"] === "string" ? `${name} on ${given["node"]}` : name;
}

async function write(folder: string, name: string, text: string): Promise<void> {
  await mkdir(join(packageRoot, folder), { recursive: true });
  await writeFile(join(packageRoot, folder, name), text);
}
