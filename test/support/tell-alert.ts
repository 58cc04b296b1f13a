import { systemClock } from "../../src/app/system.ts";

/** Alertmanager's webhook of a sealwatch. */
export type Webhook = { readonly address: string; readonly token: string };

/** Says as Alertmanager that an alert with these labels fires or is resolved. */
export async function tellAlert(
  { address, token }: Webhook,
  status: "firing" | "resolved",
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  const key = `{}:{alertname="${labels["alertname"]}"}`;
  const alert = {
    status,
    labels,
    annotations: { summary: `${labels["alertname"]} of ${labels["vault_cluster"]}` },
    startsAt: new Date(systemClock.now() - 60_000).toISOString(),
    ...(status === "resolved" && { endsAt: new Date(systemClock.now()).toISOString() }),
    fingerprint: key,
  };
  const answer = await fetch(`${address}/alertmanager`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ version: "4", groupKey: key, status, alerts: [alert] }),
  });
  if (answer.status !== 200) throw new Error(`the webhook answered ${answer.status}: ${await answer.text()}`);
}
