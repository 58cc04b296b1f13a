import { describe, expect, it } from "@jest/globals";
import { createProbeHistory, type ProbeRecord } from "../../src/exporter/probe-history.ts";

const probe = (good: boolean): Omit<ProbeRecord, "id"> => ({
  target: "prod",
  module: "default",
  startedAt: 0,
  durationMs: 1,
  timeoutMs: 9000,
  results: [
    {
      cluster: "prod",
      collector: "raft",
      durationMs: 1,
      failure: good ? undefined : { reason: "timeout", message: "cannot read", retryable: true },
    },
  ],
  calls: [],
});

describe("createProbeHistory", () => {
  it("remembers the last ones, newest first, each by its number", () => {
    const history = createProbeHistory({ last: 3, failed: 2 });
    for (let count = 0; count < 5; count++) history.add(probe(true));

    expect(history.list().map(({ id }) => id)).toEqual([5, 4, 3]);
    expect(history.get(4)?.id).toBe(4);
    expect(history.get(2)).toBeUndefined();
  });

  it("remembers those that failed for longer, but not for ever", () => {
    const history = createProbeHistory({ last: 2, failed: 2 });
    for (const good of [false, false, false, true, true, true]) history.add(probe(good));

    expect(history.list().map(({ id }) => id)).toEqual([6, 5, 3, 2]);
    expect(history.get(1)).toBeUndefined();
  });
});
