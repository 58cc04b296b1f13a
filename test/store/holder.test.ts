import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "@jest/globals";
import { holderLives, thisMachine } from "../../src/store/holder.ts";

describe("the holders of this machine", () => {
  const seen = { beatAt: 1000, at: 1001 };

  it("live while their process does", () => {
    expect(holderLives(`${thisMachine.host}:${process.pid}:abc`, seen, thisMachine)).toBe(true);
  });

  it("are dead as soon as their process is gone, however young their last beat", async () => {
    const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
    const { pid } = child;
    await once(child, "exit");
    expect(holderLives(`${thisMachine.host}:${pid}:abc`, seen, thisMachine)).toBe(false);
  });

  it("live when their process belongs to someone else", () => {
    expect(holderLives(`${thisMachine.host}:1:abc`, seen, thisMachine)).toBe(true);
  });
});
