import { createPeople, type People } from "../../src/app/people.ts";
import type { SlackAccountKind } from "../../src/access/slack-directory.ts";
import { Access } from "../../src/config/sections/access.ts";
import { createFreshSlackDirectory } from "../../src/identity/fresh-slack-directory.ts";
import type { VerifiedToken } from "../../src/identity/id-token.ts";
import { FailureError } from "../../src/lib/failure.ts";
import type { LogFacts } from "../../src/lib/logger.ts";
import { recordingLogger } from "./recording-logger.ts";

/** When every test begins. */
export const T0 = Date.UTC(2026, 10, 22, 12);

/** A Slack in memory, and a clock that only tests move. */
export type FakeSlack = {
  readonly groups: Map<string, Set<string>>;
  readonly accounts: Map<string, SlackAccountKind>;
  /** While set, every call fails. */
  down: boolean;
  /** How long a call takes. */
  takesMs: number;
  readonly asked: string[];
};

/** People as the program has them, over a Slack in memory. */
export type PeopleWorld = {
  readonly people: People;
  readonly slack: FakeSlack;
  readonly logs: readonly (readonly [string, string, LogFacts])[];
  readonly pass: (milliseconds: number) => void;
  readonly now: () => number;
  /** Sets the machine's clock forwards or back; no time passes. */
  readonly setClock: (byMilliseconds: number) => void;
  /** Replaces the configuration, as a reload does. */
  readonly configure: (access: unknown) => void;
};

/** Makes people of a configuration. Tokens are their own subject: `sub alice groups=a,b` is verified as it reads. */
export function openPeopleWorld(access: unknown, { hasSlack = true } = {}): PeopleWorld {
  let config = Access.parse(access);
  let now = T0;
  let shift = 0;
  const slack: FakeSlack = { groups: new Map(), accounts: new Map(), down: false, takesMs: 0, asked: [] };
  const { logger, entries } = recordingLogger();
  const steady = { now: () => now };
  const clock = { now: () => now + shift };
  const call = async <T>(what: string, answer: () => T): Promise<T> => {
    slack.asked.push(what);
    await Promise.resolve();
    const value = slack.down ? undefined : answer();
    now += slack.takesMs;
    if (value === undefined)
      throw new FailureError({ reason: "unreachable", retryable: true, message: `cannot read ${what}` });
    return value;
  };
  const directory = {
    members: async (userGroup: string) => await call(userGroup, () => [...(slack.groups.get(userGroup) ?? [])]),
    account: async (memberId: string) =>
      await call(memberId, () => ({
        kind: slack.accounts.get(memberId) ?? ("member" as const),
        name: memberId.slice(2).toLowerCase(),
      })),
  };
  const people = createPeople({
    access: () => config,
    slack: hasSlack ? createFreshSlackDirectory({ directory, clock, steady, logger }) : undefined,
    idTokens: ({ groupsClaim }) => ({
      verify: async (token) => await Promise.resolve(readToken(token.reveal(), groupsClaim)),
    }),
  });
  return {
    people,
    slack,
    logs: entries,
    pass: (milliseconds) => void (now += milliseconds),
    now: () => now,
    setClock: (by) => void (shift += by),
    configure: (next) => void (config = Access.parse(next)),
  };
}

function readToken(text: string, groupsClaim: string): VerifiedToken {
  const [, sub = "", claims = ""] = /^sub (\S+)(?: groups=(\S+))?$/u.exec(text) ?? [];
  return {
    sub,
    subject: sub,
    hasClaim: ({ name = groupsClaim, value }) => name === groupsClaim && claims.split(",").includes(value),
  };
}
