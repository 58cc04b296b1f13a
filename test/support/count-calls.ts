import { Session } from "node:inspector/promises";

/**
 * Counts how often functions are called during some work, by the coverage counters of the engine: ours, those of the libraries, those of a
 * test runner that happens to be around. It is a measure of effort that no slow machine changes.
 */
export async function countCalls(work: () => void): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    await session.post("Profiler.enable");
    await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
    await session.post("Profiler.takePreciseCoverage");
    work();
    const { result } = await session.post("Profiler.takePreciseCoverage");
    return result
      .flatMap(({ functions }) => functions)
      .reduce((sum, { ranges: [whole] }) => sum + (whole?.count ?? 0), 0);
  } finally {
    await session.post("Profiler.stopPreciseCoverage");
    session.disconnect();
  }
}
