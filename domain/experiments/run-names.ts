const ADJECTIVES = ["able", "amber", "brave", "bright", "calm", "clear", "clever", "crisp", "eager", "fair", "gentle", "glad", "honest", "keen", "kind", "lively", "loyal", "mellow", "merry", "mild", "neat", "nimble", "patient", "plain", "quick", "quiet", "rapid", "ready", "round", "sharp", "slow", "small", "smart", "steady", "stout", "subtle", "sunny", "swift", "tidy", "warm", "wise", "witty"] as const;
const ANIMALS = ["badger", "bear", "beaver", "bison", "crane", "deer", "dove", "eagle", "elk", "falcon", "finch", "fox", "gull", "hare", "hawk", "heron", "ibis", "jay", "kite", "koala", "lark", "lynx", "mole", "moose", "newt", "otter", "owl", "panda", "perch", "pika", "quail", "raven", "robin", "seal", "shrew", "stoat", "stork", "swan", "tern", "trout", "vole", "wren"] as const;

/** A name for a run that came without one, such as `gentle-heron-417`. `random` gives numbers in [0, 1). */
export function inventRunName(random: () => number): string {
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] ?? list[0];
  return `${pick(ADJECTIVES)}-${pick(ANIMALS)}-${Math.floor(random() * 1_000)}`;
}
