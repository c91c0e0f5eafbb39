import { describeLink, isSetUp } from "../identity/queries";
import { processContext } from "../process";

/** What the page of a one-time link shows to somebody who is not signed in. */
export function loadLink(kind: "setup" | "invitation" | "reset", secret: string) {
  return describeLink(processContext(), kind, secret);
}

/** Whether there is anybody yet who could sign in. */
export function loadIsSetUp(): Promise<boolean> {
  return isSetUp(processContext());
}
