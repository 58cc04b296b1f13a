import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { expiringWithin, expiryBuckets, type ExpiryBucket } from "../../src/exporter/expiring-leases.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const at = (time: string): number => Date.parse(`2026-11-22T${time}:00Z`);
const bucket = (time: string, leases: number): ExpiryBucket => ({ at: at(time), leases });

const HOURLY = [bucket("02:00", 1), bucket("03:00", 10), bucket("04:00", 100), bucket("05:00", 1000)];

describe("expiryBuckets", () => {
  const read = (expiring: string) =>
    expiryBuckets([{ name: "expire_leases_by_expiration", labels: { expiring }, value: 7 }]);

  it.each([
    { name: "UTC", expiring: "2026-11-22 04:00:00 +0000 UTC" },
    { name: "another zone", expiring: "2026-11-22 05:00:00 +0100 CET" },
    { name: "a zone of half an hour without a name", expiring: "2026-11-22 09:30:00 +0530 +0530" },
    { name: "parts of a second", expiring: "2026-11-22 04:00:00.000000001 +0000 UTC" },
  ])("reads Go's time in $name", ({ expiring }) => {
    expect(read(expiring)).toEqual([bucket("04:00", 7)]);
  });

  it.each(["", "soon", "2026-11-22", "2026-99-22 04:00:00 +0000 UTC"])("leaves %j out", (expiring) => {
    expect(read(expiring)).toEqual([]);
  });
});

describe("expiringWithin", () => {
  it.each([
    { name: "the current hour whole, when it goes on for longer", now: "03:10", minutes: 5, leases: 10 },
    { name: "the next hour too, when it begins within the time", now: "03:28", minutes: 5, leases: 110 },
    { name: "both hours that an hour touches", now: "03:10", minutes: 60, leases: 110 },
    { name: "all hours of a day", now: "02:40", minutes: 1440, leases: 1110 },
    { name: "no hour that is over, however many leases Vault still says it has", now: "05:40", minutes: 5, leases: 0 },
  ])("counts $name", ({ now, minutes, leases }) => {
    expect(expiringWithin(HOURLY, at(now), minutes * MINUTE_MS)).toBe(leases);
  });

  it("is more precise where Vault's buckets are narrower", () => {
    const narrow = [bucket("03:00", 1), bucket("03:10", 10), bucket("03:20", 100), bucket("04:00", 1000)];

    expect(expiringWithin(narrow, at("03:06"), 5 * MINUTE_MS)).toBe(10);
    expect(expiringWithin(narrow, at("03:12"), 5 * MINUTE_MS)).toBe(110);
  });

  it("is never less than what expires, whenever and in buckets of whatever width up to an hour", () => {
    const widths = fc.constantFrom(1, 5, 10, 30, 60).map((minutes) => minutes * MINUTE_MS);
    const expiries = fc.array(fc.integer({ min: 0, max: 26 * HOUR_MS }), { maxLength: 30 });
    fc.assert(
      fc.property(widths, expiries, fc.constantFrom(5, 60, 1440), (width, times, minutes) => {
        const now = at("00:00");
        const rounded = times.map((time) => ({ at: Math.round((now + time) / width) * width, leases: 1 }));
        const real = times.filter((time) => time > 0 && time < minutes * MINUTE_MS).length;
        expect(expiringWithin(rounded, now, minutes * MINUTE_MS)).toBeGreaterThanOrEqual(real);
      }),
    );
  });
});
