import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { getQueryClient, trpc } from "@/app/_server/trpc";
import { LiveProvider } from "@/components/providers/live";
import { MeProvider } from "@/components/providers/me";
import { THEME_COOKIE, themeOf } from "@/components/providers/theme";
import { AppShell } from "@/components/shell/app-shell";
import { PROJECT_COOKIE, RAIL_COOKIE } from "@/components/shell/cookies";
import { ShellProvider } from "@/components/shell/shell-context";
import { signOutAction } from "@/server/auth/actions";
import { requireActor } from "@/server/auth/current-actor";

/** Behind the sign-in: the person, their projects, the rail. */
export default async function SignedInLayout({ children }: { children: ReactNode }) {
  const [actor, jar] = await Promise.all([requireActor(), cookies()]);
  const projects = await getQueryClient().fetchQuery(trpc.projects.list.queryOptions());
  const me = { userId: actor.kind === "person" ? actor.userId : "", name: actor.name };
  return (
    <MeProvider me={me}>
      <LiveProvider>
        <ShellProvider
          projects={projects.map(({ slug, name, roles }) => ({ slug, name, roles }))}
          theme={themeOf(jar.get(THEME_COOKIE)?.value)}
          onSignOut={signOutAction}
          startProject={jar.get(PROJECT_COOKIE)?.value}
        >
          <AppShell isRailCollapsed={jar.get(RAIL_COOKIE)?.value === "collapsed"}>{children}</AppShell>
        </ShellProvider>
      </LiveProvider>
    </MeProvider>
  );
}
