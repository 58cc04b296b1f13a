import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../../src/app/package-files.ts";
import { readEndpoint, type Endpoint, type StreamedEndpoint } from "../../src/vault/endpoint.ts";
import type { CallOptions, VaultTransport } from "../../src/vault/transport.ts";

/** One call of the API as the program makes it; with `unread` nothing of a good answer is read here (a stream, or a change that says nothing). */
export type EndpointCall = {
  readonly file: string;
  readonly name: string;
  readonly unread: boolean;
  readonly answer: Endpoint<unknown>["answer"] | undefined;
  readonly call: (transport: VaultTransport, options: CallOptions) => Promise<unknown>;
};

type Reader = (transport: VaultTransport, ...rest: readonly unknown[]) => Promise<unknown>;

const FOLDER = join(packageRoot, "src", "vault", "endpoints");

/** What readers take between the transport and the options, and what functions that make an endpoint take. */
const ARGUMENTS: Readonly<Record<string, readonly unknown[]>> = {
  readOperateCapabilities: [["sys/health"]],
  removeRaftPeer: ["vault-2"],
  revokeAccessor: ["accessor"],
  revokePrefix: ["database/creds/app/"],
  setRateLimitQuota: ["global", { rate: 1, intervalSeconds: 1, path: "" }],
  deleteRateLimitQuota: ["global"],
  disableAuditDevice: ["file/"],
  leasesLookup: ["auth/userpass/"],
  ownCapabilities: [["sys/health"]],
  rateLimitQuota: ["global"],
  leaseById: ["auth/userpass/login/alice/h1"],
  tokenByAccessor: ["accessor"],
  auditHash: ["file", "value"],
};

/** What changes something and says nothing of worth; of the last the content is worth nothing here. */
const CHANGES = new Set([
  "removeRaftPeer",
  "stepDown",
  "sealNode",
  "rotateKeyring",
  "revokeAccessor",
  "revokePrefix",
  "setRateLimitQuota",
  "deleteRateLimitQuota",
  "disableAuditDevice",
  "streamRaftSnapshot",
]);

/** Gives every call that a file of `src/vault/endpoints` exports: endpoints as data, functions that make one of a name, and readers. */
export async function everyEndpoint(): Promise<readonly EndpointCall[]> {
  const files = (await readdir(FOLDER)).toSorted();
  const found = await Promise.all(
    files.map(async (file) => {
      const exported = (await import(join(FOLDER, file))) as Readonly<Record<string, unknown>>;
      return Object.entries(exported).flatMap(([name, value]) => toCall(file, name, value));
    }),
  );
  return found.flat();
}

function toCall(file: string, name: string, value: unknown): readonly EndpointCall[] {
  if (typeof value !== "function") return fromData(file, name, value);
  if (name.startsWith("read") || CHANGES.has(name)) {
    const given = ARGUMENTS[name] ?? [];
    const call: EndpointCall["call"] = async (transport, options) =>
      await readOut(await (value as Reader)(transport, ...given, options));
    return [{ file, name, unread: CHANGES.has(name), answer: undefined, call }];
  }
  const given = ARGUMENTS[name];
  return given === undefined ? [] : fromData(file, name, (value as (...all: readonly unknown[]) => unknown)(...given));
}

/** A stream is a call that goes on until it is read. */
async function readOut(answer: unknown): Promise<unknown> {
  const { body } = Object(answer) as { readonly body?: AsyncIterable<Uint8Array> };
  let bytes = 0;
  if (body === undefined) return answer;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > 1_000_000) break;
  }
  return bytes;
}

function fromData(file: string, name: string, value: unknown): readonly EndpointCall[] {
  if (typeof value !== "object" || value === null || !("path" in value)) return [];
  if ("answer" in value) {
    const endpoint = value as Endpoint<unknown>;
    const call: EndpointCall["call"] = async (transport, options) => await readEndpoint(transport, endpoint, options);
    return [{ file, name, unread: false, answer: endpoint.answer, call }];
  }
  const call: EndpointCall["call"] = async (transport, options) => {
    const { body } = await transport.stream({ ...options, ...(value as StreamedEndpoint), maxBytes: 1_000_000 });
    let bytes = 0;
    for await (const chunk of body) bytes += chunk.length;
    return bytes;
  };
  return [{ file, name, unread: true, answer: undefined, call }];
}
