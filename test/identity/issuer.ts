import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload } from "jose";

/** When every token is made, in milliseconds. */
export const NOW = Date.UTC(2026, 10, 22, 12);
export const AUDIENCE = "sealwatch";

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;

/** A key of an issuer: what it publishes, and what it signs with. */
export type IssuerKey = { readonly kid: string; readonly alg: string; readonly pair: Pair; readonly jwk: JWK };

/** Makes a key pair for an algorithm. */
export async function makeKey(kid: string, alg = "ES256"): Promise<IssuerKey> {
  const pair = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, pair, jwk: { ...(await exportJWK(pair.publicKey)), kid, alg, use: "sig" } };
}

/** What to put into a token, besides what a good one says, or in its place. Undefined takes a claim away. */
export type TokenParts = {
  readonly claims?: JWTPayload;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: IssuerKey;
};

/** An issuer of ID tokens on a real socket. */
export type Issuer = AsyncDisposable & {
  readonly address: string;
  /** Its first key. */
  readonly key: IssuerKey;
  /** What it publishes; tests change it. */
  readonly published: { keys: unknown[]; discovery: Record<string, unknown> };
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
  /** Takes the place of the answer to a path. */
  readonly answer: (path: string, listener: RequestListener) => void;
  readonly sign: (parts?: TokenParts) => Promise<string>;
};

export const DISCOVERY_PATH = "/.well-known/openid-configuration";
export const KEYS_PATH = "/keys";

/** Starts an issuer on loopback; `serve` makes its server, for instance one with TLS. */
export async function startIssuer(
  serve: (listener: RequestListener) => Server = createServer,
  scheme = "http",
): Promise<Issuer> {
  const key = await makeKey("first");
  const asked: string[] = [];
  const special = new Map<string, RequestListener>();
  const server = serve((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const body = path === DISCOVERY_PATH ? published.discovery : { keys: published.keys };
    const listener = special.get(path);
    if (listener !== undefined) listener(request, response);
    else if (path === DISCOVERY_PATH || path === KEYS_PATH) response.end(JSON.stringify(body));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const published: Issuer["published"] = {
    keys: [key.jwk],
    discovery: { issuer: address, jwks_uri: `${address}${KEYS_PATH}` },
  };
  return {
    address,
    key,
    published,
    asked,
    answer: (path, listener) => void special.set(path, listener),
    sign: async (parts = {}) => await signToken(address, parts.key ?? key, parts),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function signToken(issuer: string, key: IssuerKey, { claims, header }: TokenParts): Promise<string> {
  const seconds = NOW / 1000;
  const all: JWTPayload = {
    iss: issuer,
    aud: AUDIENCE,
    sub: "sub-alice",
    iat: seconds,
    exp: seconds + 3600,
    ...claims,
  };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  const wanted = Object.entries({ alg: key.alg, kid: key.kid, typ: "JWT", ...header }).filter(
    ([, value]) => value !== undefined,
  );
  return await new SignJWT(given)
    .setProtectedHeader(Object.fromEntries(wanted) as { alg: string })
    .sign(key.pair.privateKey);
}
