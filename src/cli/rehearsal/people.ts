import type { FinishedRun, OpenRun } from "../../engine/run.ts";
import { ALERT, type Rehearsed } from "./rehearsed.ts";
import { actorsOf, deedOf, fits, personNamed, requestOf, standing, waitsForHuman } from "./script.ts";
import type { Instance } from "./stage/instance.ts";
import type { Stage } from "./stage/stage.ts";
import type { Scene } from "./test-file.ts";

/** What people did at a moment: `ended` when the crash left them a run of which the program cannot tell, or cannot mend, what its call did. */
export type Acted =
  { readonly did: "nothing" | "something" | "ended" } | { readonly did: "problem"; readonly why: string };

/** People play the scenes of a test, in order. */
export type People = {
  /** Does what is next where the run stands now. */
  readonly act: (run: OpenRun, instance: Instance) => Promise<Acted>;
  /** What nobody came to do, in sentences. */
  readonly leftOver: (run: OpenRun | FinishedRun | undefined) => readonly string[];
};

/** After a crash somebody does again what was voided by it, so often at most. */
const MOST_REPEATS = 3;

/** Creates the people of one play. */
export function createPeople({ test, cast }: Rehearsed, stage: Stage): People {
  return new Troupe(test.people, { cast, stage });
}

type Around = { readonly cast: Rehearsed["cast"]; readonly stage: Stage };

class Troupe implements People {
  readonly #scenes: readonly Scene[];
  readonly #around: Around;
  readonly #repeats = new Map<Scene, number>();
  #next = 0;
  /** Who of the scene's people is next. */
  #actor = 0;
  #due: number | undefined;
  #expiring: string | undefined;

  constructor(scenes: readonly Scene[], around: Around) {
    this.#scenes = scenes;
    this.#around = around;
  }

  act = async (run: OpenRun, instance: Instance): Promise<Acted> => {
    this.#noteExpiry(run);
    const scene = this.#scenes[this.#next];
    if (scene !== undefined && fits(scene, run)) {
      if (this.#isTooEarly(scene)) return { did: "nothing" };
      return deedOf(scene) === "expire" ? this.#letExpire(run) : await this.#play(scene, run, instance);
    }
    if (!waitsForHuman(run) || this.#around.stage.pendingChanges() > 0) return { did: "nothing" };
    return this.#around.stage.crashed() ? await this.#repeat(run, instance) : nobody(run, scene);
  };

  leftOver = (run: OpenRun | FinishedRun | undefined): readonly string[] => {
    if (run !== undefined) this.#noteExpiry(run);
    if (this.#around.stage.crashed()) return [];
    return this.#scenes.slice(this.#next).map((scene) => `the run never came to where ${sceneWords(scene)}`);
  };

  /** The clock ends a scene in which nobody comes. */
  #noteExpiry(run: OpenRun | FinishedRun): void {
    const record = run.gates.find(({ gate }) => gate.id === this.#expiring);
    if (record === undefined || record.outcome === "open") return;
    this.#expiring = undefined;
    this.#toNext();
  }

  #letExpire({ phase }: OpenRun): Acted {
    if (phase.name === "gate") this.#expiring = phase.gate.id;
    return { did: "nothing" };
  }

  #isTooEarly({ after }: Scene): boolean {
    const { clock, timers } = this.#around.stage.time;
    if (after === undefined || this.#actor > 0) return false;
    if (this.#due === undefined) {
      this.#due = clock.now() + after;
      timers.after(after, () => {});
    }
    return clock.now() < this.#due;
  }

  async #play(scene: Scene, run: OpenRun, instance: Instance): Promise<Acted> {
    if (scene.alert !== undefined) {
      await Promise.race([instance.service.noteAlert(ALERT, scene.alert), instance.died]);
      return this.#toNext();
    }
    const names = actorsOf(scene);
    const name = names[this.#actor] ?? "";
    this.#actor++;
    if (this.#actor >= names.length) this.#toNext();
    return await this.#ask(scene, name, { run, instance });
  }

  async #ask(scene: Scene, name: string, { run, instance }: Asked): Promise<Acted> {
    const { cast, stage } = this.#around;
    const request = requestOf(scene, personNamed(cast, name), { run, cast });
    // Who asks a program that dies over it has been heard: the death comes after the append.
    const answer = await Promise.race([instance.service.ask(request), instance.died]);
    if (answer === undefined || stage.crashed()) return { did: "something" };
    const got = answer.ok ? undefined : answer.code;
    if (got === scene.refused) return { did: "something" };
    const wanted = scene.refused === undefined ? "" : `; "${scene.refused}" was expected`;
    const why = answer.ok ? "was not refused" : `was refused: ${answer.why} (${answer.code})`;
    return { did: "problem", why: `${name} wanted to ${deedOf(scene)} at "${scene.at}" and ${why}${wanted}` };
  }

  /** The crash took back what somebody had done, or the program asks anew: they do it again. */
  async #repeat(run: OpenRun, instance: Instance): Promise<Acted> {
    const again = this.#scenes
      .slice(0, this.#next)
      .findLast((scene) => scene.refused === undefined && fits(scene, run) && hasMoreToSay(scene, run));
    const times = again === undefined ? 0 : (this.#repeats.get(again) ?? 0);
    if (again !== undefined && times < MOST_REPEATS) {
      this.#repeats.set(again, times + 1);
      for (const name of actorsOf(again)) await this.#ask(again, name, { run, instance });
      return { did: "something" };
    }
    if (!isLeftToPeople(run, this.#around.stage)) return nobody(run, this.#scenes[this.#next]);
    const by = personNamed(this.#around.cast, "admin");
    await instance.service.ask({ type: "abort", runId: run.id, by, reason: "the crash left it to people" });
    return { did: "ended" };
  }

  #toNext(): Acted {
    this.#next++;
    this.#actor = 0;
    this.#due = undefined;
    return { did: "something" };
  }
}

/** Whether the program died in a call and then said of that very step that people must look: the outcome is unknown, or only half of it is there. */
function isLeftToPeople({ phase }: OpenRun, stage: Stage): boolean {
  return (phase.name === "unknown" || phase.name === "stuck") && phase.step === stage.diedInCallOf();
}

/** Whether somebody of a scene has not voted at the gate that is open now. */
function hasMoreToSay(scene: Scene, { phase }: OpenRun): boolean {
  const votes = phase.name === "gate" ? phase.gate.votes.map(({ by }) => by.id) : [];
  return actorsOf(scene).some((name) => !votes.includes(name));
}

type Asked = { readonly run: OpenRun; readonly instance: Instance };

function nobody(run: OpenRun, scene: Scene | undefined): Acted {
  const next = scene === undefined ? "`people` has nobody left" : `next in \`people\` ${sceneWords(scene)}`;
  return { did: "problem", why: `${standing(run)} and waits for a human, but ${next}` };
}

function sceneWords(scene: Scene): string {
  return `${actorsOf(scene).join(" and ") || "nobody"} does "${deedOf(scene)}" at "${scene.at}"`;
}
