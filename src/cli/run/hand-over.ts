import { covers, NOBODY, type Person } from "../../access/person.ts";
import { createLogger } from "../../app/logger.ts";
import { openPeople } from "../../app/open-people.ts";
import type { People } from "../../app/people.ts";
import { suggestion } from "../../lib/nearest.ts";
import { EXIT } from "../io.ts";
import { askRun, refused, type RunTerminal } from "./start-run.ts";

/** Puts another person in charge of a run: somebody who is listed in the configuration and may do something about it. */
export async function handOver(
  terminal: RunTerminal,
  runId: string,
  to: { name: string; json: boolean },
): Promise<number> {
  const found = await findPerson(terminal, to.name);
  if ("why" in found) {
    refused(terminal.io, { why: found.why, code: "role" }, to.json);
    return EXIT.badInput;
  }
  return await askRun(terminal, runId, (_run, by) => ({ type: "assign", runId, by, to: found }), to.json);
}

async function findPerson({ settings, env }: RunTerminal, name: string): Promise<Person | { readonly why: string }> {
  const { people } = settings.config.access;
  const listed = people.find((person) => person.name === name);
  if (listed === undefined) {
    const near = suggestion(
      name,
      people.map((person) => person.name),
    );
    return { why: `nobody called "${name}" is listed under access.people${near}` };
  }
  const directory = openPeople({ config: () => settings.config, env, logger: createLogger("warn") });
  const { role } = await actorOf(directory, listed);
  if (covers(role, "responder")) return { id: name, name };
  return { why: `${name} may not take charge of runs; the role responder is needed, ${name} has ${role ?? "none"}` };
}

type Listed = RunTerminal["settings"]["config"]["access"]["people"][number];

/** Groups give roles by the names that people have on a surface. */
async function actorOf(directory: People, { role, slack, cli }: Listed): Promise<Pick<Listed, "role">> {
  if (cli !== undefined) return await directory.byTerminal(cli);
  if (slack !== undefined && slack !== NOBODY) return await directory.bySlack(slack);
  return { role };
}
