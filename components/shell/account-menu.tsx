"use client";
import { ChevronsUpDown, CircleUser, LogOut, Monitor, Moon, Sun, Users } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { useMe } from "../providers/me";
import { applyTheme, type Theme } from "../providers/theme";
import { Avatar } from "../ui/avatar";
import { cn } from "../ui/cn";
import { DropdownMenu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from "../ui/menu";
import { rolesInWords } from "./roles-in-words";
import { routes } from "./routes";
import { useShell } from "./shell-context";

const THEME_CHOICES = [
  { value: "system", label: "System", icon: <Monitor aria-hidden /> },
  { value: "light", label: "Light", icon: <Sun aria-hidden /> },
  { value: "dark", label: "Dark", icon: <Moon aria-hidden /> },
] as const;

/** Person and roles at the foot of the rail; theme, account, administration and sign-out in its menu. */
export function AccountMenu({ isCollapsed, onLeave }: { isCollapsed: boolean; onLeave?: () => void }) {
  const me = useMe();
  const shell = useShell();
  const router = useRouter();
  const [theme, setTheme] = useState<Theme>(shell.theme);
  const [isLeaving, startLeaving] = useTransition();
  const roles = shell.project?.roles ?? [];
  const go = (to: ReturnType<typeof routes.home>) => {
    router.push(to);
    onLeave?.();
  };
  return (
    <DropdownMenu
      side="top"
      align="start"
      trigger={
        <button
          type="button"
          aria-label={`Account of ${me.name}, ${rolesInWords(roles)}`}
          className={cn(
            "flex w-full items-center gap-2.5 rounded-md p-1 text-left transition-colors duration-150 hover:bg-line/50",
            isCollapsed && "justify-center",
          )}
        >
          <Avatar name={me.name} />
          {!isCollapsed && (
            <>
              <span className="min-w-0 flex-1">
                <span className="block truncate text-sm leading-4 font-semibold">{me.name}</span>
                <span className="block truncate text-xs leading-4 text-muted">{rolesInWords(roles)}</span>
              </span>
              <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-muted" />
            </>
          )}
        </button>
      }
    >
      <MenuLabel>Theme</MenuLabel>
      <MenuChoice<Theme>
        value={theme}
        options={THEME_CHOICES}
        onChange={(next) => {
          applyTheme(next);
          setTheme(next);
        }}
      />
      <MenuSeparator />
      <MenuItem onSelect={() => go(routes.account())}>
        <CircleUser aria-hidden />
        Account
      </MenuItem>
      {roles.includes("ADM") && (
        <MenuItem onSelect={() => go(routes.admin())}>
          <Users aria-hidden />
          Administration
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuItem disabled={isLeaving} onSelect={() => startLeaving(() => shell.onSignOut())}>
        <LogOut aria-hidden />
        Sign out
      </MenuItem>
    </DropdownMenu>
  );
}
