/*
 * One side of test/bench/slack-ack.ts, in a process of its own: `node slack-ack-side.ts KIND API DELAY`. `bare` is a Bolt app that only acks, `ours` the
 * bot with the real run service over SQLite, `api` what it calls in Slack. It sends where it listens to its parent.
 */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import bolt from "@slack/bolt";
import { systemClock, systemTimers } from "../../src/app/system.ts";
import { Secret } from "../../src/lib/secret.ts";
import { startSlackBot } from "../../src/slack/app.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import type { Store } from "../../src/store/store.ts";
import { createGuardedService, runbook, startGuardedRun } from "../slack/guarded-run.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { SIGNING_SECRET } from "./slack-ack-load.ts";

const [, , kind = "", apiUrl = "", delay = "0"] = process.argv;

/** Answers every call as Slack does when all is well. */
const slack: RequestListener = (request, response) => {
  request.resume().on("end", () => {
    const answer = {
      ok: true,
      ts: "1.5",
      channel: "C0BENCH",
      team_id: "T0BENCH",
      user_id: "U0BOT",
      bot_id: "B0BOT",
      messages: [],
    };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
};

async function bare(): Promise<RequestListener> {
  const receiver = new bolt.HTTPReceiver({ signingSecret: SIGNING_SECRET });
  const authorize = async () => await Promise.resolve({ botToken: "xoxb-made-up" });
  const app = new bolt.App({ receiver, authorize, convoStore: false, deferInitialization: true });
  await app.init();
  app.command("/vault", async ({ ack }) => await ack());
  app.action(/.*/u, async ({ ack }) => await ack());
  return receiver.requestListener;
}

/** Makes every call of a store take longer; those that return at once (`watch`, `close`) stay as they are. */
function slowed(store: Store, milliseconds: () => number): Store {
  const slow = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function" || name === "watch") return value;
        return async (...given: unknown[]) => {
          if (milliseconds() > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds()));
          return (await Reflect.apply(value, target, given)) as unknown;
        };
      },
    });
  const ports = ["runs", "locks", "alerts", "messages", "outbox", "inbox", "holders", "timedLock"] as const;
  return { ...store, ...Object.fromEntries(ports.map((port) => [port, slow(store[port])])) };
}

async function ours(directory: string): Promise<RequestListener> {
  let extraMs = 0;
  const store = slowed(openSqliteStore({ path: join(directory, "sealwatch.db") }), () => extraMs);
  const service = createGuardedService(store, "disruptive");
  await startGuardedRun(service);
  extraMs = Number(delay);
  const bot = await startSlackBot({
    config: {
      mode: "http",
      signingSecret: new Secret(SIGNING_SECRET),
      botToken: new Secret("xoxb-made-up"),
      channel: "C0BENCH",
      apiUrl,
    },
    runs: service,
    alerts: store.alerts,
    messages: store.messages,
    outbox: store.outbox,
    inbox: store.inbox,
    lock: store.timedLock,
    insight: {
      cluster: async () => await Promise.resolve(undefined),
      backups: async () => await Promise.resolve([]),
      leases: async (cluster) =>
        await Promise.resolve({
          cluster,
          at: undefined,
          total: undefined,
          irrevocable: undefined,
          byMount: [],
          why: undefined,
        }),
      drills: async () => await Promise.resolve([]),
    },
    catalog: () => new Map([[runbook.id, { runbook }]]),
    clusters: [],
    identify: async () => await Promise.resolve({ id: "alice", name: "alice", role: "approver", groups: [] }),
    match: () => undefined,
    clock: systemClock,
    timers: systemTimers,
    externalUrl: "http://127.0.0.1:9",
  });
  const { handle } = bot;
  if (handle === undefined) throw new Error("the bot takes no requests");
  return (request, response) => void handle(request, response);
}

await using directory = await temporaryDirectory();
const listener = kind === "api" ? slack : kind === "bare" ? await bare() : await ours(directory.path);
const server = createServer(listener);
// Longer than the turns of the other sides, during which no request comes.
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  process.send?.(
    `http://127.0.0.1:${(server.address() as AddressInfo).port}${kind === "api" ? "/api/" : "/slack/events"}`,
  );
});
// Whoever measures is gone.
process.once("disconnect", () => process.exit(1));
process.on("message", (asked) => {
  const { user, system } = process.cpuUsage();
  if (asked === "cpu") process.send?.(user + system);
});
await new Promise<void>((resolve) => process.on("message", (asked) => asked === "end" && resolve()));
server.closeAllConnections();
// The bot's timers would keep the process.
setImmediate(() => process.exit(0));
