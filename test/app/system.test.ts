import { describe, expect, it } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { hostname, userInfo } from "node:os";
import { holderName, systemClock, systemIds, systemTimers, terminalUser } from "../../src/app/system.ts";
import { holderLives, thisMachine } from "../../src/store/holder.ts";

describe("systemClock", () => {
  it("gives Unix time in milliseconds", () => {
    const before = Date.now();
    const now = systemClock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});

describe("systemIds", () => {
  it("gives short ids of letters that cannot be mistaken when read aloud, and none twice", () => {
    const ids = Array.from({ length: 5000 }, () => systemIds.next("run"));
    expect(new Set(ids).size).toBe(5000);
    for (const id of ids) expect(id).toMatch(/^run-[2-9a-hjkmnp-z]{8}$/u);
  });

  it("uses every letter of its alphabet", () => {
    const letters = new Set(Array.from({ length: 2000 }, () => systemIds.next("x").slice(2)).join(""));
    expect([...letters].sort().join("")).toBe("23456789abcdefghjkmnpqrstuvwxyz");
  });
});

describe("systemTimers", () => {
  it("calls back once, and not at all when it was cancelled", async () => {
    const called: string[] = [];
    const done = Promise.withResolvers<void>();
    const cancel = systemTimers.after(1, () => called.push("cancelled"));
    cancel();
    systemTimers.after(2, () => {
      called.push("kept");
      done.resolve();
    });
    await done.promise;
    expect(called).toEqual(["kept"]);
  });

  it("does not call back at once when the time is longer than the machine's timers can count", async () => {
    let called = false;
    const cancel = systemTimers.after(60 * 24 * 3_600_000, () => (called = true));
    const later = Promise.withResolvers<void>();
    systemTimers.after(5, later.resolve);
    await later.promise;
    cancel();
    expect(called).toBe(false);
  });
});

describe("holderName", () => {
  it("names host and process, and differs between two starts of the same process id", () => {
    expect(holderName()).toMatch(new RegExp(`^${hostname()}:${process.pid}:[0-9a-f]{8}$`, "u"));
    expect(holderName()).not.toBe(holderName());
  });

  it("is understood by the store: it lives while the process does, and not when the process is gone", async () => {
    const seen = { beatAt: 1000, at: 2000 };
    expect(holderLives(holderName(), seen, thisMachine)).toBe(true);
    const { spawn } = await import("node:child_process");
    const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
    await once(child, "exit");
    expect(holderLives(`${hostname()}:${child.pid}:0a0b0c0d`, seen, thisMachine)).toBe(false);
  });
});

describe("terminalUser", () => {
  it("is the operating system's user, not what an environment variable says", () => {
    expect(terminalUser()).toBe(userInfo().username);
    const told = execFileSync(
      process.execPath,
      ["--input-type=module", "--eval", 'console.log((await import("./src/app/system.ts")).terminalUser())'],
      { env: { PATH: process.env["PATH"], USER: "stranger", LOGNAME: "stranger" }, encoding: "utf8" },
    );
    expect(told.trim()).toBe(userInfo().username);
  });

  (process.getuid?.() === 0 ? it : it.skip)("is `uid:N` for a user without a name", () => {
    const told = execFileSync(
      process.execPath,
      ["--input-type=module", "--eval", 'console.log((await import("./src/app/system.ts")).terminalUser())'],
      { env: { PATH: process.env["PATH"] }, uid: 4009, gid: 4009, encoding: "utf8" },
    );
    expect(told.trim()).toBe("uid:4009");
  });
});
