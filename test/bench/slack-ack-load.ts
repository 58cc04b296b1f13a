import { request, type Agent } from "node:http";
import { signBody } from "../../src/sandbox/slack/signature.ts";

/** The made-up secret that all sides of the bench know. */
export const SIGNING_SECRET = "made-up signing secret of the bench";

/** Milliseconds from each request to its answer. */
export type Waits = { readonly commands: readonly number[]; readonly clicks: readonly number[] };

/** How much load, and where to. */
export type Load = {
  readonly agent: Agent;
  readonly url: string;
  /** Where a side may answer a command later. */
  readonly responseUrl: string;
  readonly perSecond: number;
  readonly seconds: number;
};

/** Posts commands and clicks in turn at a fixed rate, whatever becomes of those before, as people do; throws for an answer other than 200. */
export async function postAtRate({ agent, url, responseUrl, perSecond, seconds }: Load): Promise<Waits> {
  const waits = { commands: [] as number[], clicks: [] as number[] };
  const posts: Promise<void>[] = [];
  const from = performance.now();
  for (let index = 0; index < perSecond * seconds; index += 1) {
    await until(from + (index * 1000) / perSecond);
    const [kind, body] =
      index % 2 === 0 ? (["commands", command(responseUrl)] as const) : (["clicks", click()] as const);
    posts.push(post({ agent, url }, body).then((milliseconds) => void waits[kind].push(milliseconds)));
  }
  await Promise.all(posts);
  return waits;
}

async function until(moment: number): Promise<void> {
  const left = moment - performance.now();
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
}

async function post({ agent, url }: Pick<Load, "agent" | "url">, body: string): Promise<number> {
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "content-length": Buffer.byteLength(body),
    ...signBody(SIGNING_SECRET, body, Math.floor(Date.now() / 1000)),
  };
  const from = performance.now();
  return await new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", agent, headers }, (response) => {
      response.resume().on("end", () => {
        if (response.statusCode === 200) resolve(performance.now() - from);
        else reject(new Error(`a request was answered ${response.statusCode}`));
      });
    });
    sent.on("error", reject).end(body);
  });
}

let triggers = 0;
const trigger = (): string => `${process.pid}.${(triggers += 1)}.bench`;
/** Asks about one run wait for each other, and people do not all press at the same gate. */
const RUNS = 100;

function command(responseUrl: string): string {
  return new URLSearchParams({
    command: "/vault",
    text: "runs",
    team_id: "T0BENCH",
    user_id: "U0ALICE",
    channel_id: "C0BENCH",
    trigger_id: trigger(),
    response_url: responseUrl,
  }).toString();
}

function click(): string {
  const payload = {
    type: "block_actions",
    team: { id: "T0BENCH" },
    user: { id: "U0ALICE", team_id: "T0BENCH" },
    channel: { id: "C0BENCH" },
    message: { ts: "1.2", thread_ts: "1.1" },
    trigger_id: trigger(),
    actions: [
      { type: "button", action_id: "sealwatch.gate.approve", block_id: "b", value: `run-${triggers % RUNS}:restart.1` },
    ],
  };
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}
