import { describe, expect, it } from "@jest/globals";
import { createSelf } from "../../src/exporter/self.ts";

describe("createSelf", () => {
  it("tells the versions and measures its own process", async () => {
    const page = await createSelf({ version: "0.1.0", nodeVersion: "v24.0.0" }).expose();

    expect(page).toContain(`sealwatch_build_info{version="0.1.0",node_version="v24.0.0"} 1\n`);
    expect(page).toMatch(/^process_resident_memory_bytes [1-9]\d+$/mu);
    expect(page).toMatch(/^process_start_time_seconds \d+$/mu);
  });

  it("can be created twice: nothing is shared", async () => {
    const [one, two] = ["1.0.0", "2.0.0"].map((version) => createSelf({ version, nodeVersion: "v24.0.0" }));

    expect(await one?.expose()).toContain(`version="1.0.0"`);
    expect(await two?.expose()).not.toContain(`version="1.0.0"`);
  });
});
