/** The kinds of things that Slack delivers. */
export const INTERACTIONS = ["command", "action", "submission", "options", "event", "closed"] as const;
export type Interaction = (typeof INTERACTIONS)[number];

/** Why something that Slack delivered was refused, before or besides what the run service says. */
export const REFUSALS = [
  /** Not signed with the app's secret. */
  "bad_signature",
  /** Signed more than five minutes ago, or in the future. */
  "bad_timestamp",
  /** The same request came before. */
  "replayed",
  /** From a workspace or an organisation that is not ours. */
  "other_workspace",
  /** The person has no role, or too little of one. */
  "role",
  /** A button or form that this version does not know, or a value that nobody wrote. */
  "unknown_action",
  /** The run or the gate has moved on. */
  "stale",
  /** Who started or drives the run may not approve it. */
  "self_approval",
  /** A token or a key share was in it. */
  "secret",
  /** The run service said no for another reason. */
  "refused",
] as const;
export type SlackRefusal = (typeof REFUSALS)[number];

/** How a Web API call ended. */
export const CALL_RESULTS = ["ok", "rate_limited", "refused", "uncertain"] as const;
export type CallResult = (typeof CALL_RESULTS)[number];

/** SlackObserver hears what the bot does, for metrics. Nothing in it throws. */
export type SlackObserver = {
  /** Something was delivered, and answered to Slack (acked) after so many seconds. */
  readonly acked: (kind: Interaction, seconds: number) => void;
  readonly refused: (reason: SlackRefusal) => void;
  /** A Web API call ended after so many seconds. */
  readonly called: (method: string, result: CallResult, seconds: number) => void;
  /** A connection of Socket Mode was made, or lost. */
  readonly connection: (event: "opened" | "lost") => void;
  /** Something was heard from Slack: a ping, an envelope or a signed request. */
  readonly heard: () => void;
};

/** Hears nothing. */
export const deafObserver: SlackObserver = {
  acked: () => {},
  refused: () => {},
  called: () => {},
  connection: () => {},
  heard: () => {},
};
