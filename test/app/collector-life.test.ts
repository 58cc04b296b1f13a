import { describe, expect, it } from "@jest/globals";
import { createCollectorLife } from "../../src/app/collector-life.ts";
import type { Collector } from "../../src/exporter/collector.ts";
import { recordingLogger } from "./recording-logger.ts";

function begin() {
  const events: string[] = [];
  const collector = (name: string): Collector => ({
    name,
    help: "A collector of this test.",
    families: [],
    policy: [],
    collect: async () => [],
    background: {
      start: () => void events.push(`start ${name}`),
      stop: async () => void events.push(`stop ${name}`),
    },
  });
  const { logger, entries } = recordingLogger();
  return { life: createCollectorLife([collector("a"), collector("b")], logger), events, entries };
}

describe("createCollectorLife", () => {
  it("begins the work of what is used, once, and ends that of what is used no more", () => {
    const { life, events } = begin();

    life.use(new Set(["a"]));
    life.use(new Set(["a", "b"]));
    life.use(new Set(["b"]));

    expect(events).toEqual(["start a", "start b", "stop a"]);
  });

  it("does not begin anew what it ended, and says so", () => {
    const { life, events, entries } = begin();

    for (const names of [["a"], [], ["a"]]) life.use(new Set(names));

    expect(events).toEqual(["start a", "stop a"]);
    expect(entries).toEqual([
      ["warn", "a collector that was switched off works again from the next start on", { collector: "a" }],
    ]);
  });

  it("ends everything that works when the program stops", async () => {
    const { life, events } = begin();
    life.use(new Set(["a", "b"]));

    await life.stop();

    expect(events.slice(2)).toEqual(["stop a", "stop b"]);
  });
});
