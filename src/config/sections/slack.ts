import { z } from "zod";
import { Interval } from "../../runbook/schema.ts";
import { SecretSource } from "./secret.ts";

const Channel = z
  .string()
  .regex(/^[CG][A-Z0-9]+$/u, "a channel id like C0123ABCD (the last line of the channel's details)");

/** Slack says how sealwatch speaks to Slack, and where. */
export const Slack = z.strictObject({
  mode: z
    .enum(["socket", "http"])
    .default("socket")
    .describe("`socket`: Socket Mode, no inbound traffic. `http`: Slack posts to `<externalUrl>/slack/events`."),
  appToken: SecretSource.optional().describe("App-level token (xapp-…) with connections:write; for `socket`."),
  signingSecret: SecretSource.optional().describe("The app's signing secret; for `http`."),
  connections: z
    .int()
    .min(1)
    .max(4)
    .default(2)
    .describe("Connections of each replica in Socket Mode. Slack allows 10 an app: count a rolling restart in."),
  botToken: SecretSource.describe("Bot token (xoxb-…)."),
  channel: Channel.describe("Channel id where cards appear."),
  channels: z.record(z.string(), Channel).default({}).describe("Other channels for some clusters' cards, by cluster."),
  steps: z
    .enum(["classic", "plan"])
    .default("classic")
    .describe("How a card shows its steps: `plan` is Slack's plan block, which old clients do not draw."),
  remindAfter: Interval.prefault("5m").describe("After so long without an answer the thread asks once more."),
  escalateAfter: Interval.prefault("15m").describe("After so long without an answer `escalateTo` is told, once."),
  escalateTo: z
    .string()
    .regex(/^[CGSUW][A-Z0-9]+$/u, "an id of a channel (C…), a user group (S…) or a person (U…)")
    .optional()
    .describe("A channel, a user group or a person; default: nobody else is told."),
  deletionToken: SecretSource.optional().describe(
    "User token (xoxp-…) of an admin with chat:write: whoever pasted a secret can then have the message deleted by a button.",
  ),
  apiUrl: z.url().default("https://slack.com/api/").describe("Base of the Web API; for tests and for proxies."),
});

export type Slack = z.infer<typeof Slack>;
