import { coverageOf, type Coverage } from "./coverage.ts";
import type { Difference } from "./compare.ts";
import { crashPoints, type CrashPoint } from "./crash-point.ts";
import { crashWords, judgeCrash, judgePlay } from "./judge.ts";
import type { TestSuite } from "./load-tests.ts";
import { play, type Performance } from "./play.ts";
import type { Rehearsed } from "./rehearsed.ts";
import { timelineText } from "./timeline-text.ts";

/** A play that did not come out as it should, with all that it takes to see why. */
export type Flop = {
  /** Where the program was killed; undefined for the play in which it was not. */
  readonly crash: string | undefined;
  readonly point: CrashPoint | undefined;
  readonly differences: readonly Difference[];
  readonly timeline: readonly string[];
};

/** What came of one test. */
export type TestResult = {
  readonly name: string;
  readonly flops: readonly Flop[];
  /** How often the program was killed. */
  readonly crashes: number;
  /** In how many of those plays the run said that people must look what became of its call. */
  readonly leftToPeople: number;
};

/** What came of the tests of one runbook. */
export type SuiteResult = {
  readonly file: string;
  readonly runbook: string;
  readonly tests: readonly TestResult[];
  readonly coverage: Coverage;
};

/** How tests are played. */
export type RehearseOptions = {
  /** Plays each test again for every point at which the program can be killed. */
  readonly crashEverywhere: boolean;
  /** Whether a test is played. */
  readonly wanted: (name: string) => boolean;
  readonly played?: (result: TestResult) => void;
};

/** Plays the tests of a runbook. */
export async function rehearse(suite: TestSuite, options: RehearseOptions): Promise<SuiteResult> {
  const tests: TestResult[] = [];
  const whole: Performance[] = [];
  for (const rehearsed of suite.tests.filter(({ test }) => options.wanted(test.name))) {
    const played = await play(rehearsed);
    const result = await resultOf(rehearsed, played, options);
    whole.push(played);
    tests.push(result);
    options.played?.(result);
  }
  const { file, entry, compile } = suite;
  const program = compile(entry.runbook, entry.included);
  const coverage = coverageOf(
    entry,
    whole.map(({ events }) => events),
    program,
  );
  return { file, runbook: entry.runbook.id, tests, coverage };
}

async function resultOf(
  rehearsed: Rehearsed,
  played: Performance,
  { crashEverywhere }: RehearseOptions,
): Promise<TestResult> {
  const { name, expect } = rehearsed.test;
  const differences = judgePlay(played, expect);
  if (differences.length > 0) {
    const flop = { crash: undefined, point: undefined, differences, timeline: timelineText(played.events) };
    return { name, flops: [flop], crashes: 0, leftToPeople: 0 };
  }
  if (!crashEverywhere) return { name, flops: [], crashes: 0, leftToPeople: 0 };
  return { name, ...(await crashAtAll(rehearsed, played)) };
}

async function crashAtAll(rehearsed: Rehearsed, whole: Performance): Promise<Omit<TestResult, "name">> {
  const points = crashPoints(whole.boundaries);
  const flops: Flop[] = [];
  let leftToPeople = 0;
  for (const point of points) {
    const played = await play(rehearsed, point);
    const differences = judgeCrash(played, whole);
    if (played.leftToPeople) leftToPeople++;
    if (differences.length === 0) continue;
    flops.push({ crash: crashWords(point, played), point, differences, timeline: timelineText(played.events) });
  }
  return { flops, crashes: points.length, leftToPeople };
}
