import { describe, expect, it } from "@jest/globals";
import { createPasswordCheck } from "../../src/http/password-check.ts";
import { Secret } from "../../src/lib/secret.ts";
import { HASH, PASSWORD } from "../config/web-files.ts";

const users = new Map([["prometheus", new Secret(HASH)]]);

/** A check that counts its comparisons; a hash fits a password that is written into it. */
function counting() {
  const compared: string[] = [];
  const check = createPasswordCheck(async (password, hash) => {
    compared.push(password);
    return hash.includes(password);
  });
  return { check, compared };
}

describe("createPasswordCheck", () => {
  it("compares with bcrypt", async () => {
    const check = createPasswordCheck();

    expect(await check(users, { user: "prometheus", password: PASSWORD })).toBe("right");
    expect(await check(users, { user: "prometheus", password: "wrong" })).toBe("wrong");
  });

  it("takes the hashes that htpasswd makes", async () => {
    const htpasswd = new Map([["prometheus", new Secret(HASH.replace("$2b$", "$2y$"))]]);

    expect(await createPasswordCheck()(htpasswd, { user: "prometheus", password: PASSWORD })).toBe("right");
  });

  it("compares once for who is right, each time for who is wrong", async () => {
    const { check, compared } = counting();
    const hashes = new Map([["a", new Secret("hash of right")]]);

    for (const password of ["right", "right", "other", "other", "right"]) await check(hashes, { user: "a", password });

    expect(compared).toEqual(["right", "other", "other"]);
  });

  it("does as much work for a user whom it does not know, and never lets that one in", async () => {
    const { check, compared } = counting();
    const hashes = new Map([["a", new Secret("hash of right")]]);

    expect(await check(hashes, { user: "b", password: "right" })).toBe("wrong");
    expect(await check(hashes, { user: "b", password: "right" })).toBe("wrong");
    expect(compared).toEqual(["right", "right"]);
  });

  it("looks again when the hash changed", async () => {
    const { check } = counting();

    expect(await check(new Map([["a", new Secret("hash of one")]]), { user: "a", password: "one" })).toBe("right");
    expect(await check(new Map([["a", new Secret("hash of two")]]), { user: "a", password: "one" })).toBe("wrong");
  });

  it("does not mix up where the user ends and the password begins", async () => {
    const check = createPasswordCheck(async () => true);
    const hash = new Secret("h");
    await check(new Map([["a", hash]]), { user: "a", password: "bc" });
    let compared = 0;
    const strict = createPasswordCheck(async () => {
      compared++;
      return true;
    });
    await strict(new Map([["a", hash]]), { user: "a", password: '","bc' });
    await strict(new Map([['a","', hash]]), { user: 'a","', password: "bc" });

    expect(compared).toBe(2);
  });

  it("remembers a hundred logins at most", async () => {
    const { check, compared } = counting();
    const hashes = new Map(Array.from({ length: 101 }, (_, index) => [`u${index}`, new Secret(`${index} right`)]));

    for (const user of hashes.keys()) await check(hashes, { user, password: "right" });
    await check(hashes, { user: "u100", password: "right" });
    await check(hashes, { user: "u0", password: "right" });

    expect(compared).toHaveLength(102);
  });

  it("compares one at a time, and sends away whoever comes when many wait", async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    let running = 0;
    let most = 0;
    const check = createPasswordCheck(async () => {
      most = Math.max(most, ++running);
      await released;
      running--;
      return false;
    });
    const hashes = new Map([["a", new Secret("hash")]]);

    const waiting = Array.from({ length: 16 }, (_, index) => check(hashes, { user: "a", password: `guess ${index}` }));
    const late = await check(hashes, { user: "a", password: "late" });
    release();

    expect(late).toBe("busy");
    expect(await Promise.all(waiting)).toEqual(Array.from({ length: 16 }, () => "wrong"));
    expect(most).toBe(1);
    expect(await check(hashes, { user: "a", password: "later" })).toBe("wrong");
  });
});
