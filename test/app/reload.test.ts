import { describe, expect, it } from "@jest/globals";
import { readFile, writeFile } from "node:fs/promises";
import { openPeople } from "../../src/app/open-people.ts";
import { createReloadable } from "../../src/app/reload.ts";
import { selfGauges } from "../../src/app/self-gauges.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { recordingLogger } from "./recording-logger.ts";
import { writeSettings } from "./settings-files.ts";

describe("createReloadable", () => {
  it("takes over what is good, and says so", async () => {
    await using world = await begin();
    const { files, reloadable, entries } = world;
    await edit(files.runbook, "title: A node is sealed", "title: A node sleeps");
    await files.change({ access: { people: [{ name: "carol", role: "approver", slack: "U0CAROL" }] } });
    const people = openPeople({ config: reloadable.config.current, env: {}, logger: recordingLogger().logger });
    expect((await people.bySlack("U0CAROL")).role).toBeUndefined();
    expect(await reloadable.reload()).toBe(true);
    expect(reloadable.runbooks.current().get("sealed-node")?.runbook.title).toBe("A node sleeps");
    expect((await people.bySlack("U0CAROL")).role).toBe("approver");
    expect((await people.bySlack("U0BOB")).role).toBeUndefined();
    expect(entries).toEqual([
      ["info", "reloaded", { what: "configuration" }],
      ["info", "reloaded", { what: "runbooks" }],
    ]);
  });

  it("keeps the last good set of what is bad, takes the rest, and says what is wrong and where", async () => {
    await using world = await begin();
    const { files, reloadable, entries } = world;
    await edit(files.runbook, "check: vault.health", "check: vault.helth");
    await files.change({ access: { people: [] } });
    expect(await reloadable.reload()).toBe(false);
    expect(reloadable.runbooks.current().get("sealed-node")?.runbook.title).toBe("A node is sealed");
    expect(reloadable.config.current().access.people).toEqual([]);
    const complaints = entries.filter(([level]) => level === "error");
    expect(complaints.length).toBeGreaterThan(0);
    for (const [, message, facts] of complaints) {
      expect(message).toBe("not reloaded, the last good set stays");
      expect(facts).toMatchObject({
        what: "runbooks",
        finding: expect.stringMatching(/sealed-node\.yaml:\d+:\d+: .*vault\.helth/u) as unknown as string,
      });
    }
  });

  it("knows the groups of the moment, which gates of runbooks ask for", async () => {
    await using world = await begin();
    const { files, reloadable, entries } = world;
    const runbook = files.runbook.replace("sealed-node", "lost-peer");
    await edit(runbook, "do: vault.raft-remove-peer", "do: vault.raft-remove-peer\n    gate: { groups: [dba] }");
    expect(await reloadable.reload()).toBe(false);
    expect(JSON.stringify(entries)).toContain('there is no group \\"dba\\" in the configuration');
    await files.change({
      access: { people: [{ name: "bob", cli: "bob", groups: ["dba"] }], groups: [{ name: "dba" }] },
    });
    expect(await reloadable.reload()).toBe(true);
    expect(JSON.stringify(reloadable.runbooks.current().get("lost-peer")?.runbook.steps)).toContain('"groups":["dba"]');
  });

  it("says which changed parts wait for the next start, and not those that are taken over", async () => {
    await using world = await begin();
    const { files, reloadable, entries } = world;
    await files.change({ log: { level: "debug" }, access: { people: [] } });
    expect(await reloadable.reload()).toBe(true);
    expect(entries.filter(([level]) => level === "warn")).toEqual([
      ["warn", "a changed part of the configuration takes effect at the next start", { key: "log" }],
    ]);
  });

  it("warns of a part that was added, though it was not there at the start", async () => {
    await using world = await begin();
    await world.files.change({ externalUrl: "https://sealwatch.example.org" });
    await world.reloadable.reload();
    expect(world.entries.filter(([level]) => level === "warn").map(([, , facts]) => facts)).toEqual([
      { key: "externalUrl" },
    ]);
  });
});

describe("selfGauges", () => {
  it("says how the last reloads went, and keeps the time of the last good one", async () => {
    await using world = await begin();
    const { files, reloadable } = world;
    const gauges = selfGauges(reloadable);
    const read = (name: string): number | undefined => gauges.find((gauge) => gauge.name === name)?.read();
    const loadedAt = read("sealwatch_runbooks_last_reload_success_timestamp_seconds");
    expect(loadedAt).toBeGreaterThan(1_600_000_000);
    expect(loadedAt).toBeLessThanOrEqual(Date.now() / 1000);
    expect(read("sealwatch_runbooks_last_reload_successful")).toBe(1);
    await edit(files.runbook, "steps:", "steps: [");
    await reloadable.reload();
    expect(read("sealwatch_runbooks_last_reload_successful")).toBe(0);
    expect(read("sealwatch_runbooks_last_reload_success_timestamp_seconds")).toBe(loadedAt);
    expect(read("sealwatch_config_last_reload_successful")).toBe(1);
  });
});

async function begin() {
  const directory = await temporaryDirectory();
  const files = await writeSettings(directory.path);
  const { logger, entries } = recordingLogger();
  const reloadable = createReloadable(await files.load(), {}, logger);
  return { files, reloadable, entries, [Symbol.asyncDispose]: directory[Symbol.asyncDispose] };
}

async function edit(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(file, "utf8");
  if (!text.includes(from)) throw new Error(`${file} does not have ${from}`);
  await writeFile(file, text.replace(from, to));
}
