"use client";
import { Check, ChevronsUpDown, Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { initialsOf } from "../ui/avatar";
import { cn } from "../ui/cn";
import { DropdownMenu, MenuItem, MenuLabel, MenuSeparator } from "../ui/menu";
import { routes } from "./routes";
import { useShell } from "./shell-context";

/** Goes to another project. Absent while the person has none. */
export function ProjectSwitcher({ isCollapsed, onLeave }: { isCollapsed: boolean; onLeave?: () => void }) {
  const { projects, project } = useShell();
  const router = useRouter();
  if (projects.length === 0) return null;
  const go = (to: ReturnType<typeof routes.home>) => {
    router.push(to);
    onLeave?.();
  };
  const name = project?.name ?? "Choose a project";
  return (
    <DropdownMenu
      align="start"
      trigger={
        <button
          type="button"
          aria-label={`Project ${name}: choose another`}
          className={cn(
            "flex h-9 w-full items-center gap-2 rounded-md border border-line-strong bg-surface-raised px-2.5 text-left text-sm font-semibold transition-colors duration-150 hover:border-faint pointer-coarse:h-11",
            isCollapsed && "justify-center px-0",
          )}
        >
          <span className="min-w-0 flex-1 truncate text-center first-letter:uppercase" hidden={!isCollapsed}>
            {initialsOf(name)}
          </span>
          <span className="min-w-0 flex-1 truncate" hidden={isCollapsed}>
            {name}
          </span>
          {!isCollapsed && <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-muted" />}
        </button>
      }
    >
      <MenuLabel>Projects</MenuLabel>
      {projects.map((each) => (
        <MenuItem key={each.slug} onSelect={() => go(routes.project(each.slug))}>
          <span className="min-w-0 flex-1 truncate">{each.name}</span>
          {each.slug === project?.slug && <Check aria-label="current" />}
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem onSelect={() => go(routes.newProject())}>
        <Plus aria-hidden />
        New project
      </MenuItem>
    </DropdownMenu>
  );
}
