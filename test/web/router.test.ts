import { afterEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { RunEvent } from "../../src/engine/events.ts";
import { startHttpServer, type HttpServer } from "../../src/http/server.ts";
import { FailureError } from "../../src/lib/failure.ts";
import type { Runbook } from "../../src/runbook/schema.ts";
import { createWebRouter, type WebOptions } from "../../src/web/router.ts";
import { fakeCluster } from "./fake-cluster.ts";
import {
  asking,
  atGate,
  began,
  loaded,
  lockedOut,
  lostPeer,
  manual,
  nested,
  NIGHT,
  removal,
  resolved,
  shownRuns,
} from "./runs.ts";

const servers: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(async (server) => await server.close()));
});

const prod = () =>
  fakeCluster("prod", {
    "vault-0": { health: { standby: false } },
    "vault-1": {},
    "vault-2": { health: "unreachable", seal: "unreachable" },
  });

async function start(changes: Partial<WebOptions> & { runbook?: Runbook } = {}) {
  const runbook = changes.runbook ?? lostPeer;
  const router = createWebRouter({
    runs: shownRuns(),
    exportRun: async () => undefined,
    catalog: () => new Map([[runbook.id, { runbook }]]),
    clusters: [prod(), fakeCluster("staging", { "stage-0": {} })],
    clock: { now: () => NIGHT + 120_000 },
    ...changes,
  });
  const server = await startHttpServer({ listen: "127.0.0.1:0", routers: [router] });
  servers.push(server);
  const get = async (path: string) => {
    const answer = await fetch(server.address + path);
    return { status: answer.status, headers: answer.headers, html: await answer.text() };
  };
  return { get, address: server.address };
}

/** What a reader sees: no tags, no style, no script, entities read, one space between words. */
function seen(page: string): string {
  const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return page
    .replaceAll(/<(style|script|noscript|title)>[\s\S]*?<\/\1>/gu, "")
    .replaceAll(/<[^>]*>/gu, " ")
    .replaceAll(/&(amp|lt|gt|quot|#39);/gu, (_all, name: string) => entities[name] ?? "")
    .replaceAll(/\s+/gu, " ");
}

describe("the overview", () => {
  it("shows clusters now, open and finished runs with who is next, runbooks, and the way to the metrics", async () => {
    const { get } = await start({ runs: shownRuns(loaded(atGate), { ...loaded([...resolved]), head: "h" }) });
    const { status, html } = await get("/");
    const text = seen(html);
    expect(status).toBe(200);
    expect(text).toContain("2 of 3 nodes are unsealed; vault-0 is active.");
    expect(text).toContain("vault-2 unreachable cannot read vault-2: unreachable; look at it");
    expect(text).toContain("No node is active. 1 of 1 nodes are unsealed");
    expect(text).toMatch(/Open runs waiting A node is lost for good prod · vault-2 · R1 · started 2m ago by Alice/u);
    expect(text).toContain("next: 1 more approver, not Alice, after Bob");
    expect(text).toMatch(/Finished runs resolved A node is lost for good/u);
    expect(text).toContain("lost-peer for VaultQuorumAtRisk");
    expect(html).toContain('href="/metrics"');
  });

  it("shows the clusters when the runs cannot be read, and says so", async () => {
    const fail = async () => {
      throw new FailureError({
        reason: "server-error",
        message: "cannot list runs: the disk is full",
        retryable: false,
      });
    };
    const { get } = await start({ runs: { get: fail, list: fail } });
    const text = seen((await get("/")).html);
    expect(text).toContain("The runs cannot be read: cannot list runs: the disk is full");
    expect(text).toContain("vault-0 is active.");
  });

  it("says that two nodes call themselves active", async () => {
    const both = fakeCluster("prod", { a: { health: { standby: false } }, b: { health: { standby: false } } });
    const { get } = await start({ clusters: [both] });
    expect(seen((await get("/")).html)).toContain("a and b both call themselves active: an election, or a split.");
  });
});

describe("a runbook's page", () => {
  const path = "/runbooks/lost-peer?cluster=prod&node=vault-2";

  it("says what it means, how the cluster is, how to begin, when it is done, whom to wake", async () => {
    const { get } = await start();
    const { status, html } = await get(path);
    const text = seen(html);
    expect(status).toBe(200);
    for (const part of [
      "A voter does not take part. raft counts it nobody hears of it Impact Nothing fails yet .",
      "Cluster prod now 2 of 3 nodes are unsealed",
      "/vault runbook lost-peer cluster=prod node=vault-2",
      "sealwatch run lost-peer cluster=prod node=vault-2",
      "Done when Raft's configuration does not list the node any more.",
      "Escalate Without a leader, wake the owner of the cluster.",
      "Where this departs from the usual advice The usual advice calls remove-peer",
    ])
      expect(text).toContain(part);
    expect(text).not.toContain("Cluster staging");
  });

  it("tells the steps in words, with the inputs in their places", async () => {
    const text = seen((await (await start()).get(path)).html);
    for (const part of [
      "Is vault-2 silent? check Reads vault.health and expects !result.reachable . Otherwise the run ends there (stopped): vault-2 answers, … as it is.",
      "gone manual Only if steps.silent.down Is the machine gone? ping vault-2",
      "Remove it from raft do Carries out vault.raft-remove-peer behind a gate: reads what must hold, asks people,",
      "Is it gone? wait Reads vault.raft-peers every 5s until !result.peer_known , for 1m at most.",
      "next say vault-2 is removed.",
    ])
      expect(text).toContain(part);
  });

  it("shows the open runs of this runbook", async () => {
    const other = { ...lostPeer, id: "other" };
    const runs = shownRuns(loaded(manual), loaded([began({ runId: "R2", runbook: other })]));
    const { html } = await (await start({ runs })).get(path);
    expect(html).toContain('href="/runs/R1"');
    expect(html).not.toContain('href="/runs/R2"');
  });

  it.each([
    { name: "nothing is given", query: "", says: "node=<node>", also: "Fill in <cluster> and <node> first." },
    {
      name: "a cluster is unknown",
      query: "?cluster=prd",
      says: 'there is no cluster "prd"; did you mean "prod"?',
      also: "cluster=<cluster>",
    },
    {
      name: "a node is unknown",
      query: "?cluster=prod&node=vault-9",
      says: 'cluster "prod" has no node "vault-9"; did you mean',
      also: "cluster=prod node=<node>",
    },
    {
      name: "a value is given twice",
      query: "?cluster=prod&cluster=staging",
      says: "cluster not given",
      also: "cluster=<cluster>",
    },
    {
      name: "a value is too long",
      query: `?cluster=${"x".repeat(201)}`,
      says: "longer than 200 characters",
      also: "cluster=<cluster>",
    },
  ])("uses no input that it cannot, and says why, when $name", async ({ query, says, also }) => {
    const text = seen((await (await start()).get(`/runbooks/lost-peer${query}`)).html);
    expect(text).toContain(says);
    expect(text).toContain(also);
  });

  it("shows every cluster while none is chosen", async () => {
    const text = seen((await (await start()).get("/runbooks/lost-peer")).html);
    expect(text).toContain("Cluster prod now");
    expect(text).toContain("Cluster staging now");
  });

  it("never echoes a secret from the link, and says to revoke it", async () => {
    const token = `hvs.${"b".repeat(30)}`;
    const { html } = await (await start()).get(`/runbooks/lost-peer?cluster=prod&node=${token}`);
    expect(html).not.toContain(token);
    expect(seen(html)).toContain(
      "looks like a Vault token, so it is not shown; if it is one, it stands in histories and logs now: revoke it",
    );
  });
});

describe("a run's page", () => {
  it("shows a gate in words: the call, what holds, the cost, the proof, who is missing, what is typed, until when", async () => {
    const { get } = await start({ runs: shownRuns(loaded(atGate)) });
    const { html } = await get("/runs/R1");
    const text = seen(html);
    for (const part of [
      "waiting waiting for approval Next: 1 more approver, not Alice, after Bob",
      "vault.raft-remove-peer on cluster prod destructive",
      "Call POST sys/storage/raft/remove-peer on vault-0 , server_id vault-2",
      "3 voters, 2 healthy; after the removal 2 voters, 2 needed vault-2 does not answer",
      "Cost the cluster has one voter less until a new node joins",
      "Proof raft's configuration does not list vault-2",
      "Approvals 1 of 2 (Bob), not by who started the run",
      "To be typed prod",
      "Expires 2026-11-22 03:20:07 UTC , in 14m 2s",
      "sealwatch approve R1",
    ])
      expect(text).toContain(part);
    expect(html).not.toMatch(/<(?:form|button|input)/u);
  });

  it("shows the work of a human with its commands", async () => {
    const text = seen((await (await start({ runs: shownRuns(loaded(manual)) })).get("/runs/R1")).html);
    expect(text).toContain(
      "Work for a human Can vault-2 come back? Look at the machine. Look at its volume . ping -c1 vault-2",
    );
    for (const command of [
      "confirm R1",
      "skip R1 --reason 'WHY'",
      "abort R1 --reason 'WHY'",
      "take-over R1",
      "note R1 'TEXT'",
    ])
      expect(text).toContain(`sealwatch ${command}`);
  });

  it("shows every step, the timeline in order, and the head of the chain", async () => {
    const run = loaded(resolved);
    const text = seen((await (await start({ runs: shownRuns(run) })).get("/runs/R1")).html);
    expect(text).toContain("Is vault-2 silent? done · 03:04:05 UTC , 2s vault-2 does not answer");
    expect(text).toContain("Is it gone? pending");
    const sentences = [
      "Alice started the run",
      "Approval asked for POST",
      "Bob approved",
      "Carol approved",
      "Gate closed: approved by Bob and Carol",
      "vault-2 is removed. Replace it",
      "Ended, resolved: every step is done",
    ];
    const timeline = text.slice(text.indexOf("Timeline"));
    const places = sentences.map((sentence) => timeline.indexOf(sentence));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((left, right) => left - right));
    expect(text).toContain(`${run.version} events, each hashed onto the one before. The chain's head is ${run.head}`);
    expect(text).toContain(run.run.runbookDigest);
  });

  it("follows an open run, and leaves a finished one alone", async () => {
    const open = await (await start({ runs: shownRuns(loaded(manual)) })).get("/runs/R1");
    expect(open.html).toContain(`data-live="/runs/R1.json" data-version="${manual.length}"`);
    expect(open.html).toContain('<noscript><meta http-equiv="refresh" content="5" /></noscript>');
    const finished = await (await start({ runs: shownRuns(loaded(resolved)) })).get("/runs/R1");
    expect(finished.html).not.toContain("data-live=");
    expect(finished.html).not.toContain("<script>");
  });

  it("gives its view as JSON, with version and head", async () => {
    const run = loaded(atGate);
    const { get } = await start({ runs: shownRuns(run) });
    const { status, headers, html } = await get("/runs/R1.json");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toContain("application/json");
    expect(JSON.parse(html)).toMatchObject({
      version: atGate.length,
      head: run.head,
      status: "open",
      view: { state: "waiting", currentStep: "remove", gate: { approvals: 2, approvedBy: ["Bob"] } },
    });
  });
});

describe("what a run's page must say at three in the morning", () => {
  const seenOf = async (events: readonly RunEvent[]): Promise<string> =>
    seen((await (await start({ runs: shownRuns(loaded(events)) })).get("/runs/R1")).html);

  it("names the plan that a yes is bound to, and the whole command for it", async () => {
    const run = loaded(atGate);
    const hash = run.run.gates[0]?.gate.planHash ?? "";
    const text = await seenOf(atGate);
    expect(text).toContain(`Plan ${hash.slice(0, 12)} `);
    expect(text).toContain(`sealwatch approve R1 remove.1 --plan ${hash.slice(0, 12)} --phrase prod`);
    expect(text).toContain("sealwatch approve R1 remove.1 --break-glass --phrase prod --reason 'WHY'");
    expect(text).toContain("not by who started the run or is in charge of it");
  });

  it("asks the question with what may be answered", async () => {
    const text = await seenOf(asking);
    expect(text).toContain("A question Is the rack dark? Answer with one of dark, lit : dark lit");
    expect(text).toContain("sealwatch answer R1 VALUE");
  });

  it("says who has the cluster, and for how long already", async () => {
    const text = await seenOf(lockedOut);
    expect(text).toContain("The cluster is taken Run R7 has it to itself since 2026-11-22 03:00:05 UTC , 6m ago.");
    expect(text).toContain("sealwatch skip R1 --reason 'WHY'");
  });

  it("marks dry runs and drills before anything else", async () => {
    expect(await seenOf([began({ dryRun: true })])).toContain("Dry run: it reads and plans");
    expect(await seenOf([began({ drill: true })])).toContain(
      "Drill: it is carried out to practise; its calls are real.",
    );
    expect(await seenOf(manual)).not.toMatch(/Dry run|Drill/u);
  });

  it("says loudly that one person went past a gate", async () => {
    const text = await seenOf([
      ...atGate,
      { type: "GateBroken", at: NIGHT + 99_000, gate: "remove.1", by: { id: "dave", name: "Dave" }, reason: "fire" },
    ]);
    expect(text).toContain("BREAK-GLASS by Dave alone: fire (gate remove.1: POST sys/storage/raft/remove-peer");
  });

  it("indents what is in a block, and says in which round it is", async () => {
    const { html } = await (await start({ runs: shownRuns(loaded(nested)) })).get("/runs/R1");
    expect(html).toMatch(/class="pending in1"/u);
    expect(seen(html)).toContain("look rolling, round 2");
  });

  it("shows evidence with its digest and its text", async () => {
    const text = await seenOf([
      ...manual,
      {
        type: "EvidenceAttached",
        at: NIGHT + 5000,
        evidence: {
          at: NIGHT + 5000,
          by: { id: "bob", name: "Bob" },
          name: "dmesg.txt",
          sha256: "ab".repeat(32),
          bytes: 9,
          text: "disk gone",
        },
      },
    ]);
    expect(text).toContain(
      `Evidence dmesg.txt 9 bytes, by Bob at 03:04:10 UTC sha256:${"ab".repeat(32)} Its text disk gone`,
    );
  });

  it("tells that it is being aborted, and by whom", async () => {
    const text = await seenOf([
      ...manual,
      {
        type: "CancelBegun",
        at: NIGHT + 5000,
        by: { id: "bob", name: "Bob" },
        reason: "wrong cluster",
        deadline: NIGHT + 125_000,
        underWay: undefined,
        caution: undefined,
      },
    ]);
    expect(text).toContain("being aborted by Bob");
    expect(text).toContain("sealwatch abort R1 --reason 'WHY'");
    expect(text).not.toContain("sealwatch confirm R1");
  });

  it("ends a dry run as planned", async () => {
    const text = await seenOf([
      began({ dryRun: true }),
      { type: "StepPlanned", at: NIGHT + 1000, step: "remove", text: "Would call: POST x.", plan: removal() },
      { type: "RunFinished", at: NIGHT + 2000, result: "planned", text: "Every step is planned.", by: undefined },
    ]);
    expect(text).toContain("planned Every step is planned.");
    expect(text).toContain("Would call: POST x.");
  });
});

describe("exporting a run", () => {
  it.each([
    { path: "/runs/R1/export.md", type: "text/markdown; charset=utf-8", asked: ["R1", "markdown"] },
    { path: "/runs/R1/export.json", type: "application/json; charset=utf-8", asked: ["R1", "json"] },
  ])("gives $path as a file", async ({ path, type, asked }) => {
    const calls: unknown[] = [];
    const { get } = await start({
      exportRun: async (...given) => {
        calls.push(given);
        return "the export";
      },
    });
    const { status, headers, html } = await get(path);
    expect([status, html, headers.get("content-type")]).toEqual([200, "the export", type]);
    expect(headers.get("content-disposition")).toMatch(/^attachment; filename=R1[.](?:md|json)$/u);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(calls).toEqual([asked]);
  });

  it("is linked from the run's page, and 404 for a run that is not there", async () => {
    const { get } = await start({ runs: shownRuns(loaded(manual)) });
    const { html } = await get("/runs/R1");
    expect(html).toContain('href="/runs/R1/export.md"');
    expect(html).toContain('href="/runs/R1/export.json"');
    expect((await get("/runs/R9/export.md")).status).toBe(404);
  });
});

describe("what is not there", () => {
  it.each([
    { name: "a runbook", path: "/runbooks/lost-pear", near: '<a href="/runbooks/lost-peer">lost-peer</a>?' },
    { name: "a run", path: "/runs/r1", near: '<a href="/runs/R1">R1</a>?' },
  ])("is a 404 page that names near ones: $name", async ({ path, near }) => {
    const { status, html } = await (await start({ runs: shownRuns(loaded(manual)) })).get(path);
    expect(status).toBe(404);
    expect(html).toContain(`Did you mean ${near}`);
  });

  it("is JSON for a program", async () => {
    const { status, html } = await (await start()).get("/runs/R9.json");
    expect([status, JSON.parse(html)]).toEqual([404, { error: "cannot show the run: there is no such run" }]);
  });

  it("is not echoed when it looks like a secret", async () => {
    const token = `hvs.${"c".repeat(30)}`;
    expect((await (await start()).get(`/runbooks/${token}`)).html).not.toContain(token);
  });
});

describe("every page", () => {
  const paths = ["/", "/runbooks/lost-peer?cluster=prod&node=vault-2", "/runs/R1", "/runbooks/none"];

  it.each(paths)("%s loads nothing from elsewhere, and runs only its own style and script", async (path) => {
    const { headers, html } = await (await start({ runs: shownRuns(loaded(manual)) })).get(path);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(
      /default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; connect-src 'self'/u,
    );
    expect(html).not.toMatch(/https?:\/\/(?!vault-\d\.example|stage-\d\.example)/u);
    expect(html).not.toMatch(/ (?:style|on\w+)=/u);
  });

  it.each(["POST", "PUT", "DELETE", "PATCH"])("answers %s with 404: nothing can be changed here", async (method) => {
    const { address } = await start({ runs: shownRuns(loaded(manual)) });
    for (const path of paths) expect((await fetch(address + path, { method })).status).toBe(404);
  });

  it("shows foreign text as text, wherever it comes from", async () => {
    const attack = fc
      .array(
        fc.constantFrom(
          "<script>alert(1)</script>",
          '"><img src=x onerror=alert(1)>',
          "'",
          "</style>",
          "<!--",
          "&lt;",
          "`",
          "*",
          "x",
        ),
        { minLength: 1, maxLength: 4 },
      )
      .map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(attack, async (text) => {
        const { get } = await start({
          runs: shownRuns(loaded(hostile(text))),
          runbook: { ...lostPeer, meaning: text, title: text },
        });
        const query = `cluster=${encodeURIComponent(text)}`;
        for (const path of ["/", `/runbooks/lost-peer?${query}`, "/runs/R1", `/runs/${encodeURIComponent(text)}`]) {
          const { html } = await get(path);
          const body = html.slice(html.indexOf("<main"), html.indexOf("</main>"));
          expect(body).not.toMatch(/<(?:script|img|!--|\/style)/u);
          expect(body.match(/<[^>]*>/gu)?.filter((tag) => / on\w+=/u.test(tag)) ?? []).toEqual([]);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("carries no secret, even when one got into a run", async () => {
    const secrets = [
      `hvs.${"d".repeat(30)}`,
      `xoxb-${"1".repeat(12)}`,
      Buffer.from(Array.from({ length: 33 }, (_, index) => index * 7)).toString("base64"),
    ];
    for (const secret of secrets) {
      const { get } = await start({ runs: shownRuns(loaded(hostile(`it is ${secret} !`))) });
      for (const path of ["/", "/runbooks/lost-peer", "/runs/R1", "/runs/R1.json"]) {
        expect((await get(path)).html).not.toContain(secret);
      }
    }
  });
});

/** A run at a gate whose every foreign text is the given one. */
function hostile(text: string): readonly RunEvent[] {
  const person = { id: "eve", name: text };
  return [
    began({ inputs: { cluster: "prod", node: text } }),
    { type: "StepStarted", at: NIGHT, step: "silent", title: text },
    { type: "StepSucceeded", at: NIGHT, step: "silent", result: { text }, text, by: person },
    { type: "Said", at: NIGHT, text, by: person },
    { type: "StepStarted", at: NIGHT, step: "remove", title: text },
    {
      type: "GateOpened",
      at: NIGHT,
      gate: {
        id: "remove.1",
        step: "remove",
        plan: removal({ call: text, cost: text, proof: text }),
        planHash: "ef".repeat(32),
        approvals: 2,
        notTheStarter: true,
        groups: [text],
        votesExpireMs: 1,
        phrase: text,
        openedAt: NIGHT,
        expiresAt: NIGHT,
        votes: [{ by: person, at: NIGHT }],
        differences: [text],
      },
    },
  ];
}
