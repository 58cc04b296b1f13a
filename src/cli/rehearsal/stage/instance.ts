import { checks } from "../../../actions/registry.ts";
import type { Action, Check } from "../../../actions/action.ts";
import type { ActionServices, PastRun } from "../../../actions/services.ts";
import type { Timers } from "../../../lib/clock.ts";
import { wait } from "../../../lib/wait.ts";
import { createSnapshotTarget } from "../../../backup/snapshot-target.ts";
import { silentLogger } from "../../../lib/logger.ts";
import type { RunStore } from "../../../runner/ports.ts";
import { createRunService, type RunningService } from "../../../runner/run-service.ts";
import { createVaultCluster } from "../../../vault/create-cluster.ts";
import type { Rehearsed } from "../rehearsed.ts";
import type { ClusterSetting } from "../test-file.ts";
import { createInProcessTransport } from "./in-process-transport.ts";
import { createScriptedPrometheus } from "./scripted-prometheus.ts";
import { CURTAIN, type Stage } from "./stage.ts";
import { stagedList } from "./staged-lists.ts";

/** Instance is the program, once: it works on the stage until it dies, and then nothing of it ever happens again. */
export type Instance = {
  readonly service: RunningService;
  /** How many reads and calls are under way. */
  readonly busy: () => number;
  /** How many requests wait for a node that hangs: those wait by the test's clock. */
  readonly hanging: () => number;
  /** Resolves when it died. */
  readonly died: Promise<void>;
  /** Ends it as a kill does. */
  readonly end: () => void;
};

/** What an instance is made from. */
export type InstanceOptions = {
  readonly stage: Stage;
  readonly rehearsed: Rehearsed;
  /** Says which of several it is. */
  readonly number: number;
};

/** Starts an instance; it carries runs after `service.begin()`. */
export function createInstance({ stage, rehearsed, number }: InstanceOptions): Instance {
  const { entry, compile, actions, setting, test } = rehearsed;
  const life = createLife();
  const timers: Timers = {
    after: (milliseconds, callback) =>
      stage.time.timers.after(milliseconds, () => {
        if (life.lives()) callback();
      }),
  };
  const { name } = stage;
  const cluster = createVaultCluster(
    {
      name,
      product: "auto",
      nodes: stage.cluster.nodes.map((node) => ({ ...node })),
      tls: {},
      token: { env: "READING" },
      operatorToken: { env: "ACTIONS" },
    },
    {
      identityMemory: stage.store.identities,
      transportFor: (node) =>
        createInProcessTransport(node, {
          timers,
          hangs: life.hangs,
          died: life.died,
          carry: async (at, request) => {
            if (!life.lives()) return undefined;
            const reply = await stage.carry(at, request);
            if (reply === undefined) life.end();
            return life.lives() ? reply : undefined;
          },
        }),
    },
  );
  let ids = 0;
  const service = createRunService({
    store: mortalRuns(stage, life),
    locks: mortal(stage.store.locks, life),
    holders: mortal(stage.store.holders, life),
    holder: `instance-${number}`,
    services: { ...servicesOf(stage, setting), ...bodyOf(stage, timers, life) },
    checks: new Map([...checks].map(([key, check]) => [key, countedCheck(check, life)])),
    actions: new Map([...actions].map(([key, action]) => [key, countedAction(action, life)])),
    clusters: new Map([[name, cluster]]),
    clock: stage.time.clock,
    timers,
    logger: silentLogger,
    catalog: () => new Map([[entry.runbook.id, entry]]),
    compile,
    ids: { next: (kind) => `${kind}-${++ids}` },
    breakGlass: () => test.breakGlass,
  });
  return { service, busy: life.busy, hanging: life.hanging, died: life.died, end: life.end };
}

type Life = {
  readonly lives: () => boolean;
  readonly end: () => void;
  readonly died: Promise<void>;
  /** What a dead program waits for. */
  readonly never: () => Promise<never>;
  readonly busy: () => number;
  readonly hanging: () => number;
  readonly hangs: () => () => void;
  readonly work: <T>(task: () => Promise<T>) => Promise<T>;
};

function createLife(): Life {
  const { promise: died, resolve } = Promise.withResolvers<void>();
  let living = true;
  let busy = 0;
  let hanging = 0;
  return {
    lives: () => living,
    end: () => {
      living = false;
      resolve();
    },
    died,
    never: async () => await new Promise<never>(() => {}),
    busy: () => (living ? busy : 0),
    hanging: () => hanging,
    hangs: () => {
      hanging++;
      return () => void hanging--;
    },
    work: async (task) => {
      busy++;
      try {
        return await task();
      } finally {
        busy--;
      }
    },
  };
}

function mortalRuns({ store: { runs }, appends, appended }: Stage, life: Life): RunStore {
  let held: { readonly appends: number; readonly stored: ReturnType<RunStore["read"]> } | undefined;
  return {
    ...mortal(runs, life),
    watch: runs.watch,
    // Reading takes the events' texts apart each time; there is one run, and nothing changes between two appends.
    read: async (runId) => {
      if (held?.appends !== appends()) held = { appends: appends(), stored: runs.read(runId) };
      const stored = await held.stored;
      return life.lives() ? stored : await life.never();
    },
    append: async (runId, expected, events, summary) => {
      if (!life.lives()) await life.never();
      await runs.append(runId, expected, events, summary);
      if (await appended(events)) life.end();
      if (!life.lives()) await life.never();
    },
  };
}

/** What a dead program asks is never answered, and what is answered to it never arrives. */
function mortal<T extends object>(port: T, life: Life): T {
  const methods = Object.entries(port).map(([name, method]) => [
    name,
    async (...given: readonly unknown[]) => {
      if (!life.lives()) return await life.never();
      const answer = await (method as (...all: readonly unknown[]) => unknown)(...given);
      return life.lives() ? answer : await life.never();
    },
  ]);
  return Object.fromEntries(methods) as T;
}

function countedCheck(check: Check, { work }: Life): Check {
  return { ...check, read: async (...given) => await work(async () => await check.read(...given)) };
}

function countedAction(action: Action, { work }: Life): Action {
  return {
    ...action,
    preconditions: async (...given) => await work(async () => await action.preconditions(...given)),
    perform: async (...given) => await work(async () => await action.perform(...given)),
    probe: async (...given) => await work(async () => await action.probe(...given)),
  };
}

/** What the program does by the machine's own means: it waits by the test's clock, and connects inside this process. */
function bodyOf(stage: Stage, timers: Timers, life: Life): Pick<ActionServices, "pause" | "connectPort"> {
  return {
    pause: async (milliseconds, { signal }) => {
      const goesOn = life.hangs();
      await Promise.race([wait(milliseconds, timers, signal), life.died]);
      goesOn();
      if (!life.lives()) await life.never();
    },
    connectPort: async (address) => {
      const reached = stage.cluster.connects(address);
      return { reached, milliseconds: 1, failure: reached ? "" : "nothing listens there (connection refused)" };
    },
  };
}

function servicesOf({ name, snapshots, time }: Stage, setting: ClusterSetting): ActionServices {
  const { backup, prometheus, runs = [] } = setting;
  const at = backup === undefined ? undefined : CURTAIN - backup;
  return {
    backups: { newest: async () => (at === undefined ? undefined : { destination: "nightly", at }) },
    ...(snapshots === undefined ? {} : { snapshots: createSnapshotTarget(new Map([[name, snapshots]])) }),
    ...(prometheus === undefined ? {} : { prometheus: createScriptedPrometheus(prometheus, time.clock) }),
    investigations: {
      find: async (wanted, list) => stagedList(setting, { cluster: wanted, name: list, curtain: CURTAIN }),
    },
    runs: {
      of: async function* ({ runbook }) {
        yield* runs.filter((run) => run.runbook === runbook).map(pastRun);
      },
    },
  };
}

function pastRun(
  { age, outcome, called = [], by }: NonNullable<ClusterSetting["runs"]>[number],
  index: number,
): PastRun {
  const startedAt = CURTAIN - age;
  return {
    id: `earlier-${index}`,
    startedBy: by,
    startedAt,
    endedAt: outcome === "open" ? undefined : startedAt,
    outcome: outcome === "open" ? "" : outcome,
    drill: false,
    calls: called.map((action) => ({ action, at: startedAt })),
  };
}
