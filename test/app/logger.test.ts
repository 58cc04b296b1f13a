import { describe, expect, it } from "@jest/globals";
import { createLogger } from "../../src/app/logger.ts";

const token = `hvs.${"canary".repeat(5)}`;

describe("createLogger", () => {
  it.each(["debug", "info", "warn", "error"] as const)("writes a line of JSON at level %s", (level) => {
    const { logger, lines } = logging("debug");
    logger[level]("something happened", { run: "R1", count: 3, ok: true, absent: undefined });
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toMatchObject({
      program: "sealwatch",
      msg: "something happened",
      run: "R1",
      count: 3,
      ok: true,
    });
    expect(lines()[0]?.["time"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/u);
  });

  it("takes a message without facts", () => {
    const { logger, lines } = logging("info");
    logger.info("stopping");
    expect(lines()[0]).toMatchObject({ msg: "stopping" });
  });

  it("redacts what looks like a secret, in the message and in every fact", () => {
    const { logger, text } = logging("debug");
    for (const level of ["debug", "info", "warn", "error"] as const)
      logger[level](`token ${token}`, { why: `denied for ${token}`, address: "http://127.0.0.1" });
    expect(text()).not.toContain("canary");
    expect(text().match(/<redacted Vault token>/gu)).toHaveLength(8);
    expect(text()).toContain("http://127.0.0.1");
  });

  it("leaves out what is below its level", () => {
    const { logger, lines } = logging("warn");
    logger.debug("no");
    logger.info("no");
    logger.warn("yes");
    logger.error("yes");
    expect(lines()).toHaveLength(2);
  });
});

function logging(level: "debug" | "info" | "warn") {
  const written: string[] = [];
  const logger = createLogger(level, { write: (line) => void written.push(line) });
  return {
    logger,
    text: () => written.join(""),
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
