import { createPeople, type People } from "../../src/app/people.ts";
import { Access } from "../../src/config/sections/access.ts";
import { createFreshSlackDirectory } from "../../src/identity/fresh-slack-directory.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { Secret } from "../../src/lib/secret.ts";
import type { RunningService } from "../../src/runner/run-service.ts";
import type { SlackBotOptions } from "../../src/slack/app.ts";
import { KEYS } from "../../src/slack/ids.ts";
import { createSlackDirectory } from "../../src/slack/user-groups.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import type { Store } from "../../src/store/store.ts";
import { createGuardedService, RUN, startGuardedRun, type Danger } from "./guarded-run.ts";
import { recordingObserver, serve, type Heard, type Served } from "./transport/serve.ts";
import { BOT_TOKEN, byKey, openWorld, type World } from "./world.ts";

/*
 * A bot as it is in the night: the real engine and run service, the real directory of people over Slack's user groups, and a run that waits at
 * a gate. Alice started it; she and bob may approve (bob by a user group), carol may look, dave is nobody.
 */
const GROUP = { id: "S0APPROVE", handle: "approvers" };

/** How the bot is reached. */
export type Mode = "socket" | "http";

/** What a test works with. */
export type Guarded = AsyncDisposable & {
  readonly world: World;
  readonly service: RunningService;
  readonly store: Store;
  readonly observer: Heard;
  /** Where the bot takes requests; only over HTTP. */
  readonly url: string;
  /** Whether a message is the gate's. */
  readonly isGate: ReturnType<typeof byKey>;
  readonly gateId: string;
  /** Lets time pass for what is remembered of people. */
  readonly pass: (milliseconds: number) => void;
  /** Who is in the group of approvers from now on. */
  readonly setApprovers: (...members: readonly string[]) => void;
  /** The types of the run's events. */
  readonly events: () => Promise<readonly string[]>;
  /** Starts another replica over the same stores; gives where it takes requests and what it observes. */
  readonly replica: () => Promise<Served & { readonly observer: Heard }>;
};

/** Opens it with a gate of the given strength: `disruptive` is approved by a button, `destructive` by a form with the cluster's name. */
export async function openGuarded(mode: Mode, danger: Danger = "disruptive"): Promise<Guarded> {
  const store = createMemoryStore();
  const service = createGuardedService(store, danger);
  const observer = recordingObserver();
  let people: People | undefined;
  let now = 0;
  const change = {
    runs: service,
    messages: store.messages,
    alerts: store.alerts,
    outbox: store.outbox,
    inbox: store.inbox,
    lock: store.timedLock,
    observer,
    identify: async (slackId: string) => await (people ?? missing()).bySlack(slackId),
    approvers: async () => await Promise.resolve([]),
  } satisfies Partial<SlackBotOptions>;
  const world = await openWorld(change, { sameTime: true });
  const setApprovers = (...users: readonly string[]): void => world.slack.setUserGroup({ ...GROUP, users: [...users] });
  setApprovers("U0BOB");
  people = openPeople(world.options.config.apiUrl, () => now);
  const servers = mode === "http" ? [await overHttp(world)] : [];
  const gateId = await startGuardedRun(service);
  await world.bot.idle();
  return {
    world,
    service,
    store,
    observer,
    url: servers[0]?.url ?? "",
    gateId,
    isGate: byKey(KEYS.gate(RUN, gateId)),
    pass: (milliseconds) => void (now += milliseconds),
    setApprovers,
    events: async () => (await store.runs.read(RUN)).map(({ event }) => event.type),
    replica: async () => await openReplica(world),
    [Symbol.asyncDispose]: async () => {
      for (const server of servers) await server[Symbol.asyncDispose]();
      await world[Symbol.asyncDispose]();
    },
  };
}

function openPeople(apiUrl: string, now: () => number): People {
  const access = Access.parse({
    people: [
      { name: "alice", role: "approver", slack: "U0ALICE" },
      { name: "bob", role: "viewer", slack: "U0BOB" },
      { name: "carol", role: "viewer", slack: "U0CAROL" },
    ],
    groups: [{ name: "approvers", role: "approver", slackUserGroup: "@approvers" }],
  });
  const directory = createSlackDirectory({ botToken: new Secret(BOT_TOKEN), apiUrl, logger: silentLogger });
  const clock = { now };
  return createPeople({
    access: () => access,
    slack: createFreshSlackDirectory({ directory, clock, steady: clock, logger: silentLogger }),
    idTokens: () => missing(),
  });
}

/** The stand-in's own signing secret. */
const HTTP = { mode: "http", signingSecret: new Secret("stand-in signing secret") } as const;

async function overHttp(world: World): Promise<Served> {
  await world.restart({ config: { ...world.options.config, ...HTTP } });
  const served = await serve(world.bot.handle ?? missing());
  world.slack.http(served.url);
  return served;
}

async function openReplica(world: World): Promise<Served & { readonly observer: Heard }> {
  const { startSlackBot } = await import("../../src/slack/app.ts");
  const observer = recordingObserver();
  const bot = await startSlackBot({
    ...world.options,
    observer,
    ackBudgetMs: 200,
    config: { ...world.options.config, ...HTTP },
  });
  const served = await serve(bot.handle ?? missing());
  return {
    url: served.url,
    observer,
    [Symbol.asyncDispose]: async () => {
      await served[Symbol.asyncDispose]();
      await bot.stop();
    },
  };
}

function missing(): never {
  throw new Error("this is not there in the test");
}
