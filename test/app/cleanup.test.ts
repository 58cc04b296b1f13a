import { describe, expect, it } from "@jest/globals";
import { createCleanup } from "../../src/app/cleanup.ts";

describe("createCleanup", () => {
  it("ends what was begun last first, one after the other", async () => {
    const { cleanup, log } = created();
    cleanup.add(async () => {
      await Promise.resolve();
      log.push("first");
    });
    cleanup.add(() => void log.push("second"));
    cleanup.add(async () => {
      log.push("third begins");
      await Promise.resolve();
      log.push("third ends");
    });
    await cleanup.run();
    expect(log).toEqual(["third begins", "third ends", "second", "first"]);
  });

  it("goes on after a failure and tells of every one", async () => {
    const { cleanup, log } = created();
    const [early, late] = [new Error("early"), new Error("late")];
    cleanup.add(async () => await Promise.reject(early));
    cleanup.add(() => void log.push("between"));
    cleanup.add(() => {
      throw late;
    });
    await expect(cleanup.run()).rejects.toMatchObject({ errors: [late, early] });
    expect(log).toEqual(["between"]);
  });

  it("does the work once, however often it is asked, even at the same time", async () => {
    const { cleanup, log } = created();
    cleanup.add(() => void log.push("done"));
    await Promise.all([cleanup.run(), cleanup.run()]);
    await cleanup.run();
    expect(log).toEqual(["done"]);
  });
});

function created() {
  return { cleanup: createCleanup(), log: [] as string[] };
}
