/** Names a run as the outbox does. */
export const runSubject = (runId: string): string => `run:${runId}`;

/** Names an alert group, by Alertmanager's key, as the outbox does. */
export const alertSubject = (key: string): string => `alert:${key}`;
