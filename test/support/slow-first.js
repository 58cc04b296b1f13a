import { statSync } from "node:fs";

/*
 * Jest starts large files first when it has no times of earlier runs, as on a new machine. Ours that take minutes are small: begun last,
 * one of them would keep every other worker waiting.
 */
const SLOW = [
  /\/test\/acceptance\/chaos\//u,
  /\/test\/runbooks\/(?:drills|rehearsals)\//u,
  /\/test\/acceptance\//u,
  /-real\.test\.ts$/u,
];

/** Sorts the test files: those of the slow folders first, in the order of the list, then large before small. */
// oxlint-disable-next-line no-default-export -- Jest takes the default export
export default class SlowFirst {
  sort(tests) {
    const ranked = tests.map((test) => ({ test, rank: rankOf(test.path), size: sizeOf(test) }));
    ranked.sort((left, right) => left.rank - right.rank || right.size - left.size);
    return ranked.map(({ test }) => test);
  }

  shard(tests) {
    return tests;
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {
    // Every run begins as on a new machine.
  }
}

function rankOf(path) {
  const rank = SLOW.findIndex((pattern) => pattern.test(path));
  return rank === -1 ? SLOW.length : rank;
}

function sizeOf({ path }) {
  return statSync(path).size;
}
