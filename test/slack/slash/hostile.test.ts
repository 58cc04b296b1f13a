import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { readWords } from "../../../src/slack/slash/read-words.ts";
import { checked, gateOpened, started, stuck, T0 } from "../timeline.ts";
import { clusterOf } from "../world.ts";
import { catalogOf, factsOf, fakeBot, runbookOf, type, type FakeBot } from "./fake-bot.ts";

const SECRET = `hvs.${"Canary0".repeat(5)}`;
const hostile = fc.oneof(
  fc.constantFrom(
    "<!channel>",
    "<!subteam^S012AB3CD>",
    "<@U0BOB>",
    "<https://evil.example|click>",
    "```",
    "*_~`>",
    "&lt;!here&gt;",
    "\uD800",
    "\u202Ereversed",
    "{}[]\\\"'",
    SECRET,
    "漢".repeat(3000),
    "x".repeat(5000),
    "line\nline\r\n\tline",
    "👩‍🚒".repeat(200),
  ),
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 40 }),
);

/** A bot in which everything that comes from outside is this text. */
function botOf(text: string, count: number): FakeBot {
  const name = text.trim() === "" ? "x" : text;
  const nodes = Array.from({ length: 9 }, (_, index) => `${name}-${index}`);
  const clusters = Array.from({ length: count }, (_, index) =>
    clusterOf(index === 0 ? name : `${name} ${index}`, nodes),
  );
  const books = Array.from({ length: count }, (_, index) =>
    runbookOf(`book-${index}`, { title: name, meaning: name, alerts: [name] }),
  );
  const bot = fakeBot({
    clusters,
    catalog: catalogOf(...books),
    identify: async () =>
      await Promise.resolve({
        id: name,
        name,
        role: "approver",
        groups: [name, name],
        standing: { source: name, untold: [name, name] },
      }),
    externalUrl: "https://sealwatch.example",
    insight: {
      cluster: async (wanted) => {
        const found = clusters.find((cluster) => cluster.name === wanted);
        return await Promise.resolve(found === undefined ? undefined : factsOf(found, { sealType: name }));
      },
      backups: async () =>
        await Promise.resolve(
          clusters.map((cluster) => ({
            cluster: cluster.name,
            name,
            at: T0,
            newest: undefined,
            maxAgeMs: 1000,
            state: "unknown" as const,
            why: name,
          })),
        ),
      leases: async (cluster) =>
        await Promise.resolve({
          cluster,
          at: T0,
          total: 1,
          irrevocable: 1,
          byMount: Array.from({ length: 10 }, () => ({ mount: name, count: 1 })),
          why: name,
        }),
      drills: async () => [],
    },
  });
  for (let index = 0; index < count; index++) {
    const id = `R${index}`;
    bot.runs.append(
      id,
      started(id, undefined, name),
      ...checked(name),
      ...(index % 2 === 0 ? gateOpened() : stuck(name)),
    );
  }
  return bot;
}

const COMMANDS = [
  "",
  "status",
  "runs",
  "run R0",
  "run R1",
  "run nothing",
  "backup",
  "leases",
  "runbook",
  "whoami",
  "bakcup",
];

/** A mention or a link that we did not write: dates and links to our own pages are ours. */
const FOREIGN_MARKUP = /<(?:!(?!date\^)|@|#(?!C0INCIDENTS)|https?:\/\/(?!sealwatch\.example))/u;

describe("/vault with hostile text everywhere", () => {
  it("gives answers that slack takes, that ping nobody, link nowhere else and repeat no secret", async () => {
    await fc.assert(
      fc.asyncProperty(hostile, fc.constantFrom(1, 2, 20), async (text, count) => {
        const bot = botOf(text, count);
        for (const command of COMMANDS) {
          const answer = await type(bot, command);
          expect(answer).not.toMatch(FOREIGN_MARKUP);
          expect(answer).not.toContain(SECRET);
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it("answers whatever is typed with something that slack takes, and starts nothing that nobody named", async () => {
    const bot = botOf("prod", 2);
    bot.runs.answerStart = () => ({ ok: true, runId: "R7" });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("", "status ", "run ", "runbook ", "runbook nothing ", "backup ", "leases ", "runs "),
        hostile,
        async (command, text) => {
          const answer = await type(bot, `${command}${text}`);
          expect(answer).not.toMatch(FOREIGN_MARKUP);
          expect(answer).not.toContain(SECRET);
        },
      ),
      { numRuns: 150 },
    );
    expect(bot.runs.started).toEqual([]);
  }, 60_000);

  it("reads words that hold together, whatever is typed", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const word of readWords(text)) expect(word).not.toBe("");
      }),
    );
  });
});
