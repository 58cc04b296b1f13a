import type { ServerResponse } from "node:http";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { openKubernetesApi } from "../../src/discovery/kubernetes-api.ts";
import type { PodApi, PodChange } from "../../src/discovery/pod-api.ts";
import { temporaryDirectory, type TemporaryDirectory } from "../support/temporary-directory.ts";
import { json, startRawServer, type RawServer, type ReceivedRequest } from "../vault/raw-server.ts";

const SELECTOR = "component=server,app.kubernetes.io/name in (vault,openbao)";
const never = new AbortController().signal;

let directory: TemporaryDirectory;

beforeAll(async () => {
  directory = await temporaryDirectory();
});
afterAll(async () => await directory[Symbol.asyncDispose]());

type Handler = (response: ServerResponse, request: ReceivedRequest) => void;

/** A server that answers as a test says, and the API opened on it. The client speaks plain HTTP only where TLS is not checked. */
async function open(handle: Handler): Promise<AsyncDisposable & { readonly api: PodApi; readonly server: RawServer }> {
  const server = await startRawServer(handle);
  const api = await openKubernetesApi({
    namespace: "vault",
    labelSelector: SELECTOR,
    kubeconfigFile: await kubeconfigFor(server.address),
    env: {},
  });
  return { api, server, [Symbol.asyncDispose]: async () => await server[Symbol.asyncDispose]() };
}

async function kubeconfigFor(address: string): Promise<string> {
  const path = join(directory.path, `${new URL(address).port}.kubeconfig`);
  const config = {
    clusters: [{ name: "test", cluster: { server: address, "insecure-skip-tls-verify": true } }],
    users: [{ name: "test", user: { token: "the-token" } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    "current-context": "test",
  };
  await writeFile(path, JSON.stringify(config));
  return path;
}

const podObject = (name: string, version: string, status: object = { podIP: "10.0.0.7" }) => ({
  metadata: { name, resourceVersion: version },
  status,
});

/** Answers a watch with these lines and leaves it open. */
function stream(...lines: unknown[]): Handler {
  return (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    for (const line of lines) response.write(typeof line === "string" ? line : `${JSON.stringify(line)}\n`);
  };
}

/** Watches from version 5 and gives what was told and how it ended. */
async function watch(handle: Handler) {
  await using opened = await open(handle);
  const told: (PodChange | "connected")[] = [];
  const listener = {
    connected: () => void told.push("connected"),
    changed: (change: PodChange) => void told.push(change),
  };
  const end = await opened.api.watch("5", listener, never).catch((error: unknown) => error);
  return { told, end, received: opened.server.received };
}

describe("a list of pods", () => {
  it("asks for the pods of one namespace by labels, with the token, and takes what it understands", async () => {
    const items = [podObject("vault-0", "1"), podObject("vault-1", "2", {}), { metadata: {} }];
    await using opened = await open(json(200, { kind: "PodList", metadata: { resourceVersion: "9" }, items }));

    expect(await opened.api.list(never)).toEqual({
      pods: [
        { name: "vault-0", ip: "10.0.0.7" },
        { name: "vault-1", ip: undefined },
      ],
      version: "9",
    });
    const [request] = opened.server.received;
    const url = new URL(request?.url ?? "", "http://localhost");
    expect([url.pathname, url.searchParams.get("labelSelector")]).toEqual(["/api/v1/namespaces/vault/pods", SELECTOR]);
    expect(request?.headers.authorization).toBe("Bearer the-token");
  });

  it.each([
    {
      name: "an unknown token",
      status: 401,
      reason: "denied",
      why: "answered 401; permit `list` and `watch` of `pods`",
    },
    { name: "a missing permission", status: 403, reason: "denied", why: "answered 403; permit `list` and `watch`" },
    { name: "an overloaded server", status: 429, reason: "server-error", why: "answered 429; look at its own log" },
    { name: "a broken server", status: 500, reason: "server-error", why: "answered 500; look at its own log" },
  ])("says what to do about $name, and nothing of the answer's text", async ({ status, reason, why }) => {
    await using opened = await open(json(status, { message: "secret words" }));

    const error: unknown = await opened.api.list(never).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({
      reason,
      message: expect.stringContaining(`cannot list the pods of namespace vault at the Kubernetes API: ${why}`),
    });
    expect(String(error)).not.toContain("secret words");
  });

  it("ends with its signal while the server says nothing", async () => {
    const asked = new AbortController();
    await using opened = await open(() => asked.abort());

    await expect(opened.api.list(asked.signal)).rejects.toMatchObject({ reason: "aborted" });
  });
});

describe("a watch of pods", () => {
  it("tells of pods that are there, that are gone and of bookmarks, and asks for these", async () => {
    const { told, end, received } = await watch((response) => {
      stream(
        { type: "ADDED", object: podObject("vault-0", "6") },
        { type: "MODIFIED", object: podObject("vault-0", "7", { podIP: "10.0.0.8" }) },
        { type: "DELETED", object: podObject("vault-0", "8") },
        { type: "BOOKMARK", object: { metadata: { resourceVersion: "11" } } },
      )(response, { method: "", url: "", headers: {}, body: "" });
      response.end();
    });

    expect(told).toEqual([
      "connected",
      { kind: "there", pod: { name: "vault-0", ip: "10.0.0.7" }, version: "6" },
      { kind: "there", pod: { name: "vault-0", ip: "10.0.0.8" }, version: "7" },
      { kind: "gone", pod: { name: "vault-0", ip: "10.0.0.7" }, version: "8" },
      { kind: "bookmark", version: "11" },
    ]);
    expect(end).toBe("ended");
    const query = new URL(received[0]?.url ?? "", "http://localhost").searchParams;
    expect(Object.fromEntries(query)).toEqual({
      watch: "true",
      labelSelector: SELECTOR,
      resourceVersion: "5",
      allowWatchBookmarks: "true",
      timeoutSeconds: "25",
    });
  });

  it("ends as one to be continued when the connection is cut in the middle of a line", async () => {
    const { promise: answered, resolve: answer } = Promise.withResolvers<ServerResponse>();
    await using opened = await open((response, request) => {
      stream({ type: "ADDED", object: podObject("vault-0", "6") }, '{"type":"DELETED","object":{"met')(
        response,
        request,
      );
      answer(response);
    });
    const told: PodChange[] = [];
    const listener = {
      connected: () => void answered.then((response) => response.socket?.resetAndDestroy()),
      changed: (change: PodChange) => void told.push(change),
    };

    expect(await opened.api.watch("5", listener, never)).toBe("ended");
    expect(told.filter(({ kind }) => kind !== "there")).toEqual([]);
  });

  it("leaves out lines that it does not understand", async () => {
    const { told } = await watch((response, request) => {
      stream(
        "<html>\n",
        { type: "ADDED", object: { metadata: { name: 7, resourceVersion: "6" } } },
        { type: "ADDED", object: {} },
        { type: "ADDED", object: podObject("vault-0", "7", { podIP: 7 }) },
      )(response, request);
      response.end();
    });

    expect(told).toEqual(["connected", { kind: "there", pod: { name: "vault-0", ip: undefined }, version: "7" }]);
  });

  it.each([
    { name: "in its answer", handle: json(410, { code: 410 }) },
    { name: "in an event", handle: stream({ type: "ERROR", object: { kind: "Status", code: 410 } }) },
  ])("has expired when the server says 410 Gone $name", async ({ handle }) => {
    expect((await watch(handle)).end).toBe("expired");
  });

  it.each([
    { name: "a missing permission", handle: json(403, {}), reason: "denied" },
    { name: "a broken server", handle: json(500, {}), reason: "server-error" },
    { name: "an error in an event", handle: stream({ type: "ERROR", object: { code: 500 } }), reason: "server-error" },
    {
      name: "a connection that breaks before the answer",
      handle: (response: ServerResponse) => void response.socket?.resetAndDestroy(),
      reason: "unreachable",
    },
  ])("fails by $name", async ({ handle, reason }) => {
    const { end, told } = await watch(handle);

    expect(end).toMatchObject({
      reason,
      message: expect.stringMatching(/^cannot watch the pods of namespace vault at the Kubernetes API: /u),
    });
    expect(told.filter((change) => change !== "connected")).toEqual([]);
  });

  it("ends with its signal, and takes the connection with it", async () => {
    const closed = Promise.withResolvers<void>();
    await using opened = await open((response, request) => {
      response.on("close", closed.resolve);
      stream()(response, request);
      response.flushHeaders();
    });
    const stopped = new AbortController();
    const connected = Promise.withResolvers<void>();
    const listener = { connected: connected.resolve, changed: () => {} };
    const watching = opened.api.watch("5", listener, stopped.signal);
    await connected.promise;

    stopped.abort();

    expect(await watching).toBe("ended");
    await closed.promise;
  });
});

describe("opening the Kubernetes API", () => {
  const selection = { namespace: "vault", labelSelector: SELECTOR };

  it("says what to set outside of Kubernetes", async () => {
    await expect(openKubernetesApi({ ...selection, env: {} })).rejects.toMatchObject({
      reason: "refused",
      message: expect.stringContaining("set discovery.kubeconfigFile"),
    });
  });

  it.each([
    { name: "is not there", file: "missing", why: "ENOENT" },
    { name: "is none", file: "broken", why: "no kubeconfig" },
  ])("says which kubeconfig $name", async ({ file, why }) => {
    await writeFile(join(directory.path, "broken"), "{ not: [yaml");
    const kubeconfigFile = join(directory.path, file);

    await expect(openKubernetesApi({ ...selection, kubeconfigFile, env: {} })).rejects.toMatchObject({
      reason: "refused",
      message: `cannot read discovery.kubeconfigFile ${kubeconfigFile}: ${why}; correct the path or the file`,
    });
  });
});
