import { readdir } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import { createCollectors } from "../../src/exporter/registry.ts";

const COLLECTORS = new URL("../../src/exporter/collectors/", import.meta.url);
const backups = [] as const;

describe("createCollectors", () => {
  it("lists exactly the collectors of the folder, each by the name of its file", async () => {
    const files = await readdir(COLLECTORS);

    const names = createCollectors({ backups }).map(({ name }) => `${name}.ts`);

    expect(names.toSorted()).toEqual(files.toSorted());
  });

  it("gives only the enabled collectors, in the order of the page", () => {
    const names = createCollectors({ backups, enabled: ["leases", "node"] }).map(({ name }) => name);

    expect(names).toEqual(["node", "leases"]);
  });
});
