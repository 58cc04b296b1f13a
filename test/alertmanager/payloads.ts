/** What Alertmanager 0.25 posts for one alert, as captured from it; `changes` go over it. */
export function payload(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    receiver: "webhook",
    status: "firing",
    alerts: [alert()],
    groupLabels: { alertname: "VaultNodeSealed" },
    commonLabels: { alertname: "VaultNodeSealed", vault_cluster: "prod", vault_node: "vault-2" },
    commonAnnotations: { summary: "vault-2 is sealed" },
    externalURL: "http://127.0.0.1:9093",
    version: "4",
    groupKey: '{}:{alertname="VaultNodeSealed"}',
    truncatedAlerts: 0,
    ...changes,
  };
}

/** One alert of a payload. */
export function alert(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    status: "firing",
    labels: { alertname: "VaultNodeSealed", vault_cluster: "prod", vault_node: "vault-2" },
    annotations: { summary: "vault-2 is sealed" },
    startsAt: "2026-11-22T03:02:00.5Z",
    endsAt: "0001-01-01T00:00:00Z",
    generatorURL: "http://127.0.0.1:9090/graph",
    fingerprint: "dd3f62d0deadbeef",
    ...changes,
  };
}
