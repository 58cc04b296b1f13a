import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Actor } from "../../src/access/person.ts";
import { openPeopleWorld, type PeopleWorld } from "./directory-of-people.ts";

const RUNS = 10_000;

const GROUPS = { S0DBA: { name: "dba", role: "approver" }, S0OPS: { name: "ops", role: "admin" } } as const;
type UserGroup = keyof typeof GROUPS;
const MEMBERS = ["U0ALICE", "U0BOB"] as const;
type Member = (typeof MEMBERS)[number];

const access = {
  people: [{ name: "alice", role: "responder", slack: "U0ALICE", cli: "alice" }],
  groups: Object.entries(GROUPS).map(([slackUserGroup, group]) => ({ slackUserGroup, ...group })),
};

/** What happens: in Slack, to the clocks, or by a click. */
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("membership" as const),
      group: fc.constantFrom<UserGroup[]>("S0DBA", "S0OPS"),
      member: fc.constantFrom(...MEMBERS),
      isIn: fc.constantFrom(true, true, false),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("account" as const),
      member: fc.constantFrom(...MEMBERS),
      account: fc.constantFrom(...(["member", "member", "member", "guest", "deactivated", "bot", "stranger"] as const)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("slack" as const),
      down: fc.constantFrom(true, false, false),
      takesMs: fc.constantFrom(0, 0, 100, 1900),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("pass" as const),
      ms: fc.oneof(fc.nat(20_000), fc.constantFrom(29_999, 30_001, 60_000, 60_001)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("setClock" as const),
      ms: fc.integer({ min: -90_000, max: 90_000 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant("click" as const),
      who: fc.constantFrom(...MEMBERS, "terminal" as const),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Remembers from when to when something was so, by the time that nobody can set. */
class History {
  readonly #spans: { from: number; to: number }[] = [];

  begin(at: number): void {
    if (this.#spans.at(-1)?.to !== Number.POSITIVE_INFINITY)
      this.#spans.push({ from: at, to: Number.POSITIVE_INFINITY });
  }

  end(at: number): void {
    const last = this.#spans.at(-1);
    if (last?.to === Number.POSITIVE_INFINITY) last.to = at;
  }

  wasSoSince(from: number, to: number): boolean {
    return this.#spans.some((span) => span.from <= to && span.to >= from);
  }
}

/** What Slack would have said, and when. */
class Truth {
  readonly #histories = new Map<string, History>();

  note(what: string, isSo: boolean, at: number): void {
    const history = this.#histories.get(what) ?? new History();
    this.#histories.set(what, history);
    if (isSo) history.begin(at);
    else history.end(at);
  }

  /** By a word that Slack gave, or could have given, within the last minute. */
  wasToldOf(what: string, now: number): boolean {
    return this.#histories.get(what)?.wasSoSince(now - 60_000, now) === true;
  }
}

async function click(world: PeopleWorld, who: Member | "terminal"): Promise<Actor> {
  return who === "terminal" ? await world.people.byTerminal("alice") : await world.people.bySlack(who);
}

/** Carries out steps; gives how often somebody held something by a group, and throws where they must not. */
async function carryOut(steps: readonly Step[]): Promise<number> {
  const world = openPeopleWorld(access);
  const truth = new Truth();
  note(world, truth);
  let held = 0;
  for (const each of steps) {
    const { slack } = world;
    if (each.type === "membership") {
      const members = slack.groups.get(each.group) ?? new Set();
      slack.groups.set(each.group, members);
      if (each.isIn) members.add(each.member);
      else members.delete(each.member);
    } else if (each.type === "account") slack.accounts.set(each.member, each.account);
    else if (each.type === "slack") {
      slack.down = each.down;
      slack.takesMs = each.takesMs;
    } else if (each.type === "pass") world.pass(each.ms);
    else if (each.type === "setClock") world.setClock(each.ms);
    note(world, truth);
    if (each.type !== "click") continue;
    const { who } = each;
    for (const actor of await Promise.all(Array.from({ length: each.times }, async () => await click(world, who))))
      held += judge(actor, who === "terminal" ? "U0ALICE" : who, world.now(), truth);
    note(world, truth);
  }
  return held;
}

/** Slack tells only while it answers. */
function note({ slack, now }: PeopleWorld, truth: Truth): void {
  for (const member of MEMBERS) {
    truth.note(member, !slack.down && (slack.accounts.get(member) ?? "member") === "member", now());
    for (const group of ["S0DBA", "S0OPS"] as const)
      truth.note(`${group} ${member}`, !slack.down && slack.groups.get(group)?.has(member) === true, now());
  }
}

function judge(actor: Actor, member: Member, now: number, truth: Truth): number {
  const may = (["S0DBA", "S0OPS"] as const).filter(
    (group) => truth.wasToldOf(member, now) && truth.wasToldOf(`${group} ${member}`, now),
  );
  const listed = member === "U0ALICE" ? "responder" : undefined;
  const isLawful =
    actor.groups.every((name) => may.some((group) => GROUPS[group].name === name)) &&
    [undefined, listed, ...may.map((group) => GROUPS[group].role)].includes(actor.role);
  // An assertion of Jest's costs more than a click, and there are a hundred thousand.
  if (!isLawful) throw new Error(`${JSON.stringify(actor)} where only ${may.join(", ")} may be`);
  return actor.groups.length;
}

describe("nobody holds what no source of at most a minute gives", () => {
  it(`whatever happens in Slack and to the clocks (${RUNS} histories)`, async () => {
    let held = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        held += await carryOut(steps);
      }),
      { numRuns: RUNS },
    );
    // It would also be true if nobody ever held anything.
    expect(held).toBeGreaterThan(RUNS);
  });
});
