import { pipeline, Readable, Transform } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";
import { UnusableAnswer, WRONG_SERVER } from "./s3-failure.ts";

/** Makes a client refuse answers of more bytes with reason `too-large`: the SDK reads a whole body before it looks at it. */
export function limitBody({ config: { requestHandler } }: S3Client, maxBytes: number): void {
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = async (request, options) => {
    const answer = await handle(request, options);
    const body: unknown = answer.response.body;
    if (body instanceof Readable) answer.response.body = limited(body, maxBytes);
    return answer;
  };
}

function limited(body: Readable, maxBytes: number): Readable {
  let bytes = 0;
  const counting = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      if (bytes > maxBytes) done(tooLarge(maxBytes));
      else done(null, chunk);
    },
  });
  // Whoever reads `counting` hears of an error of either.
  return pipeline(body, counting, () => undefined);
}

function tooLarge(maxBytes: number): UnusableAnswer {
  return new UnusableAnswer("too-large", `an answer has more than ${maxBytes} bytes`, WRONG_SERVER);
}
