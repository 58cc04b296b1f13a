import { describe, expect, it } from "@jest/globals";
import { createSerial } from "../../src/runner/serial.ts";
import { settled } from "./manual-time.ts";

describe("createSerial", () => {
  it("runs tasks of one key one after the other", async () => {
    const serial = createSerial();
    const { log, task, finish } = tasks();
    const all = [serial.run("a", task("first")), serial.run("a", task("second"))];
    await settled();
    expect(log).toEqual(["first begins"]);
    finish("first");
    await settled();
    expect(log).toEqual(["first begins", "first ends", "second begins"]);
    finish("second");
    expect(await Promise.all(all)).toEqual(["first", "second"]);
  });

  it("runs tasks of different keys side by side", async () => {
    const serial = createSerial();
    const { log, task, finish } = tasks();
    const all = [serial.run("a", task("first")), serial.run("b", task("second"))];
    await settled();
    expect(log).toEqual(["first begins", "second begins"]);
    finish("second");
    finish("first");
    await Promise.all(all);
  });

  it("gives a task's error to whoever gave the task, and goes on with the next", async () => {
    const serial = createSerial();
    const broken = serial.run("a", async () => {
      throw new Error("broken");
    });
    const next = serial.run("a", async () => "next");
    await expect(broken).rejects.toThrow("broken");
    expect(await next).toBe("next");
  });

  it("is idle only when tasks that were given meanwhile have ended too", async () => {
    const serial = createSerial();
    const { task, finish } = tasks();
    let idle = false;
    void serial.run("a", task("first"));
    const waiting = serial.idle().then(() => (idle = true));
    void serial.run("b", task("second"));
    await settled();
    finish("first");
    await settled();
    expect(idle).toBe(false);
    finish("second");
    await waiting;
    expect(idle).toBe(true);
  });

  it("is idle at once when nothing runs, and after a task that failed", async () => {
    const serial = createSerial();
    await serial.idle();
    await expect(serial.run("a", async () => await Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    await serial.idle();
  });
});

function tasks() {
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    log,
    task: (name: string) => async () => {
      log.push(`${name} begins`);
      await new Promise<void>((resolve) => void ends.set(name, resolve));
      log.push(`${name} ends`);
      return name;
    },
    finish: (name: string) => ends.get(name)?.(),
  };
}
