import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { createFullWorld } from "../exporter/full-page.ts";
import { serve } from "../exporter/serve.ts";
import { root } from "./planted-tree.ts";

/*
 * Every series that people are told of is emitted, and every series that is emitted is one that people are told of. What is emitted is read
 * from a page of clusters in every state, and from the golden pages of a real cluster.
 */

const NAME = /\bsealwatch_[a-z0-9_]+/gu;

const namesIn = (text: string): readonly string[] => [...new Set(text.match(NAME) ?? [])];

async function textsOf(folder: string, fits: (name: string) => boolean): Promise<readonly string[]> {
  const names = (await readdir(join(root, folder), { recursive: true })).filter(fits);
  return await Promise.all(names.map(async (name) => await readFile(join(root, folder, name), "utf8")));
}

describe("the series of the exporter", () => {
  let emitted: ReadonlySet<string>;
  let documented: ReadonlySet<string>;

  beforeAll(async () => {
    const world = await createFullWorld();
    await using served = await serve({ ...world, passthrough: { mode: "all", include: [], exclude: [] } });
    const page = await (await fetch(`${served.url}/metrics`)).text();
    await world.stop();
    const goldens = await textsOf("test/fixtures/exposition", (name) => name.endsWith(".txt"));
    const series = [page, ...goldens].flatMap((text) => text.match(/^sealwatch_[a-z0-9_]+/gmu) ?? []);
    emitted = new Set(series);
    const docs = await readFile(join(root, "docs", "metrics.md"), "utf8");
    documented = new Set(
      [...docs.matchAll(/^\| `(?<name>[a-z0-9_]+)`/gmu)].map(({ groups }) => groups?.["name"] ?? ""),
    );
  });

  it("are all documented", () => {
    expect([...emitted].filter((name) => !documented.has(name))).toEqual([]);
  });

  it("that are documented are all emitted", () => {
    const elsewhere = [...documented].filter((name) => name.startsWith("sealwatch_") && !emitted.has(name));
    // Only with runs, with Slack and with a web configuration file: their tests are test/app/run-metrics.test.ts, test/exporter/slack and test/app/web-access.test.ts.
    const ofOthers = /^sealwatch_(?:slack_|run_|runs_|runbook_|approvals_|break_glass_|cluster_lock_)/u;
    expect(elsewhere.filter((name) => !ofOthers.test(name)).toSorted()).toEqual([
      "sealwatch_web_config_last_reload_success_timestamp_seconds",
      "sealwatch_web_config_last_reload_successful",
    ]);
  });

  it.each([
    { where: "alerts", ending: ".yaml" },
    { where: "runbooks", ending: ".yaml" },
    { where: "helm", ending: ".yaml" },
    { where: "src/slack", ending: ".ts" },
    { where: "src/web", ending: ".ts" },
  ])("that $where names are all emitted", async ({ where, ending }) => {
    const texts = await textsOf(where, (name) => name.endsWith(ending));
    const named = texts.flatMap(namesIn).filter((name) => !NOT_SERIES.has(name));

    expect(named.filter((name) => !emitted.has(name) && !documented.has(name))).toEqual([]);
  });

  it("that the README, ARCHITECTURE, the chart and the changelog name are all emitted", async () => {
    const files = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "helm/sealwatch/README.md"];
    const texts = await Promise.all(files.map(async (file) => await readFile(join(root, file), "utf8")));
    const named = texts.flatMap(namesIn).filter((name) => !NOT_SERIES.has(name) && !name.endsWith("_"));

    expect(named.filter((name) => !documented.has(name))).toEqual([]);
  });
});

/** Labels and names of other things that begin alike. */
const NOT_SERIES = new Set(["sealwatch_url", "sealwatch_message"]);
