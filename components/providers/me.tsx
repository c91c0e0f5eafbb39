"use client";
import { createContext, type ReactNode, use } from "react";

/** The person who is signed in. */
export type Me = { readonly userId: string; readonly name: string };

const MeContext = createContext<Me | null>(null);

export function MeProvider({ me, children }: { me: Me; children: ReactNode }) {
  return <MeContext value={me}>{children}</MeContext>;
}

export function useMe(): Me {
  const me = use(MeContext);
  if (!me) throw new Error("useMe is for pages behind the sign-in.");
  return me;
}
