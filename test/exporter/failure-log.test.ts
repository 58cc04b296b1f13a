import { describe, expect, it } from "@jest/globals";
import type { Outcome } from "../../src/exporter/collect.ts";
import { createFailureLog } from "../../src/exporter/failure-log.ts";
import type { FailureReason } from "../../src/lib/failure.ts";
import { silentLogger, type LogFacts } from "../../src/lib/logger.ts";

const outcome = (reason: FailureReason | undefined, message = "cannot read it"): Outcome => ({
  cluster: "prod",
  collector: "raft",
  families: [],
  durationMs: 1,
  failure: reason && { reason, message, retryable: true },
});

function recordingLog() {
  const lines: { level: string; message: string; facts: LogFacts | undefined }[] = [];
  const write = (level: string) => (message: string, facts?: LogFacts) => {
    lines.push({ level, message, facts });
  };
  return { lines, log: createFailureLog({ ...silentLogger, info: write("info"), warn: write("warn") }) };
}

describe("createFailureLog", () => {
  it("writes why a collector failed", () => {
    const { lines, log } = recordingLog();

    log([outcome("no-leader")]);

    expect(lines).toEqual([
      {
        level: "warn",
        message: "collector could not read all",
        facts: { vault_cluster: "prod", collector: "raft", reason: "no-leader", cause: "cannot read it" },
      },
    ]);
  });

  it("is silent about what has not changed, though the words differ from scrape to scrape", () => {
    const { lines, log } = recordingLog();

    log([outcome("timeout", "after 3 s")]);
    log([outcome("timeout", "after 4 s")]);
    log([outcome("denied")]);

    expect(lines.map(({ facts }) => facts?.["reason"])).toEqual(["timeout", "denied"]);
  });

  it("says once that a collector recovered", () => {
    const { lines, log } = recordingLog();

    log([outcome(undefined)]);
    log([outcome("timeout")]);
    log([outcome(undefined)]);
    log([outcome(undefined)]);

    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      "warn collector could not read all",
      "info collector recovered",
    ]);
  });
});
