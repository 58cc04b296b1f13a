import { setTimeout as delay } from "node:timers/promises";
import { readSamples } from "./exposition.ts";
import { demoRules, type DemoRule, type Firing } from "./rules.ts";

/** What the stand-in for Prometheus and Alertmanager looks at, and whom it tells. */
export type AlertingOptions = {
  /** Address of sealwatch. */
  readonly address: string;
  /** Bearer token of the webhook. */
  readonly token: string;
  readonly everyMs: number;
};

/** Alerting is a stand-in for Prometheus and Alertmanager, for the demo alone: it looks at the metrics page and tells the webhook of changes. */
export type Alerting = AsyncDisposable;

type Known = { readonly startsAt: string; readonly told: string };

/** Starts looking at the page. What cannot be read or told is tried again at the next look. */
export function startAlerting(options: AlertingOptions): Alerting {
  const stopped = new AbortController();
  const known = new Map<string, Known>();
  const loop = (async () => {
    while (!stopped.signal.aborted) {
      await look(options, known, stopped.signal).catch(() => undefined);
      await delay(options.everyMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      stopped.abort();
      await loop;
    },
  };
}

async function look(
  { address, token }: AlertingOptions,
  known: Map<string, Known>,
  signal: AbortSignal,
): Promise<void> {
  const page = await fetch(`${address}/metrics`, { signal });
  // An error page has no samples, which would read as "repaired".
  if (!page.ok) throw new Error(`the page of metrics answered ${page.status}`);
  const samples = readSamples(await page.text());
  for (const rule of demoRules) {
    const firing = rule.firing(samples);
    const told = JSON.stringify(firing);
    const before = known.get(rule.alert);
    if (told === (before?.told ?? "[]")) continue;
    const startsAt = before === undefined || before.told === "[]" ? new Date().toISOString() : before.startsAt;
    const gone = firing.length === 0 ? (JSON.parse(before?.told ?? "[]") as Firing) : [];
    await tell({ address, token, signal }, payload({ rule, address, startsAt }, firing, gone));
    known.set(rule.alert, { startsAt, told });
  }
}

async function tell(
  { address, token, signal }: { address: string; token: string; signal: AbortSignal },
  body: unknown,
): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const answer = await fetch(`${address}/alertmanager`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
    signal,
  });
  if (!answer.ok) throw new Error(`the webhook answered ${answer.status}`);
}

type About = { readonly rule: DemoRule; readonly address: string; readonly startsAt: string };

/** Alertmanager's webhook payload, version 4. */
function payload(about: About, firing: Firing, gone: Firing): unknown {
  const alerts = [
    ...firing.map((labels) => alertOf(about, labels, "firing")),
    ...gone.map((labels) => alertOf(about, labels, "resolved")),
  ];
  const cluster = (firing[0] ?? gone[0])?.["vault_cluster"] ?? "";
  const groupLabels = { alertname: about.rule.alert, vault_cluster: cluster };
  return {
    version: "4",
    groupKey: `{}:{alertname="${about.rule.alert}", vault_cluster="${cluster}"}`,
    truncatedAlerts: 0,
    status: firing.length > 0 ? "firing" : "resolved",
    receiver: "sealwatch",
    groupLabels,
    commonLabels: groupLabels,
    commonAnnotations: {},
    externalURL: about.address,
    alerts,
  };
}

function alertOf(
  { rule, address, startsAt }: About,
  labels: Readonly<Record<string, string>>,
  status: "firing" | "resolved",
): unknown {
  const query = new URLSearchParams({ cluster: labels["vault_cluster"] ?? "", node: labels["vault_node"] ?? "" });
  return {
    status,
    labels: { ...labels, alertname: rule.alert, severity: "critical", runbook: rule.runbook },
    annotations: {
      summary: rule.summary(labels),
      runbook_url: `${address}/runbooks/${rule.runbook}?${query.toString()}`,
    },
    startsAt,
    endsAt: status === "resolved" ? new Date().toISOString() : "0001-01-01T00:00:00Z",
    generatorURL: address,
    fingerprint: `${rule.alert}-${labels["vault_node"] ?? "cluster"}`,
  };
}
