import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { RequestListener } from "node:http";
import { describe, expect, it } from "@jest/globals";
import { base64url, exportSPKI } from "jose";
import { createIdTokens, type OidcSettings } from "../../src/identity/create-id-tokens.ts";
import type { VerifiedToken } from "../../src/identity/id-token.ts";
import { Secret } from "../../src/lib/secret.ts";
import { createCertificateAuthority } from "../../src/sandbox/openbao/certificates.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import {
  AUDIENCE,
  DISCOVERY_PATH,
  KEYS_PATH,
  makeKey,
  NOW,
  startIssuer,
  type Issuer,
  type TokenParts,
} from "./issuer.ts";

const SECONDS = NOW / 1000;
const MINUTE = 60;

type Options = Partial<OidcSettings> & { readonly now?: () => number; readonly timeoutMs?: number };

/** Verifies tokens of an issuer as the program does. */
function verifierOf(issuer: Issuer, { now = () => NOW, timeoutMs, ...settings }: Options = {}) {
  const oidc: OidcSettings = {
    issuer: issuer.address,
    audience: AUDIENCE,
    subjectClaim: "sub",
    groupsClaim: "groups",
    maxAge: 10 * MINUTE * 1000,
    ...settings,
  };
  const tokens = createIdTokens({ oidc, clock: { now }, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  return async (text: string): Promise<VerifiedToken> => await tokens.verify(new Secret(text));
}

async function verify(issuer: Issuer, parts: TokenParts, options?: Options): Promise<VerifiedToken> {
  return await verifierOf(issuer, options)(await issuer.sign(parts));
}

const whyNot = "cannot tell who you are by the ID token: ";

describe("a good ID token", () => {
  it.each(["RS256", "ES256", "PS256", "EdDSA"])("may be signed with %s", async (alg) => {
    await using issuer = await startIssuer();
    const key = await makeKey(alg, alg);
    issuer.published.keys.push(key.jwk);
    expect(await verify(issuer, { key })).toMatchObject({ sub: "sub-alice", subject: "sub-alice" });
  });

  it.each<{ name: string; parts: TokenParts }>([
    { name: "expired less than 30 s ago", parts: { claims: { exp: SECONDS - 29 } } },
    { name: "is valid within 30 s", parts: { claims: { nbf: SECONDS + 30 } } },
    { name: "was made within the next 30 s", parts: { claims: { iat: SECONDS + 30 } } },
    { name: "is ten minutes and 30 s old", parts: { claims: { iat: SECONDS - 10 * MINUTE - 30 } } },
    { name: "is for several, and was given to us", parts: { claims: { aud: ["other", AUDIENCE], azp: AUDIENCE } } },
    { name: "says no type", parts: { header: { typ: undefined } } },
    { name: "says its type in small letters", parts: { header: { typ: "jwt" } } },
    { name: "names no key where there is one", parts: { header: { kid: undefined } } },
  ])("may be one that $name", async ({ parts }) => {
    await using issuer = await startIssuer();
    expect(await verify(issuer, parts)).toMatchObject({ sub: "sub-alice" });
  });

  it.each([
    { name: "in the list of the usual claim", claims: { groups: ["a", "ops"] }, claim: { value: "ops" }, has: true },
    { name: "as the only group", claims: { groups: "ops" }, claim: { value: "ops" }, has: true },
    { name: "in another claim", claims: { roles: ["ops"] }, claim: { name: "roles", value: "ops" }, has: true },
    {
      name: "deep inside",
      claims: { realm_access: { roles: ["ops"] } },
      claim: { name: "realm_access.roles", value: "ops" },
      has: true,
    },
    {
      name: "in a claim with dots in its name",
      claims: { "https://a.example/groups": ["ops"] },
      claim: { name: "https://a.example/groups", value: "ops" },
      has: true,
    },
    { name: "not as a part of a name", claims: { groups: "devops" }, claim: { value: "ops" }, has: false },
    { name: "not in a list inside a list", claims: { groups: [["ops"]] }, claim: { value: "ops" }, has: false },
    { name: "not as a key", claims: { groups: { ops: true } }, claim: { value: "ops" }, has: false },
    { name: "not where there is no claim", claims: {}, claim: { value: "ops" }, has: false },
    {
      name: "not in what every object has",
      claims: {},
      claim: { name: "constructor.name", value: "Object" },
      has: false,
    },
    { name: "not as a number of the same look", claims: { groups: [1] }, claim: { value: "1" }, has: false },
  ])("tells of groups $name", async ({ claims, claim, has }) => {
    await using issuer = await startIssuer();
    const { hasClaim } = await verify(issuer, { claims });
    expect(hasClaim(claim)).toBe(has);
  });

  it("names humans by a verified e-mail address, in small letters", async () => {
    await using issuer = await startIssuer();
    const claims = { email: "Alice@Example.com", email_verified: true };
    expect(await verify(issuer, { claims }, { subjectClaim: "email" })).toMatchObject({
      sub: "sub-alice",
      subject: "alice@example.com",
    });
  });
});

type Bad = { readonly name: string; readonly parts: TokenParts; readonly options?: Options; readonly says: string };

const bad: readonly Bad[] = [
  { name: "has expired", parts: { claims: { exp: SECONDS - 30 } }, says: "it has expired; get a new one" },
  {
    name: "never expires",
    parts: { claims: { exp: undefined } as unknown as { exp: number } },
    says: "its claim exp is missing",
  },
  {
    name: "is not valid yet",
    parts: { claims: { nbf: SECONDS + 31 } },
    says: "it is not valid yet; compare the clocks",
  },
  {
    name: "is too old, though it has not expired",
    parts: { claims: { iat: SECONDS - 10 * MINUTE - 31 } },
    says: "it is too old; get a new one",
  },
  {
    name: "does not say how old it is",
    parts: { claims: { iat: undefined } as unknown as { iat: number } },
    says: "its claim iat is missing",
  },
  {
    name: "was made in the future",
    parts: { claims: { iat: SECONDS + 31 } },
    says: "it was made in the future; compare the clocks",
  },
  {
    name: "is for somebody else",
    parts: { claims: { aud: "grafana" } },
    says: "it is not made for sealwatch",
  },
  {
    name: "is for nobody",
    parts: { claims: { aud: undefined } as unknown as { aud: string } },
    says: "its claim aud is missing",
  },
  {
    name: "another client got for several",
    parts: { claims: { aud: ["other", AUDIENCE], azp: "other" } },
    says: "it was given to another client (azp)",
  },
  {
    name: "is for several and says not for whom",
    parts: { claims: { aud: ["other", AUDIENCE] } },
    says: "it was given to another client (azp)",
  },
  {
    name: "another client got for us",
    parts: { claims: { azp: "other" } },
    says: "it was given to another client (azp)",
  },
  {
    name: "is another issuer's",
    parts: { claims: { iss: "https://other.example" } },
    says: "it is of another issuer",
  },
  {
    name: "is nobody's",
    parts: { claims: { sub: undefined } as unknown as { sub: string } },
    says: "its claim sub is missing",
  },
  {
    name: "is an access token",
    parts: { header: { typ: "at+jwt" } },
    says: 'it is of the type "at+jwt"; an ID token is wanted',
  },
  {
    name: "names a key that is not published",
    parts: { header: { kid: "other" } },
    says: "it is signed with a key that the issuer does not publish",
  },
  {
    name: "does not name the human",
    parts: {},
    options: { subjectClaim: "preferred_username" },
    says: "its claim preferred_username is no text",
  },
  {
    name: "names a human with characters that no terminal should show",
    parts: { claims: { name: "alice\u001B[2J" } },
    options: { subjectClaim: "name" },
    says: "its claim name is no text",
  },
  {
    name: "has an e-mail address of which nobody knows whose it is",
    parts: { claims: { email: "alice@example.com" } },
    options: { subjectClaim: "email" },
    says: "the issuer does not say that the e-mail address was verified (email_verified)",
  },
  {
    name: "has an e-mail address that was verified only in words",
    parts: { claims: { email: "alice@example.com", email_verified: "true" } },
    options: { subjectClaim: "email" },
    says: "the issuer does not say that the e-mail address was verified (email_verified)",
  },
];

describe("a bad ID token", () => {
  it.each(bad)("that $name is refused", async ({ parts, options, says }) => {
    await using issuer = await startIssuer();
    await expect(verify(issuer, parts, options)).rejects.toMatchObject({
      name: "FailureError",
      reason: "denied",
      retryable: false,
    });
    await expect(verify(issuer, parts, options)).rejects.toThrow(`${whyNot}${says}`);
  });

  it.each([
    { name: "is no token", forge: () => "hello" },
    { name: "is empty", forge: () => "" },
    { name: "is a hundred megabytes long", forge: () => "e".repeat(100_000_000) },
    {
      name: "is not signed",
      forge: (good: string) => `${base64url.encode('{"alg":"none"}')}.${good.split(".")[1] ?? ""}.`,
    },
    { name: "lost its signature", forge: (good: string) => good.replace(/[^.]+$/u, "") },
    {
      name: "was changed after it was signed",
      forge: (good: string) => {
        const [header, payload = "", signature] = good.split(".");
        const claims = JSON.parse(new TextDecoder().decode(base64url.decode(payload))) as object;
        return `${header}.${base64url.encode(JSON.stringify({ ...claims, sub: "sub-bob" }))}.${signature}`;
      },
    },
  ])("that $name is refused, and never repeated", async ({ forge }) => {
    await using issuer = await startIssuer();
    const forged = forge(await issuer.sign());
    const failing = verifierOf(issuer)(forged);
    await expect(failing).rejects.toMatchObject({ reason: "denied" });
    const error: unknown = await failing.catch((thrown: unknown) => thrown);
    if (forged.length > 5) expect(String(error)).not.toContain(forged.slice(0, 40));
  });

  it("that takes the public key for a shared secret is refused", async () => {
    await using issuer = await startIssuer();
    const rsa = await makeKey("rsa", "RS256");
    issuer.published.keys = [rsa.jwk];
    const pem = await exportSPKI(rsa.pair.publicKey);
    const [, payload = ""] = (await issuer.sign()).split(".");
    const signed = `${base64url.encode('{"alg":"HS256","kid":"rsa"}')}.${payload}`;
    const mac = createHmac("sha256", pem).update(signed).digest("base64url");
    await expect(verifierOf(issuer)(`${signed}.${mac}`)).rejects.toThrow(
      `${whyNot}it is signed in a way that is not taken`,
    );
  });

  it("that brings its own key, or says where to find it, is refused, and nobody is asked there", async () => {
    await using issuer = await startIssuer();
    await using attacker = await startIssuer();
    const key = await makeKey("first");
    for (const header of [{ jwk: key.jwk }, { jku: `${attacker.address}${KEYS_PATH}` }])
      await expect(verify(issuer, { key, header })).rejects.toThrow(`${whyNot}its signature is not the issuer's`);
    expect(attacker.asked).toEqual([]);
  });

  it("that does not say with which of two keys it is signed is refused", async () => {
    await using issuer = await startIssuer();
    issuer.published.keys.push((await makeKey("second")).jwk);
    await expect(verify(issuer, { header: { kid: undefined } })).rejects.toThrow(
      `${whyNot}it does not say which of the issuer's keys it is signed with (kid)`,
    );
  });

  it("that is signed with a key made for something else is refused", async () => {
    await using issuer = await startIssuer();
    issuer.published.keys = [{ ...issuer.key.jwk, use: "enc" }];
    await expect(verify(issuer, {})).rejects.toThrow("it is signed with a key that the issuer does not publish");
  });

  it("of which the key is broken is refused", async () => {
    await using issuer = await startIssuer();
    issuer.published.keys = [{ ...issuer.key.jwk, x: "AAAA" }];
    await expect(verify(issuer, {})).rejects.toMatchObject({ reason: "denied" });
  });
});

describe("the issuer's keys", () => {
  it("are read once for many tokens, and for many at once", async () => {
    await using issuer = await startIssuer();
    const check = verifierOf(issuer);
    const token = await issuer.sign();
    await Promise.all(Array.from({ length: 20 }, async () => await check(token)));
    await check(token);
    expect(issuer.asked).toEqual([DISCOVERY_PATH, KEYS_PATH]);
  });

  it("are read again when a token names a new one, and the old ones are forgotten", async () => {
    await using issuer = await startIssuer();
    let now = NOW;
    const check = verifierOf(issuer, { now: () => now });
    const old = await issuer.sign();
    await check(old);
    const key = await makeKey("second");
    issuer.published.keys = [key.jwk];
    now += 31_000;
    expect(await check(await issuer.sign({ key }))).toMatchObject({ sub: "sub-alice" });
    await expect(check(old)).rejects.toThrow("it is signed with a key that the issuer does not publish");
  });

  it("are not asked for more than twice a minute, whatever keys tokens name", async () => {
    await using issuer = await startIssuer();
    let now = NOW;
    const check = verifierOf(issuer, { now: () => now });
    const strange = await issuer.sign({ header: { kid: "made up" } });
    for (let second = 0; second < 60; second++) {
      await check(strange).catch(() => undefined);
      now += 1000;
    }
    expect(issuer.asked.filter((path) => path === KEYS_PATH)).toHaveLength(2);
  });

  it("are believed for ten minutes, and no longer, when the issuer takes one back or goes away", async () => {
    await using issuer = await startIssuer();
    let now = NOW;
    const check = verifierOf(issuer, { now: () => now, maxAge: 3_600_000 });
    const token = await issuer.sign();
    await check(token);
    issuer.answer(DISCOVERY_PATH, (_, response) => void response.writeHead(503).end());
    now += 600_000;
    expect(await check(token)).toMatchObject({ sub: "sub-alice" });
    now += 1;
    await expect(check(token)).rejects.toMatchObject({ reason: "server-error", retryable: true });
    now -= 600_002;
    await expect(check(token)).rejects.toMatchObject({ reason: "server-error" });
  });

  const redirect =
    (to: string): RequestListener =>
    (_, response) =>
      void response.writeHead(302, { location: to }).end();

  it.each([DISCOVERY_PATH, KEYS_PATH])("are not looked for where a redirect of %s leads", async (path) => {
    await using issuer = await startIssuer();
    await using attacker = await startIssuer();
    issuer.answer(path, redirect(`${attacker.address}${path}`));
    const failing = verify(issuer, { key: attacker.key });
    await expect(failing).rejects.toMatchObject({ reason: "refused" });
    await expect(failing).rejects.toThrow("it answers with a redirect (302), and none is followed");
    expect(attacker.asked).toEqual([]);
  });

  it.each<{ name: string; path: string; listener: RequestListener; reason: string; says: string }>([
    {
      name: "a megabyte of keys",
      path: KEYS_PATH,
      listener: (_, response) => void response.end(`{"keys":["${"x".repeat(1024 * 1024)}"]}`),
      reason: "too-large",
      says: "the answer is larger than 256 KiB",
    },
    {
      name: "keys without end",
      path: KEYS_PATH,
      listener: (_, response) => {
        const more = (): void => {
          while (!response.destroyed && response.write("x".repeat(65_536)));
        };
        response.on("drain", more);
        more();
      },
      reason: "too-large",
      says: "the answer is larger than 256 KiB",
    },
    {
      name: "a thousand keys",
      path: KEYS_PATH,
      listener: (_, response) =>
        void response.end(JSON.stringify({ keys: Array.from({ length: 1000 }, () => ({ kty: "EC" })) })),
      reason: "invalid-answer",
      says: "it is no set of at most 100 keys",
    },
    {
      name: "a page",
      path: KEYS_PATH,
      listener: (_, response) => void response.end("<html>log in</html>"),
      reason: "invalid-answer",
      says: "the answer is not JSON",
    },
    {
      name: "nothing, for ever",
      path: DISCOVERY_PATH,
      listener: () => {},
      reason: "timeout",
      says: "no answer within 200 ms",
    },
    {
      name: "a beginning, and then nothing",
      path: KEYS_PATH,
      listener: (_, response) => void response.write('{"keys":['),
      reason: "timeout",
      says: "no answer within 200 ms",
    },
    {
      name: "a broken connection",
      path: DISCOVERY_PATH,
      listener: (request) => void request.socket.destroy(),
      reason: "unreachable",
      says: "ECONNRESET",
    },
    {
      name: "an error",
      path: DISCOVERY_PATH,
      listener: (_, response) => void response.writeHead(500).end("secret details"),
      reason: "server-error",
      says: "it answers HTTP 500",
    },
  ])("are not there when the issuer answers with $name", async ({ path, listener, reason, says }) => {
    await using issuer = await startIssuer();
    issuer.answer(path, listener);
    const failing = verify(issuer, {}, { timeoutMs: 200 });
    await expect(failing).rejects.toMatchObject({ name: "FailureError", reason });
    await expect(failing).rejects.toThrow(says);
  });

  it.each([
    {
      name: "is another issuer's",
      change: { issuer: "https://other.example" },
      says: "it is of the issuer https://other.example; write access.oidc.issuer exactly so, if it is yours",
    },
    { name: "names no keys", change: { jwks_uri: undefined }, says: "it does not name issuer and jwks_uri" },
    {
      name: "names keys over a line that anybody may change",
      change: { jwks_uri: "http://issuer.example/keys" },
      says: "its jwks_uri is neither https nor on loopback",
    },
  ])("are not looked for when the discovery document $name", async ({ change, says }) => {
    await using issuer = await startIssuer();
    Object.assign(issuer.published.discovery, change);
    await expect(verify(issuer, {})).rejects.toMatchObject({ reason: "invalid-answer" });
    await expect(verify(issuer, {})).rejects.toThrow(says);
    expect(issuer.asked).not.toContain(KEYS_PATH);
  });

  it("are not asked for where anybody on the way could answer", async () => {
    await using issuer = await startIssuer();
    const failing = verify(issuer, {}, { issuer: "http://issuer.example" });
    await expect(failing).rejects.toMatchObject({ reason: "refused" });
    await expect(failing).rejects.toThrow("is neither https nor on loopback; use https");
  });
});

describeWith(["openssl"], "an issuer with TLS", () => {
  async function startTls(directory: string): Promise<{ readonly issuer: Issuer; readonly caFile: string }> {
    const authority = await createCertificateAuthority(directory, "issuer");
    const { certFile, keyFile } = await authority.issue("issuer");
    const certificate = { cert: await readFile(certFile), key: await readFile(keyFile) };
    return {
      issuer: await startIssuer((listener) => createServer(certificate, listener), "https"),
      caFile: authority.caFile,
    };
  }

  it("is believed by the certificate authority that is configured, and by no other", async () => {
    await using directory = await temporaryDirectory();
    const { issuer, caFile } = await startTls(directory.path);
    await using _issuer = issuer;
    expect(await verify(issuer, {}, { caFile })).toMatchObject({ sub: "sub-alice" });
    const stranger = verify(issuer, {});
    await expect(stranger).rejects.toMatchObject({ reason: "unreachable" });
    await expect(stranger).rejects.toThrow("name its certificate authority in access.oidc.caFile");
  });

  it("is not asked while the file of its certificate authority cannot be read", async () => {
    await using directory = await temporaryDirectory();
    const { issuer } = await startTls(directory.path);
    await using _issuer = issuer;
    await expect(verify(issuer, {}, { caFile: `${directory.path}/not-there.pem` })).rejects.toMatchObject({
      reason: "not-found",
    });
    expect(issuer.asked).toEqual([]);
  });
});
