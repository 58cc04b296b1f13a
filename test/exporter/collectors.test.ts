import { describe, expect, it } from "@jest/globals";
import type { Collector } from "../../src/exporter/collector.ts";
import { createCollectors } from "../../src/exporter/registry.ts";
import { SCRAPE_FAMILIES } from "../../src/exporter/scrape-families.ts";
import { listedWatch } from "../backup/fake-watch.ts";
import { collectorContract } from "../contracts/collector.contract.ts";
import { NOW } from "./fake-cluster.ts";

const create = (): readonly Collector[] => createCollectors({ backups: [listedWatch(NOW)] });

describe("every collector", () => {
  for (const [index, { name }] of create().entries()) {
    collectorContract(() => {
      const collector = create()[index];
      if (collector === undefined) throw new Error(`cannot find collector ${name}`);
      return collector;
    });
  }

  it("has families of its own: no two declare the same name, nor one of the scrape's", () => {
    const names = [...create().flatMap(({ families }) => families), ...SCRAPE_FAMILIES].map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
  });
});
