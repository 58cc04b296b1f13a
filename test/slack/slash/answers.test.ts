import { describe, expect, it } from "@jest/globals";
import { checked, finished, gateOpened, manualBegun, started, T0 } from "../timeline.ts";
import { alertGroup } from "../timeline.ts";
import { clusterOf } from "../world.ts";
import { catalogOf, factsOf, fakeBot, runbookOf, type, type FakeBot } from "./fake-bot.ts";

/** Two open runs and one that ended, three runbooks, an alert that fires. */
function busyBot(): FakeBot {
  const bot = fakeBot({
    catalog: catalogOf(
      runbookOf("sealed-node", {
        title: "A node is sealed",
        alerts: ["VaultNodeSealed"],
        inputs: { cluster: { type: "cluster" }, node: { type: "node" } },
      }),
      runbookOf("stale-backup", { title: "Backups are too old", alerts: ["VaultBackupStale"] }),
      runbookOf("rotate-keys", {
        title: "Rotate the encryption key",
        meaning: "Vault's keyring is old.",
        inputs: {
          cluster: { type: "cluster" },
          speed: { type: "enum", options: ["fast", "slow"], default: "slow" },
          count: { type: "int", min: 1, max: 9, default: 3 },
        },
      }),
    ),
    match: () => ({ runbook: "stale-backup", inputs: {} }),
  });
  bot.runs.append("R1", started("R1"), ...checked(), finished());
  bot.runs.append("R2", started("R2"), ...gateOpened());
  bot.runs.append("R3", started("R3"), ...manualBegun());
  bot.runs.answerStart = () => ({ ok: true, runId: "R7" });
  return bot;
}

const LONG = "x".repeat(2990);
const TOKEN = `hvs.${"Canary0".repeat(5)}`;
const SHARE = "c0ffee".repeat(11);

type Row = {
  readonly text: string;
  readonly says: readonly string[];
  readonly user?: string;
  readonly never?: readonly string[];
};

const NOBODY = "U0DAVE";
const VIEWER = "U0CAROL";
const APPROVER = "U0BOB";

const ROWS: readonly Row[] = [
  // help and whoami
  { text: "", says: ["`/vault status [cluster]`", "With the role responder you may"] },
  { text: "help", says: ["`/vault whoami`", "never type a token"] },
  { text: "HELP", says: ["`/vault status [cluster]`"] },
  { text: "?", says: ["`/vault status [cluster]`"] },
  { text: "help", user: NOBODY, says: ["`/vault whoami`", "you have none"], never: ["/vault status", "/vault run "] },
  { text: "whoami", says: ["You are *alice*", "`alice`", "the role *responder*", "start runs and drills"] },
  { text: "whoami", user: VIEWER, says: ["the role *viewer*"], never: ["start runs and drills"] },
  { text: "whoami", user: NOBODY, says: ["You are *dave*", "no role"] },
  { text: "whoami", user: APPROVER, says: ["the role *approver*", "approve what disrupts"] },
  // unknown subcommands
  { text: "stauts prod", says: ["There is no `stauts`.", "Did you mean `/vault status`?"] },
  { text: "Runbok", says: ["Did you mean `/vault runbook`?"] },
  { text: "backups", says: ["No place is configured"] },
  { text: "xyzzyx", says: ["There is no `xyzzyx`."], never: ["Did you mean"] },
  { text: "constructor", says: ["There is no `constructor`."] },
  { text: "__proto__", says: ["There is no `__proto__`."] },
  // status
  { text: "status", says: ["*prod*", "*staging*", "leader `vault-0`", "*sealed*  `vault-2` (1 of 3 key shares)"] },
  { text: "Status Prod", says: ["*prod*", "seal `shamir`", "*one more loss stops it*"], never: ["*staging*"] },
  { text: "status <#C0PROD|prod>", says: ["*prod*"], never: ["*staging*"] },
  { text: "status pord", says: ["There is no cluster `pord`.", "Did you mean `prod`?"] },
  { text: "status elsewhere-far-away", says: ["Known: `prod`, `staging`."] },
  { text: "status prod staging", says: ["`staging` is one word too many"] },
  // runs
  { text: "runs", says: ["*Open*", "*Ended*", "/runs/R1|R1>", "waiting for approval", "waiting for work by a human"] },
  { text: "runs prod", says: ["/runs/R2|R2>"] },
  { text: "runs staging", says: ["There are no runs yet"] },
  { text: "runs pord", says: ["Did you mean `prod`?"] },
  // run
  { text: "run R1", says: ["A node is sealed", "*Resolved*", "/runs/R1|"], never: ['"type":"button"'] },
  { text: "run r2", says: ["There is no run `r2`.", "Did you mean `R2`?"] },
  { text: "run R2", says: ["waiting for approval", "PUT sys/step-down on vault-0", "No leader for some seconds"] },
  { text: "run https://sealwatch.example/runs/R2", says: ["waiting for approval"] },
  { text: "run <https://sealwatch.example/runs/R2?x=1>", says: ["waiting for approval"] },
  { text: "run R3", says: ["I have done it", "Abort run…"] },
  {
    text: "run R3",
    user: VIEWER,
    says: ["waiting for work by a human"],
    never: ["sealwatch.manual.done", "Abort run"],
  },
  { text: "run R9", says: ["Did you mean `R"] },
  { text: "run nothing-like-it", says: ["The latest: `R3`, `R2`, `R1`."] },
  { text: "run", says: ["*Open*"] },
  { text: "run R1 R2", says: ["`R2` is one word too many"] },
  // backup, leases
  { text: "backup", says: ["No place is configured"] },
  { text: "backup pord", says: ["Did you mean `prod`?"] },
  { text: "leases", says: ["`prod`: 12 leases, none stuck", "`staging`"] },
  { text: "leases prod", says: ["`prod`"], never: ["`staging`"] },
  { text: "leases pord", says: ["Did you mean `prod`?"] },
  // runbook: lists and searches
  {
    text: "runbook",
    says: ["`sealed-node` A node is sealed", "answers `VaultNodeSealed`", "*For alerts*", "*Other procedures*"],
  },
  { text: "runbooks", says: ["`sealed-node` A node is sealed"] },
  { text: "runbook", user: VIEWER, says: ["only as a dry run"] },
  { text: "runbook old", says: ["2 runbooks have `old`", "`stale-backup`", "`rotate-keys`"] },
  { text: "runbook unrelated-thing", says: ["There is no runbook `unrelated-thing`.", "`/vault runbook` lists all"] },
  { text: "runbook selaed-node prod vault-2", says: ["Did you mean `sealed-node`?"] },
  // runbook: starts
  { text: "runbook sealed-node prod vault-2", says: ["Started run `R7`: its card is in <#C0INCIDENTS>."] },
  { text: "runbook Sealed-Node Prod Vault-2", says: ["Started run `R7`"] },
  { text: "runbook sealed\u2011node prod vault\u20112", says: ["Started run `R7`"] },
  { text: "runbook sealed-node node=vault-2 cluster=prod", says: ["Started run `R7`"] },
  { text: "runbook sealed-node Node=vault-2 cluster=prod", says: ["Started run `R7`"] },
  { text: "runbook sealed-node vault-2 cluster=prod", says: ["Started run `R7`"] },
  { text: "runbook sealed-node prod vault-2 --dry-run", says: ["Started dry run `R7`"] },
  { text: "runbook sealed-node prod vault-2 \u2014dry-run", says: ["Started dry run `R7`"] },
  { text: "runbook sealed-node prod vault-2 --Drill", says: ["Started drill `R7`"] },
  { text: "runbook stale-backup", says: ["Started run `R7`"] },
  { text: "runbook rotate-keys prod count=5", says: ["Started run `R7`"] },
  // runbook: refusals
  { text: "runbook sealed-node prod vault-2 --dry", says: ["There is no `--dry`."] },
  { text: "runbook sealed-node prod vault-2 --dry-rnu", says: ["Did you mean `--dry-run`?"] },
  { text: "runbook sealed-node pord vault-2", says: ["There is no cluster `pord`.", "Did you mean `prod`?"] },
  {
    text: "runbook sealed-node prod vault-22",
    says: ["There is no node `vault-22` in `prod`.", "Did you mean `vault-2`?"],
  },
  { text: "runbook sealed-node staging vault-2", says: ["There is no node `vault-2` in `staging`."] },
  { text: "runbook sealed-node prod vault-2 nodes=x", says: ["has no input `nodes`", "Did you mean `node`?"] },
  { text: "runbook sealed-node prod vault-2 constructor=x", says: ["has no input `constructor`"] },
  { text: "runbook sealed-node prod vault-2 more", says: ["`more` is one word too many"] },
  { text: "runbook rotate-keys prod count=ten", says: ["Input `count` must be a whole number"] },
  { text: "runbook rotate-keys prod count=10", says: ["Input `count` must be at most 9"] },
  { text: "runbook rotate-keys prod speed=fats", says: ["must be one of fast, slow", "did you mean"] },
  // people without a role
  ...["status", "runs", "run R1", "backup", "leases", "runbook", "runbook stale-backup"].map((text) => ({
    text,
    user: NOBODY,
    says: ["You need the role viewer"],
    never: ["vault-0", "R1", "stale-backup`"],
  })),
  // secrets
  ...[TOKEN, SHARE, "xoxp-canary-canary-canary"].flatMap((secret) =>
    [secret, `status ${secret}`, `runbook sealed-node prod vault-2 why="${secret}"`, `run \u201C${secret}\u201D`].map(
      (text) => ({
        text,
        says: ["That looks like a", "Nothing was done with it"],
        never: [secret],
      }),
    ),
  ),
  {
    text: `status ${TOKEN.slice(0, 12)}\u200B${TOKEN.slice(12)}`,
    says: ["That looks like a Vault token"],
    never: [TOKEN, TOKEN.slice(12)],
  },
  // hostile and strange text
  { text: "<!channel>", says: ["&lt;!channel&gt;"], never: ["<!channel>"] },
  { text: "status <!channel>", says: ["&lt;!channel&gt;"], never: ["<!channel>"] },
  { text: "status &lt;!here&gt;", says: ["&lt;!here&gt;"], never: ["<!here>"] },
  { text: "run <@U0BOB> `x`", says: ["one word too many"], never: ["<@U0BOB>"] },
  { text: "runbook ```x```", says: ["There is no runbook"], never: ["```"] },
  { text: LONG, says: ["There is no `xxx"] },
  { text: `status ${LONG}`, says: ["There is no cluster `xxx"] },
  { text: `runbook ${LONG}`, says: ["There is no runbook `xxx"] },
  { text: `runbook sealed-node prod vault-2 ${LONG}=1`, says: ["has no input"] },
  { text: `runbook sealed-node ${"a=b ".repeat(700)}`, says: ["has no input `a`"] },
  { text: `runbook ${"и".repeat(1500)}`, says: ["There is no runbook"] },
  { text: "status 生产", says: ["There is no cluster `生产`."] },
  { text: "run \uD83D", says: ["There is no run"] },
  { text: "status \u202Edorp", says: ["There is no cluster"], never: ["\u202E"] },
  { text: "run {{7*7}} ; DROP", says: ["one word too many"] },
];

describe("/vault", () => {
  it.each(ROWS.map((row) => ({ ...row, name: row.text.slice(0, 60) })))(
    "answers what slack takes: $name",
    async ({ text, says, user, never = [] }) => {
      const bot = busyBot();
      const answer = await type(bot, text, user);
      for (const part of says) expect(answer).toContain(JSON.stringify(part).slice(1, -1));
      for (const part of never) expect(answer).not.toContain(part);
    },
  );

  it("starts nothing for whoever has no role, types a secret or names something wrong", async () => {
    const bot = busyBot();
    for (const { text, user } of ROWS.filter(({ says }) => !says.some((part) => part.startsWith("Started"))))
      await type(bot, text, user);
    expect(bot.runs.started).toEqual([]);
    expect(bot.runs.asked).toEqual([]);
  });

  it("counts what it refuses for want of a role, and secrets", async () => {
    const bot = busyBot();
    await type(bot, "status", NOBODY);
    await type(bot, `status ${TOKEN}`);
    expect(bot.refusals).toEqual(["role", "secret"]);
  });
});

describe("/vault status", () => {
  it("counts the healthy nodes and names the others, for twenty clusters of nine nodes", async () => {
    const clusters = Array.from({ length: 20 }, (_, index) =>
      clusterOf(
        `cluster-${index}-${"n".repeat(30)}`,
        Array.from({ length: 9 }, (__, at) => `vault-${index}-${at}-${"n".repeat(30)}`),
      ),
    );
    const answer = await type(fakeBot({ clusters }), "status");
    for (const { name, nodes } of clusters) {
      expect(answer).toContain(`*${name}*: 1 active, 7 standby, 1 sealed`);
      expect(answer).toContain(`*sealed*  \`${nodes[8]?.name ?? ""}\``);
    }
  });

  it("says how much it leaves out when everything is down", async () => {
    const clusters = Array.from({ length: 20 }, (_, index) =>
      clusterOf(
        `cluster-${index}`,
        Array.from({ length: 9 }, (__, at) => `vault-${index}-${at}-${"n".repeat(40)}`),
      ),
    );
    const bot = fakeBot({ clusters });
    const down = clusters.map((cluster) =>
      factsOf(cluster, {
        nodes: cluster.nodes.map(({ name }) => ({ name, state: "unreachable", version: undefined })),
      }),
    );
    const insight = { ...bot.insight, cluster: async (name: string) => down.find(({ cluster }) => cluster === name) };
    expect(await type({ ...bot, insight }, "status")).toMatch(/_and \d+ more lines: name a cluster, or see <https/u);
  });

  it("warns of lost quorum, of no leader, of two leaders, and of what could not be looked at", async () => {
    const bot = fakeBot();
    const [prod] = bot.clusters;
    if (prod === undefined) throw new Error("there is a cluster");
    const facts = factsOf(prod, { margin: -1 });
    const two = facts.nodes.map((node) => ({ ...node, state: "active" as const }));
    const none = facts.nodes.map((node) => ({ ...node, state: "no-leader" as const }));
    const say = async (found: typeof facts | undefined): Promise<string> =>
      await type({ ...bot, insight: { ...bot.insight, cluster: async () => found } }, "status prod");
    expect(await say(facts)).toContain("*quorum is lost*");
    expect(await say({ ...facts, nodes: two })).toContain("two nodes call themselves leader");
    expect(await say({ ...facts, nodes: none })).toContain("no leader");
    expect(await say(undefined)).toContain("could not be looked at");
    expect(
      await say({ ...facts, sealType: "awskms", nodes: [{ name: "v", state: "sealed", version: "1" }] }),
    ).toContain("(awskms unseals it)");
  });
});

describe("/vault backup", () => {
  it("shows the worst first, with age, size and what was not seen", async () => {
    const bot = fakeBot();
    const common = { name: "nightly", at: T0 - 60_000, maxAgeMs: 172_800_000, why: undefined };
    const newest = { at: T0 - 3_600_000, bytes: 12_345_678 };
    const insight = {
      ...bot.insight,
      backups: async () =>
        await Promise.resolve([
          { ...common, cluster: "prod", newest, state: "fresh" as const },
          { ...common, cluster: "prod", name: "s3", newest: undefined, state: "missing" as const },
          { ...common, cluster: "gone", newest, state: "fresh" as const },
          {
            ...common,
            cluster: "prod",
            name: "disk",
            newest: undefined,
            state: "unknown" as const,
            why: "cannot list /b: <!here>",
          },
        ]),
    };
    const answer = await type({ ...bot, insight }, "backup");
    expect(answer).toContain("fresh  `prod` `nightly`: 1h old");
    expect(answer).toContain("12.3 MB");
    expect(answer).toContain("cannot list /b: &lt;!here&gt;");
    expect(answer).toContain("`staging` has no place configured");
    expect(answer).not.toContain("gone");
    expect(answer.indexOf("*none*")).toBeLessThan(answer.indexOf("fresh"));
  });
});

describe("/vault leases", () => {
  it("shows the stuck ones, the largest mounts, and why something is missing", async () => {
    const bot = fakeBot();
    const insight = {
      ...bot.insight,
      leases: async (cluster: string) =>
        await Promise.resolve({
          cluster,
          at: T0 - 120_000,
          total: undefined,
          irrevocable: 4,
          byMount: Array.from({ length: 10 }, (_, index) => ({ mount: `database-${index}/`, count: 100 - index })),
          why: "cannot read sys/metrics on vault-0: <denied>",
        }),
    };
    const answer = await type({ ...bot, insight }, "leases");
    expect(answer).toContain("how many is not known");
    expect(answer).toContain("*4 cannot be revoked*");
    expect(answer).toContain("counted 2m ago");
    expect(answer).toContain("`database-9/` 91");
    expect(answer).toContain("&lt;denied&gt;");
  });
});

describe("/vault runbook", () => {
  it("puts those first that answer an alert which fires now, with a button each that opens the form", async () => {
    const bot = busyBot();
    await bot.alerts.put(alertGroup());
    const answer = await type(bot, "runbook");
    expect(answer).toContain("Answer an alert that fires now");
    expect(answer.indexOf("`stale-backup`")).toBeLessThan(answer.indexOf("`sealed-node`"));
    expect(answer).toContain('"value":"stale-backup"');
  });

  it("lists two hundred runbooks as far as a message holds, and says how to find the rest", async () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      runbookOf(`runbook-${index}-${"n".repeat(30)}`, {
        title: "T".repeat(100),
        alerts: ["VaultA", "VaultB", "VaultC", "VaultD"],
      }),
    );
    const answer = await type(fakeBot({ catalog: catalogOf(...many) }), "runbook");
    expect(answer).toMatch(/_and \d+ more: search below, or see <https:\/\/sealwatch.example\/\|the web page>_/u);
    expect(answer).toContain("external_select");
  });

  it.each([
    { text: "runbook encryption", shows: ["Rotate the encryption key"] },
    { text: "runbook SEALED prod", shows: ["A node is sealed", "*cluster* prod"] },
    { text: "runbook prod vault-2 sealed is", shows: ["A node is sealed", "*cluster* prod · *node* vault-2"] },
    {
      text: "runbook sealed cluster=prod --drill",
      shows: ["*cluster* prod", '"initial_options":[{"text":{"type":"plain_text","text":"Drill"}'],
    },
    { text: "runbook too old", shows: ["Backups are too old"] },
  ])("opens the form of the one that a search finds, and never starts it: $text", async ({ text, shows }) => {
    const bot = busyBot();
    expect(await type(bot, text)).toBe("");
    expect(bot.order).toEqual(["open", "identify", "update"]);
    for (const part of shows) expect(JSON.stringify(bot.views[1]?.blocks)).toContain(part);
    expect(bot.runs.started).toEqual([]);
  });

  it("says so when there are none", async () => {
    expect(await type(fakeBot({ catalog: catalogOf() }), "runbook")).toContain("There are no runbooks.");
  });

  it("tells why the run service does not start it", async () => {
    const bot = busyBot();
    bot.runs.answerStart = () => ({ ok: false, why: "carol may not start runs; <no>", code: "role" });
    expect(await type(bot, "runbook stale-backup", VIEWER)).toContain("carol may not start runs; &lt;no&gt;");
  });
});

describe("/vault run", () => {
  it("links the gate's message, and gives its buttons only to who may press them", async () => {
    const bot = busyBot();
    bot.messages.all.set("run:R2/gate:step_down.1", {
      key: "run:R2/gate:step_down.1",
      channel: "C0INCIDENTS",
      ts: "1790000000.000100",
      digest: "d",
    });
    const approver = await type(bot, "run R2", APPROVER);
    expect(approver).toContain("https://stand-in.slack.com/archives/C0INCIDENTS/p1790000000000100");
    expect(approver).toContain("sealwatch.gate.approve");
    // Alice started it, and may reject but not approve.
    const starter = await type(bot, "run R2");
    expect(starter).not.toContain("sealwatch.gate.approve");
    expect(starter).toContain("sealwatch.gate.reject");
    const viewer = await type(bot, "run R2", VIEWER);
    expect(viewer).not.toContain('"type":"button"');
  });

  it("gives no button to approve to whoever started the run, drives it, or voted already, whatever their role", async () => {
    const approvers = async (id: string) =>
      await Promise.resolve({
        id: id === "U0ALICE" ? "alice" : "bob",
        name: "x",
        role: "approver" as const,
        groups: [],
      });
    const bot = fakeBot({ identify: approvers });
    bot.runs.append("R2", started("R2"), ...gateOpened());
    expect(await type(bot, "run R2", "U0BOB")).toContain("sealwatch.gate.approve");
    expect(await type(bot, "run R2", "U0ALICE")).not.toContain("sealwatch.gate.approve");
    const voted = fakeBot({ identify: approvers });
    const votes = [{ by: { id: "bob", name: "bob" }, at: T0 }];
    voted.runs.append("R2", started("R2"), ...gateOpened({ approvals: 2, votes }));
    expect(await type(voted, "run R2", "U0BOB")).not.toContain("sealwatch.gate.approve");
    const grouped = fakeBot({ identify: approvers });
    grouped.runs.append("R2", started("R2"), ...gateOpened({ groups: ["dba"] }));
    expect(await type(grouped, "run R2", "U0BOB")).not.toContain("sealwatch.gate.approve");
  });

  it("answers without the link when Slack does not give it", async () => {
    const bot = busyBot();
    const messages = { ...bot.messages, get: async () => await Promise.reject(new Error("the store is away")) };
    expect(await type({ ...bot, messages }, "run R2", APPROVER)).toContain("waiting for approval");
  });

  it("shows the only open run when none is named", async () => {
    const bot = fakeBot();
    bot.runs.append("R2", started("R2"), ...gateOpened());
    expect(await type(bot, "run")).toContain("/runs/R2|Run on the web");
  });

  it("lets another person take over, and not who is in charge already", async () => {
    const bot = busyBot();
    expect(await type(bot, "run R3", APPROVER)).toContain("Take over");
    expect(await type(bot, "run R3")).not.toContain("Take over");
  });
});
