import type { Chart } from "../../../src/lib/chart.ts";
import type { LogFacts, Logger } from "../../../src/lib/logger.ts";
import { Secret } from "../../../src/lib/secret.ts";
import { startSlackStandIn, type SlackStandIn } from "../../../src/sandbox/slack/stand-in.ts";
import type { Attached, Attachments } from "../../../src/slack/attachments/attachments.ts";
import { createAttachments, type AttachmentsOptions } from "../../../src/slack/attachments/create-attachments.ts";
import type { Outgoing, Place } from "../../../src/slack/outgoing.ts";
import { createOutgoing } from "../../../src/slack/outgoing/create-outgoing.ts";
import type { Wanted } from "../../../src/slack/render/content.ts";
import { memoryMessages } from "../memory.ts";

const BOT_TOKEN = "xoxb-000000000000-made-up-canary";
const CHANNEL = "C0INCIDENTS";

/** A Slack and the attachments of a bot. Time passes only when a test says so. */
export type AttachmentsWorld = AsyncDisposable & {
  readonly slack: SlackStandIn;
  readonly outgoing: Outgoing;
  readonly attachments: Attachments;
  readonly messages: ReturnType<typeof memoryMessages>;
  readonly logs: readonly string[];
  /** Charts as they came to be drawn. */
  readonly drawn: readonly Chart[];
  /** A thread in Slack. */
  readonly place: Place;
  readonly pass: (milliseconds: number) => void;
  /** Another replica over the same store. */
  readonly another: (change?: Partial<AttachmentsOptions>) => Attachments;
  /** Asks again, as long as something is on its way, as the sender does: time passes as it is told to. */
  readonly settle: (wanted: Wanted, by?: Attachments) => Promise<Attached>;
};

/** What a test changes: what the bot was granted, and its own ways. */
export type WorldChange = Partial<AttachmentsOptions> & { readonly scopes?: readonly string[] };

/** The smallest PNG that has its signature; the drawing itself is tested elsewhere. */
export const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Starts a stand-in with a thread in it. */
export async function openAttachments({ scopes, ...change }: WorldChange = {}): Promise<AttachmentsWorld> {
  let now = Date.UTC(2026, 10, 22, 3);
  const clock = { now: () => now };
  const slack = await startSlackStandIn({
    users: [{ id: "U0ALICE", name: "alice" }],
    channel: { id: CHANNEL, name: "vault-incidents" },
    botToken: BOT_TOKEN,
    appToken: "xapp-1-A000-made-up-canary",
    clock,
    ...(scopes === undefined ? {} : { scopes }),
  });
  const logs: string[] = [];
  const logger = recorder(logs);
  const outgoing = createOutgoing({ botToken: new Secret(BOT_TOKEN), apiUrl: slack.apiUrl, clock, logger });
  const root = await outgoing.post(
    { channel: CHANNEL, threadTs: undefined },
    ["root"],
    { text: "a run", blocks: [] },
    false,
  );
  const messages = memoryMessages();
  const drawn: Chart[] = [];
  const options: AttachmentsOptions = {
    outgoing,
    messages,
    drawChart: async (chart) => {
      drawn.push(chart);
      return await Promise.resolve(PNG);
    },
    clock,
    logger,
    ...change,
  };
  const place: Place = { channel: CHANNEL, threadTs: root };
  const attachments = createAttachments(options);
  return {
    slack,
    outgoing,
    attachments,
    messages,
    logs,
    drawn,
    place,
    pass: (milliseconds) => void (now += milliseconds),
    another: (again = {}) => createAttachments({ ...options, ...again }),
    settle: async (wanted, by = attachments) => {
      const last = performance.now() + 20_000;
      let attached = await by.resolve(wanted, place);
      while (attached.againMs !== undefined) {
        if (performance.now() > last) throw new Error("the message never got all it can have");
        await new Promise((resolve) => setImmediate(resolve));
        now += attached.againMs;
        attached = await by.resolve(wanted, place);
      }
      return attached;
    },
    [Symbol.asyncDispose]: async () => await slack[Symbol.asyncDispose](),
  };
}

function recorder(logs: string[]): Logger {
  const write =
    (level: string) =>
    (message: string, facts?: LogFacts): void =>
      void logs.push(`${level} ${message} ${JSON.stringify(facts ?? {})}`);
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}
