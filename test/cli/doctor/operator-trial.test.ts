import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { actions } from "../../../src/actions/registry.ts";
import { systemClock, systemTimers } from "../../../src/app/system.ts";
import type { Diagnosis } from "../../../src/cli/doctor/diagnosis.ts";
import { examineCluster } from "../../../src/cli/doctor/examine-cluster.ts";
import { operator } from "../../../src/cli/doctor/rules/operator.ts";
import { usedActions } from "../../../src/cli/policy/policy-sources.ts";
import { describeWith } from "../../support/real.ts";
import { startOperatorWorld, type OperatorWorld } from "../../vault/operator/operator-world.ts";

describeWith(["openbao"], "sealwatch doctor on a real OpenBao that mints", () => {
  let world: OperatorWorld;

  beforeAll(async () => {
    world = await startOperatorWorld();
  });

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  const judge = async (): Promise<readonly Diagnosis[]> => {
    const [config] = world.settings.config.clusters;
    if (config === undefined) throw new Error("no cluster is configured");
    const exam = await examineCluster({
      config,
      cluster: world.cluster,
      collectors: [],
      actions: usedActions(world.settings),
      wantsStandbyMetrics: false,
      clock: systemClock,
      timers: systemTimers,
      onSlow: () => {},
    });
    return operator.judge(exam);
  };

  it("mints and revokes for every action in use, with what sealwatch prints and nothing more", async () => {
    const minting = [...actions.values()].filter(({ grants }) => grants.length > 0);
    expect(await judge()).toEqual([
      { level: "ok", seen: `a token was minted and revoked for each of ${minting.length} actions in use` },
    ]);
    for (const token of world.tokens()) expect(await world.withToken(token, "GET", "sys/internal/ui/mounts")).toBe(403);
  });

  it("names the one policy that is missing", async () => {
    await world.asRoot("DELETE", "sys/policies/acl/sealwatch-vault-step-down");
    expect(await judge()).toEqual([
      {
        level: "problem",
        seen: expect.stringContaining("vault.step-down: Vault has no policy sealwatch-vault-step-down"),
        fix: expect.stringContaining("`sealwatch policy actions`"),
      },
    ]);
    await world.repair();
  });

  it("says once what is wrong with the role for all", async () => {
    await world.asRoot("DELETE", "auth/token/roles/sealwatch-operator");
    expect(await judge()).toEqual([
      {
        level: "problem",
        seen: expect.stringMatching(
          /unknown role sealwatch-operator.* \(and so for vault\.[a-z-]+, .*vault\.step-down\)$/u,
        ),
        fix: expect.stringContaining("`sealwatch policy actions`"),
      },
    ]);
    await world.repair();
  });
});
