import { builtinRunbooks } from "../../app/package-files.ts";
import { formatDuration } from "../../lib/duration.ts";
import { suggestion } from "../../lib/nearest.ts";
import { EXIT, type Io } from "../io.ts";
import { loadTests, type TestSuite } from "../rehearsal/load-tests.ts";
import { rehearse, type SuiteResult } from "../rehearsal/rehearse.ts";
import { coverageText, testText } from "../rehearsal/result-text.ts";
import { reportFindings } from "../report.ts";

/** What `sealwatch runbook test` was asked for. */
export type RunbookTestOptions = {
  /** Test files, runbooks or directories; none: the runbooks that sealwatch ships. */
  readonly paths: readonly string[];
  readonly only: string | undefined;
  readonly crashEverywhere: boolean;
  readonly coverage: boolean;
  readonly json: boolean;
};

/**
 * Plays runbooks against a simulated cluster with scripted people on a clock of its own. Exit code 1 when a test fails, or with `coverage` when a
 * branch was not taken; 2 when a file is not good or there is nothing to play.
 */
export async function runbookTest(io: Io, options: RunbookTestOptions): Promise<number> {
  const { paths, only, json } = options;
  const { suites, findings } = await loadTests(paths.length === 0 ? [builtinRunbooks] : paths);
  if (findings.length > 0) {
    reportFindings(io, findings, json);
    return EXIT.badInput;
  }
  const names = suites.flatMap(({ tests }) => tests.map(({ test }) => test.name));
  if (!names.some((name) => isWanted(name, only))) {
    const why =
      only === undefined ? "there is no *.test.yaml" : `no test is called "${only}"${suggestion(only, names)}`;
    io.err(`sealwatch: cannot test runbooks: ${why}`);
    return EXIT.badInput;
  }
  const started = performance.now();
  const results = await playAll(io, suites, options);
  report(io, results, { ...options, milliseconds: performance.now() - started });
  const good = results.every((result) => isGood(result, options));
  return good ? EXIT.fine : EXIT.failed;
}

async function playAll(io: Io, suites: readonly TestSuite[], options: RunbookTestOptions): Promise<SuiteResult[]> {
  const { only, crashEverywhere, json } = options;
  const results: SuiteResult[] = [];
  for (const suite of suites) {
    if (!suite.tests.some(({ test }) => isWanted(test.name, only))) continue;
    if (!json) io.out(suite.file);
    const result = await rehearse(suite, {
      crashEverywhere,
      wanted: (name) => isWanted(name, only),
      played: (test) => {
        if (!json) for (const line of testText(test)) io.out(`  ${line}`);
      },
    });
    results.push(result);
  }
  return results;
}

function isWanted(name: string, only: string | undefined): boolean {
  return only === undefined || name === only || name.toLowerCase().includes(only.toLowerCase());
}

function isGood({ tests, coverage }: SuiteResult, options: RunbookTestOptions): boolean {
  return tests.every(({ flops }) => flops.length === 0) && (!options.coverage || coverage.missed.length === 0);
}

type Reported = RunbookTestOptions & { readonly milliseconds: number };

function report(io: Io, results: readonly SuiteResult[], { coverage, json, milliseconds }: Reported): void {
  const tests = results.flatMap((result) => result.tests);
  const failed = tests.filter(({ flops }) => flops.length > 0).length;
  const crashes = tests.reduce((sum, test) => sum + test.crashes, 0);
  if (json) {
    io.out(
      JSON.stringify(
        { tests: tests.length, failed, crashes, milliseconds: Math.round(milliseconds), results },
        undefined,
        2,
      ),
    );
    return;
  }
  if (coverage) for (const line of results.flatMap(coverageText)) io.out(line);
  const killed = crashes === 0 ? "" : `, the program killed ${crashes} times`;
  io.out(`${tests.length} test(s), ${failed} failed${killed}, in ${formatDuration(milliseconds)}`);
}
