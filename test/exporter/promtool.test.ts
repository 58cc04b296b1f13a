import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "@jest/globals";
import { SCRAPE_FAMILIES } from "../../src/exporter/scrape-families.ts";
import { requireBinary } from "../support/binaries.ts";
import { describeWith } from "../support/real.ts";
import { createFullWorld } from "./full-page.ts";
import { serve } from "./serve.ts";

/** Gives a page to `promtool check metrics`: its verdict, and what it complains about. */
async function checkMetrics(page: string): Promise<{ code: number; complaints: string }> {
  const child = spawn(requireBinary("promtool"), ["check", "metrics"], { stdio: ["pipe", "ignore", "pipe"] });
  const complaints = child.stderr.setEncoding("utf8").toArray();
  child.stdin.end(page);
  const [code] = (await once(child, "close")) as [number];
  return { code, complaints: (await complaints).join("") };
}

describeWith(["promtool"], "promtool check metrics", () => {
  it("finds nothing to complain about in a page with every collector and every state of a node", async () => {
    const world = await createFullWorld();
    await using served = await serve(world);

    const page = await (await fetch(`${served.url}/metrics`)).text();

    const declared = [...world.collectors.flatMap(({ families }) => families), ...SCRAPE_FAMILIES];
    const missing = declared.filter(({ name }) => !page.includes(`# TYPE ${name} `)).map(({ name }) => name);
    expect(missing).toEqual([]);
    expect(await checkMetrics(page)).toEqual({ code: 0, complaints: "" });
    await world.stop();
  });

  it("complains about a page that breaks the rules, so that the test above can fail", async () => {
    const { code, complaints } = await checkMetrics("# TYPE sealwatch_things_total gauge\nsealwatch_things_total 1\n");

    expect(code).not.toBe(0);
    expect(complaints).toContain("sealwatch_things_total");
  });
});
