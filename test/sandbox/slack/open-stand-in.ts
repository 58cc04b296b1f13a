import { WebSocket } from "ws";
import { startSlackStandIn, type SlackStandIn, type SlackStandInOptions } from "../../../src/sandbox/slack/stand-in.ts";

/** Made-up tokens. */
export const TOKENS = { botToken: "xoxb-made-up", appToken: "xapp-made-up", userToken: "xoxp-made-up" };
export const CHANNEL = { id: "C1", name: "ops" };

/** A row with one button. */
export const BUTTON_ROW = [
  {
    type: "actions",
    block_id: "row",
    elements: [{ type: "button", action_id: "go", text: { type: "plain_text", text: "Go" }, value: "v" }],
  },
];

/** A modal with one input. */
export const MODAL = {
  type: "modal",
  callback_id: "ask",
  title: { type: "plain_text", text: "Ask" },
  submit: { type: "plain_text", text: "Go" },
  blocks: [
    {
      type: "input",
      block_id: "b",
      label: { type: "plain_text", text: "Why?" },
      element: { type: "plain_text_input", action_id: "a" },
    },
  ],
};

/** Starts a stand-in with alice and bob, whose clock stands still. */
export async function openStandIn(options: Partial<SlackStandInOptions> = {}): Promise<SlackStandIn> {
  return await startSlackStandIn({
    botToken: TOKENS.botToken,
    appToken: TOKENS.appToken,
    users: [
      { id: "U1", name: "alice" },
      { id: "U2", name: "bob" },
    ],
    channel: CHANNEL,
    clock: { now: () => 1_000_000 },
    signingSecret: "made-up secret",
    ...options,
  });
}

export type Answer = { readonly [key: string]: unknown };

/** Calls a method of the Web API the way the SDK does. */
export async function call(
  slack: SlackStandIn,
  method: string,
  args: Readonly<Record<string, unknown>> = {},
  token: string = TOKENS.botToken,
): Promise<Answer> {
  const fields = Object.entries(args)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]): [string, string] => [key, typeof value === "string" ? value : JSON.stringify(value)]);
  const response = await fetch(`${slack.apiUrl}${method}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: new URLSearchParams(fields),
  });
  const retryAfter = response.headers.get("retry-after");
  return { status: response.status, retryAfter, ...((await response.json()) as Answer) };
}

/** A connection of Socket Mode and what came over it. */
export type Connection = { readonly socket: WebSocket; readonly got: Answer[] };

/** Connects as an app that acks what it gets with `answer`; `undefined` is no ack. */
export async function connect(
  slack: SlackStandIn,
  answer: (envelope: Answer) => unknown = () => ({}),
): Promise<Connection> {
  const { url } = await call(slack, "apps.connections.open", {}, TOKENS.appToken);
  const socket = new WebSocket(String(url));
  const got: Answer[] = [];
  await new Promise<void>((resolve) => {
    socket.on("message", (data: Buffer) => {
      const message = JSON.parse(data.toString("utf8")) as Answer;
      got.push(message);
      if (message["type"] === "hello" || message["type"] === "disconnect") resolve();
      const payload = message["envelope_id"] === undefined ? undefined : answer(message);
      if (payload !== undefined) socket.send(JSON.stringify({ envelope_id: message["envelope_id"], payload }));
    });
  });
  return { socket, got };
}

/** Gives the payload of the last envelope that came over a connection. */
export function lastPayload({ got }: Connection): Answer {
  return (got.at(-1) ?? {})["payload"] as Answer;
}

/** Waits for a condition, a turn of the event loop at a time; throws when it does not come within ten seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const last = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > last) throw new Error(`this never came true: ${condition.toString()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
