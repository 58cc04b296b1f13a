import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CACHE, requireBinary } from "./binaries.ts";
import { startLoopbackServer } from "./loopback-server.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** Keys that moto takes while it asks for none in particular. */
export const MOTO_KEYS = { accessKeyId: "AKIACANARY0000000000", secretAccessKey: "canary-secret-access-key" };

/** So many objects are a page of moto's listings, so that a few make several; S3 itself has 1000. */
export const MOTO_PAGE = 5;

/** A real S3 server in memory: moto speaks S3's protocol, with its errors. */
export type RunningMoto = AsyncDisposable & {
  /** `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  readonly pid: number;
  readonly client: S3Client;
  readonly createBucket: (bucket: string) => Promise<void>;
  readonly put: (bucket: string, key: string, bytes: number) => Promise<void>;
  /** Makes a user who may do nothing, and has moto look at keys from now on; gives the user's. */
  readonly createUser: () => Promise<typeof MOTO_KEYS>;
};

/** Starts moto on a free port of 127.0.0.1. */
export async function startMoto(): Promise<RunningMoto> {
  const resources = new AsyncDisposableStack();
  const directory = resources.use(await temporaryDirectory()).path;
  try {
    const { address: endpoint, process } = await startLoopbackServer({
      name: "moto",
      command: "env",
      directory,
      readyPath: "/",
      args: (port) => [
        `PYTHONPATH=${CACHE}/moto`,
        `MOTO_S3_DEFAULT_MAX_KEYS=${MOTO_PAGE}`,
        requireBinary("moto"),
        "--host=127.0.0.1",
        `--port=${port}`,
      ],
    });
    resources.defer(() => process.kill());
    const client = new S3Client({ region: "us-east-1", endpoint, forcePathStyle: true, credentials: MOTO_KEYS });
    resources.defer(() => client.destroy());
    const dispose = (): Promise<void> => resources.disposeAsync();
    return { endpoint, pid: process.pid, client, ...calls(endpoint, client), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}

function calls(endpoint: string, client: S3Client): Pick<RunningMoto, "createBucket" | "put" | "createUser"> {
  return {
    createBucket: async (Bucket) => void (await client.send(new CreateBucketCommand({ Bucket }))),
    put: async (Bucket, Key, bytes) =>
      void (await client.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(bytes, "x") }))),
    createUser: async () => {
      await askIam(endpoint, "CreateUser");
      const answer = await askIam(endpoint, "CreateAccessKey");
      await post(`${endpoint}/moto-api/reset-auth`, "0", {});
      return { accessKeyId: textOf(answer, "AccessKeyId"), secretAccessKey: textOf(answer, "SecretAccessKey") };
    },
  };
}

/** Moto tells its services apart by what a request says that it is signed for. */
async function askIam(endpoint: string, action: string): Promise<string> {
  const authorization = `AWS4-HMAC-SHA256 Credential=${MOTO_KEYS.accessKeyId}/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0`;
  const form = new URLSearchParams({ Action: action, UserName: "reader", Version: "2010-05-08" });
  return await post(endpoint, form, { authorization });
}

async function post(url: string, body: string | URLSearchParams, headers: Record<string, string>): Promise<string> {
  const response = await fetch(url, { method: "POST", body, headers });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`cannot set up moto: it answered ${response.status}: ${text}`);
  return text;
}

function textOf(xml: string, name: string): string {
  const found = new RegExp(`<${name}>([^<]+)</${name}>`, "u").exec(xml)?.[1];
  if (found === undefined) throw new Error(`moto's answer has no ${name}`);
  return found;
}
