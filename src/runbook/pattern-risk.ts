/** Nobody writes longer patterns for a name or a number. */
const LONGEST = 200;
/** Repetitions that fight for the same text cost its length each: four of them on 200 characters are still bearable. */
const MOST_REPETITIONS = 4;

/** An atom of a pattern with what repeats it: a character, a class or a group. */
type Atom = { readonly source: string; readonly repeats: boolean; readonly group: boolean };

/**
 * Says why matching a pattern could take longer than anybody waits, or gives undefined. Patterns are tried on what alerts and people give,
 * and JavaScript's engine goes back and forth: `(a+)+` on forty letters is the end of the day. A group may repeat what repeats already only
 * when each round begins with a character that the rest of it cannot be, as in `[a-z]+(-[a-z]+)*`.
 */
export function patternRisk(pattern: string): string | undefined {
  if (pattern.length > LONGEST) return `it is longer than ${LONGEST} characters`;
  if (/\(\?(?:[=!]|<[=!])/u.test(pattern)) return "it looks ahead or behind";
  if (/\\(?:[1-9]|k<)/u.test(pattern)) return "it refers back to a group";
  const repetitions = atomsOf(pattern).reduce((sum, atom) => sum + countRepetitions(atom), 0);
  if (repetitions > MOST_REPETITIONS) return `it repeats more than ${MOST_REPETITIONS} things`;
  const risky = findRisky(pattern);
  return risky === undefined ? undefined : `"${risky}" can repeat the same text in many ways`;
}

function countRepetitions(atom: Atom): number {
  const inside = atom.group ? branchesOf(atom).flatMap(atomsOf) : [];
  return Number(atom.repeats) + inside.reduce((sum, inner) => sum + countRepetitions(inner), 0);
}

function findRisky(pattern: string): string | undefined {
  for (const atom of atomsOf(pattern)) {
    if (!atom.group) continue;
    const branches = branchesOf(atom);
    if (atom.repeats && (branches.length > 1 || branches.some((branch) => !beginsAnew(branch)))) return atom.source;
    for (const branch of branches) {
      const risky = findRisky(branch);
      if (risky !== undefined) return risky;
    }
  }
  return undefined;
}

/** Tells whether a round of a repetition is told from the one before: it repeats nothing, or begins with what nothing in it repeats. */
function beginsAnew(branch: string): boolean {
  const atoms = atomsOf(branch);
  const repeating = atoms.filter(({ repeats }) => repeats);
  if (repeating.length === 0) return atoms.every(({ group }) => !group);
  const [first] = atoms;
  const literal = first === undefined || first.repeats ? undefined : characterOf(first.source);
  if (literal === undefined) return false;
  return repeating.every(({ source, group }) => !group && !new RegExp(`^(?:${source})$`, "u").test(literal));
}

/** The one character that an atom stands for: `-`, `\.` or `[.]`; undefined when it stands for several. */
function characterOf(source: string): string | undefined {
  return (
    /^[^\\[\](){}.*+?^$|]$/u.exec(source)?.[0] ??
    /^\\(?<character>\W)$/u.exec(source)?.groups?.["character"] ??
    /^\[(?<character>[^\\^\]])\]$/u.exec(source)?.groups?.["character"]
  );
}

/** The branches of a group: what stands between its bars. */
function branchesOf({ source }: Atom): readonly string[] {
  const inner = source.slice(1, -1).replace(/^\?(?::|<\w+>)/u, "");
  const branches = [""];
  for (const { source: part, text } of pieces(inner)) {
    if (part === "|") branches.push("");
    else branches[branches.length - 1] += text;
  }
  return branches;
}

function atomsOf(pattern: string): readonly Atom[] {
  return pieces(pattern).map(({ source, quantifier }) => ({
    source,
    repeats: /^(?:[*+]|\{\d+,\}|\{(?:\d+,)?\d{2,}\})/u.test(quantifier),
    group: source.startsWith("("),
  }));
}

type Piece = { readonly source: string; readonly quantifier: string; readonly text: string };

const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/u;

function pieces(pattern: string): readonly Piece[] {
  const found: Piece[] = [];
  for (let at = 0; at < pattern.length;) {
    const source = pattern.slice(at, endOfAtom(pattern, at));
    const quantifier = QUANTIFIER.exec(pattern.slice(at + source.length))?.[0] ?? "";
    found.push({ source, quantifier, text: source + quantifier });
    at += source.length + quantifier.length;
  }
  return found;
}

function endOfAtom(pattern: string, from: number): number {
  if (pattern[from] === "\\")
    return (
      from + (/^\\(?:[pPu]\{[^}]*\}|u[\dA-Fa-f]{4}|x[\dA-Fa-f]{2}|.)/su.exec(pattern.slice(from))?.[0].length ?? 1)
    );
  if (pattern[from] === "[") return endOfClass(pattern, from);
  if (pattern[from] !== "(") return from + ((pattern.codePointAt(from) ?? 0) > 0xffff ? 2 : 1);
  let depth = 0;
  for (let at = from; at < pattern.length; at++) {
    if (pattern[at] === "\\") at += 1;
    else if (pattern[at] === "[") at = endOfClass(pattern, at) - 1;
    else if (pattern[at] === "(") depth += 1;
    else if (pattern[at] === ")" && --depth === 0) return at + 1;
  }
  return pattern.length;
}

function endOfClass(pattern: string, from: number): number {
  for (let at = from + 1; at < pattern.length; at++) {
    if (pattern[at] === "\\") at += 1;
    else if (pattern[at] === "]") return at + 1;
  }
  return pattern.length;
}
