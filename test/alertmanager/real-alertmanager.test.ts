import { expect, it } from "@jest/globals";
import { createAlertmanagerRouter } from "../../src/alertmanager/webhook.ts";
import { startHttpServer } from "../../src/http/server.ts";
import { Secret } from "../../src/lib/secret.ts";
import type { AlertGroup } from "../../src/runner/ports.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { startAlertmanager } from "../support/alertmanager.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const TOKEN = "a-token-for-the-webhook";

/** Gives the groups that the webhook tells, one at a time. */
function groups() {
  const held: AlertGroup[] = [];
  let wake = () => {};
  const next = async (): Promise<AlertGroup> => {
    for (;;) {
      const group = held.shift();
      if (group !== undefined) return group;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const onGroup = (group: AlertGroup): void => {
    held.push(group);
    wake();
  };
  return { next, onGroup };
}

async function post(alertmanager: string, alerts: readonly object[]): Promise<void> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${alertmanager}/api/v2/alerts`, {
    method: "POST",
    headers,
    body: JSON.stringify(alerts),
  });
  expect(answer.status).toBe(200);
}

describeWith(["alertmanager"], "the webhook of a real Alertmanager", () => {
  it("gives two alerts as one firing group, and as a resolved group when both have ended", async () => {
    await using directory = await temporaryDirectory();
    const { alerts: store } = createMemoryStore();
    const { next, onGroup } = groups();
    const router = createAlertmanagerRouter({
      token: () => new Secret(TOKEN),
      store,
      clock: { now: () => Date.now() },
      onGroup,
    });
    const server = await startHttpServer({ listen: "127.0.0.1:0", routers: [router] });
    await using alertmanager = await startAlertmanager({
      directory: directory.path,
      webhookUrl: `${server.address}/alertmanager`,
      bearerToken: TOKEN,
      groupBy: ["alertname", "vault_cluster"],
    });

    const labels = (node: string) => ({ alertname: "VaultNodeSealed", vault_cluster: "prod", vault_node: node });
    const startsAt = new Date(Date.now() - 60_000).toISOString();
    const both = ["vault-1", "vault-2"].map((node) => ({
      labels: labels(node),
      annotations: { summary: "ü" },
      startsAt,
    }));
    await post(alertmanager.address, both);
    const firing = await next();
    expect(firing).toMatchObject({ status: "firing", startsAt: Date.parse(startsAt) });
    expect(new Set(firing.alerts.map((one) => one.labels["vault_node"]))).toEqual(new Set(["vault-1", "vault-2"]));
    expect(firing.alerts.map((one) => one.endsAt)).toEqual([undefined, undefined]);
    expect(firing.alerts[0]?.annotations).toEqual({ summary: "ü" });

    const endsAt = new Date(Date.now() - 1000).toISOString();
    await post(
      alertmanager.address,
      both.map((one) => ({ ...one, endsAt })),
    );
    const resolved = await next();
    expect(resolved).toMatchObject({ key: firing.key, status: "resolved" });
    expect(resolved.alerts.map((one) => one.endsAt)).toEqual([Date.parse(endsAt), Date.parse(endsAt)]);
    expect(await store.list()).toEqual([resolved]);
    await server.close();
  });
});
