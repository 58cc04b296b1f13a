import { describe, expect, it } from "@jest/globals";
import { expose } from "../../src/exporter/expose.ts";
import { createSelf, type Self } from "../../src/exporter/self.ts";

async function pageOf(self: Self | undefined): Promise<string> {
  return expose((await self?.families()) ?? []);
}

describe("createSelf", () => {
  it("tells the versions and measures its own process", async () => {
    const page = await pageOf(createSelf({ version: "0.1.0", nodeVersion: "v24.0.0", revision: "c0ffee" }));

    expect(page).toContain(`sealwatch_build_info{version="0.1.0",node_version="v24.0.0",revision="c0ffee"} 1\n`);
    expect(page).toMatch(/^process_resident_memory_bytes [1-9]\d+$/mu);
    expect(page).toMatch(/^process_start_time_seconds \d+$/mu);
  });

  it("leaves out what could not be measured, as the lag of the event loop at the second of two scrapes at once", async () => {
    const gauges = [{ name: "sealwatch_of_a_test" as const, help: "Of this test.", read: () => NaN }];
    const self = createSelf({ version: "0.1.0", nodeVersion: "v24.0.0", gauges });

    const pages = await Promise.all([pageOf(self), pageOf(self)]);

    expect(pages.join("")).toContain("nodejs_eventloop_lag_p99_seconds");
    expect(pages.join("")).not.toMatch(/NaN$/mu);
  });

  it("can be created twice: nothing is shared", async () => {
    const [one, two] = ["1.0.0", "2.0.0"].map((version) => createSelf({ version, nodeVersion: "v24.0.0" }));

    expect(await pageOf(one)).toContain(`version="1.0.0"`);
    expect(await pageOf(two)).not.toContain(`version="1.0.0"`);
  });
});
