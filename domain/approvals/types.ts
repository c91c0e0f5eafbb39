import type { Role } from "../identity/roles";
import type { Decision } from "./status";

/** Somebody who may not sign, with the reason as a sentence's end: "started run #184". */
export type Barred = { readonly userId: string; readonly reason: string };

export type SignOff = {
  readonly userId: string;
  readonly asRole: Role;
  readonly decision: Decision;
  readonly acceptedRules: readonly string[];
  readonly evidenceDigest: string;
  readonly policyVersion: string;
  readonly isOutdated: boolean;
};
