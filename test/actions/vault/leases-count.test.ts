import { describe, expect, it } from "@jest/globals";
import { leasesCount } from "../../../src/actions/vault/leases-count.ts";
import { FailureError, type FailureReason } from "../../../src/lib/failure.ts";
import { settle } from "../../contracts/action.contract.ts";
import { contextWithActive, streamOf } from "../with-active.ts";

function failing(reason: FailureReason) {
  return async () => await Promise.reject(new FailureError({ reason, retryable: false, message: `cannot: ${reason}` }));
}

describe("the count of leases", () => {
  it("names the mounts with most irrevocable leases first, and a mount that is gone by its accessor", async () => {
    const byMountAccessor = { auth_userpass_1a2b3c4d: 2, gone_1a2b3c4d: 40, database_1a2b3c4d: 7, quiet_1a2b3c4d: 0 };
    const irrevocableLeases = async () => await Promise.resolve({ total: 49, byMountAccessor });
    expect(await leasesCount.read(contextWithActive({ irrevocableLeases }), {})).toEqual({
      total_known: true,
      total: 120,
      irrevocable: 49,
      irrevocable_by_mount: [
        { mount: "gone_1a2b3c4d", leases: 40 },
        { mount: "database/", leases: 7 },
        { mount: "auth/userpass/", leases: 2 },
      ],
      more: false,
    });
  });

  it("tells of twenty mounts at most, and that there are more", async () => {
    const counts = Array.from({ length: 21 }, (_, index) => [`mount_${index}`, index + 1] as const);
    const irrevocableLeases = async () =>
      await Promise.resolve({ total: 231, byMountAccessor: Object.fromEntries(counts) });
    const answer = await leasesCount.read(contextWithActive({ irrevocableLeases }), {});
    expect(answer["irrevocable_by_mount"]).toHaveLength(20);
    expect(answer).toMatchObject({ more: true, irrevocable: 231 });
  });

  it.each([
    { name: "telemetry is off", stream: failing("refused") },
    { name: "the page lacks it", stream: async () => await streamOf("vault_core_active 1\n") },
    { name: "it is no number", stream: async () => await streamOf("vault_expire_num_leases NaN\n") },
  ])("says that the total is not known when $name", async ({ stream }) => {
    expect(await leasesCount.read(contextWithActive({ stream }), {})).toMatchObject({ total_known: false, total: 0 });
  });

  it("fails when the metrics are denied: that is no telemetry that is off", async () => {
    const answer = await settle(leasesCount.read(contextWithActive({ stream: failing("denied") }), {}));
    expect(answer).toMatchObject({ reason: "denied" });
  });
});
