import { expect, it } from "@jest/globals";
import { definitionPath } from "../../src/runbook/step-path.ts";
import type { LoadedRun } from "../../src/runner/ports.ts";
import type { StandInMessage } from "../../src/sandbox/slack/workspace.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { BLOCKS, COMMAND, VIEWS } from "../../src/slack/ids.ts";
import { answer, approve, begin as beginInSlack, confirmWork } from "../support/slack-hands.ts";
import { PEOPLE } from "../support/slack-people.ts";
import { startPlays, type PlaysWorld } from "./slack-plays-world.ts";

/*
 * Every builtin runbook, from the first click to its end, by people who have nothing but Slack, over both transports. The stand-in takes no payload that
 * Slack would refuse, so a refused call is a fault of ours. Here the cluster is simulated; test/runbooks/drills has the real ones.
 */

/** How a person comes to the runbook: from an alert's card, by a typed command, or through the form. */
type Beginning =
  | { readonly alert: Readonly<Record<string, string>> }
  | { readonly command: string }
  | { readonly form: Readonly<Record<string, string>> };

/** How the world breaks, how a person comes to the runbook, and what somebody does outside Slack when the run asks for it. */
type Play = {
  readonly runbook: string;
  readonly begin: Beginning;
  readonly seal?: "awskms";
  readonly breakIt?: (world: PlaysWorld) => Promise<void> | void;
  /** What somebody does outside Slack at a manual step that watches for it, by the step's path without rounds; others are confirmed in Slack. */
  readonly mend?: Readonly<Record<string, (world: PlaysWorld) => Promise<void> | void>>;
  /** What alice answers to questions, by step. */
  readonly answers?: Readonly<Record<string, string>>;
};

const BATCH = "database/creds/batch";

/** One play of every builtin runbook. */
export const PLAYS: readonly Play[] = [
  {
    runbook: "audit-device-failure",
    begin: { alert: { alertname: "VaultAuditBlocked", severity: "critical", vault_cluster: "prod" } },
    breakIt: ({ cluster }) => cluster.failNext("auth/token/lookup-self", "500"),
    // The next read is answered: the step ends by itself.
    mend: { failing: () => {} },
  },
  {
    runbook: "emergency-seal",
    begin: { command: "runbook emergency-seal prod" },
    answers: { measure: "one token", which_list: "none", enough: "it is over" },
  },
  { runbook: "high-latency", begin: { command: "runbook high-latency prod" } },
  {
    runbook: "kms-unavailable",
    begin: { alert: { alertname: "VaultKmsUnavailable", severity: "critical", vault_cluster: "prod" } },
    seal: "awskms",
    breakIt: async ({ cluster }) => {
      cluster.setKms(false);
      await cluster.stop("vault-1");
      await cluster.start("vault-1");
    },
    answers: { state: "disabled" },
    mend: { returns: ({ cluster }) => cluster.setKms(true) },
  },
  {
    runbook: "lease-explosion",
    begin: { command: "runbook lease-explosion prod" },
    breakIt: ({ cluster }) =>
      cluster.setLeases({
        total: 6,
        irrevocable: {},
        ids: ["a", "b", "c", "d", "e", "f"].map((id) => `${BATCH}/${id}`),
      }),
    answers: { which: "this one", limit: "limit it", next: "revoke" },
  },
  {
    runbook: "lost-peer",
    begin: { command: "runbook lost-peer prod vault-2" },
    breakIt: async ({ cluster }) => {
      await cluster.stop("vault-2");
      cluster.removeData("vault-2");
    },
    answers: { replace: "finish" },
  },
  {
    runbook: "no-leader",
    begin: { alert: { alertname: "VaultNoActiveNode", severity: "critical", vault_cluster: "prod" } },
  },
  {
    runbook: "reopen-after-seal",
    begin: { command: "runbook reopen-after-seal prod" },
    breakIt: ({ cluster }) => {
      for (const { name } of cluster.nodes) cluster.seal(name);
    },
    answers: { storage: "no", which_list: "none", prefix: "none" },
    mend: { "first.shares": unsealNext, "rest.open": unsealNext },
  },
  {
    runbook: "rollback-upgrade",
    begin: { command: "runbook rollback-upgrade prod vault-0 version=2.7.2 snapshot=before.snap" },
  },
  {
    runbook: "sealed-node",
    begin: {
      alert: { alertname: "VaultNodeSealed", severity: "critical", vault_cluster: "prod", vault_node: "vault-1" },
    },
    breakIt: ({ cluster }) => cluster.seal("vault-1"),
    mend: { "each.key_shares": ({ cluster }) => cluster.unseal("vault-1") },
  },
  { runbook: "stale-backup", begin: { form: { destination: "nightly" } } },
  { runbook: "upgrade", begin: { command: "runbook upgrade prod version=2.7.2 snapshot=before.snap stable=1s" } },
];

/** Whichever node the run asks for, the first that is sealed is as good. */
async function unsealNext({ cluster, app }: PlaysWorld): Promise<void> {
  const [{ run } = { run: undefined }] = await app.core.runs.list({ limit: 1 });
  const text = run?.status === "open" && run.phase.name === "manual" ? run.phase.text : "";
  const asked = cluster.nodes.find(({ name }) => text.includes(`\`${name}\``));
  if (asked === undefined) throw new Error(`no node is named: ${text}`);
  cluster.unseal(asked.name);
}

/** Plays them all over one transport, some at a time: most of a play is waiting. */
export function describePlays(mode: "socket" | "http"): void {
  it.concurrent.each(PLAYS)(
    "$runbook is carried out to its end by people who have nothing but Slack, and leaves no button, nothing refused, no secret",
    async (play) => {
      await using world = await startPlays(mode, play.seal);
      await play.breakIt?.(world);
      const runId = await begin(world, play);
      const ended = await playOut(world, runId, play);
      expect(ended.run).toMatchObject({ status: "finished", result: "resolved" });
      await world.app.slack?.idle();
      const end = await world.message("the end in the thread", (message) =>
        JSON.stringify(message.metadata ?? {}).includes(`run:${runId}/end`),
      );
      expect(JSON.stringify(end.blocks)).toContain(`sha256:${ended.head}`);
      expectNoButtons(world, runId);
      expectNothingRefused(world);
      expectNoSecret(world);
    },
  );
}

/** No button still asks something, and the card says how it ended. */
function expectNoButtons({ slack }: PlaysWorld, runId: string): void {
  const mine = slack.messages().filter((message) => JSON.stringify(message.metadata ?? {}).includes(`run:${runId}/`));
  expect(mine.length).toBeGreaterThan(2);
  for (const message of mine) expect([message.text, actionsOf(message)]).toEqual([message.text, []]);
  const card = mine.find((message) => JSON.stringify(message.metadata).includes(`run:${runId}/card`));
  expect(JSON.stringify(card?.blocks)).toContain("Resolved");
}

function expectNothingRefused({ slack }: PlaysWorld): void {
  expect(slack.calls().filter(({ ok, error }) => !ok && error !== "ratelimited")).toEqual([]);
}

function expectNoSecret({ slack, secrets, log }: PlaysWorld): void {
  const sent = JSON.stringify(slack.payloads());
  for (const [index, secret] of secrets.entries())
    expect({ index, slack: sent.includes(secret), log: log().includes(secret) }).toEqual({
      index,
      slack: false,
      log: false,
    });
}

/** Comes to the runbook as people do, and gives the id of the run. */
async function begin(world: PlaysWorld, { begin: how, runbook }: Play): Promise<string> {
  if ("command" in how) return await beginInSlack(world, how);
  if ("alert" in how) return await beginInSlack(world, { alert: how.alert["alertname"] ?? "", labels: how.alert });
  const { slack, app } = world;
  const alice = slack.as(PEOPLE.alice);
  await alice.slash(COMMAND, `runbook ${runbook}`);
  const values = Object.entries(how.form).map(([name, value]) => [BLOCKS.runInput(name), value] as const);
  await slack.waitForView(PEOPLE.alice, VIEWS.startRun);
  for (const [block] of values)
    await waitFor(block, async () =>
      slack.views(PEOPLE.alice).find(({ view }) => JSON.stringify(view).includes(block)),
    );
  await alice.submit(VIEWS.startRun, Object.fromEntries(values));
  return await waitFor("the run", async () => (await app.core.runs.list({ limit: 1 }))[0]?.run.id);
}

/** Does what the run asks for, as it asks, until it ended. */
async function playOut(world: PlaysWorld, runId: string, play: Play): Promise<LoadedRun> {
  const done = new Set<string>();
  for (;;) {
    const loaded = await world.see(runId, "asks for something", ({ run }) => asksFor(run, done) !== undefined);
    const asked = asksFor(loaded.run, done);
    if (asked === undefined || asked === "end") return loaded;
    done.add(asked);
    await doWhatIsAsked(world, loaded, play);
  }
}

/** Names what the run asks for and nobody has done yet. */
function asksFor(run: LoadedRun["run"], done: ReadonlySet<string>): string | undefined {
  if (run.status === "finished") return "end";
  const { phase } = run;
  if (phase.name === "stuck" || phase.name === "unknown")
    throw new Error(`the run is ${phase.name} at ${phase.step}: ${JSON.stringify(phase)}`);
  if (phase.name !== "manual" && phase.name !== "gate" && phase.name !== "asking") return undefined;
  const { attempts } = run.steps.find(({ id }) => id === phase.step) ?? {};
  const key = phase.name === "gate" ? phase.gate.id : `${phase.name}:${phase.step}:${attempts}`;
  return done.has(key) ? undefined : key;
}

async function doWhatIsAsked(world: PlaysWorld, loaded: LoadedRun, play: Play): Promise<void> {
  const { run } = loaded;
  if (run.status !== "open" || run.phase.name === "between") return;
  const { phase } = run;
  if (phase.name === "gate") {
    for (const person of (["bob", "carol"] as const).slice(0, phase.gate.approvals))
      expect(await approve(world, loaded, person)).toBe("approved");
    return;
  }
  const mend = play.mend?.[definitionPath("step" in phase ? phase.step : "")];
  if (mend !== undefined) await mend(world);
  else if (phase.name === "manual") await confirmWork(world, loaded, "alice");
  else expect(await answer(world, loaded, "alice", play.answers?.[phase.step] ?? "")).toBe("answered");
}

function actionsOf(message: StandInMessage): readonly string[] {
  return [...JSON.stringify(message.blocks).matchAll(/"action_id":"([^"]+)"/gu)].map(([, id]) => id ?? "");
}
