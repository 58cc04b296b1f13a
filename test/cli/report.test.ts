import { describe, expect, it } from "@jest/globals";
import { reportFailure, reportFindings, table } from "../../src/cli/report.ts";
import { FailureError } from "../../src/lib/failure.ts";
import { captureIo } from "./captured-io.ts";

const finding = { file: "a.yaml", line: 3, column: 5, rule: "unknown-key", message: 'unknown key "nod"' };

describe("table", () => {
  it.each([
    { name: "nothing", rows: [], lines: [] },
    { name: "one cell", rows: [["a"]], lines: ["a"] },
    {
      name: "columns of equal width, two spaces between them",
      rows: [
        ["RUN", "STATE", "TEXT"],
        ["run-1", "open", "waits"],
      ],
      lines: ["RUN    STATE  TEXT", "run-1  open   waits"],
    },
    {
      name: "the last column as long as it is, and no spaces at the end",
      rows: [
        ["a", "a long text at the end"],
        ["b", ""],
      ],
      lines: ["a  a long text at the end", "b"],
    },
    {
      name: "rows of different length",
      rows: [["a", "b", "c"], ["longer"], ["d", "e"]],
      lines: ["a       b  c", "longer", "d       e"],
    },
  ])("writes $name", ({ rows, lines }) => {
    expect(table(rows)).toEqual(lines);
  });
});

describe("reportFindings", () => {
  it("prints a line for each, beside the result", () => {
    const { io, out, err } = captureIo();
    reportFindings(io, [finding, { ...finding, line: 7 }], false);
    expect(out).toEqual([]);
    expect(err).toEqual(['a.yaml:3:5: unknown key "nod" (unknown-key)', 'a.yaml:7:5: unknown key "nod" (unknown-key)']);
  });

  it("prints a list for programs, an empty one when all is good", () => {
    const { io, out, err } = captureIo();
    reportFindings(io, [finding], true);
    reportFindings(io, [], true);
    expect(out.map((text) => JSON.parse(text) as unknown)).toEqual([[finding], []]);
    expect(err).toEqual([]);
  });
});

describe("reportFailure", () => {
  it.each([
    {
      name: "a failure in its own words",
      error: new FailureError({ reason: "denied", message: "cannot read x", retryable: false }),
      line: "sealwatch: cannot read x",
    },
    { name: "a bug without its stack", error: new TypeError("x is undefined"), line: "sealwatch: x is undefined" },
    {
      name: "nothing secret",
      error: new Error(`bad hvs.${"canary".repeat(5)}`),
      line: "sealwatch: bad <redacted Vault token>",
    },
  ])("prints $name", ({ error, line }) => {
    const { io, out, err } = captureIo();
    reportFailure(io, error);
    expect(err).toEqual([line]);
    expect(out).toEqual([]);
  });
});
