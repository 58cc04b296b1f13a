import type { ExposedFamily } from "../expose.ts";

/** A family about Slack without its samples. */
export type SlackFamily = Pick<ExposedFamily, "name" | "help" | "type"> & {
  readonly name: `sealwatch_slack_${string}`;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, in seconds. */
  readonly buckets?: readonly number[];
};

/** Every family about Slack; they are there when Slack is configured. All but the outbox are of this replica alone. */
export const SLACK_FAMILIES = {
  connected: {
    name: "sealwatch_slack_connected",
    help: "1 while Slack can reach this replica: a Socket Mode connection is open, or requests are taken (mode http).",
    type: "gauge",
    labels: [],
  },
  connections: {
    name: "sealwatch_slack_connections",
    help: "Open Socket Mode connections of this replica. No sample in the mode http.",
    type: "gauge",
    labels: [],
  },
  lastHeard: {
    name: "sealwatch_slack_last_heard_timestamp_seconds",
    help: "When this replica last heard from Slack (a message over Socket Mode or a signed request), as a Unix time. No sample before that. A silent Socket Mode connection is made anew after ten minutes, which counts too.",
    type: "gauge",
    labels: [],
  },
  sender: {
    name: "sealwatch_slack_sender",
    help: "1 on the replica that sends what stands in the outbox, 0 on the others. No sample before the bot is there, or when the store does not answer.",
    type: "gauge",
    labels: [],
  },
  away: {
    name: "sealwatch_slack_away",
    help: "1 while Slack gives the sender no answers: cards wait, runs do not. 0 on the others; no sample when sealwatch_slack_sender has none.",
    type: "gauge",
    labels: [],
  },
  outbox: {
    name: "sealwatch_slack_outbox_subjects",
    help: "Runs, alerts and Homes that Slack may be untrue about and that are due now, of all replicas. No sample when the store could not be read.",
    type: "gauge",
    labels: [],
  },
  oldest: {
    name: "sealwatch_slack_outbox_oldest_timestamp_seconds",
    help: "When the oldest subject that is due changed, as a Unix time. No sample while none is due.",
    type: "gauge",
    labels: [],
  },
  reconnects: {
    name: "sealwatch_slack_reconnects_total",
    help: "Socket Mode connections that were made anew after one was lost; Slack renews each of them every few hours.",
    type: "counter",
    labels: [],
  },
  interactions: {
    name: "sealwatch_slack_interactions_total",
    help: "What Slack delivered and this replica acknowledged, by kind (command, action, submission, options, event, closed). Always all samples.",
    type: "counter",
    labels: ["kind"],
  },
  ackTime: {
    name: "sealwatch_slack_ack_seconds",
    help: "Time from the arrival of what Slack delivered to its acknowledgement, by kind; Slack gives up after 3 s.",
    type: "histogram",
    labels: ["kind"],
    buckets: [0.01, 0.1, 0.3, 1, 2, 3],
  },
  refused: {
    name: "sealwatch_slack_refused_total",
    help: "What was refused to somebody in Slack, by why. Always all samples.",
    type: "counter",
    labels: ["reason"],
  },
  calls: {
    name: "sealwatch_slack_api_calls_total",
    help: "Calls of Slack's Web API, by method and how they ended (ok, rate_limited, refused, uncertain).",
    type: "counter",
    labels: ["method", "result"],
  },
} as const satisfies Readonly<Record<string, SlackFamily>>;
