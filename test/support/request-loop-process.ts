import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";

/** What the parent process writes to the standard input, and then leaves open: when it closes, this program ends. */
export type RequestLoop = {
  readonly address: string;
  readonly token: string;
  readonly method: "GET" | "POST";
  /** Path below `/v1/`; `#` is another number each time. */
  readonly path: string;
  readonly body: string;
  /** How many requests are under way at a time. */
  readonly parallel: number;
};

const BACK_OFF_MS = 200;

/** Asks the same again and again; pauses after a 429 or a broken connection, as Vault's own clients do. Tells every status once a line. */
function loop(settings: RequestLoop): void {
  const agent = new Agent({ keepAlive: true, maxSockets: settings.parallel });
  const seen = new Set<number>();
  let number = 0;
  const ask = (): void => {
    const { address, path, method, token, body } = settings;
    const url = `${address}/v1/${path.replace("#", String(number++))}`;
    const asked = request(url, { agent, method, headers: { "x-vault-token": token } }, (answer) => {
      const { statusCode = 0 } = answer;
      if (!seen.has(statusCode)) process.stdout.write(`${statusCode}\n`);
      seen.add(statusCode);
      answer.resume();
      answer.on("end", () => void setTimeout(ask, statusCode === 429 ? BACK_OFF_MS : 0));
    });
    asked.on("error", () => void setTimeout(ask, BACK_OFF_MS));
    asked.end(body);
  };
  for (let each = 0; each < settings.parallel; each++) ask();
}

process.stdin.once("readable", () => {
  const first = process.stdin.read() as Buffer | null;
  loop(JSON.parse(String(first)) as RequestLoop);
  void text(process.stdin).then(() => process.exit(0));
});
