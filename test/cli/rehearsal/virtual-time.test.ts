import { describe, expect, it } from "@jest/globals";
import { createVirtualTime } from "../../../src/cli/rehearsal/virtual-time.ts";

describe("createVirtualTime", () => {
  it("stands still until it is told to jump, and then goes to what is due first", () => {
    const { clock, timers, jump } = createVirtualTime(1000);
    const called: string[] = [];
    timers.after(50, () => called.push("late"));
    timers.after(20, () => called.push("soon"));
    expect([clock.now(), called]).toEqual([1000, []]);

    expect(jump()).toBe(true);
    expect([clock.now(), called]).toEqual([1020, ["soon"]]);
    expect(jump()).toBe(true);
    expect([clock.now(), called]).toEqual([1050, ["soon", "late"]]);
    expect(jump()).toBe(false);
    expect(clock.now()).toBe(1050);
  });

  it("calls what is due at one moment in the order in which it was set", () => {
    const { timers, jump } = createVirtualTime(0);
    const called: number[] = [];
    for (const number of [1, 2, 3]) timers.after(5, () => called.push(number));
    while (jump());
    expect(called).toEqual([1, 2, 3]);
  });

  it("never calls what was cancelled", () => {
    const { timers, jump } = createVirtualTime(0);
    const cancel = timers.after(5, () => {
      throw new Error("it was cancelled");
    });
    cancel();
    expect(jump()).toBe(false);
  });

  it("calls what became due while time passed, and does not go back for it", () => {
    const { clock, timers, jump, pass } = createVirtualTime(0);
    let at = -1;
    timers.after(5, () => {
      at = clock.now();
    });
    pass(100);
    expect(at).toBe(-1);
    jump();
    expect(at).toBe(100);
  });
});
