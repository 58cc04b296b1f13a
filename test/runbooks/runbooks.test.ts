import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { actions, checks } from "../../src/actions/registry.ts";
import { policyFor } from "../../src/actions/policy.ts";
import { findSecret } from "../../src/lib/redact.ts";
import type { Library } from "../../src/runbook/library.ts";
import { lintRunbook } from "../../src/runbook/lint.ts";
import { parseRunbook } from "../../src/runbook/parse.ts";
import { Runbook, type Step } from "../../src/runbook/schema.ts";

const folder = new URL("../../runbooks/", import.meta.url);
const files = readdirSync(folder)
  .filter((file) => !file.endsWith(".test.yaml"))
  .map((file) => ({ file, text: readFileSync(new URL(file, folder), "utf8") }));

const parsed = new Map(files.map(({ text }) => Runbook.parse(parse(text))).map((book) => [book.id, book]));
const library: Library = { ids: [...parsed.keys()], get: (id) => parsed.get(id), isBroken: () => false };

describe.each(files)("runbooks/$file", ({ file, text }) => {
  it("is a runbook with its file's name", () => {
    expect(`${Runbook.parse(parse(text)).id}.yaml`).toBe(file);
  });

  it("has no finding of the linter", () => {
    const parsing = parseRunbook(file, text);
    expect(parsing.ok ? lintRunbook(parsing.parsed, { checks, actions }, { library }) : parsing.findings).toEqual([]);
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
      "VaultAuditBlocked",
      "VaultBackupStale",
      "VaultKmsUnavailable",
      "VaultNoActiveNode",
      "VaultNodeSealed",
      "VaultNodeUnreachable",
      "VaultQuorumAtRisk",
    ]);
  });

  it("change something in these only, by these actions", () => {
    const changing = files
      .map(({ text }) => Runbook.parse(parse(text)))
      .map(({ id, steps }) => [id, ...[...new Set(steps.flatMap(actionsIn))].sort()] as const)
      .filter(([, ...does]) => does.length > 0);
    expect(changing).toEqual([
      ["audit-device-failure", "vault.audit-disable"],
      [
        "emergency-seal",
        "vault.rate-limit-quota-set",
        "vault.revoke-list",
        "vault.revoke-prefix",
        "vault.seal-cluster",
      ],
      ["high-latency", "vault.rate-limit-quota-clear", "vault.rate-limit-quota-set", "vault.step-down"],
      ["lease-explosion", "vault.rate-limit-quota-clear", "vault.rate-limit-quota-set", "vault.revoke-prefix"],
      ["lost-peer", "vault.raft-remove-peer"],
      ["no-leader", "vault.step-down"],
      ["reopen-after-seal", "vault.revoke-list", "vault.revoke-prefix", "vault.rotate-keyring"],
      ["upgrade", "vault.snapshot-save"],
    ]);
  });

  it("need no token in sealed-node until the node is unsealed again, but for what it goes on without", () => {
    const { steps, ...rest } = runbook("sealed-node");
    const before = steps.slice(0, steps.findIndex(({ id }) => id === "unsealed") + 1);
    const needed = before.filter(({ onFailure }) => onFailure !== "continue");
    expect(policyFor({ runbooks: [{ ...rest, steps: needed }], checks, actions })).toEqual([]);
  });

  it("need no token in kms-unavailable until all nodes are unsealed again, but for what it goes on without and what it watches", () => {
    const { steps, ...rest } = runbook("kms-unavailable");
    const before = steps.slice(0, steps.findIndex(({ id }) => id === "end") + 1);
    // These two are there only when the metric could be read.
    const needed = before.filter(({ id, onFailure }) => onFailure !== "continue" && id !== "heals" && id !== "agrees");
    expect(policyFor({ runbooks: [{ ...rest, steps: needed }], checks, actions })).toEqual([]);
  });

  it("need no token in lost-peer to learn that nobody leads or that the node answers", () => {
    const { steps, ...rest } = runbook("lost-peer");
    const before = steps.slice(0, steps.findIndex(({ id }) => id === "silent") + 1);
    expect(policyFor({ runbooks: [{ ...rest, steps: before }], checks, actions })).toEqual([]);
  });

  it("need no token in no-leader until somebody leads, but for reading members and machines where they answer", () => {
    const { steps, ...rest } = runbook("no-leader");
    const before = steps.slice(
      0,
      steps.findIndex(({ id }) => id === "step_down"),
    );
    expect(policyFor({ runbooks: [{ ...rest, steps: before }], checks, actions }).map(({ path }) => path)).toEqual([
      "sys/host-info",
      "sys/storage/raft/configuration",
    ]);
  });

  it("need no token in emergency-seal to look, to stop processes and to watch", () => {
    const { steps, ...rest } = runbook("emergency-seal");
    const small = new Set(["listed", "revoke_tokens", "revoke_prefix", "mounted", "block", "disable"]);
    const lookingOnly = steps.flatMap((step) => {
      if ("forEach" in step) return step.steps;
      return small.has(step.id) ? [] : [step];
    });
    const withoutCalls = lookingOnly.filter((step) => !("do" in step)) as Runbook["steps"];
    expect(policyFor({ runbooks: [{ ...rest, steps: withoutCalls }], checks, actions })).toEqual([]);
  });

  it("in emergency-seal make sure of the way back and switch off what restarts nodes, before they seal", () => {
    const order = runbook("emergency-seal").steps.flatMap(({ id }) =>
      ["cost", "holders", "evidence", "healing", "seal_all", "rounds"].includes(id) ? [id] : [],
    );
    expect(order).toEqual(["cost", "holders", "evidence", "healing", "seal_all", "rounds"]);
  });

  it("watch a sealed cluster every second", () => {
    const watches = runbook("emergency-seal").steps.flatMap((step) => {
      const inside = "forEach" in step ? step.steps : [step];
      return inside.flatMap((each) =>
        "manual" in each && each.watch?.check === "vault.open-nodes" ? [each.watch] : [],
      );
    });
    expect(watches.map(({ every }) => every)).toEqual([1000, 1000, 1000]);
  });

  it("in reopen-after-seal revoke as soon as a node leads, and before the other nodes are opened", () => {
    const order = runbook("reopen-after-seal").steps.flatMap(({ id }) =>
      ["cut_off", "first", "led", "revoke_list", "revoke_prefix", "rotate", "rest", "let_in"].includes(id) ? [id] : [],
    );
    expect(order).toEqual(["cut_off", "first", "led", "revoke_list", "revoke_prefix", "rotate", "rest", "let_in"]);
  });

  it("stop the source in lease-explosion before they revoke, and take the quota away at the end", () => {
    const order = runbook("lease-explosion").steps.flatMap((step) =>
      "manual" in step || "do" in step ? [step.id] : [],
    );
    expect(order).toEqual(["source", "quota", "revoke", "client", "clear"]);
  });

  it("let nobody take an audit device away before it is repaired", () => {
    const order = runbook("audit-device-failure").steps.flatMap((step) =>
      "manual" in step || "do" in step || "wait" in step ? [step.id] : [],
    );
    expect(order).toEqual(["blocked", "failing", "slow", "steady", "grows", "disable"]);
  });

  it("confirm that the machine is gone before they remove it", () => {
    const order = runbook("lost-peer").steps.flatMap((step) => ("manual" in step || "do" in step ? [step.id] : []));
    expect(order).toEqual(["gone", "remove", "joined"]);
  });

  it("touch no node in upgrade before notes, rehearsal and snapshot", () => {
    const order = runbook("upgrade").steps.flatMap((step) =>
      "manual" in step || "do" in step || "forEach" in step ? [step.id] : [],
    );
    expect(order).toEqual(["notes", "notes_of_target", "rehearsed", "snapshot", "rolling"]);
  });

  it("stop nothing in rollback-upgrade before the snapshot was read and the loss was typed", () => {
    const order = runbook("rollback-upgrade").steps.map(({ id }) => id);
    const before = order.slice(0, order.indexOf("stop_all"));
    expect(before.slice(-3)).toEqual(["held", "loss", "agreed"]);
  });
});

/** The actions that a step may call, those of steps inside it too. */
function actionsIn(step: Step): readonly string[] {
  if ("do" in step) return [step.do];
  return "forEach" in step ? step.steps.flatMap(actionsIn) : [];
}
