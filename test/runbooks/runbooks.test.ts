import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { actions, checks } from "../../src/actions/registry.ts";
import { policyFor } from "../../src/actions/policy.ts";
import { findSecret } from "../../src/lib/redact.ts";
import { lintRunbook } from "../../src/runbook/lint.ts";
import { parseRunbook } from "../../src/runbook/parse.ts";
import { Runbook } from "../../src/runbook/schema.ts";

const folder = new URL("../../runbooks/", import.meta.url);
const files = readdirSync(folder)
  .filter((file) => !file.endsWith(".test.yaml"))
  .map((file) => ({ file, text: readFileSync(new URL(file, folder), "utf8") }));

describe.each(files)("runbooks/$file", ({ file, text }) => {
  it("is a runbook with its file's name", () => {
    expect(`${Runbook.parse(parse(text)).id}.yaml`).toBe(file);
  });

  it("has no finding of the linter", () => {
    const parsing = parseRunbook(file, text);
    expect(parsing.ok ? lintRunbook(parsing.parsed, { checks, actions }) : parsing.findings).toEqual([]);
  });

  it("holds nothing that looks like a secret", () => {
    expect(findSecret(text)).toBeUndefined();
  });

  it("polls for ten minutes at most before it asks a human", () => {
    const { steps } = Runbook.parse(parse(text));
    const waits = steps.filter((step) => "wait" in step).map((step) => step.timeout);
    expect(waits.filter((timeout) => timeout > 10 * 60_000)).toEqual([]);
  });
});

describe("the runbooks", () => {
  const runbook = (id: string): Runbook => Runbook.parse(parse(readFileSync(new URL(`${id}.yaml`, folder), "utf8")));

  it("answer to every alert that they are there for, each alert in one runbook", () => {
    const alerts = files.flatMap(({ text }) => Runbook.parse(parse(text)).alerts);
    expect(alerts.sort()).toEqual([
      "VaultBackupStale",
      "VaultNoActiveNode",
      "VaultNodeSealed",
      "VaultNodeUnreachable",
      "VaultQuorumAtRisk",
    ]);
  });

  it("change something in lost-peer only", () => {
    const changing = files
      .map(({ text }) => Runbook.parse(parse(text)))
      .filter(({ steps }) => steps.some((step) => "do" in step));
    expect(changing.map(({ id }) => id)).toEqual(["lost-peer"]);
  });

  it("need no token in sealed-node until the node is unsealed again", () => {
    const { steps, ...rest } = runbook("sealed-node");
    const before = steps.slice(0, steps.findIndex(({ id }) => id === "unsealed") + 1);
    expect(policyFor({ runbooks: [{ ...rest, steps: before }], checks, actions })).toEqual([]);
  });

  it("need no token in lost-peer to learn that nobody leads or that the node answers", () => {
    const { steps, ...rest } = runbook("lost-peer");
    const before = steps.slice(0, steps.findIndex(({ id }) => id === "silent") + 1);
    expect(policyFor({ runbooks: [{ ...rest, steps: before }], checks, actions })).toEqual([]);
  });

  it("confirm that the machine is gone before they remove it", () => {
    const order = runbook("lost-peer").steps.flatMap((step) => ("manual" in step || "do" in step ? [step.id] : []));
    expect(order).toEqual(["gone", "remove"]);
  });
});
