import { Clock, ShieldAlert, ShieldCheck } from "lucide-react";
import { Badge } from "../ui/badge";

export type Proof = "verified" | "waiting" | "broken";

const LOOKS = {
  verified: { tone: "pass", icon: ShieldCheck, word: "Verified" },
  waiting: { tone: "idle", icon: Clock, word: "Not sealed yet" },
  broken: { tone: "fail", icon: ShieldAlert, word: "Broken" },
} as const;

/** Whether text, digest and seal of an event agree. */
export function ProofBadge({ proof }: { proof: Proof }) {
  const { tone, icon, word } = LOOKS[proof];
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  );
}
