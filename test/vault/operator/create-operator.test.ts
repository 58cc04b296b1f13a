import { describe, expect, it } from "@jest/globals";
import { Operator as OperatorConfig } from "../../../src/config/sections/operator.ts";
import type { VaultCluster } from "../../../src/vault/cluster.ts";
import type { TokenConfig } from "../../../src/vault/cluster-tokens.ts";
import { createOperator } from "../../../src/vault/operator/create-operator.ts";

const CALL = { action: "vault.step-down", run: "run-7f2", step: "hand_over", ttlMs: 30_000 };
const CLUSTER = { name: "prod" } as VaultCluster;
const AUTH = OperatorConfig.parse({ auth: { method: "kubernetes", role: "sealwatch" } }).auth;

describe("createOperator", () => {
  it.each([
    { name: "a token for actions", config: { operatorToken: { env: "T" } }, says: "clusters[].operatorToken" },
    { name: "a token for reading alone", config: { token: { env: "T" } }, says: "clusters[].token" },
    { name: "a login for reading alone", config: { auth: AUTH }, says: "clusters[].auth" },
  ])("uses $name for every call, and revokes nothing", async ({ config, says }) => {
    const operator = create(config);
    expect(operator.kind).toBe("static");
    expect(operator.describe("vault.step-down")).toContain(says);
    const session = await operator.open(CALL, {});
    expect(session.cluster).toBe(CLUSTER);
    expect(await session.end()).toEqual({
      revoked: "not-needed",
      text: "the configured token was used: nothing was minted",
    });
  });

  it("opens nothing where nothing is configured, and says what to configure", async () => {
    const operator = create({});
    const message =
      "cannot give a token for actions on prod: none is configured; set clusters[].operator (a token for each approved call) or clusters[].operatorToken";
    expect(operator.kind).toBe("none");
    expect(operator.describe("vault.step-down")).toBe(message);
    await expect(operator.open(CALL, {})).rejects.toMatchObject({ reason: "denied", message });
  });

  it("mints nothing where nobody logs in", async () => {
    const operator = create({ operator: OperatorConfig.parse({ auth: AUTH }) });
    expect(operator.kind).toBe("minted");
    await expect(operator.open(CALL, {})).rejects.toMatchObject({ reason: "denied" });
  });
});

function create(config: Partial<TokenConfig>) {
  return createOperator(
    { name: "prod", ...config },
    { cluster: () => CLUSTER, transports: () => [], clusterId: () => undefined, login: undefined },
  );
}
